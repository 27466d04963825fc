// Looking into JSON values that somebody else wrote: own properties only, never the prototype. No I/O.
import type { Json } from '../contracts/json.ts';

export type JsonMap = { readonly [key: string]: Json };

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

export const isMap = (value: Json | undefined): value is JsonMap => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The property itself, so that a key like `constructor` or `__proto__` is only ever what the document says. */
export const ownValue = (map: JsonMap, key: string): Json | undefined => (Object.hasOwn(map, key) ? map[key] : undefined);

/** True when `true` stands anywhere in a tree of marks. Without a list of its keys: this is asked of every place of every change. */
export function holdsTrue(marks: Json | undefined): boolean {
  if (isList(marks)) {
    for (const item of marks) if (holdsTrue(item)) return true;
    return false;
  }
  if (!isMap(marks)) return isMark(marks);
  for (const key in marks) if (Object.hasOwn(marks, key) && holdsTrue(marks[key])) return true;
  return false;
}

/** A scalar where a mark is expected: everything but false, null and nothing counts as a mark, so that an odd plan hides too much. */
export const isMark = (mark: Json | undefined): boolean =>
  mark !== undefined && mark !== null && mark !== false && typeof mark !== 'object';

export function isEqualJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => isEqualJson(item, b[i]));
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isEqualJson(ownValue(a, key), ownValue(b, key)))
  );
}
