// Numbers, equality, masks, digests and definitions: the small parts.
import { describe, expect, it } from '@jest/globals';
import { canonicalText, equal } from '../../../src/config/engine/canonical.ts';
import { complete } from '../../../src/config/engine/complete.ts';
import { checkDefinition } from '../../../src/config/engine/definition.ts';
import { findObject } from '../../../src/config/engine/find.ts';
import { importObject } from '../../../src/config/engine/import.ts';
import { sensitiveMask, toJson, unknownMask } from '../../../src/config/engine/masks.ts';
import { numberFromText, numberText } from '../../../src/config/engine/numbers.ts';
import { problem } from '../../../src/config/engine/problem.ts';
import { readData } from '../../../src/config/engine/read-data.ts';
import { readObject } from '../../../src/config/engine/read.ts';
import { reviewChanges } from '../../../src/config/engine/review.ts';
import type { AnyDataSource } from '../../../src/config/engine/resource.ts';
import { computed, list, map, number, object, optional, required, set, string, withDefault } from '../../../src/config/engine/schema.ts';
import type { Schema } from '../../../src/config/engine/schema.ts';
import { digestOf } from '../../../src/config/engine/state-digest.ts';
import type { Told } from '../../../src/config/engine/told.ts';
import { ExactNumber, UNKNOWN } from '../../../src/config/engine/values.ts';
import { aDeps, aResource, obj, planned } from './a-resource.ts';

const description = 'For a test.';

describe('numbers', () => {
  it.each([
    ['0.1', 0.1, '0.1'],
    ['-0', 0, '0'],
    ['1e21', 1e21, '1000000000000000000000'],
    ['00.50', 0.5, '0.5'],
    ['.5e-1', 0.05, '0.05'],
    ['9007199254740993', new ExactNumber('9007199254740993'), '9007199254740993'],
    ['18446744073709551616', new ExactNumber('18446744073709551616'), '18446744073709551616'],
    ['0.1000000000000000000000000000001', new ExactNumber('0.1000000000000000000000000000001'), '0.1000000000000000000000000000001'],
    ['1e400', new ExactNumber(`1${'0'.repeat(400)}`), `1${'0'.repeat(400)}`],
  ])('%s keeps every digit', (text, value, canonical) => {
    expect(numberFromText(text)).toEqual(value);
    expect(numberText(value)).toBe(canonical);
  });
  it.each(['', '.', 'e1', '1e', '0x10', 'NaN', 'Infinity', '1 ', '1e999999999', `${'1'.repeat(1001)}`])('refuses %j', (text) => {
    expect(numberFromText(text)).toBeNull();
  });
});

describe('equality', () => {
  it('is by content in sets, by value in numbers, and never of what is unknown', () => {
    expect(equal(set(string), ['b', 'a', 'b'], ['a', 'b'])).toBe(true);
    expect(equal(list(string), ['b', 'a'], ['a', 'b'])).toBe(false);
    expect(equal(set(set(number)), [[1, 2], [3]], [[3], [2, 1]])).toBe(true);
    expect(equal(number, new ExactNumber('1'), 1)).toBe(true);
    expect(equal(string, UNKNOWN, UNKNOWN)).toBe(false);
    expect(equal(string, '\u0000', UNKNOWN)).toBe(false);
    expect(equal(string, '1', 1)).toBe(false);
    expect(canonicalText(map(string), obj({ b: '1', a: '2' }))).toBe('{"a":"2","b":"1"}');
  });
});

const schema = {
  name: required(string, { description }),
  steps: optional(list(object({ token: optional(string, { description, sensitive: true }), on: optional(string, { description }) })), {
    description,
  }),
  parts: optional(set(object({ token: optional(string, { description, sensitive: true }) })), { description }),
  labels: optional(map(string), { description }),
  key: optional(string, { description, writeOnly: true }),
  key_version: optional(number, { description, remembered: true }),
  id: computed(string, { description }),
};
const state = obj({
  name: 'a',
  steps: [obj({ token: 'secret-token', on: 'x' }), obj({ token: null, on: null })],
  parts: [obj({ token: 'secret-token' })],
  labels: obj({ l: '1' }),
  key: null,
  key_version: 1,
  id: 'i',
});

describe('masks', () => {
  it('tells values, what is unknown and what is sensitive as the plan JSON does', () => {
    const value = obj({ name: 'a', id: UNKNOWN, steps: [UNKNOWN, obj({ on: UNKNOWN, token: null })], labels: obj({}) });
    expect(toJson(value)).toEqual({ name: 'a', steps: [null, { token: null }], labels: {} });
    expect(unknownMask(value)).toEqual({ id: true, steps: [true, { on: true }], labels: {} });
    expect(sensitiveMask(schema, state)).toEqual({ steps: [{ token: true }, { token: true }], parts: true, labels: {}, key: true });
    expect(sensitiveMask(schema, null)).toBe(false);
    expect(toJson(new ExactNumber('9007199254740993'))).toBe('9007199254740993');
  });
});

describe('digestOf', () => {
  it('changes with what other hands can change, and with nothing else', () => {
    const digest = digestOf(schema, state);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    const [first, second] = [obj({ token: 'another', on: 'x' }), obj({ token: null, on: null })];
    for (const over of [{ id: 'j' }, { key_version: 2 }, { key: 'k' }, { steps: [first, second] }]) {
      expect(digestOf(schema, obj({ ...state, ...over }))).toBe(digest);
    }
    for (const over of [{ name: 'b' }, { labels: obj({ l: '2' }) }, { steps: [first] }, { labels: null }]) {
      expect(digestOf(schema, obj({ ...state, ...over }))).not.toBe(digest);
    }
  });
});

describe('find, read and import', () => {
  const found = { state: { steps: [], id: 'i' }, managed: true };
  const thing = aResource(schema, { find: async ({ name }) => (name === 'a' ? found : null), read: async () => ({ id: 'j' }) });

  it('makes a whole state of what was told, the key and what was remembered', async () => {
    const whole = obj({ name: 'a', steps: [], parts: null, labels: null, key: null, key_version: 3, id: 'i' });
    const result = await findObject(thing, obj({ name: 'a' }), obj({ key_version: 3, labels: obj({}), key: 'x' }), aDeps());
    expect(result).toEqual({ value: { state: whole, managed: true }, problems: [] });
    expect(await findObject(thing, obj({ name: 'b' }), null, aDeps())).toEqual({ value: null, problems: [] });
  });

  it('says when a record holds nonsense, and goes on without it', async () => {
    const { value, problems } = await findObject(thing, obj({ name: 'a' }), obj({ key_version: 'three' }), aDeps());
    expect(value?.state['key_version']).toBeNull();
    expect(problems).toMatchObject([{ severity: 'warning', path: ['key_version'] }]);
  });

  it('does not look for what has no key yet', async () => {
    expect((await findObject(thing, obj({ name: UNKNOWN }), null, aDeps())).problems).toMatchObject([{ path: ['name'] }]);
  });

  it('reads: where the API is silent, the state stands', async () => {
    expect(await readObject(thing, state, aDeps())).toEqual({ value: obj({ ...state, id: 'j' }), problems: [] });
    expect(await readObject(aResource(schema), state, aDeps())).toEqual({ value: null, problems: [] });
  });

  it('imports by id, and says what is wrong with one', async () => {
    expect((await importObject(thing, 'a', aDeps())).value?.state['id']).toBe('i');
    const summaries = async (id: string) => (await importObject(thing, id, aDeps())).problems.map(({ summary }) => summary);
    expect(await summaries('a/b')).toEqual(['Not an import id of thing: "a/b"']);
    expect(await summaries('b')).toEqual(['There is no thing "b"']);
  });

  it('tells a failing search as a problem, never as absence', async () => {
    const failing = aResource(schema, { find: async () => Promise.reject(new Error('no')) });
    expect((await findObject(failing, obj({ name: 'a' }), null, aDeps())).problems).toMatchObject([{ severity: 'error' }]);
    const summaries = (await importObject(failing, 'a', aDeps())).problems.map(({ summary }) => summary);
    expect(summaries).toEqual(['A defect in thing: search failed']);
  });
});

describe('readData', () => {
  const source: AnyDataSource<null> = {
    name: 'things',
    description,
    schema: { pattern: required(string, { description }), names: computed(list(string), { description }) },
    read: async ({ pattern }) => ({ names: [`${pattern}1`] }),
  };
  it('reads, and waits for what is unknown', async () => {
    expect(await readData(source, obj({ pattern: 'a' }), aDeps())).toEqual({ value: obj({ pattern: 'a', names: ['a1'] }), problems: [] });
    expect((await readData(source, obj({ pattern: UNKNOWN }), aDeps())).value?.['names']).toBe(UNKNOWN);
    const patterns = { ...source.schema, patterns: optional(list(string), { description }) };
    const half = obj({ pattern: 'a', patterns: ['a', UNKNOWN] });
    expect(await readData({ ...source, schema: patterns }, half, aDeps())).toEqual({
      value: obj({ ...half, names: UNKNOWN }),
      problems: [],
    });
    const silent = { ...source, read: async () => ({}) };
    expect(await readData(silent, obj({ pattern: 'a' }), aDeps())).toMatchObject({ value: null, problems: [{ path: ['names'] }] });
  });
});

describe('reviewChanges', () => {
  it('shows all changes of a kind at once', async () => {
    const seen: unknown[] = [];
    const thing = aResource(schema, { review: async (changes, configs) => (seen.push(changes, configs), []) });
    const config = obj({ ...state, id: null, key: 'k' });
    const changes = [await planned(thing, config, state), await planned(thing, null, state)];
    expect(await reviewChanges(thing, changes, [config, null], aDeps())).toEqual([]);
    expect(seen).toMatchObject([
      [{ action: 'no-op' }, { action: 'delete', planned: null }],
      [{ key: 'k' }, null],
    ]);
    const telling = aResource(schema, { review: async (_, [said]) => [problem([], `The key is ${said?.key}`)] });
    const secret = obj({ ...config, key: 'a-key-of-a-task' });
    expect(await reviewChanges(telling, changes, [secret, null], aDeps())).toEqual([problem([], 'The key is ***')]);
    expect(await reviewChanges(thing, [], [], aDeps())).toEqual([]);
    expect(seen.length).toBe(2);
    // A configuration that is not wholly known is none yet.
    expect(await reviewChanges(thing, changes, [obj({ ...config, key: UNKNOWN }), null], aDeps())).toEqual([]);
    expect(seen[3]).toEqual([null, null]);
  });
});

describe('what was told, made whole', () => {
  it('gives an element of a set the value that is left when another one says what it is', () => {
    const part = object({ name: required(string, { description }), at: computed(string, { description }) });
    const planned = [obj({ name: 'a', at: 'then' }), obj({ name: 'a', at: UNKNOWN })];
    const told = [obj({ name: 'a', at: 'then' }), { name: 'a', at: undefined }];
    expect(complete(set(part), told as Told, planned)).toEqual([obj({ name: 'a', at: UNKNOWN }), obj({ name: 'a', at: 'then' })]);
  });
});

describe('checkDefinition', () => {
  const found = (over: Schema): string[] =>
    checkDefinition(aResource({ ...over, name: required(string, { description }) } as Schema as never)).map(
      ({ path, summary }) => `${path.join('.')}: ${summary}`,
    );

  it.each<[string, Schema, string | null]>([
    ['a good one', { a: withDefault(set(string), ['x'], { description }) }, null],
    ['a key that may be absent', { b: required(string, { description: ' ' }) }, 'b: It has no description'],
    ['a default of another type', { b: withDefault(number, 'x' as never, { description }) }, 'b: The default has another type'],
    ['no default', { b: { type: string, presence: 'default', description } }, 'b: It has no default'],
    [
      'computed with a default',
      { b: { type: string, presence: 'computed', default: 'x', description } },
      'b: A default that is never used',
    ],
    ['replace on computed', { b: computed(string, { description, replace: true }) }, 'b: What the API says cannot ask for a replacement'],
    ['stable on optional', { b: optional(string, { description, stable: true }) }, 'b: Only what the API says can be stable'],
    [
      'write-only without a version',
      { b: optional(string, { description, writeOnly: true }) },
      'b: A write-only attribute needs b_version beside it: its change sends it again',
    ],
    [
      'write-only in a set',
      {
        s: optional(set(object({ b: optional(string, { description, writeOnly: true }), b_version: optional(number, { description }) })), {
          description,
        }),
      },
      's.b: A write-only attribute cannot stand in a set: its element could not be recognised',
    ],
    [
      'remembered inside',
      { o: optional(object({ b: optional(string, { description, remembered: true }) }), { description }) },
      'o.b: Only an attribute of the object itself can be remembered',
    ],
    ['a name that no language has', { 'b-c': optional(string, { description }) }, 'b-c: Not a name of an attribute'],
  ])('finds %s', (_, over, expected) => {
    expect(found(over)).toEqual(expected === null ? [] : [expected]);
  });

  it('finds keys that say nothing', () => {
    const keyed = (key: string[], over: Schema = {}) =>
      checkDefinition({ ...aResource(over as never), key } as never).map(({ summary }) => summary);
    expect(keyed([])).toEqual(['It has no key']);
    expect(keyed(['name'])).toEqual(['A key attribute that the schema does not have']);
    expect(keyed(['name'], { name: optional(string, { description }) })).toEqual(['A key attribute must be required']);
    expect(keyed(['name'], { name: required(number, { description }) })).toEqual(['A key attribute must be a string']);
  });
});
