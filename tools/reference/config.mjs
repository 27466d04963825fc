// The config file: the JSON Schema that editors read, and the reference page.
import * as z from 'zod';
import { configFileSchema } from '../../src/contracts/config-file.ts';
import { createTables } from './tables.mjs';

/** Draft 7: what the YAML extensions of editors know best. What is written, not what it becomes when it is read. */
export function toConfigSchema() {
  const schema = readSchema();
  // Rules that are code in the reader.
  const { relay, run_tasks: tasks, attachments } = schema.properties;
  const pair = { hmac_key: ['hmac_key_version'], hmac_key_version: ['hmac_key'] };
  relay.dependencies = pair;
  tasks.additionalProperties.dependencies = pair;
  const selection = attachments.items.properties.workspaces.anyOf.find(({ properties }) => properties !== undefined);
  selection.anyOf = ['names', 'tags', 'project'].map((key) => ({ required: [key] }));
  schema.anyOf = [{ required: ['github'] }, { properties: { repositories: { maxProperties: 0 } } }];
  return { ...schema, title: '.runtask/config.yml', description: 'Both sides of a run task: HCP Terraform and GitHub.' };
}

const readSchema = () => z.toJSONSchema(configFileSchema, { io: 'input', target: 'draft-7' });

const INTRODUCTION = `# The config file, key by key

Generated from the schema by \`node tools/generate-reference.mjs\`. Every key that is not listed here is an error. A key without a default and not
marked as required may be left out.

*A secret* is never written into the file. It is \`{ env: NAME }\`, a variable of the environment in which \`runtask\` is started, or \`{ file: PATH }\`, a
file on that machine. *A name or pattern*: \`*\` stands for any text, \`?\` for one character, everything else for itself.

**In your editor**: with this line in the file, editors with the YAML language server complete keys, show these texts and mark mistakes:

\`\`\`yaml
# yaml-language-server: $schema=https://raw.githubusercontent.com/org/runtask-action/v1/schema/config.schema.json
\`\`\`

\`org\` and \`v1\` as in your \`uses:\`. The npm package holds the same file (\`node_modules/runtask-action/schema/config.schema.json\`; JSON Schema, draft 7). What no
schema can say (names that are not declared, workspaces that are not there, two run tasks with one URL) \`runtask config plan\` tells.
`;

const TITLES = {
  'The file.run_tasks': 'a run task',
  'The file.attachments': 'an attachment',
  'The file.repositories': 'a repository',
  'The file.attachments.workspaces': 'a selection',
  'The file.repositories.secrets': 'a repository secret',
};

export function toConfigPage() {
  const tables = createTables({ titles: TITLES, named });
  const file = tables.section('The file', readSchema());
  const parts = [INTRODUCTION, file, ...tables.rest()];
  return `${parts.join('\n')}\n`;
}

const named = ({ anyOf, pattern }) => {
  if (anyOf?.every(({ properties }) => properties?.file !== undefined || properties?.env !== undefined)) return 'a secret';
  return pattern?.includes('*?') ? 'a name or pattern' : null;
};
