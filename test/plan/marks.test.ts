import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../src/contracts/json.ts';
import { createMasker, type MaskedValue } from '../../src/plan/masking.ts';
import { buildPlan, buildResource } from './build-plan.ts';

const masked = { kind: 'masked' } as const;
const plain = (value: null | boolean | number | string): MaskedValue => ({ kind: 'plain', value, redacted: false });
const list = (...items: MaskedValue[]): MaskedValue => ({ kind: 'list', items });
const map = (entries: { [key: string]: MaskedValue }): MaskedValue => ({
  kind: 'map',
  entries: Object.entries(entries).map(([key, value]) => ({ key, value })),
});

/** Values are short words, so that no copy rule interferes with what the marks say. */
function after(value: Json, marks: Json, other: Json = false): MaskedValue {
  const change = buildResource({ after: value, afterSensitive: marks, beforeSensitive: other });
  return createMasker(buildPlan([change])).maskedAfter(change);
}

describe('marks', () => {
  it('hide what they mark and all below, keys included', () => {
    expect(after({ a: 1, b: { c: 2, d: [3] } }, { b: true })).toEqual(map({ a: plain(1), b: masked }));
    expect(after([1, { a: 2, b: 3 }], [false, { b: true }])).toEqual(list(plain(1), map({ a: plain(2), b: masked })));
    expect(after({ a: 1 }, true)).toEqual(masked);
  });

  it('hide nothing when they are false, empty, null or absent', () => {
    for (const marks of [false, {}, [], null, { b: false }, { b: {} }, { b: [] }]) {
      expect(after({ a: 1, b: [2] }, marks)).toEqual(map({ a: plain(1), b: list(plain(2)) }));
    }
  });

  it.each<[string, Json, Json, MaskedValue]>([
    ['a list of marks on a map', { a: 1 }, [true], masked],
    ['a map of marks on a list', [1, 2], { 0: true }, masked],
    ['marks of an inside that a scalar does not have', { a: 1, b: 2 }, { a: { x: [true] } }, map({ a: masked, b: plain(2) })],
    ['a list of marks on a scalar', 'x', [true], masked],
    ['the same without a true in it', { a: 1 }, [false], map({ a: plain(1) })],
    ['fewer marks than elements', [1, 2, 3], [true], list(masked, masked, masked)],
    ['fewer marks than elements, none of them true', [1, 2], [false], list(plain(1), plain(2))],
    ['more marks than elements', [1], [false, true], list(plain(1))],
    ['marks for keys that are not there', { a: 1 }, { b: true }, map({ a: plain(1) })],
    ['a text as a mark', { a: 1, b: 2 }, { a: 'false' }, map({ a: masked, b: plain(2) })],
    ['a number as a mark', { a: 1 }, { a: 0 }, map({ a: masked })],
  ])('that do not fit never unmask: %s', (_, value, marks, expected) => {
    expect(after(value, marks)).toEqual(expected);
  });

  it('are the own properties of the document only', () => {
    const marks = JSON.parse('{"__proto__":{"b":true}}') as Json;
    expect(after({ b: 1, constructor: 2 }, marks)).toEqual(map({ b: plain(1), constructor: plain(2) }));
    const value = JSON.parse('{"__proto__":{"b":1},"a":2}') as Json;
    expect(after(value, marks)).toMatchObject({ entries: [{ key: '__proto__', value: map({ b: masked }) }, { key: 'a' }] });
  });

  it('count on both sides of a change where either names the path', () => {
    expect(after({ a: 1, b: 2 }, {}, { a: true })).toEqual(map({ a: masked, b: plain(2) }));
    expect(after([1, 2, 3], [], [false, true])).toEqual(list(plain(1), masked, plain(3)));
    expect(after({ a: 1 }, {}, { a: { b: true } })).toEqual(map({ a: masked }));
    expect(after([1, 2], [], { a: false })).toEqual(list(plain(1), plain(2)));
  });
});
