// The table of what a condition may ask, one line for each key. A value that a test does not fit (a list where one value is asked for, a
// word where a number is) is "odd": neither yes nor no, because in `none` a no would let it pass. Pure.
import { RE2JS } from 're2js';
import type { Condition } from '../../contracts/check-kinds.ts';
import type { Json } from '../../contracts/json.ts';
import { matchesAnyGlob } from '../../documents/glob.ts';
import { holdsTrue, isList, isMap, isMark, ownValue } from '../../plan/json-tree.ts';
import { cidrContains } from '../cel/cidr.ts';
import { countItems } from './walk.ts';

export type Answer = 'yes' | 'no' | 'unknown' | { readonly odd: string };

export interface Part {
  /** @param value  null for nothing
   *  @param unknown  what inside of the value is known only after apply; the value as a whole is known */
  readonly test: (value: Json, unknown: Json) => Answer;
  /** What follows "must". */
  readonly wanted: string;
  readonly allowsNothing: boolean;
  /** It asks for one value, and for none inside of it. */
  readonly single: boolean;
  /** Of `present` alone: what it asks for. */
  readonly present?: boolean;
}

type Scalar = string | number | boolean | null;
type Test = Part['test'];

const part = (wanted: string, test: Test, allowsNothing = false): Part => ({ wanted, test, allowsNothing, single: true });
const whole = (wanted: string, test: Test, allowsNothing = false): Part => ({ wanted, test, allowsNothing, single: false });

export const TESTS: { readonly [K in keyof Required<Condition>]: (condition: Condition) => Part } = {
  present: ({ present = true }) => ({
    ...whole(present ? 'be set' : 'not be set', (value, unknown) => toAnswer((sizeOf(value, unknown) !== 0) === present), !present),
    present,
  }),
  is: ({ is = null }) =>
    part(
      `be ${say(is)}`,
      scalar((value) => isSame(value, is)),
      is === null,
    ),
  is_not: ({ is_not: no = null }) =>
    part(
      `not be ${say(no)}`,
      scalar((value) => !isSame(value, no)),
    ),
  in: ({ in: all = [] }) =>
    part(
      `be one of ${sayAll(all)}`,
      scalar((value) => all.some((one) => isSame(value, one))),
      all.includes(null),
    ),
  not_in: ({ not_in: all = [] }) =>
    part(
      `be none of ${sayAll(all)}`,
      scalar((value) => !all.some((one) => isSame(value, one))),
    ),
  glob({ glob = [] }) {
    const globs = typeof glob === 'string' ? [glob] : glob;
    return part(
      `match ${globs.map(say).join(' or ')}`,
      text('no', (value) => matchesAnyGlob(globs, value)),
    );
  },
  matches({ matches = '' }) {
    const pattern = RE2JS.compile(matches);
    return part(
      `match ${say(matches)}`,
      text('no', (value) => pattern.matcher(value).find()),
    );
  },
  not_matches({ not_matches: matches = '' }) {
    const pattern = RE2JS.compile(matches);
    return part(
      `not match ${say(matches)}`,
      text('yes', (value) => !pattern.matcher(value).find()),
    );
  },
  at_least: ({ at_least: least = 0 }) =>
    part(
      `be at least ${least}`,
      number((value) => value >= least),
    ),
  at_most: ({ at_most: most = 0 }) =>
    part(
      `be at most ${most}`,
      number((value) => value <= most),
    ),
  contains: ({ contains: item = null }) => whole(`contain ${say(item)}`, contains(item)),
  not_contains: ({ not_contains: item = null }) => whole(`not contain ${say(item)}`, opposite(contains(item))),
  within: ({ within = [] }) => part(`lie within ${within.join(' or ')}`, network(within)),
  size_at_least: ({ size_at_least: least = 0 }) =>
    whole(
      `have a size of at least ${least}`,
      size((count) => count >= least),
    ),
  size_at_most: ({ size_at_most: most = 0 }) =>
    whole(
      `have a size of at most ${most}`,
      size((count) => count <= most),
    ),
};

const toAnswer = (yes: boolean): Answer => (yes ? 'yes' : 'no');

const odd = (value: Json, remedy: string): Answer => ({
  odd: `is ${isList(value) ? 'a list' : typeof value === 'object' ? 'a map' : `a ${typeof value}`}${remedy}`,
});
const NOT_SINGLE = ', not a single value: ask its items with [*], or `contains`';

/** A list or map without items is nothing, as null is: Terraform writes either for what is not set. */
export const isNothing = (value: Json, unknown: Json): boolean =>
  (value === null || typeof value === 'object') && sizeOf(value, unknown) === 0;

/** YAML's 22 and true are the "22" and "true" of a map of strings. */
export const isSame = (value: Json, wanted: Scalar): boolean =>
  value === wanted || (value !== null && wanted !== null && typeof value !== 'object' && String(value) === String(wanted));

function scalar(ask: (value: Json) => boolean): Test {
  return (value, unknown) => {
    if (isNothing(value, unknown)) return toAnswer(ask(null));
    return typeof value === 'object' ? odd(value, NOT_SINGLE) : toAnswer(ask(value));
  };
}

function text(ofNothing: 'yes' | 'no', ask: (value: string) => boolean): Test {
  return (value, unknown) => {
    if (isNothing(value, unknown)) return ofNothing;
    return typeof value === 'object' ? odd(value, NOT_SINGLE) : toAnswer(ask(String(value)));
  };
}

function number(ask: (value: number) => boolean): Test {
  return (value, unknown) => {
    if (isNothing(value, unknown) || value === '') return 'no';
    if (typeof value === 'object') return odd(value, NOT_SINGLE);
    // Ports and sizes are texts in some providers.
    if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return toAnswer(ask(Number(value)));
    return typeof value === 'number' ? toAnswer(ask(value)) : odd(value, ', not a number');
  };
}

function contains(wanted: Scalar): Test {
  return (value, unknown) => {
    if (isList(value) || isList(unknown)) {
      const items = isList(value) ? value : [];
      const marks = isList(unknown) ? unknown : [];
      if (items.some((item, i) => !isMark(marks[i]) && isSame(item, wanted))) return 'yes';
      return marks.some(isMark) ? 'unknown' : 'no';
    }
    if (isMap(value) || isMap(unknown)) {
      const key = String(wanted);
      const has = (map: Json): boolean => isMap(map) && (ownValue(map, key) ?? null) !== null && ownValue(map, key) !== false;
      return toAnswer((isMap(value) && (ownValue(value, key) ?? null) !== null) || has(unknown));
    }
    if (typeof value === 'string') return toAnswer(value.includes(String(wanted)));
    return toAnswer(isSame(value, wanted));
  };
}

function opposite(test: Test): Test {
  const OPPOSITE = { yes: 'no', no: 'yes', unknown: 'unknown' } as const;
  return (value, unknown) => {
    const answer = test(value, unknown);
    return typeof answer === 'object' ? answer : OPPOSITE[answer];
  };
}

function network(ranges: readonly string[]): Test {
  return (value, unknown) => {
    if (isNothing(value, unknown) || value === '') return 'no';
    if (typeof value !== 'string') return odd(value, typeof value === 'object' ? NOT_SINGLE : ', not a network');
    return isNetwork(value) ? toAnswer(ranges.some((range) => cidrContains(range, value))) : odd(value, ', not a network');
  };
}

/** `10.0.0.0/8`, `2001:db8::1`: what `within` can judge. */
export function isNetwork(text: string): boolean {
  try {
    cidrContains(text, text);
    return true;
  } catch {
    return false;
  }
}

function size(ask: (count: number) => boolean): Test {
  return (value, unknown) => {
    const count = sizeOf(value, unknown);
    return count === null ? odd(value, ', which has no size') : toAnswer(ask(count));
  };
}

/** null: it has none. */
function sizeOf(value: Json, unknown: Json): number | null {
  if (isList(value) || isList(unknown)) return countItems(value, unknown);
  if (isMap(value) || isMap(unknown)) {
    const keys = isMap(value) ? Object.keys(value) : [];
    const added = isMap(unknown) ? Object.keys(unknown).filter((key) => !keys.includes(key) && holdsTrue(ownValue(unknown, key))) : [];
    return keys.length + added.length;
  }
  if (value === null) return 0;
  return typeof value === 'string' ? value.length : null;
}

export function say(value: Scalar): string {
  return value === null ? 'null' : JSON.stringify(value);
}

const sayAll = (values: readonly Scalar[]): string => values.map(say).join(', ');
