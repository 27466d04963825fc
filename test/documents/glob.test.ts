// Globs: what stands for what, and that a hostile pattern costs no time.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchesAnyGlob, matchGlob } from '../../src/documents/glob.ts';

const STANDS_FOR: Readonly<Record<string, string>> = { '*': '.*', '?': '.', '.': '\\.' };

describe('matchGlob', () => {
  it.each([
    ['net-*', 'net-prod', true],
    ['net-*', 'my-net-prod', false],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['?', '', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*-prod', 'a-prod-prod', true],
    ['aws_instance.web["eu-*"]', 'aws_instance.web["eu-1"]', true],
    ['aws_instance.web[0]', 'aws_instance.web0', false],
    ['[ab]', 'a', false],
    ['[ab]', '[ab]', true],
    ['a.b', 'axb', false],
    ['NET', 'net', false],
    ['Net', 'net', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
  ])('%j on %j is %j', (pattern, text, expected) => expect(matchGlob(pattern, text)).toBe(expected));

  it('agrees with the regular expression that it stands for', () => {
    const pattern = fc.array(fc.constantFrom('a', 'b', '*', '?', '.'), { maxLength: 12 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '\n', '*'), maxLength: 12 });
    fc.assert(
      fc.property(pattern, text, (parts, found) => {
        const source = parts.map((char) => STANDS_FOR[char] ?? char).join('');
        expect(matchGlob(parts.join(''), found)).toBe(new RegExp(`^${source}$`, 's').test(found));
      }),
      { numRuns: 1000 },
    );
  });

  it('answers a pattern made to backtrack at once', () => {
    const start = performance.now();
    expect(matchGlob('*a'.repeat(40) + 'b', 'a'.repeat(20_000))).toBe(false);
    expect(matchGlob('*a'.repeat(200) + 'b', 'a'.repeat(5000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('matchesAnyGlob', () => {
  it('is true for one that fits, false for none', () => {
    expect(matchesAnyGlob(['a', 'net-*'], 'net-prod')).toBe(true);
    expect(matchesAnyGlob(['a', 'b'], 'net-prod')).toBe(false);
    expect(matchesAnyGlob([], 'net-prod')).toBe(false);
  });
});
