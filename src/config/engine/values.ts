// The values that the engine works with: Terraform's, without Terraform. A value is known, null or unknown; a set is a list whose order
// does not count; numbers are exact. Pure.
//
// Source: HashiCorp, "Terraform plugin protocol: object wire format" and "resource instance change lifecycle" (read 2026-11-22).

/** What will be known after an apply. Never in a state. */
export const UNKNOWN: unique symbol = Symbol('known after apply');
export type Unknown = typeof UNKNOWN;

/**
 * A number that JavaScript's numbers cannot hold: 0.1 with thirty digits, 2^64. `text` is its canonical decimal spelling, so that two of
 * them are equal when their texts are.
 */
export class ExactNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Value = string | number | boolean | ExactNumber | null | Unknown | readonly Value[] | ValueMap;
/** An object or a map. Made without a prototype, so that a key `__proto__` is a key. */
export interface ValueMap {
  readonly [name: string]: Value;
}

export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);
export const isMap = (value: Value | undefined): value is ValueMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);

export function valueMap(entries: Iterable<readonly [string, Value]>): ValueMap {
  const made = Object.create(null) as Record<string, Value>;
  for (const [name, value] of entries) made[name] = value;
  return made;
}

/** What stands under a name; null when nothing does. */
export const valueAt = (map: ValueMap, name: string): Value => (Object.hasOwn(map, name) ? (map[name] ?? null) : null);

/** Is there nothing unknown in it, at any depth? */
export function isWhollyKnown(value: Value): boolean {
  if (value === UNKNOWN) return false;
  if (isList(value)) return value.every(isWhollyKnown);
  return !isMap(value) || Object.values(value).every(isWhollyKnown);
}
