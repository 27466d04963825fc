// Every mistake in a configuration, by hand: what is said of it and where.
import { describe, expect, it } from '@jest/globals';
import { problem, warning } from '../../../src/config/engine/problem.ts';
import {
  bool,
  computed,
  list,
  map,
  number,
  object,
  optional,
  required,
  set,
  string,
  withDefault,
} from '../../../src/config/engine/schema.ts';
import { validateConfig } from '../../../src/config/engine/validate.ts';
import { ExactNumber, UNKNOWN, type Value } from '../../../src/config/engine/values.ts';
import { aResource, obj } from './a-resource.ts';

const description = 'For a test.';
const short = (value: string): { summary: string; detail: string }[] =>
  value.length > 3 ? [{ summary: `Too long: ${value}`, detail: 'Three at most.' }] : [];
const schema = {
  name: required(string, { description }),
  code: optional(string, { description, validate: short }),
  secret: optional(string, { description, sensitive: true, validate: short }),
  count: optional(number, { description }),
  enabled: withDefault(bool, true, { description }),
  stages: optional(set(string), { description }),
  labels: optional(map(string), { description }),
  rules: optional(list(object({ path: required(string, { description }), depth: optional(number, { description }) })), { description }),
  old: optional(string, { description, deprecated: 'Use name.' }),
  id: computed(string, { description }),
};
const empty = { code: null, secret: null, count: null, enabled: null, stages: null, labels: null, rules: null, old: null, id: null };
const thing = aResource(schema);
const check = (given: Record<string, Value>) => validateConfig(thing, obj({ name: 'a', ...given }));

describe('validateConfig', () => {
  it('takes what is right, null where nothing is said, without defaults', () => {
    expect(validateConfig(thing, obj({ name: 'a' }))).toEqual({ config: obj({ name: 'a', ...empty }), problems: [] });
    expect(check({ code: UNKNOWN, rules: [UNKNOWN], stages: UNKNOWN }).problems).toEqual([]);
  });

  it.each<[string, Record<string, Value>, unknown]>([
    ['number for string', { code: 1.5 }, { code: '1.5' }],
    ['a big number for string', { code: 1e21 }, { code: '1000000000000000000000' }],
    ['bool for string', { code: false }, { code: 'false' }],
    ['string for number', { count: ' 1' }, null],
    ['digits for number', { count: '-01.50e1' }, { count: -15 }],
    ['string for bool', { enabled: 'false' }, { enabled: false }],
    ['1 for bool', { enabled: '1' }, { enabled: true }],
    ['yes for bool', { enabled: 'yes' }, null],
    ['number for bool', { enabled: 1 }, null],
    ['list for string', { code: ['a'] }, null],
    ['string for list', { stages: 'a' }, null],
    ['not a number', { count: NaN }, null],
  ])('converts as Terraform does: %s', (_, given, expected) => {
    const { config, problems } = check(given);
    const wrongType = problems.some(({ summary }) => summary.startsWith('Not '));
    expect(wrongType).toBe(expected === null);
    for (const [name, value] of Object.entries((expected ?? {}) as Record<string, Value>)) expect(config[name]).toEqual(value);
  });

  it.each<[string, Record<string, Value>, unknown[]]>([
    ['a missing one', { name: null }, [problem(['name'], 'A value is missing', 'This attribute must be set.')]],
    ['a typing error', { coed: 'x' }, [problem(['coed'], 'There is no attribute "coed"', 'Did you mean "code"?')]],
    ['a key that objects have', { constructor: 'x' }, [expect.objectContaining({ summary: 'There is no attribute "constructor"' })]],
    ['what the API says', { id: 'x' }, [problem(['id'], 'This attribute cannot be set', 'The API says what it is. Take it out.')]],
    [
      'a deep one',
      { rules: [{ path: 'a' }, { depth: 'x' }] },
      [
        problem(['rules', 1, 'path'], 'A value is missing', 'This attribute must be set.'),
        problem(['rules', 1, 'depth'], 'Not a number', 'It is a string.'),
      ],
    ],
    ['a null in a list', { stages: [null] }, [problem(['stages', 0], 'An element without a value', 'Give it a value or take it out.')]],
    [
      'repetitions',
      { stages: ['a', 'b', 'a'] },
      [warning(['stages', 2], 'This stands here twice', 'Once is enough: order and repetition do not count.')],
    ],
    ['a deprecated one', { old: 'x' }, [warning(['old'], 'This attribute is deprecated', 'Use name.')]],
    ['an own check', { code: 'long' }, [problem(['code'], 'Too long: long', 'Three at most.')]],
    ['an own check of a secret', { secret: 'long-secret' }, [problem(['secret'], 'Too long: ***', 'Three at most.')]],
    [
      'a number with too many digits',
      { count: new ExactNumber('9007199254740993') },
      [expect.objectContaining({ path: ['count'], summary: 'A number with more digits than can be kept' })],
    ],
    ['the same as text', { count: '9007199254740993' }, [expect.objectContaining({ path: ['count'] })]],
  ])('tells %s', (_, given, expected) => {
    expect(check(given).problems).toEqual(expected);
  });

  it('asks the resource last, with defaults, and with UNKNOWN where anything is unknown', () => {
    const seen: unknown[] = [];
    const resource = aResource(schema, { validate: (config) => (seen.push(config), [problem(['code'], 'Does not fit')]) });
    const given = obj({ name: 'a', stages: ['x', UNKNOWN] });
    expect(validateConfig(resource, given).problems).toEqual([problem(['code'], 'Does not fit')]);
    expect(seen).toEqual([{ name: 'a', ...empty, enabled: true, stages: UNKNOWN }]);
    expect(validateConfig(resource, obj({})).problems.map(({ path }) => path)).toEqual([['name']]);
  });

  it('holds keys that JavaScript gives a meaning', () => {
    const labels = obj(
      Object.fromEntries([
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ]),
    );
    expect(Object.entries((check({ labels }).config['labels'] ?? {}) as object)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });
});
