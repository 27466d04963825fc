// The JSON Schemas for editors and the reference pages follow from the schemas that files are read with. An editor that marks a good file
// as wrong, or says nothing to a bad one, teaches people to look away.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readChecksFile } from '../../src/checks/checks-file.ts';
import { PACKS } from '../../src/checks/packs/index.ts';
import { readConfig } from '../../src/config/driver-yaml/read/read-config.ts';
import { RESOURCES } from '../../src/config/resources/index.ts';
import { listFiles, read, ROOT } from './source-files.ts';

const ENV = { TFE_TOKEN: 'a-token', GITHUB_TOKEN: 'a-token', RUNTASK_HMAC_KEY: 'a-key-of-enough-characters', A_SECRET: 'x' };

function createJudge(schema: string): (text: string) => unknown {
  const options = { strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true, validateFormats: false };
  const validate = new Ajv(options).compile(JSON.parse(read(schema)) as object);
  return (text) => (validate(parse(text)) ? [] : (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message}`));
}
const problemsOf = createJudge('schema/checks.schema.json');
const configProblemsOf = createJudge('schema/config.schema.json');

/** Blocks of YAML that begin with the name of their file. */
const blocksOf = (name: string): [string, string][] =>
  ['README.md', ...listFiles('docs', ['.md'])].flatMap((file) =>
    [...read(file).matchAll(/^```ya?ml\n([\s\S]*?)^```/gm)]
      .map(([, text = ''], index): [string, string] => [`${file} #${index + 1}`, text])
      .filter(([, text]) => text.startsWith(`# ${name}\n`)),
  );
const good: readonly [string, string][] = [
  ...blocksOf('.runtask/checks.yml'),
  ...listFiles('examples', ['checks.yml']).map((file): [string, string] => [file, read(file)]),
  ...Object.entries(PACKS).map(([name, { text }]): [string, string] => [`pack ${name}`, text]),
];

const CONFIG = `version: 1
hcp: { organization: acme, token: { env: TFE_TOKEN } }
github: { token: { env: GITHUB_TOKEN } }
relay: { url: https://relay.example.com/hooks/gate, hmac_key: { env: RUNTASK_HMAC_KEY }, hmac_key_version: 1 }
run_tasks:
  gate: { description: Checks, global: { stages: [post_plan], enforcement_level: advisory } }
attachments:
  - { run_task: gate, workspaces: { names: ["net-*"], exclude: [net-sandbox] }, stages: [post_plan, pre_apply], enforcement_level: mandatory }
  - { run_task: gate, workspaces: [app], enforcement_level: advisory }
repositories:
  acme/terraform-gate:
    workflow: { path: .github/workflows/run-task.yml, action: org/runtask-action@v1, via: pull_request }
    variables: { A_VARIABLE: text }
    secrets: { A_SECRET: { value: { env: A_SECRET }, version: 3 } }
`;
const isReadable = (text: string): boolean => readConfig(text, { file: 'c.yml', env: ENV, readFile: () => '' }, RESOURCES).ok;

describe('the JSON Schema for editors', () => {
  it('and the reference page are what the schema says, of the checks file and of the config file', () => {
    const { stderr } = spawnSync(process.execPath, [path.join(ROOT, 'tools/generate-reference.mjs'), '--check'], { encoding: 'utf8' });
    expect(stderr).toBe('');
  });

  it('goes out with the package', () => {
    expect((JSON.parse(read('package.json')) as { files: string[] }).files).toContain('schema');
  });

  it.each(good)('takes %s', (_name, text) => expect(problemsOf(text)).toEqual([]));

  const check = (kind: string): string => `version: 1\nchecks: [{ name: a, ${kind} }]`;
  it.each([
    ['no version', 'checks: []'],
    ['an unknown key', 'version: 1\ncheck: []'],
    ['a misspelled kind', check('protct: { types: [x] }')],
    ['two kinds', check('protect: { types: [x] }, cel: { assert: "true" }')],
    ['no kind', check('enforce: advisory')],
    ['a timeout without a unit', check('protect: { types: [x] }, timeout: 30')],
    ['a misspelled pack', 'version: 1\nextends: [{ pack: aws-basic }]'],
    ['a branch in place of a commit', 'version: 1\nextends: [{ repository: acme/policies, commit: main }]'],
    ['a day that is none', 'version: 1\nwaivers: [{ check: a, reason: r, expires: soon }]'],
  ])('refuses what the action refuses: %s', (_what, text) => {
    expect(problemsOf(text)).not.toEqual([]);
    // A pack is looked for when the file is loaded, not when it is read.
    if (!text.includes('pack:')) expect(readChecksFile(text, 'c.yml').ok).toBe(false);
  });
});

describe('the JSON Schema of the config file', () => {
  const goodConfigs = [
    ...blocksOf('.runtask/config.yml'),
    ...listFiles('examples', ['config.yml']).map((file): [string, string] => [file, read(file)]),
    ['a whole one', CONFIG] as [string, string],
  ];
  it('the whole one is read', () => expect(isReadable(CONFIG)).toBe(true));

  it.each(goodConfigs)('takes %s', (_name, text) => expect(configProblemsOf(text)).toEqual([]));

  it.each([
    ['no version', 'version: 1\n', ''],
    ['another version', 'version: 1', 'version: 2'],
    ['an unknown key', 'run_tasks:', 'run_task:'],
    ['a literal token', '{ env: TFE_TOKEN }', 'abc'],
    ['a key without its version', ', hmac_key_version: 1', ''],
    ['a stage with a hyphen', 'pre_apply', 'pre-apply'],
    ['a selection of nothing', 'names: ["net-*"], exclude: [net-sandbox]', 'exclude: [net-sandbox]'],
    ['a repository without its owner', 'acme/terraform-gate:', 'terraform-gate:'],
    ['an action without a version', 'org/runtask-action@v1', 'org/runtask-action'],
    ['a workflow elsewhere', '.github/workflows/run-task.yml', 'run-task.yml'],
    ['a variable in small letters', 'A_VARIABLE', 'a_variable'],
    ['a secret without a version', ', version: 3', ''],
    ['repositories without a token', 'github: { token: { env: GITHUB_TOKEN } }\n', ''],
  ])('refuses what the reader refuses: %s', (_what, good, bad) => {
    const text = CONFIG.replace(good, bad);
    expect(text).not.toBe(CONFIG);
    expect(configProblemsOf(text)).not.toEqual([]);
    expect(isReadable(text)).toBe(false);
  });
});
