import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findJsonFault } from '../../src/plan/json-fault.ts';

describe('findJsonFault', () => {
  it.each([
    ['{', 'the text ends too early', 1, 2],
    ['[1,', 'the text ends too early', 1, 4],
    ['{"a"}', 'a colon is missing after a key', 1, 5],
    ['{a:1}', 'a key in double quotes is missing', 1, 2],
    ['{"a":1,}', 'a key in double quotes is missing', 1, 8],
    ['[1,]', 'no JSON value begins here', 1, 4],
    ['[1 2]', 'a comma or a closing bracket is missing', 1, 4],
    ['[1}', 'a comma or a closing bracket is missing', 1, 3],
    ['{}\n{}', 'something follows the document', 2, 1],
    ['["a\nb"]', 'no JSON value begins here', 1, 2],
    ["['a']", 'no JSON value begins here', 1, 2],
  ])('%j: %s', (text, problem, line, column) => {
    expect(findJsonFault(text)).toEqual({ problem, line, column });
  });

  it('agrees with JSON.parse on every document and on every document with one change', () => {
    const cut = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', ':', '"', '{', '}', '[', ']', '0', '\\', 'e', ' ', '\n'));
    fc.assert(
      fc.property(cut, ([json, at, insert]) => {
        const place = at % (json.length + 1);
        for (const text of [json, json.slice(0, place) + insert + json.slice(place + 1)])
          expect(findJsonFault(text) === null).toBe(isJson(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('survives a text of 20 million characters', () => {
    expect(findJsonFault(`["${'a'.repeat(20_000_000)}", x]`)).toMatchObject({ problem: 'no JSON value begins here', column: 20_000_006 });
  });

  it('survives a million open brackets', () => {
    expect(findJsonFault('['.repeat(1_000_000))).toMatchObject({ problem: 'the text ends too early', column: 1_000_001 });
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'SyntaxError') return false;
    throw thrown;
  }
}
