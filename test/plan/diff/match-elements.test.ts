import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../../src/contracts/json.ts';
import { matchElements, type Matching } from '../../../src/plan/diff/match-elements.ts';
import { createSides } from '../../../src/plan/diff/side.ts';
import { createMasker } from '../../../src/plan/masking.ts';
import { NO_MARKS } from '../../../src/plan/marks.ts';
import { buildPlan } from '../build-plan.ts';
import { told } from './told.ts';

function match(before: Json[], after: Json[], unknown: Json = false): Matching {
  const sides = createSides(createMasker(buildPlan()));
  const side = (value: Json, isUnknown: Json): ReturnType<typeof sides.fromPlan> =>
    sides.fromPlan({ value, marks: NO_MARKS, unknown: isUnknown, numbers: null, isNullAbsent: true });
  return matchElements(side(before, false).items, side(after, unknown).items, sides);
}

describe('matchElements', () => {
  it('keeps equal elements in order, then finds them elsewhere; each one once', () => {
    expect(match(['a', 'b', 'b', 'c'], ['c', 'b', 'b', 'b', 'a'])).toMatchObject({
      kept: [
        [1, 1],
        [2, 2],
      ],
      moved: [
        [3, 0],
        [0, 4],
      ],
      changed: [],
    });
  });

  it('takes no element twice, whatever the lists', () => {
    const element = fc.oneof(
      fc.nat(3),
      fc.constant(null),
      fc.record({ name: fc.nat(2), x: fc.nat(2), y: fc.boolean() }),
      fc.array(fc.nat(2), { maxLength: 2 }),
    );
    const lists = fc.array(element, { maxLength: 8 });
    fc.assert(
      fc.property(lists, lists, (before, after) => {
        const { kept, moved, changed } = match(before as Json[], after as Json[]);
        const all = [...kept, ...moved, ...changed];
        for (const at of [0, 1] as const) expect(new Set(all.map((pair) => pair[at])).size).toBe(all.length);
        for (const [i, j] of [...kept, ...moved]) expect(before[i]).toEqual(after[j]);
        for (const [i, j] of changed) expect(before[i]).not.toEqual(after[j]);
      }),
    );
  });

  it('leaves nothing equal behind', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { maxLength: 20 }), (list) => {
        const { kept, moved } = match(list, [...list].reverse());
        expect(kept.length + moved.length).toBe(list.length);
      }),
    );
  });

  it('pairs objects that have a name in common, wherever they stand', () => {
    expect(
      match(
        [
          { name: 'a', x: 1 },
          { name: 'b', x: 1 },
        ],
        [
          { name: 'b', x: 2 },
          { name: 'a', x: 2 },
        ],
      ).changed,
    ).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  it('pairs objects that are mostly the same, and no others', () => {
    const rule = (port: number, cidr: string, more: object = {}): Json => ({
      port,
      cidr,
      protocol: 'tcp',
      self: false,
      groups: [],
      ...more,
    });
    const before = [rule(22, '10.0.0.0/8'), rule(80, '0.0.0.0/0')];
    expect(match(before, [rule(443, '0.0.0.0/0'), rule(8080, '172.16.0.0/12')]).changed).toEqual([[1, 0]]);
    // What nobody set is the same in all of them, and says nothing.
    expect(match(before, [rule(1, 'x', { protocol: 'udp' }), rule(2, 'y', { protocol: 'udp' })]).changed).toEqual([]);
  });

  it('pairs the only element of both, and the only one that is left at its place', () => {
    expect(match(['a'], ['b']).changed).toEqual([[0, 0]]);
    expect(match([{ a: 1 }], [{ b: 2 }]).changed).toEqual([[0, 0]]);
    expect(match([{ id: 1 }, { id: 2 }, { id: 3 }], [{ id: 1 }, { id: 9 }, { id: 3 }]).changed).toEqual([[1, 1]]);
  });

  it('puts what is not known yet in the place of what goes', () => {
    expect(match(['a', 'b', 'c'], ['a', null, 'c', null], [false, true, false, true]).changed).toEqual([[1, 1]]);
  });

  it('tells ten thousand elements that are all others without trying all pairs', () => {
    const elements = (word: string): Json => Array.from({ length: 10_000 }, (_, i) => ({ label: `${word}${i}`, size: i, colour: 'red' }));
    const started = performance.now();
    expect(told({ before: { l: elements('a') }, after: { l: elements('b') } })).toHaveLength(10_000);
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});
