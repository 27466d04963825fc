// The kind `schema`: what JSON Schema says of planned values, what it must not say by accident, and schemas that are none.
import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findSpecProblems } from '../../../src/checks/schema/problems.ts';
import { schemaSchema } from '../../../src/contracts/check-kinds.ts';
import type { Json } from '../../../src/contracts/json.ts';
import type { Plan, ResourceChange } from '../../../src/plan/model.ts';
import { aChange, aPlan } from '../builders.ts';
import { runKind, type KindRun } from '../run-kind.ts';

const created = (after: Json, over: Partial<ResourceChange> = {}): Plan => aPlan([aChange('aws_x.a', 'create', { after, ...over })]);
const told = async (schema: unknown, plan: Plan, over: object = {}): Promise<readonly string[]> =>
  (await runKind('schema', { resources: { aws_x: schema }, ...over }, plan)).told.map((line) => line.replace(' aws_x.a:', ''));

describe('a schema', () => {
  const after = { acl: 'public', size: 5, list: [{ on: true }, { on: false }], map: { 'a/b': 1, 'c': 2 }, nothing: null, not: { if: 2 } };
  it.each<[string, Json, string[]]>([
    ['an enum', { properties: { acl: { enum: ['private', 'log'] } } }, ['acl is "public", must be one of "private", "log"']],
    ['a constant', { properties: { size: { const: 6 } } }, ['size is 5, must be 6']],
    ['a number', { properties: { size: { maximum: 4 } } }, ['size is 5, must be <= 4']],
    [
      'two patterns, each for itself',
      { patternProperties: { '^a': { pattern: 'lic$' }, '^acl$': { pattern: '^x' } } },
      ['acl is "public", must match pattern "^x"'],
    ],
    ['a pattern', { properties: { acl: { type: 'string', pattern: '^pri' } } }, ['acl is "public", must match pattern "^pri"']],
    ['items', { properties: { list: { items: { properties: { on: { const: true } } } } } }, ['list[1].on is false, must be true']],
    ['what is missing', { required: ['acl', 'owner'] }, ['owner is missing or not set']],
    [
      'what is null: it is not set',
      { required: ['nothing'], properties: { nothing: { type: 'string' } } },
      ['nothing is missing or not set'],
    ],
    ['null that is no violation of a type', { properties: { nothing: { type: 'string' } } }, []],
    ['an attribute that is called as a keyword', { properties: { not: { properties: { if: { const: 1 } } } } }, ['not.if is 2, must be 1']],
    ['constructor, which nobody set', { required: ['constructor'] }, ['constructor is missing or not set']],
    [
      'a key too much',
      { properties: { map: { properties: { c: true }, additionalProperties: false } } },
      ['map has "a/b", which may not be'],
    ],
    ['a key with a slash', { properties: { map: { properties: { 'a/b': { const: 2 } } } } }, ['map["a/b"] is 1, must be 2']],
    [
      'alternatives',
      { anyOf: [{ required: ['x'] }, { properties: { size: { const: 6 } } }] },
      ['The resource fits none of the alternatives'],
    ],
    ['a negation', { not: { required: ['acl'] } }, ['The resource is of a form that may not be']],
    [
      'a condition',
      { if: { required: ['acl'] }, then: { required: ['owner'] } },
      ['owner is missing or not set', 'The resource fits the condition (`if`) and not what follows from it'],
    ],
    [
      'references to its own parts',
      { $defs: { on: { const: true } }, properties: { list: { items: { properties: { on: { $ref: '#/$defs/on' } } } } } },
      ['list[1].on is false, must be true'],
    ],
    ['draft 2020-12, named', { $schema: 'https://json-schema.org/draft/2020-12/schema', required: ['acl'] }, []],
  ])('judges %s', async (_what, schema, expected) =>
    expect(await told(schema, created(after))).toEqual(expected.map((line) => `error ${line}`)),
  );

  it('is asked of the types that its glob names, of changes that create or change', async () => {
    const plan = aPlan([
      ...['create', 'update', 'replace', 'no-op', 'delete'].map((action) => aChange(`aws_x.${action}`, action)),
      aChange('aws_y.a', 'create'),
    ]);
    const { findings } = await runKind('schema', { resources: { 'aws_*': { required: ['b'] }, 'aws_y': { required: ['c'] } } }, plan);
    expect(findings.map(({ address, message }) => `${address} ${message}`)).toEqual([
      'aws_x.create b is missing or not set',
      'aws_x.update b is missing or not set',
      'aws_x.replace b is missing or not set',
      'aws_y.a b is missing or not set',
      'aws_y.a c is missing or not set',
    ]);
  });

  it('tells ten violations of one resource', async () => {
    const lines = await told({ required: Array.from({ length: 13 }, (_, i) => `k${i}`) }, created({}));
    expect([lines.length, lines.at(-1)]).toEqual([11, 'error 3 more places do not fit the schema']);
  });

  it('quotes nothing that is sensitive, no key of a sensitive map either', async () => {
    const plan = created(
      { pw: 'hunter2-hunter2', map: { 'hunter3-hunter3': 'hunter4-hunter4' } },
      { afterSensitive: { pw: true, map: true } },
    );
    const map = { additionalProperties: { const: 1 }, maxProperties: 0, propertyNames: { pattern: '^a' } };
    const lines = (await runKind('schema', { resources: { aws_x: { properties: { pw: { const: 'x' }, map } } } }, { ...plan })).told;
    expect(lines.join('\n')).not.toMatch(/hunter/);
    // Too short for the masker to look for copies of it.
    const short = created({ map: { k: 1 } }, { afterSensitive: { map: true } });
    expect(await told({ properties: { map: { additionalProperties: false } } }, short)).toEqual(['error map has a key that may not be']);
    expect(lines).toContain('error aws_x.a: pw is (sensitive value), must be "x"');
  });
});

describe('a value that is known only after apply', () => {
  const open = created({ list: ['a', null], on: true }, { unknown: { acl: true, list: [false, true], block: [{ id: true }] } });
  it.each<[string, Json, string[]]>([
    ['that is required', { required: ['acl'] }, ['acl']],
    ['that has an enum', { properties: { acl: { enum: ['private'] } } }, ['acl']],
    ['that may not be there', { not: { required: ['acl'] } }, ['acl']],
    ['in a condition', { if: { properties: { acl: { const: 'public' } } }, then: { required: ['owner'] } }, ['acl']],
    ['in a list', { properties: { list: { items: { const: 'a' } } } }, ['list[1]']],
    ['in a block', { properties: { block: { items: { required: ['id'] } } } }, ['block[0].id']],
    ['in alternatives', { anyOf: [{ properties: { acl: { const: 'x' } }, required: ['acl'] }, { required: ['nope'] }] }, ['acl']],
  ])('%s is told, as the policy wants', async (_what, schema, paths) => {
    const lines = paths.map((path) => `${path} is known only after apply, and the schema asks about it`);
    const at = async (unknown: string): Promise<readonly string[]> =>
      (await told(schema, open, { unknown })).filter((line) => !line.includes('owner'));
    expect(await at('fail')).toEqual(lines.map((line) => `error ${line}`));
    expect(await at('warn')).toEqual(lines.map((line) => `warning ${line}`));
    expect(await at('pass')).toEqual([]);
  });

  it('hides no violation elsewhere, whatever the policy', async () => {
    const schema = { required: ['acl', 'owner'], properties: { on: { const: false }, list: { maxItems: 1 } } };
    expect(await told(schema, open, { unknown: 'pass' })).toEqual([
      'error owner is missing or not set',
      'error on is true, must be false',
      'error list is a list of 2, must NOT have more than 1 items',
    ]);
  });

  it('that the schema does not ask about is of no interest', async () => expect(await told({ required: ['on'] }, open)).toEqual([]));

  it('may be the whole resource', async () => {
    expect(await told({ required: ['on'] }, created(null, { unknown: true }))).toEqual(['error Nothing of it is known before apply']);
  });
});

describe('a schema that is none', () => {
  const problems = (schema: Json): unknown => findSpecProblems(schemaSchema.parse({ resources: { aws_x: schema } }));
  it.each<[Json, string, (string | number)[]]>([
    [{ propertis: {} }, 'Not a schema that can be judged: unknown keyword: "propertis"', []],
    [
      { properties: { a: { type: 'strng' } } },
      'Not a JSON Schema: must be equal to one of the allowed values: array, boolean, integer, null, number, object, string',
      ['properties', 'a', 'type'],
    ],
    [{ properties: { a: { format: 'email' } } }, 'Not a schema that can be judged: unknown format "email" at path "#/properties/a"', []],
    [
      { $ref: 'https://example.com/x' },
      'Cannot resolve reference https://example.com/x from id #: a schema may refer to its own `$defs` only, nothing is fetched',
      [],
    ],
    [
      { properties: { a: { pattern: '(?=x)' } } },
      'Not a schema that can be judged: error parsing regexp: invalid or unsupported Perl syntax: `(?=`',
      [],
    ],
    [{ $async: true }, 'An asynchronous schema cannot be judged here: leave out `$async`', []],
    [{ properties: { a: { uniqueItems: true } } }, 'Not a schema that can be judged: unknown keyword: "uniqueItems"', []],
    [
      { $schema: 'http://json-schema.org/draft-04/schema#' },
      'Not a schema that can be judged: no schema with key or ref "http://json-schema.org/draft-04/schema#"',
      [],
    ],
  ])('%j', (schema, problem, path) => expect(problems(schema)).toEqual([{ path: ['resources', 'aws_x', ...path], problem }]));

  it('fails the check with the reason', async () => {
    const { status, reason } = await runKind('schema', { resources: { aws_x: { propertis: {} } } }, created({}));
    expect([status, reason]).toEqual(['errored', 'The schema of aws_x: Not a schema that can be judged: unknown keyword: "propertis"']);
  });

  it('is stopped by no pattern', async () => {
    const schema = { properties: { a: { pattern: '^(a+)+$' } } };
    const startedAt = performance.now();
    expect(await told(schema, created({ a: `${'a'.repeat(40)}!` }))).toHaveLength(1);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});

describe('a resource with a list as long as somebody wants it', () => {
  it('is judged in time that grows with the list', async () => {
    const blocks = 60_000;
    const list = Array.from({ length: blocks }, () => ({ port: 'x', cidr: null }));
    const plan = created({ list }, { unknown: { list: Array.from({ length: blocks }, () => ({ cidr: true })) } });
    const items = { properties: { port: { type: 'number' }, cidr: { type: 'string' } } };
    const startedAt = performance.now();
    expect(await told({ properties: { list: { items } } }, plan)).toHaveLength(11);
    // With each error held against each unknown value it took a minute.
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

describe('a schema in a file', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'schema-test-'));
    await mkdir(join(folder, 'repo'));
    const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
    await write('repo/x.yml', 'required: [owner]\n');
    await write('repo/x.json', '{"required": ["owner"]}');
    await write('repo/broken.yml', 'required: [owner\n');
    await write('repo/list.yml', '- a\n');
    await write('repo/large.json', ' '.repeat(1024 * 1024 + 1));
    await write('outside.yml', '{}');
    await symlink('../outside.yml', join(folder, 'repo/link.yml'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const run = (file: string): Promise<KindRun> => runKind('schema', { resources: { aws_x: file } }, created({}), {}, join(folder, 'repo'));

  it.each(['x.yml', 'x.json'])('%s is read', async (file) =>
    expect((await run(file)).told).toEqual(['error aws_x.a: owner is missing or not set']),
  );

  it.each([
    ['nope.yml', 'The schema nope.yml is not there: its path begins at the folder of the repository'],
    ['link.yml', 'The schema link.yml leads out of the repository'],
    ['list.yml', 'The schema list.yml is no map of keywords'],
    ['large.json', 'The schema large.json is too large: 1048577 bytes, 1048576 are read'],
    ['.', 'The schema . is no file'],
  ])('%s fails the check', async (file, reason) => expect(await run(file)).toMatchObject({ status: 'errored', reason }));

  it('that is no YAML fails the check with its line', async () => {
    expect((await run('broken.yml')).reason).toMatch(/^The schema broken\.yml cannot be read: broken\.yml:\d+:\d+/);
  });
});
