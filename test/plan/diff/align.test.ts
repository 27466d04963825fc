import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { align } from '../../../src/plan/diff/align.ts';

const lists = fc.array(fc.nat(5), { maxLength: 14 });

describe('align', () => {
  it('matches equal elements, in order on both sides', () => {
    fc.assert(
      fc.property(lists, lists, (before, after) => {
        const matches = align(before, after);
        for (const [index, [i, j]] of matches.entries()) {
          expect(before[i]).toBe(after[j]);
          const [previousI, previousJ] = matches[index - 1] ?? [-1, -1];
          expect(i > previousI && j > previousJ).toBe(true);
        }
      }),
    );
  });

  it('finds as many as there are', () => {
    const longest = (a: readonly number[], b: readonly number[]): number => {
      const [x, ...as] = a;
      const [y, ...bs] = b;
      if (x === undefined || y === undefined) return 0;
      return x === y ? 1 + longest(as, bs) : Math.max(longest(as, b), longest(a, bs));
    };
    const short = fc.array(fc.nat(3), { maxLength: 8 });
    fc.assert(fc.property(short, short, (before, after) => expect(align(before, after)).toHaveLength(longest(before, after))));
  });

  it('sees in large lists what was put in and taken out', () => {
    const before = Array.from({ length: 5000 }, (_, i) => i);
    const after = [-1, ...before.slice(0, 1000), -2, ...before.slice(1001)];
    expect(align(before, after)).toEqual([...before.slice(0, 1000).map((i) => [i, i + 1]), ...before.slice(1001).map((i) => [i, i + 1])]);
  });

  it('takes no long for large lists that are nothing but different, or nothing but alike', () => {
    const [ones, twos] = [1, 2].map((value) => new Array<number>(200_000).fill(value));
    const rising = Array.from({ length: 200_000 }, (_, i) => i);
    const started = performance.now();
    expect(align(ones ?? [], twos ?? [])).toEqual([]);
    expect(align([0, ...(ones ?? [])], [...(ones ?? []), 3])).toHaveLength(200_000);
    expect(align(rising, [...rising].reverse())).toHaveLength(1);
    // Quadratic work on 200,000 elements would take minutes.
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
