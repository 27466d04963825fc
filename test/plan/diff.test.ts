import { describe, expect, it } from '@jest/globals';
import { diffChange, summarizeChange, type AttributeDiff } from '../../src/plan/diff.ts';
import { createMasker } from '../../src/plan/masking.ts';
import type { ResourceChange } from '../../src/plan/model.ts';
import { buildOutput, buildPlan, buildResource } from './build-plan.ts';

function diff(change: Partial<ResourceChange>): AttributeDiff[] {
  const resource = buildResource(change);
  return diffChange(resource, createMasker(buildPlan([resource])));
}

/** `path: before -> after`, one line for each entry; `!` forces replacement. */
const lines = (change: Partial<ResourceChange>): string[] =>
  diff(change).map((d) => `${d.kind} ${d.path}: ${d.before?.text ?? ''} -> ${d.after?.text ?? ''}${d.forcesReplacement ? ' !' : ''}`);

describe('diffChange', () => {
  it('has one entry for each leaf that changed, sorted', () => {
    expect(
      lines({
        before: { z: 1, tags: { 'Name': 'a', 'Cost Center': 'x' }, same: [1, { a: 2 }], rules: [{ port: 1 }, { port: 2 }] },
        after: { z: '1', tags: { Name: 'b', new: true }, same: [1, { a: 2 }], rules: [{ port: 3 }] },
      }),
    ).toEqual([
      'change rules[0].port: 1 -> 3',
      'remove rules[1].port: 2 -> ',
      'remove tags["Cost Center"]: "x" -> ',
      'change tags.Name: "a" -> "b"',
      'add tags.new:  -> true',
      'change z: 1 -> "1"',
    ]);
  });

  it('does not depend on the order of keys', () => {
    expect(lines({ before: { a: 1, b: 1 }, after: { b: 2, a: 2 } })).toEqual(lines({ before: { b: 1, a: 1 }, after: { a: 2, b: 2 } }));
  });

  it('takes null for absent', () => {
    expect(lines({ before: { a: null, b: 1, c: null }, after: { a: 1, b: null } })).toEqual(['add a:  -> 1', 'remove b: 1 -> ']);
  });

  it('tells all leaves of an object that comes or goes, less what is empty', () => {
    const object = { a: 'x', none: null, empty: {}, list: [], block: [{ b: 1 }] };
    expect(lines({ actions: ['create'], after: object, unknown: { id: true, block: [{}] } })).toEqual([
      'add a:  -> "x"',
      'add block[0].b:  -> 1',
      'add id:  -> (known after apply)',
    ]);
    expect(lines({ actions: ['delete'], before: object })).toEqual(['remove a: "x" -> ', 'remove block[0].b: 1 -> ']);
  });

  it('tells lists and maps that become empty or cease to be so', () => {
    expect(lines({ before: { a: [1], b: {}, c: null, d: [] }, after: { a: [], b: { x: 1 }, c: [], d: null } })).toEqual([
      'remove a[0]: 1 -> ',
      'add b.x:  -> 1',
      'add c:  -> []',
      'remove d: [] -> ',
    ]);
  });

  it('tells what is known after apply, at any depth', () => {
    expect(
      lines({
        before: { id: 'x', a: { b: 1, c: 2 }, l: [1] },
        after: { a: { c: 2 } },
        unknown: { id: true, a: { b: true }, l: true, n: [{ m: true }] },
      }),
    ).toEqual([
      'change a.b: 1 -> (known after apply)',
      'change id: "x" -> (known after apply)',
      'change l: [1] -> (known after apply)',
      'add n[0].m:  -> (known after apply)',
    ]);
  });

  it('tells that a secret changed, and not to what', () => {
    const marks = { beforeSensitive: { s: true, t: true, m: true }, afterSensitive: { s: true, t: true, m: true } };
    expect(
      diff({
        before: { s: 'old-secret', t: 'same-secret', m: { k: 'a' } },
        after: { s: 'new-secret', t: 'same-secret', m: { k: 'b' } },
        ...marks,
      }),
    ).toEqual(
      ['m', 's'].map((path) => ({
        path,
        kind: 'change',
        before: { kind: 'sensitive', text: '(sensitive value)', multiline: false },
        after: { kind: 'sensitive', text: '(sensitive value)', multiline: false },
        forcesReplacement: false,
      })),
    );
  });

  it('tells that a text changed of which only secrets differ', () => {
    expect(
      lines({
        before: { s: 'old-secret', url: 'x://old-secret@h' },
        after: { s: 'new-secret', url: 'x://new-secret@h' },
        beforeSensitive: { s: true },
        afterSensitive: { s: true },
      }),
    ).toEqual(['change s: (sensitive value) -> (sensitive value)', 'change url: "x://(sensitive value)@h" -> "x://(sensitive value)@h"']);
  });

  it('hides both sides when one is marked', () => {
    expect(lines({ before: { s: 'ab' }, after: { s: 'cd' }, afterSensitive: { s: true } })).toEqual([
      'change s: (sensitive value) -> (sensitive value)',
    ]);
    expect(lines({ before: { s: 'ab' }, after: { s: ['cd'] }, afterSensitive: { s: [true] } })).toEqual([
      'change s: (sensitive value) -> (sensitive value)',
    ]);
  });

  it('hides copies in paths', () => {
    expect(lines({ after: { s: 'the-secret', m: { 'x the-secret': 1 } }, before: {}, afterSensitive: { s: true } })).toEqual([
      'add m["x (sensitive value)"]:  -> 1',
      'add s:  -> (sensitive value)',
    ]);
  });

  it('marks what forces the replacement, at, above and below the path', () => {
    expect(
      lines({
        actions: ['delete', 'create'],
        before: { ami: 'a', block: [{ x: 1, y: 1 }], id: 'i' },
        after: { ami: 'b', block: [{ x: 2, y: 2 }] },
        unknown: { id: true },
        replacePaths: [['ami'], ['block', 0, 'x'], ['id', 'deeper'], []],
      }),
    ).toEqual([
      'change ami: "a" -> "b" !',
      'change block[0].x: 1 -> 2 !',
      'change block[0].y: 1 -> 2',
      'change id: "i" -> (known after apply) !',
    ]);
  });

  it('keeps several lines as lines and one line in quotes', () => {
    expect(diff({ before: { a: 'x\ny "z"' }, after: { a: 'x\t"z"' } })).toMatchObject([
      { before: { text: 'x\ny "z"', multiline: true }, after: { text: '"x\\t\\"z\\""', multiline: false } },
    ]);
  });

  it('writes a value of another kind in one piece', () => {
    expect(lines({ before: { a: { b: [1, null] } }, after: { a: 'x' } })).toEqual(['change a: {"b": [1, null]} -> "x"']);
  });

  it('compares outputs, whatever their value is', () => {
    const masker = createMasker(buildPlan());
    expect(diffChange(buildOutput('o', { before: 1, after: 2 }), masker)).toMatchObject([{ path: '', kind: 'change' }]);
    expect(diffChange(buildOutput('o', { after: { a: [1] } }), masker)).toMatchObject([{ path: 'a[0]', kind: 'add' }]);
    expect(diffChange(buildOutput('o', { before: 1, after: 1 }), masker)).toEqual([]);
    expect(diffChange(buildOutput('o', { actions: ['create'], unknown: true }), masker)).toMatchObject([
      { path: '', after: { kind: 'unknown' } },
    ]);
  });

  it('is not led astray by keys of Object.prototype', () => {
    const proto = JSON.parse('{"__proto__":{"a":1},"constructor":1}') as { [key: string]: number };
    expect(lines({ before: {}, after: proto })).toEqual(['add __proto__.a:  -> 1', 'add constructor:  -> 1']);
  });
});

describe('summarizeChange', () => {
  it('names the top-level attributes that change', () => {
    const change = buildResource({
      before: { a: 1, b: { c: 1 }, d: null, same: 1, gone: [1], s: 'x' },
      after: { a: 2, b: { c: 2 }, same: 1, s: 'y' },
      unknown: { id: true, b: {} },
      afterSensitive: { s: true },
    });
    expect(summarizeChange(change)).toEqual(['a', 'b', 'gone', 'id', 's']);
  });

  it('names nothing of an object that is marked as a whole', () => {
    expect(summarizeChange(buildResource({ before: { a: 1 }, after: { a: 2 }, afterSensitive: true }))).toEqual([]);
  });
});
