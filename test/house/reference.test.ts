// The JSON Schema for editors and the reference page follow from the schema that the action reads with. An editor that marks a good file
// as wrong, or says nothing to a bad one, teaches people to look away.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readChecksFile } from '../../src/checks/checks-file.ts';
import { PACKS } from '../../src/checks/packs/index.ts';
import { listFiles, read, ROOT } from './source-files.ts';

const SCHEMA = 'schema/checks.schema.json';
const validate = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true, validateFormats: false }).compile(
  JSON.parse(read(SCHEMA)) as object,
);
const problemsOf = (text: string): unknown =>
  validate(parse(text)) ? [] : (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message}`);

const blocks = ['README.md', ...listFiles('docs', ['.md'])].flatMap((file) =>
  [...read(file).matchAll(/^```ya?ml\n(# \.runtask\/checks\.yml\n[\s\S]*?)^```/gm)].map(([, text = ''], index): [string, string] => [
    `${file} #${index + 1}`,
    text,
  ]),
);
const good: readonly [string, string][] = [
  ...blocks,
  ...listFiles('examples', ['checks.yml']).map((file): [string, string] => [file, read(file)]),
  ...Object.entries(PACKS).map(([name, { text }]): [string, string] => [`pack ${name}`, text]),
];

describe('the JSON Schema for editors', () => {
  it('and the reference page are what the schema says', () => {
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
