import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createSecretSearch, type TextRange } from '../../src/plan/secret-search.ts';

function find(needles: readonly string[], text: string, window = 4): TextRange[] {
  const search = createSecretSearch(window);
  for (const needle of needles) search.add(needle);
  return search.find(text);
}

/** The slow truth. */
function naive(needles: readonly string[], text: string): TextRange[] {
  const hidden = Array.from({ length: text.length + 1 }, () => false);
  for (const needle of needles) {
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
      hidden.fill(true, at, at + needle.length);
    }
  }
  const ranges: [number, number][] = [];
  hidden.forEach((is, i) => {
    const last = ranges.at(-1);
    if (is && last !== undefined && last[1] === i) last[1] = i + 1;
    else if (is) ranges.push([i, i + 1]);
  });
  return ranges;
}

describe('createSecretSearch', () => {
  it('finds every occurrence', () => {
    expect(find(['secret'], 'a secret and a secret')).toEqual([
      [2, 8],
      [15, 21],
    ]);
  });

  it('joins occurrences that overlap or touch, so that nothing of the longer remains', () => {
    expect(find(['abcdef', 'efgh', 'ghij'], '-abcdefghij-')).toEqual([[1, 11]]);
  });

  it('finds a needle that holds another, and the other alone', () => {
    expect(find(['inner', 'outer inner outer'], 'inner, outer inner outer')).toEqual([
      [0, 5],
      [7, 24],
    ]);
  });

  it('refuses needles that are shorter than its window', () => {
    expect(find(['abc'], 'abcabc')).toEqual([]);
  });

  it('finds nothing in texts that are shorter than its window', () => {
    expect(find(['abcd'], 'abc')).toEqual([]);
    expect(find([], 'abcdefgh')).toEqual([]);
  });

  it('agrees with looking for each needle on its own', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '🦊'), maxLength: 60 });
    const needle = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '🦊'), minLength: 4, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(needle, { maxLength: 8 }), letters, fc.nat(60), (needles, text, at) => {
        const haystack = text.slice(0, at) + (needles[0] ?? '') + text.slice(at);
        expect(find(needles, haystack)).toEqual(naive(needles, haystack));
      }),
      { numRuns: 2000 },
    );
  });

  it('does not hang on secrets that were made to look alike: what cannot be searched in time is hidden', () => {
    const search = createSecretSearch(8);
    for (let i = 0; i < 2000; i++) search.add('ab'.repeat(4 + i));
    const text = 'ab'.repeat(100_000);
    const start = performance.now();
    expect(search.find(text)).toEqual([[0, text.length]]);
    expect(search.find('nothing of interest')).toEqual([]);
    // Needle by needle at every place it would take hours.
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('does not slow down with the number of needles, even when all begin alike', () => {
    const text = 'nothing of interest, '.repeat(100_000);
    const seconds = (needles: number): number => {
      const search = createSecretSearch(8);
      for (let i = 0; i < needles; i++) search.add(`arn:aws:secretsmanager:eu-central-1:${String(i).padStart(9, '0')}`);
      search.find(text.slice(0, 10_000));
      const start = performance.now();
      expect(search.find(text)).toEqual([]);
      return performance.now() - start;
    };
    // Ten needles against fifty thousand; a search that asks for each would take thousands of times as long.
    expect(seconds(50_000)).toBeLessThan(20 * Math.max(seconds(10), 5));
  });
});
