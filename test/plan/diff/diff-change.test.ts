import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/contracts/json.ts';
import { diffChange } from '../../../src/plan/diff/diff-change.ts';
import { createMasker } from '../../../src/plan/masking.ts';
import { buildOutput, buildPlan } from '../build-plan.ts';
import { told, toldOf, treeOf } from './told.ts';

describe('diffChange', () => {
  it('tells each leaf that changed, sorted by key', () => {
    expect(
      told({
        before: { z: 1, tags: { 'Name': 'a', 'Cost Center': 'x' }, same: [1, { a: 2 }] },
        after: { z: '1', tags: { Name: 'b', new: true }, same: [1, { a: 2 }] },
      }),
    ).toEqual(['remove tags.Cost Center: "x" -> ', 'change tags.Name: "a" -> "b"', 'add tags.new:  -> true', 'change z: 1 -> "1"']);
  });

  it('does not depend on the order of keys', () => {
    expect(treeOf({ before: { a: 1, b: 1 }, after: { b: 2, a: 2 } })).toEqual(treeOf({ before: { b: 1, a: 1 }, after: { a: 2, b: 2 } }));
  });

  it('takes a null attribute for absent, and a null in a map or a list for a value', () => {
    expect(told({ before: { a: null, b: 1, c: null }, after: { a: 1, b: null } })).toEqual(['add a:  -> 1', 'remove b: 1 -> ']);
    expect(told({ before: { m: { gone: null, both: null } }, after: { m: { both: null, come: null } } })).toEqual([
      'add m.come:  -> null',
      'remove m.gone: null -> ',
    ]);
    expect(told({ before: { l: ['a', null] }, after: { l: [null, null, ''] } })).toEqual([
      'remove l.0: "a" -> ',
      'add l.1:  -> null',
      'add l.2:  -> ""',
    ]);
  });

  it('tells all leaves of an object that comes or goes, less what is empty', () => {
    const object = { a: 'x', none: null, empty: {}, list: [], block: [{ b: 1, none: null }] };
    expect(told({ actions: ['create'], after: object, unknown: { id: true, block: [{}] } })).toEqual([
      'add a:  -> "x"',
      'add block.0.b:  -> 1',
      'add id:  -> (unknown)',
    ]);
    expect(told({ actions: ['delete'], before: object })).toEqual(['remove a: "x" -> ', 'remove block.0.b: 1 -> ']);
  });

  it('keeps what is empty in a value that somebody wrote', () => {
    const value = { list: [], map: {}, none: null, rules: [{ ports: [] }] };
    expect(told({ actions: ['create'], after: { input: value, rule: [{ ports: [], nested: [{ ports: [] }], name: 'n' }] } })).toEqual([
      'add input.list:  -> []',
      'add input.map:  -> {}',
      'add input.rules.0.ports:  -> []',
      'add rule.0.name:  -> "n"',
      'add rule.0.nested.0:  -> {}',
    ]);
  });

  it('tells what becomes empty or ceases to be so', () => {
    expect(told({ before: { a: [1], b: {}, c: null, d: [], e: [] }, after: { a: [], b: { x: 1 }, c: [], d: null, e: {} } })).toEqual([
      'remove a.0: 1 -> ',
      'add b.x:  -> 1',
      'add c:  -> []',
      'remove d: [] -> ',
      'change e: [] -> {}',
    ]);
  });

  it('tells every change of type', () => {
    expect(
      told({ before: { a: '1', b: true, c: [1], d: { x: 1 }, e: '' }, after: { a: 1, b: 'true', c: { k: 1 }, d: 'x', e: null } }),
    ).toEqual(['change a: "1" -> 1', 'change b: true -> "true"', 'change c: [1] -> {k: 1}', 'change d: {x: 1} -> "x"', 'remove e: "" -> ']);
  });

  it('tells what is known after apply, at any depth', () => {
    expect(
      told({
        before: { id: 'x', a: { b: 1, c: 2 }, l: [1], m: ['a', 'b'] },
        after: { a: { c: 2 }, m: ['a', null, 'c'] },
        unknown: { id: true, a: { b: true }, l: true, n: [{ m: true }], m: [false, true, false] },
      }),
    ).toEqual([
      'change a.b: 1 -> (unknown)',
      'change id: "x" -> (unknown)',
      'change l: [1] -> (unknown)',
      'change m.1: "b" -> (unknown)',
      'add m.2:  -> "c"',
      'add n.0.m:  -> (unknown)',
    ]);
  });

  it('tells numbers that a double does not hold', () => {
    const numbers = (spelling: string): ReadonlyMap<string, string> => new Map([['["n"]', spelling]]);
    const exactNumbers = { before: numbers('9223372036854775807'), after: numbers('9223372036854775806') };
    const value = { n: Number('9223372036854775807'), m: 1 };
    expect(told({ before: value, after: value, exactNumbers })).toEqual(['change n: 9223372036854775807 -> 9223372036854775806']);
    expect(told({ before: value, after: value, exactNumbers: { ...exactNumbers, after: exactNumbers.before } })).toEqual([]);
    const inList = (spelling: string): ReadonlyMap<string, string> => new Map([['["l",1]', spelling]]);
    const list = { l: [1, Number('9007199254740993')] };
    expect(told({ before: list, after: list, exactNumbers: { before: inList('9007199254740993'), after: new Map() } })).toEqual([
      'remove l.1: 9007199254740993 -> ',
      'add l.1:  -> 9007199254740992',
    ]);
  });

  it('compares outputs, in which null is a value', () => {
    const masker = createMasker(buildPlan());
    const output = (change: { before?: Json; after?: Json; actions?: string[]; unknown?: Json }): string[] =>
      toldOf(diffChange(buildOutput('o', change), masker));
    expect(output({ before: 1, after: 2 })).toEqual(['change : 1 -> 2']);
    expect(output({ actions: ['create'], after: { a: [1, null], e: [], n: null } })).toEqual([
      'add a.0:  -> 1',
      'add a.1:  -> null',
      'add e:  -> []',
      'add n:  -> null',
    ]);
    expect(output({ before: 'x', after: null })).toEqual(['change : "x" -> null']);
    expect(output({ actions: ['delete'], before: 'x', after: null })).toEqual(['remove : "x" -> ']);
    expect(output({ before: { a: null }, after: { a: null } })).toEqual([]);
    expect(output({ actions: ['create'], unknown: true })).toEqual(['add :  -> (unknown)']);
  });

  it('is not led astray by keys of Object.prototype', () => {
    const proto = JSON.parse('{"__proto__":{"a":1},"constructor":1}') as { [key: string]: number };
    expect(told({ before: {}, after: proto })).toEqual(['add __proto__.a:  -> 1', 'add constructor:  -> 1']);
  });
});

describe('what forces a replacement', () => {
  const replace = { actions: ['delete', 'create'] };

  it('is told at its place, at the attribute around it where nothing is told there, and below a place', () => {
    expect(
      told({
        ...replace,
        before: { ami: 'a', block: [{ x: 1, y: 1 }], id: 'i', tags: { a: 1, b: 1 }, same: 1 },
        after: { ami: 'b', block: [{ x: 2, y: 2 }], tags: { a: 2, b: 2 }, same: 1 },
        unknown: { id: true },
        replacePaths: [['ami'], ['block', 0, 'x'], ['id', 'deeper'], ['tags'], ['same'], []],
      }),
    ).toEqual([
      'change ami: "a" -> "b" !',
      'change block.0.x: 1 -> 2 !',
      'change block.0.y: 1 -> 2',
      'change id: "i" -> (unknown) !',
      'change tags.a: 1 -> 2 !',
      'change tags.b: 1 -> 2 !',
    ]);
  });

  it('may be named by the index before or after', () => {
    const before = {
      l: [
        { name: 'a', x: 1 },
        { name: 'b', x: 1 },
      ],
    };
    const after = { l: [{ name: 'b', x: 2 }] };
    for (const index of [0, 1]) {
      expect(told({ ...replace, before, after, replacePaths: [['l', index, 'x']] })).toContain('change l.0.x: 1 -> 2 !');
    }
  });

  it('is told at the list where no element of it changes that a path names', () => {
    expect(treeOf({ ...replace, before: { l: ['a'] }, after: { l: ['a', 'b'] }, replacePaths: [['l', 0]] })).toMatchObject({
      entries: [{ key: 'l', node: { forcesReplacement: true } }],
    });
  });
});

describe('what is hidden', () => {
  it('is told as changed, and nothing else of it', () => {
    const marks = { s: true, t: true, m: true };
    const tree = treeOf({
      before: { s: 'old-secret', t: 'same-secret', m: { k: 'a' } },
      after: { s: 'new-secret', t: 'same-secret', m: { k: 'b' } },
      beforeSensitive: marks,
      afterSensitive: marks,
    });
    const hidden = { form: 'leaf', kind: 'change', before: { kind: 'masked' }, after: { kind: 'masked' }, forcesReplacement: false };
    expect(tree).toEqual({
      form: 'map',
      kind: 'change',
      entries: [
        { key: 'm', node: hidden },
        { key: 's', node: hidden },
      ],
      unchanged: 1,
      forcesReplacement: false,
    });
  });

  it('is both sides when one is marked', () => {
    expect(told({ before: { s: 'ab' }, after: { s: 'cd' }, afterSensitive: { s: true } })).toEqual(['change s: (masked) -> (masked)']);
    expect(told({ before: { s: 'ab' }, after: { s: ['cd'] }, afterSensitive: { s: [true] } })).toEqual(['change s: (masked) -> (masked)']);
    expect(told({ before: { s: 'ab' }, after: {}, unknown: { s: true }, afterSensitive: { s: true } })).toEqual([
      'change s: (masked) -> (masked)',
    ]);
  });

  it('is told where only the mark comes or goes, of an update', () => {
    expect(treeOf({ before: { s: 'ab', t: 'x' }, after: { s: 'ab', t: 'x' }, afterSensitive: { s: true } })).toMatchObject({
      entries: [{ key: 's', node: { before: { kind: 'masked' }, mark: 'comes' } }],
    });
    expect(treeOf({ actions: ['no-op'], before: { s: 'ab' }, after: { s: 'ab' }, afterSensitive: { s: true } })).toBeNull();
  });

  it('is a part of a text that changes', () => {
    expect(
      told({
        before: { s: 'old-secret', url: 'x://old-secret@h' },
        after: { s: 'new-secret', url: 'x://new-secret@h' },
        beforeSensitive: { s: true },
        afterSensitive: { s: true },
      }),
    ).toEqual(['change s: (masked) -> (masked)', 'change url: "x://(sensitive value)@h" -> "x://(sensitive value)@h"']);
  });

  it('is hidden in keys', () => {
    expect(told({ after: { s: 'the-secret', m: { 'x the-secret': 1 } }, before: {}, afterSensitive: { s: true } })).toEqual([
      'add m.x (sensitive value):  -> 1',
      'add s:  -> (masked)',
    ]);
  });

  it('has no order: elements that swap hidden values are told one by one, as if they had new ones', () => {
    const marks = { l: [true, true, true] };
    const swapped = told({
      before: { l: ['aa', 'bb', 'cc'] },
      after: { l: ['bb', 'aa', 'cc'] },
      beforeSensitive: marks,
      afterSensitive: marks,
    });
    const fresh = told({
      before: { l: ['aa', 'bb', 'cc'] },
      after: { l: ['xx', 'yy', 'cc'] },
      beforeSensitive: marks,
      afterSensitive: marks,
    });
    expect(swapped).toEqual(['change l.0: (masked) -> (masked)', 'change l.1: (masked) -> (masked)']);
    expect(swapped).toEqual(fresh);
  });

  it('pairs no blocks: which password went where is told by nothing', () => {
    const marks = { u: [{ pw: true }, { pw: true }] };
    const users = (...passwords: string[]): Json => ({ u: passwords.map((pw, i) => ({ n: i, pw })) });
    const turned = told({ before: users('p1', 'p2'), after: users('p2', 'p1'), beforeSensitive: marks, afterSensitive: marks });
    expect(turned).toEqual(['change u.0.pw: (masked) -> (masked)', 'change u.1.pw: (masked) -> (masked)']);
  });

  it('is no name by which blocks are paired', () => {
    const marks = { k: [true, true] };
    const users = (name: string, from: number): Json => [
      { name, x: from, y: from + 1, z: from + 2 },
      { name: `plain-${from}`, x: from + 3, y: from + 4, z: from + 5 },
    ];
    const keys = { k: ['first-secret', 'other-secret'] };
    const lines = told({
      before: { ...keys, u: users('first-secret', 10) },
      after: { ...keys, u: users('other-secret', 20) },
      beforeSensitive: marks,
      afterSensitive: marks,
    });
    expect(lines.filter((line) => line.startsWith('change'))).toEqual([]);
    expect(lines).toHaveLength(16);
  });

  it('is withheld on both sides when one looks like a credential', () => {
    const token = `ghp_${'a1B2c3D4e5F6g7H8i9'.repeat(2)}`;
    const [line = ''] = told({ before: { t: 'placeholder' }, after: { t: token } });
    expect(line).toMatch(/^change t: \(a GitHub [^)]*\) -> \(a GitHub [^)]*\)$/);
  });
});
