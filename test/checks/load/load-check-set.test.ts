// A checks file with everything that it extends: order, adjustments, names, and each mistake with the file and line it stands in.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formatDiagnostic } from '../../../src/base/diagnostics.ts';
import { err, ok } from '../../../src/base/result.ts';
import type { CheckSet } from '../../../src/checks/check-set.ts';
import { toCheckSet } from '../../../src/checks/check-set.ts';
import { loadCheckSet, type LoadInput } from '../../../src/checks/load/load-check-set.ts';
import { checksFileSchema } from '../../../src/contracts/checks-file.ts';

let root: string;
let asked: string[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'runtask-load-'));
  asked = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const COMMIT = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
const CENTRAL = `{ repository: acme/policies, commit: ${COMMIT} }`;
const CENTRAL_WITH = (more: string): string => `{ repository: acme/policies, commit: ${COMMIT}, ${more} }`;
const check = (name: string, more = ''): string => `{ name: ${name}, protect: { types: [x] }${more} }`;
const file = (...parts: string[]): string => ['version: 1', ...parts].join('\n');
const checks = (...items: string[]): string => ['checks:', ...items.map((item) => `  - ${item}`)].join('\n');
const extending = (...items: string[]): string => ['extends:', ...items.map((item) => `  - ${item}`)].join('\n');

/** Files of the workspace; those of the central repository begin with `central:`. */
function put(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, name.startsWith('central:') ? name.replace(':', '/') : `workspace/${name}`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

async function load(files: Readonly<Record<string, string>>, over: Partial<LoadInput> = {}): ReturnType<typeof loadCheckSet> {
  put(files);
  return loadCheckSet({
    workspaceDir: join(root, 'workspace'),
    file: '.runtask/checks.yml',
    packs: { basics: { text: file('params: { most: 5 }', checks(check('buckets'), check('databases'))), about: '' } },
    fetchRepository: async ({ repository, commit }) => {
      asked.push(`${repository}@${commit}`);
      return repository === 'acme/policies' ? ok({ dir: join(root, 'central') }) : err('GitHub does not know it');
    },
    ...over,
  });
}

async function loaded(files: Readonly<Record<string, string>>): Promise<CheckSet> {
  const found = await load(files);
  if (!found.ok) throw new Error(found.error.sentence);
  return found.value;
}
async function problems(files: Readonly<Record<string, string>>): Promise<string[]> {
  const found = await load(files);
  return found.ok ? [] : found.error.diagnostics.map(formatDiagnostic);
}
const own = (...parts: string[]): Record<string, string> => ({ '.runtask/checks.yml': file(...parts) });
const names = ({ checks: all }: CheckSet): string[] => all.map(({ spec }) => spec.name);

describe('a checks file that extends', () => {
  it('has the checks of a pack, of another file and of a repository before its own, each with its origin and folder', async () => {
    const text = file(extending('{ file: lib/net.yml }'), checks(check('central')));
    const [workspace, central] = [join(root, 'workspace'), join(root, 'central')];
    const set = await loaded({
      ...own(extending('{ pack: basics }', '{ file: more/checks.yml }', CENTRAL), checks(check('mine'))),
      'more/checks.yml': file(checks(check('more'))),
      'central:.runtask/checks.yml': text,
      'central:lib/net.yml': file(checks(check('net'))),
    });
    expect(set.checks.map(({ spec, origin, baseDir }) => [spec.name, origin, baseDir])).toEqual([
      ['buckets', 'pack basics', workspace],
      ['databases', 'pack basics', workspace],
      ['more', 'more/checks.yml', workspace],
      ['net', 'acme/policies@1a2b3c4:lib/net.yml', central],
      ['central', 'acme/policies@1a2b3c4', central],
      ['mine', null, workspace],
    ]);
    expect(set.sources.map(({ name, checks: count }) => [name, count])).toEqual([
      ['pack basics', 2],
      ['more/checks.yml', 1],
      ['acme/policies@1a2b3c4:lib/net.yml', 1],
      ['acme/policies@1a2b3c4', 1],
    ]);
    expect(set.sources.at(-1)?.digest).toBe(createHash('sha256').update(text).digest('hex'));
    expect(asked).toEqual([`acme/policies@${COMMIT}`]);
  });

  it('needs no checks of its own', async () => {
    expect(names(await loaded(own(extending('{ pack: basics }'))))).toEqual(['buckets', 'databases']);
  });

  it('asks once for two files of one commit', async () => {
    const set = await loaded({
      ...own(extending(CENTRAL, CENTRAL_WITH('path: other.yml'))),
      'central:.runtask/checks.yml': file(checks(check('a'))),
      'central:other.yml': file(checks(check('b'))),
    });
    expect(set.checks.map(({ origin }) => origin)).toEqual(['acme/policies@1a2b3c4', 'acme/policies@1a2b3c4:other.yml']);
    expect(asked).toHaveLength(1);
  });

  it('takes its own word of what happens when nothing applies, not that of what it extends', async () => {
    const set = await loaded({ ...own(extending('{ file: m.yml }')), 'm.yml': file('when_none_apply: pass', checks(check('a'))) });
    expect(set.whenNoneApply).toBe('fail');
  });

  it('adjusts what it brings: without, except, enforce', async () => {
    const text = file(checks(check('a', ', except: x.old'), check('b'), check('c-1'), check('c-2')));
    const set = await loaded({
      ...own(extending('{ file: m.yml, without: ["c-*"], except: { "a*": x.new, b: [x.b, x.c] }, enforce: advisory }')),
      'm.yml': text,
    });
    expect(set.checks.map(({ spec }) => [spec.name, spec.except, spec.enforce])).toEqual([
      ['a', ['x.old', 'x.new'], 'advisory'],
      ['b', ['x.b', 'x.c'], 'advisory'],
    ]);
    const all = await loaded({ ...own(extending('{ file: m.yml, except: [x.new] }')), 'm.yml': text });
    expect(all.checks.map(({ spec }) => spec.except)).toEqual([['x.old', 'x.new'], ['x.new'], ['x.new'], ['x.new']]);
  });

  it('puts its params over those of the file it extends, from the inside out, and leaves a check its own', async () => {
    const set = await loaded({
      ...own('params: { z: own }', extending('{ file: m.yml, params: { a: outer } }'), checks(check('mine', ', params: { y: 1 }'))),
      'm.yml': file(
        'params: { a: m, b: m }',
        extending('{ file: n.yml, params: { b: m, c: m } }'),
        checks(check('m', ', params: { a: check }')),
      ),
      'n.yml': file('params: { a: n, b: n, c: n, d: n }', checks(check('n'))),
    });
    expect(set.checks.map(({ params }) => params)).toEqual([
      { a: 'outer', b: 'm', c: 'm', d: 'n' },
      { a: 'check', b: 'm' },
      { z: 'own', y: 1 },
    ]);
  });

  it('takes waivers from its own and from other files of the workspace', async () => {
    const waiver = (name: string): string => `waivers: [{ check: ${name}, reason: r, owner: me, expires: 2026-12-31 }]`;
    const set = await loaded({ ...own(extending('{ file: w.yml }'), checks(check('a')), waiver('a')), 'w.yml': file(waiver('"*"')) });
    expect(set.waivers.map(({ check: name }) => name)).toEqual(['*', 'a']);
  });
});

describe('a checks file that extends, with mistakes', () => {
  it.each<[string, Record<string, string>, string[]]>([
    [
      'a pack that does not exist',
      own(extending('{ pack: basic }')),
      [
        '.runtask/checks.yml:3:13: There is no pack "basic" (extends[0].pack). Did you mean "basics"? This version of the action has: basics',
      ],
    ],
    [
      'a pack named like a part of every object',
      own(extending('{ pack: constructor }')),
      ['.runtask/checks.yml:3:13: There is no pack "constructor" (extends[0].pack). This version of the action has: basics'],
    ],
    [
      'a file that does not exist',
      own(extending('{ file: m.yml }')),
      ['.runtask/checks.yml:3:13: m.yml cannot be read (extends[0].file). There is no such file in the repository'],
    ],
    [
      'a repository that cannot be had',
      own(extending(`{ repository: acme/secret, commit: ${COMMIT} }`)),
      ['.runtask/checks.yml:3:19: acme/secret cannot be had (extends[0].repository). GitHub does not know it'],
    ],
    [
      'a path that is not in the repository',
      { ...own(extending(CENTRAL_WITH('path: x.yml'))), 'central:y.yml': '' },
      ['.runtask/checks.yml:3:90: acme/policies@1a2b3c4:x.yml cannot be read (extends[0].path). There is no such file in the repository'],
    ],
    [
      'mistakes in what is extended, in their own files',
      {
        ...own(extending('{ file: m.yml }', CENTRAL)),
        'm.yml': file('check: []'),
        'central:.runtask/checks.yml': file(checks('{ name: a }')),
      },
      [
        'm.yml:1:1: "checks" is missing (checks). Write a list of checks',
        'm.yml:2:1: Unknown key "check" (check). Did you mean "checks"? Known here: version, when_none_apply, plan_changed_since_review, extends, params, checks, waivers',
        'acme/policies@1a2b3c4:.runtask/checks.yml:3:5: A check has exactly one kind: protect, require, limit, cel, schema, script, run, results, rego (checks[0]). It has none',
      ],
    ],
    [
      'a repository in what is extended',
      { ...own(extending(CENTRAL)), 'central:.runtask/checks.yml': file(extending(CENTRAL)) },
      [
        'acme/policies@1a2b3c4:.runtask/checks.yml:3:19: Checks from elsewhere cannot extend another repository (extends[0].repository). Extend it in the file of the repository that judges, so that its commit is pinned there',
      ],
    ],
    [
      'waivers in what is extended',
      {
        ...own(extending(CENTRAL)),
        'central:.runtask/checks.yml': file(checks(check('a')), 'waivers: [{ check: "*", reason: r, owner: me, expires: 2026-12-31 }]'),
      },
      [
        'acme/policies@1a2b3c4:.runtask/checks.yml:4:10: Checks from elsewhere cannot waive (waivers). Waivers stand in the repository that judges. Here, write `except` at the check',
      ],
    ],
    [
      'a file that extends itself over another',
      { ...own(extending('{ file: m.yml }')), 'm.yml': file(extending('{ file: .runtask/checks.yml }')) },
      ['m.yml:3:5: .runtask/checks.yml extends itself (extends[0]). Take this entry out'],
    ],
    [
      'a name of its own that is taken',
      own(extending('{ pack: basics }'), checks(check('buckets'))),
      [
        '.runtask/checks.yml:5:13: Two checks are called "buckets" (checks[0].name). They stand at pack basics:4:13 and .runtask/checks.yml:5:13. Rename one, or leave one out with `without`',
      ],
    ],
    [
      'a name in two files that it extends',
      { ...own(extending('{ pack: basics }', '{ file: m.yml }')), 'm.yml': file(checks(check('databases'))) },
      [
        '.runtask/checks.yml:4:5: Two checks are called "databases" (extends[1]). They stand at pack basics:5:13 and m.yml:3:13. Rename one, or leave one out with `without`',
      ],
    ],
    [
      'names that nothing has',
      own(extending('{ pack: basics, without: ["net*", buckts], except: { database: x.y } }')),
      [
        '.runtask/checks.yml:3:31: No check there is called "net*" (extends[0].without[0]). It has: buckets, databases',
        '.runtask/checks.yml:3:39: No check there is called "buckts" (extends[0].without[1]). Did you mean "buckets"? It has: buckets, databases',
        '.runtask/checks.yml:3:68: No check there is called "database" (extends[0].except.database). Did you mean "databases"? It has: buckets, databases',
      ],
    ],
    [
      'a parameter that nothing takes',
      own(extending('{ pack: basics, params: { mots: 3 } }')),
      ['.runtask/checks.yml:3:37: It takes no parameter "mots" (extends[0].params.mots). Did you mean "most"? It takes: most'],
    ],
    [
      'everything left out',
      own(extending('{ pack: basics, without: ["*"] }')),
      ['.runtask/checks.yml:3:5: None of its checks is left (extends[0]). Take this entry out'],
    ],
    [
      'a waiver for a check that nobody has',
      own(extending('{ pack: basics }'), 'waivers: [{ check: bucket, reason: r, owner: me, expires: 2026-12-31 }]'),
      ['.runtask/checks.yml:4:20: No check is called "bucket" (waivers[0].check). Did you mean "buckets"?'],
    ],
    [
      'nothing but waivers',
      own('waivers: [{ check: a, reason: r, owner: me, expires: 2026-12-31 }]'),
      ['.runtask/checks.yml:1:1: The list of checks is empty: a gate without checks lets nothing pass (checks)'],
    ],
  ])('tells %s', async (_what, files, expected) => expect(await problems(files)).toEqual(expected));

  it('does not follow a link out of the repository', async () => {
    put({ 'central:lib/x.yml': '' });
    writeFileSync(join(root, 'outside.yml'), file(checks(check('a'))));
    symlinkSync('../../outside.yml', join(root, 'central/lib/out.yml'));
    const [found] = await problems(own(extending(CENTRAL_WITH('path: lib/out.yml'))));
    expect(found).toMatch(/lib\/out\.yml cannot be read .*\. It leads out of the repository$/);
  });

  it('ends where files name one another without end', async () => {
    const twice = (level: number): string => extending(`{ file: ${level + 1}a.yml }`, `{ file: ${level + 1}b.yml }`);
    const levels = Array.from({ length: 12 }, (_, level) =>
      [`${level}a.yml`, `${level}b.yml`].map((name) => [name, file(twice(level))]),
    ).flat();
    const found = await problems({ ...own(twice(-1)), ...Object.fromEntries(levels) });
    expect(found.filter((line) => line.includes('More than 50 files are extended'))).toHaveLength(1);
  });

  it('cannot be taken for a file that extends nothing', () => {
    const read = checksFileSchema.parse({ version: 1, extends: [{ pack: 'basics' }] });
    expect(() => toCheckSet(read, '/')).toThrow('loadCheckSet');
  });
});

describe('loadCheckSet', () => {
  it('lets waivers name checks that stand in no file', async () => {
    const spec = checksFileSchema.parse({ version: 1, checks: [{ name: 'results: a.sarif', results: { files: ['a.sarif'] } }] }).checks[0]!;
    const also = [{ spec, params: {}, baseDir: root, origin: null }];
    const waiver = 'waivers: [{ check: "results: *", reason: r, owner: me, expires: 2026-12-31 }]';
    const files = own(waiver, checks(check('x')));
    expect(await load(files, { also })).toMatchObject({ ok: true, value: { checks: [{}, { spec: { name: 'results: a.sarif' } }] } });
    expect(await load(files)).toMatchObject({ ok: false });
  });

  it('says what to do when there is no file', async () => {
    expect(await load({ 'x.yml': '' })).toMatchObject({
      ok: false,
      error: {
        sentence:
          'There is no checks file at .runtask/checks.yml. Add one to the default branch, and check the repository out (actions/checkout) before this step.',
      },
    });
  });

  it('says that it is a folder', async () => {
    expect(await load({ '.runtask/checks.yml/x': '' })).toMatchObject({
      ok: false,
      error: { sentence: expect.stringContaining('cannot be read') },
    });
  });

  it('puts the first problems into one sentence and counts the rest', async () => {
    expect(await load(own('a: 1', 'b: 1', 'c: 1', 'd: 1', checks(check('x'))))).toMatchObject({
      ok: false,
      error: {
        sentence: expect.stringMatching(/^The checks file \.runtask\/checks\.yml has 4 problems, so no check ran: .*; and 1 more$/),
      },
    });
  });
});
