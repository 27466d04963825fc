// Writes what follows from the schema of the checks file, so that no text of it is written twice: the JSON Schema that editors read
// (schema/checks.schema.json) and the reference page (docs/checks-reference.md).
//
//   node tools/generate-reference.mjs             writes both
//   node tools/generate-reference.mjs --check     fails, naming the files, when one is not what the schema says
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import * as prettier from 'prettier';
import * as z from 'zod';
import { PACKS } from '../src/checks/packs/index.ts';
import { checksFileSchema, KIND_NAMES } from '../src/contracts/checks-file.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const SCHEMA = 'schema/checks.schema.json';
const PAGE = 'docs/checks-reference.md';

async function main() {
  const schema = toSchema();
  const files = { [SCHEMA]: JSON.stringify(schema, null, 2), [PAGE]: toPage(schema) };
  const stale = [];
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(ROOT, name);
    // Markdown is left as it is written, here as everywhere: padded tables change in every line when one word does.
    const formatted = name.endsWith('.md')
      ? text
      : await prettier.format(text, { ...(await prettier.resolveConfig(file)), filepath: file });
    if (formatted === read(file)) continue;
    stale.push(name);
    if (process.argv.includes('--check')) continue;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, formatted);
  }
  if (!process.argv.includes('--check')) return;
  if (stale.length === 0) return console.log(`${SCHEMA} and ${PAGE} are what the schema says`);
  console.error(`Not what the schema says. Run \`node tools/generate-reference.mjs\` and commit: ${stale.join(', ')}`);
  process.exitCode = 1;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Draft 7: what the YAML extensions of editors know best. What is written, not what it becomes when it is read. */
function toSchema() {
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

function toPage(schema) {
  const tables = createTables();
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

/** Maps within maps get tables of their own, each once, however often it is used. */
function createTables() {
  const waiting = new Map();

  const table = (schema, name) => {
    const rows = Object.entries(schema.properties).map(([key, value]) => {
      const needed = schema.required?.includes(key) && value.default === undefined;
      return `| \`${key}\` | ${words(value, `${name}.${key}`)} | ${needed ? '**required**' : inCode(value.default)} | ${escaped(value.description ?? '')} |`;
    });
    return ['| key | form | default | |', '|---|---|---|---|', ...rows, ''].join('\n');
  };

  /** A schema as a person says it. */
  function words(schema, name) {
    if (schema.title === 'checks') return '[a check](#each-check)';
    if (schema.enum !== undefined) return schema.enum.map(inCode).join(', ');
    if (schema.const !== undefined) return inCode(schema.const);
    if (schema.anyOf !== undefined) return alternatives(schema.anyOf, name);
    if (Array.isArray(schema.type)) return 'a value';
    if (schema.type === 'array') return `list of ${words(schema.items, name)}`;
    if (schema.properties !== undefined) return link(schema, name);
    if (schema.type === 'object') {
      const values = schema.additionalProperties;
      return values === undefined || Object.keys(values).length === 0 ? 'map' : `map of name to ${words(values, name)}`;
    }
    return (
      ({ string: 'text', integer: 'whole number', number: 'number', boolean: 'true or false' }[schema.type] ?? 'anything') + range(schema)
    );
  }

  function alternatives(forms, name) {
    const all = [...new Set(forms.map((form) => words(form, name)))];
    return all.length === 2 && all[1] === `list of ${all[0]}` ? `${all[0]}, or a list` : all.join('; or ');
  }

  function link(schema, name) {
    if (name.endsWith('.extends')) return '[an entry](#extends)';
    if (name.endsWith('.waivers')) return '[a waiver](#waivers)';
    // What it is for differs from place to place; what may stand in it does not.
    const key = JSON.stringify(schema.properties);
    const known = waiting.get(key);
    const title = known?.title ?? TITLES[name] ?? name.split('.').at(-1);
    if (known === undefined) waiting.set(key, { title, schema, name });
    return `[${title}](#${title.toLowerCase().replaceAll(' ', '-')})`;
  }

  return {
    table,
    section: (title, schema, about) =>
      [`## ${title}\n`, ...(about === undefined ? [] : [`${about}\n`]), table(schema, title.replaceAll('`', ''))].join('\n'),
    /** Those that were linked to and have not been written. */
    rest() {
      const parts = [];
      const done = new Set();
      for (;;) {
        const next = [...waiting].find(([key]) => !done.has(key));
        if (next === undefined) return parts;
        done.add(next[0]);
        parts.push(`## ${next[1].title}\n\n${table(next[1].schema, next[1].name)}`);
      }
    },
  };
}

const range = ({ minimum, maximum }) => (maximum !== undefined && maximum < 1_000_000 ? `, ${minimum} to ${maximum}` : '');

/** What the maps within maps are called; the others by their key. */
const TITLES = { 'require.tags': 'a condition', 'require.none': 'a shape', 'Each check.when': 'when' };

const inCode = (value) => (value === undefined ? '' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``);
const escaped = (text) => text.replaceAll('|', '\\|');

await main();
