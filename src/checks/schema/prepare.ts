// The planned values as a JSON Schema expects them. Terraform writes null for what is not set: left out here, so that `required` means set
// and a `type` is of what is there. What is known only after apply is a trap: whoever looks at it is noted, because a schema says nothing
// of what is not there, and nothing would be a pass. Pure: copies, never changes the plan.
import type { Json } from '../../contracts/json.ts';
import { holdsTrue, isList, isMap, isMark, ownValue } from '../../plan/json-tree.ts';
import { countItems } from '../values/walk.ts';
import { extendPointer } from './pointer.ts';

/** @param touched  gets the pointer of each unknown place that is looked at */
export function prepare(value: Json | undefined, unknown: Json | undefined, touched: Set<string>, at = ''): unknown {
  if (!holdsTrue(unknown)) return withoutNulls(value);
  if (isList(value) || isList(unknown)) {
    const copy: unknown[] = [];
    const count = countItems(value, unknown);
    for (let i = 0; i < count; i++)
      put(copy, i, isList(value) ? value[i] : undefined, isList(unknown) ? unknown[i] : undefined, touched, extendPointer(at, i));
    return copy;
  }
  const known = isMap(value) ? value : {};
  const marks = isMap(unknown) ? unknown : {};
  const copy: object = {};
  for (const key of Object.keys({ ...marks, ...known })) {
    const inner = ownValue(known, key) ?? null;
    const mark = ownValue(marks, key);
    if (inner === null && !holdsTrue(mark)) continue;
    // A pointer is made for the few that are marked: this runs for every value of the plan.
    if (holdsTrue(mark)) put(copy, key, inner, mark, touched, extendPointer(at, key));
    else set(copy, key, withoutNulls(inner));
  }
  return copy;
}

function put(into: object, key: string | number, value: Json | undefined, mark: Json | undefined, touched: Set<string>, at: string): void {
  if (!isMark(mark)) return set(into, key, prepare(value, mark, touched, at));
  const get = (): undefined => {
    touched.add(at);
    return undefined;
  };
  Object.defineProperty(into, key, { get, enumerable: true, configurable: true });
}

/** The value itself where it has no null: most of a plan is not copied. In a list null is an item like another. */
function withoutNulls(value: Json | undefined): unknown {
  if (isList(value)) {
    const items = value.map(withoutNulls);
    return items.every((item, i) => item === value[i]) ? value : items;
  }
  if (!isMap(value)) return value;
  const keys = Object.keys(value);
  const inner = keys.map((key) => withoutNulls(value[key]));
  if (inner.every((item, i) => item !== null && item === value[keys[i] ?? ''])) return value;
  const copy: object = {};
  keys.forEach((key, i) => {
    if (inner[i] !== null) set(copy, key, inner[i]);
  });
  return copy;
}

/** `__proto__` is a key like another. */
function set(into: object, key: string | number, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(into, key, { value, writable: true, enumerable: true, configurable: true });
  else (into as Record<string | number, unknown>)[key] = value;
}
