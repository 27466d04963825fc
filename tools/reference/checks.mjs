// The checks file: the JSON Schema that editors read, and the reference page.
import * as z from 'zod';
import { PACKS } from '../../src/checks/packs/index.ts';
import { checksFileSchema, KIND_NAMES } from '../../src/contracts/checks-file.ts';
import { createTables } from './tables.mjs';

/** Draft 7: what the YAML extensions of editors know best. What is written, not what it becomes when it is read. */
export function toChecksSchema() {
  const schema = z.toJSONSchema(checksFileSchema, { io: 'input', target: 'draft-7' });
  // Rules that are code in zod. A misspelled pack or a second kind is then told while it is typed.
  schema.properties.checks.items.oneOf = KIND_NAMES.map((kind) => ({ required: [kind] }));
  const pack = schema.properties.extends.items.anyOf.find((form) => form.properties.pack !== undefined).properties.pack;
  Object.assign(pack, { enum: Object.keys(PACKS) });
  return { ...schema, title: '.runtask/checks.yml', description: 'What a platform team gates a Terraform plan on.' };
}

const INTRODUCTION = `# The checks file, key by key

Generated from the schema by \`node tools/generate-reference.mjs\`; what it means and how to use it stands in [the checks file](checks.md).
Every key that is not listed here is an error. A key without a default and not marked as required may be left out.

*Text, or a list*: one text stands for a list of one. *A value*: text, a number, true, false or null.

**In your editor**: with this line in the file, editors with the YAML language server complete keys, show these texts and mark mistakes:

\`\`\`yaml
# yaml-language-server: $schema=https://raw.githubusercontent.com/org/runtask-action/v1/schema/checks.schema.json
\`\`\`

\`org\` and \`v1\` as in your \`uses:\`. The npm package holds the same file (\`node_modules/runtask-action/schema/checks.schema.json\`; JSON Schema, draft 7). What no
schema can say (expressions, names, exceptions that match nothing) \`runtask check\` tells.
`;

export function toChecksPage(schema) {
  const tables = createTables({
    titles: { 'require.tags': 'a condition', 'require.none': 'a shape', 'Each check.when': 'when' },
    linked: { extends: '[an entry](#extends)', waivers: '[a waiver](#waivers)' },
    named: ({ title }) => (title === 'checks' ? '[a check](#each-check)' : null),
  });
  const { checks, waivers, ...file } = schema.properties;
  const { properties, required } = checks.items;
  const common = Object.fromEntries(Object.entries(properties).filter(([key]) => !KIND_NAMES.includes(key)));
  const parts = [
    INTRODUCTION,
    tables.section('The file', { ...schema, properties: { ...file, checks: { ...checks, items: { title: 'checks' } }, waivers } }),
    tables.section('Each check', { properties: common, required }, 'And exactly one of the kinds below.'),
    ...KIND_NAMES.map((kind) => tables.section(`\`${kind}\``, formOf(properties[kind]), aboutKind(kind, properties[kind]))),
  ];
  const extending = schema.properties.extends.items.anyOf;
  const shared = Object.keys(extending[0].properties).filter((key) => extending.every((form) => form.properties[key] !== undefined));
  const pick = (form, keys) => ({ ...form, properties: Object.fromEntries(keys.map((key) => [key, form.properties[key]])) });
  parts.push('## `extends`\n\nEach entry is one of these three, with the adjustments below it.\n');
  for (const form of extending) {
    const keys = Object.keys(form.properties).filter((key) => !shared.includes(key));
    parts.push(tables.table(pick(form, keys), 'extends'));
  }
  parts.push('**Adjustments**\n', tables.table(pick(extending[0], shared), 'extends'));
  const packs = Object.entries(PACKS).map(([name, { about }]) => `| \`${name}\` | ${about} |`);
  parts.push(['**Packs**\n', '| pack | |', '|---|---|', ...packs, ''].join('\n'));
  parts.push(tables.section('`waivers`', waivers.items));
  return `${[...parts, ...tables.rest()].join('\n')}\n`;
}

const aboutKind = (kind, { description, anyOf = [] }) => {
  const short = anyOf.some(({ type }) => type === 'string') ? ' A text alone is its `file`.' : '';
  return `${description}${short} See [${kind}](checks/${kind}.md).`;
};

/** The form with keys, of something that may be written shorter too. */
const formOf = (schema) => schema.anyOf?.find(({ properties }) => properties !== undefined) ?? schema;
