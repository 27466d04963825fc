// Random schemas, configurations and values for the property test of the engine.
import type { Attribute, AttributeType, Presence, Schema } from '../../../../src/config/engine/schema.ts';
import { UNKNOWN, isList, isMap, type Value, type ValueMap } from '../../../../src/config/engine/values.ts';

/** Throws dice: 0 to below `sides`. A story is told again from its seed. */
export type Gen = (sides: number) => number;

/** mulberry32, by Tommy Ettinger; in the public domain. */
export function diceOf(seed: number): Gen {
  let state = seed >>> 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

export const pick = <T>(g: Gen, ...choices: readonly [T, ...T[]]): T => choices[g(choices.length)] ?? choices[0];
export const chance = (g: Gen, percent: number): boolean => g(100) < percent;
const count = (g: Gen, max: number): number => g(max + 1);

interface Where {
  readonly depth: number;
  readonly inSet: boolean;
}

function randomType(g: Gen, { depth, inSet }: Where, presence: Presence): AttributeType {
  // What an API fills in for two elements of a set must differ, or they would become one: only these can be counted up.
  if (inSet && presence === 'optional-computed') return { kind: pick(g, 'string', 'number') };
  const kind = pick(g, 'string', 'number', 'bool', ...(depth > 0 ? (['list', 'set', 'map', 'object', 'object', 'set'] as const) : []));
  switch (kind) {
    case 'list':
    case 'map':
    case 'set':
      return { kind, element: randomElement(g, { depth: depth - 1, inSet: inSet || kind === 'set' }) };
    case 'object':
      return { kind, attributes: randomSchema(g, { depth: depth - 1, inSet }) };
    default:
      return { kind };
  }
}

const randomElement = (g: Gen, where: Where): AttributeType => randomType(g, where, 'required');

export function randomSchema(g: Gen, where: Where = { depth: 2, inSet: false }, top = false): Schema {
  const schema: Record<string, Attribute> = {};
  if (top) schema['name'] = { type: { kind: 'string' }, presence: 'required', replace: true, description: 'The key.' };
  for (const name of ['a', 'b', 'c', 'd'].slice(0, 1 + count(g, top ? 3 : 2))) {
    const presence = pick<Presence>(g, 'required', 'optional', 'default', 'computed', 'optional-computed');
    const type = randomType(g, where, presence);
    const api = presence === 'computed' || presence === 'optional-computed';
    if (!api && presence !== 'default' && !where.inSet && chance(g, 15)) {
      schema[name] = { type, presence, writeOnly: true, description: 'A secret.' };
      schema[`${name}_version`] = { ...plain({ kind: 'number' }, 'optional'), ...(top && chance(g, 60) ? { remembered: true } : {}) };
      continue;
    }
    schema[name] = {
      ...plain(type, presence),
      ...(presence === 'default' ? { default: nonNull(g, type, 'default') } : {}),
      ...(chance(g, 10) ? { sensitive: true } : {}),
      ...(presence !== 'computed' && chance(g, 15) ? { replace: true } : {}),
      ...(api && chance(g, 50) ? { stable: true } : {}),
      ...(top && !api && type.kind !== 'object' && !('element' in type) && chance(g, 10) ? { remembered: true } : {}),
    };
  }
  return schema;
}

const plain = (type: AttributeType, presence: Presence): Attribute => ({ type, presence, description: 'Random.' });

const STRINGS: readonly [string, ...string[]] = ['', 'a', 'b', '__proto__', 'é\u0000', '?'];
const NUMBERS: readonly [number, ...number[]] = [0, 1, -1, 0.1, 2 ** 53, 1e21, 1e-7];
const KEYS = ['a', 'b', '__proto__', 'constructor'];

/** A value as a configuration may have it: null for what only the API says. With `unknown`, some of it is not known. */
export function randomConfig(g: Gen, schema: Schema, unknown = false): ValueMap {
  return toMap(Object.entries(schema).map(([name, attribute]) => [name, configured(g, attribute, unknown)]));
}

function configured(g: Gen, { type, presence }: Attribute, unknown: boolean): Value {
  if (presence === 'computed') return null;
  if (presence !== 'required' && chance(g, 40)) return null;
  return nonNull(g, type, 'config', unknown);
}

export function nonNull(g: Gen, type: AttributeType, what: 'config' | 'default', unknown = false): Value {
  if (unknown && chance(g, 12)) return UNKNOWN;
  switch (type.kind) {
    case 'string':
      return pick(g, ...STRINGS);
    case 'number':
      return pick(g, ...NUMBERS);
    case 'bool':
      return chance(g, 50);
    case 'list':
    case 'set':
      return Array.from({ length: count(g, 3) }, () => nonNull(g, type.element, what, unknown));
    case 'map':
      return toMap(KEYS.filter(() => chance(g, 40)).map((key) => [key, nonNull(g, type.element, what, unknown)]));
    case 'object':
      return randomConfig(g, type.attributes, unknown);
  }
}

/** The same configuration when everything is known. */
export function resolved(g: Gen, schema: Schema, config: ValueMap): ValueMap {
  return toMap(
    Object.entries(schema).map(([name, { type, presence }]) => {
      const value = config[name] ?? null;
      return [name, value === UNKNOWN && presence !== 'required' && chance(g, 30) ? null : known(g, type, value)];
    }),
  );
}

function known(g: Gen, type: AttributeType, value: Value): Value {
  if (value === UNKNOWN) return nonNull(g, type, 'config');
  if (type.kind === 'object' && isMap(value)) return resolved(g, type.attributes, value);
  if (type.kind === 'map' && isMap(value)) return toMap(Object.entries(value).map(([key, item]) => [key, known(g, type.element, item)]));
  return 'element' in type && isList(value) ? value.map((item) => known(g, type.element, item)) : value;
}

/** Another configuration that has much in common with this one, its lists and sets in another order. */
export function changed(g: Gen, schema: Schema, config: ValueMap, unknown: boolean): ValueMap {
  const other = randomConfig(g, schema, unknown);
  return toMap(
    Object.entries(schema).map(([name, { type }]) => {
      const value = config[name] ?? null;
      const kept = type.kind === 'set' && isList(value) && chance(g, 50) ? [...value].reverse() : value;
      return [name, chance(g, name === 'name' ? 10 : 30) ? (other[name] ?? null) : kept];
    }),
  );
}

export function toMap<T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  const made = Object.create(null) as Record<string, T>;
  for (const [name, value] of entries) made[name] = value;
  return made;
}
