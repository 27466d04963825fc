import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../../src/contracts/json.ts';
import { findJsonFault } from '../../../src/plan/json-fault.ts';
import { JsonSplitter, type Refusal, type Shape } from '../../../src/plan/read/json-splitter.ts';

/** Opens so many levels and builds the document again of what is handed on. */
function rebuilt(levels: number, put: (value: Json) => void): Shape {
  return {
    whole: ({ value, text, bytes }) => {
      expect(Buffer.from(bytes).toString()).toBe(text);
      put(value);
    },
    ...(levels > 0 && {
      list: () => {
        const items: Json[] = [];
        put(items);
        return (index) => rebuilt(levels - 1, (value) => (items[index] = value));
      },
      map: () => {
        const map: { [key: string]: Json } = {};
        put(map);
        const set = (key: string, value: Json): void =>
          void Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });
        return (key) => rebuilt(levels - 1, (value) => set(key, value));
      },
    }),
  };
}

function split(bytes: Uint8Array, size: number, levels: number, maxPart?: number): { value: Json | undefined; refusal: Refusal | null } {
  let value: Json | undefined;
  const splitter = new JsonSplitter(
    rebuilt(levels, (root) => (value = root)),
    maxPart,
  );
  for (let at = 0; at < bytes.length; at += size) {
    const refusal = splitter.push(bytes.subarray(at, at + size));
    if (refusal !== null) return { value, refusal };
  }
  const refusal = splitter.end();
  return { value, refusal };
}

/** What reading it as one text says. */
function whole(text: string): { value: Json | undefined; refusal: Refusal | null } {
  if (/^[ \t\n\r]*$/.test(text)) return { value: undefined, refusal: { kind: 'empty' } };
  const fault = findJsonFault(text);
  return fault === null ? { value: JSON.parse(text) as Json, refusal: null } : { value: undefined, refusal: { kind: 'fault', ...fault } };
}

const pretty = fc
  .tuple(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 1, 2))
  .map(([value, indent]) => JSON.stringify(value, null, indent));
const unicode = fc.jsonValue({ maxDepth: 3, stringUnit: 'grapheme' }).map((value) => JSON.stringify(value, null, 1));

describe('JsonSplitter', () => {
  it('sees in any document, cut anywhere and opened to any depth, what JSON.parse sees', () => {
    fc.assert(
      fc.property(fc.oneof(pretty, unicode), fc.integer({ min: 1, max: 40 }), fc.nat(5), (text, size, levels) => {
        expect(split(Buffer.from(text), size, levels)).toEqual(whole(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses a document with one change where and as one text of it is refused', () => {
    const insert = fc.constantFrom('', ',', ':', '"', '{', '}', '[', ']', '0', '\\', 'e', '-', ' ', '\n', 'é', 'tru', '\\u12', '\u0001');
    fc.assert(
      fc.property(
        fc.oneof(pretty, unicode),
        fc.nat(),
        insert,
        fc.integer({ min: 1, max: 40 }),
        fc.nat(5),
        (json, at, what, size, levels) => {
          const place = at % (json.length + 1);
          const text = (json.slice(0, place) + what + json.slice(place + 1)).toWellFormed();
          const { value, refusal } = split(Buffer.from(text), size, levels);
          const expected = whole(text);
          expect(refusal).toEqual(expected.refusal);
          if (refusal === null) expect(value).toEqual(expected.value);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['a large section again', '{"a":[1],"b":2,\n "a":[3]}', { line: 2, column: 5 }],
    ['nothing in its place', '{"a":[1],"a":null}', { line: 1, column: 13 }],
  ])('refuses %s: what was told of the first cannot be taken back', (_, text, place) => {
    const refusal = { kind: 'fault', problem: 'a large section begins a second time before this place', ...place };
    expect(split(Buffer.from(text), 3, 2).refusal).toEqual(refusal);
  });

  it('lets the last of two small values win, as JSON.parse does', () => {
    expect(split(Buffer.from('{"a":1,"a":2}'), 3, 1)).toEqual({ value: { a: 2 }, refusal: null });
  });

  it('refuses a value that is too long by its place, before all of it is here', () => {
    const text = `{"a":[1,{"b":"${'x'.repeat(100)}`;
    expect(split(Buffer.from(text), 8, 2, 50).refusal).toEqual({ kind: 'large', path: 'a[1]' });
    expect(split(Buffer.from(`["${'x'.repeat(48)}"]`), 8, 1, 50).refusal).toBeNull();
  });

  it.each([
    ['opened', 500, 600],
    ['within a value', 500, 0],
    ['both', 500, 250],
  ])('goes 500 levels down and no further: %s', (_, depth, levels) => {
    const nested = (times: number): Buffer => Buffer.from('['.repeat(times) + ']'.repeat(times));
    expect(split(nested(depth), 7, levels).refusal).toBeNull();
    expect(split(nested(depth + 1), 7, levels).refusal).toEqual({ kind: 'deep' });
  });

  it('looks at each byte once: a long value in the smallest chunks takes no square of its length', () => {
    const text = Buffer.from(`["${'\\"x'.repeat(300_000)}"]`);
    const start = performance.now();
    expect(split(text, 1, 1).refusal).toBeNull();
    // Anew at every chunk it would take minutes.
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
