// The planned values as a JSON Schema expects them. Terraform writes null for what is not set: left out here, so that `required` means set
// and a `type` is of what is there. What is known only after apply is a trap: whoever looks at it is noted, because a schema says nothing
// of what is not there, and nothing would be a pass. Pure: copies, never changes the plan.
import type { Json } from '../../contracts/plan-json.ts';
import { holdsTrue, isList, isMap, isMark, ownValue } from '../../plan/json-tree.ts';
import { countItems } from '../values/walk.ts';
import { extendPointer } from './pointer.ts';

/** @param touched  gets the pointer of each unknown place that is looked at */
export function prepare(value: Json | undefined, unknown: Json | undefined, touched: Set<string>, at = ''): unknown {
  if (isList(value) || isList(unknown)) {
    const copy: unknown[] = [];
    const count = countItems(value, unknown);
    for (let i = 0; i < count; i++)
      put(copy, i, isList(value) ? value[i] : undefined, isList(unknown) ? unknown[i] : undefined, touched, extendPointer(at, i));
    return copy;
  }
  if (isMap(value) || (isMap(unknown) && holdsTrue(unknown))) {
    const copy: object = {};
    const known = isMap(value) ? value : {};
    const marks = isMap(unknown) ? unknown : {};
    for (const key of Object.keys(known)) {
      const mark = ownValue(marks, key);
      if (ownValue(known, key) !== null || holdsTrue(mark)) put(copy, key, ownValue(known, key), mark, touched, extendPointer(at, key));
    }
    for (const key of Object.keys(marks))
      if (!Object.hasOwn(known, key) && holdsTrue(ownValue(marks, key)))
        put(copy, key, undefined, ownValue(marks, key), touched, extendPointer(at, key));
    return copy;
  }
  return value;
}

function put(into: object, key: string | number, value: Json | undefined, mark: Json | undefined, touched: Set<string>, at: string): void {
  const descriptor: PropertyDescriptor = isMark(mark)
    ? {
        get: () => {
          touched.add(at);
          return undefined;
        },
      }
    : { value: prepare(value, mark, touched, at), writable: true };
  // Not an assignment: `__proto__` is a key like another.
  Object.defineProperty(into, key, { ...descriptor, enumerable: true, configurable: true });
}
