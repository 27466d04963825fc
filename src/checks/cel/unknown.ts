// Values that are known only after apply. In the plan they are null or absent, so a rule that compares them would pass or fail by
// accident; here reading one raises. Pure: the plan's own objects are never changed, only the branches with a mark are copied.
import type { Json } from '../../contracts/plan-json.ts';

/** Raised by a rule that needs a value which does not exist yet. */
export class UnknownValue extends Error {
  /** e.g. `tags.Owner`; empty: the object as a whole. */
  readonly path: string;

  constructor(path: string) {
    super(`${path === '' ? 'the object' : path} is known only after apply`);
    this.name = 'UnknownValue';
    this.path = path;
  }
}

/** The value as a whole is marked. */
export const WHOLE = Symbol('whole');

/** What is put at a marked place: a value, or a getter that raises. */
export type Place = (path: string) => PropertyDescriptor;

export const raiseUnknown: Place = (path) => ({
  enumerable: true,
  get: () => {
    throw new UnknownValue(path);
  },
});

export const showText = (text: string): Place => {
  return () => ({ enumerable: true, value: text });
};

/**
 * `value` with `place` at every marked path. Marks are in the plan's own form: true, or the shape of the value with true inside.
 * @returns the same value if nothing is marked; WHOLE if all of it is, or if marks and value have different shapes
 */
export function overlay(value: unknown, marks: Json, place: Place, path = ''): unknown {
  if (marks === true) return WHOLE;
  if (marks === null || typeof marks !== 'object') return value;
  const entries: readonly (readonly [string, Json])[] = Object.entries(marks);
  if (!entries.some(([, mark]) => hasMark(mark))) return value;

  const list = Array.isArray(marks);
  const copy = emptyLike(value, list);
  if (copy === null) return WHOLE;
  for (const [key, mark] of entries) {
    const inner = pathTo(path, key, list);
    const child = overlay(own(value, key), mark, place, inner);
    if (child === WHOLE) Object.defineProperty(copy, key, { configurable: true, ...place(inner) });
    else if (child !== undefined) Object.defineProperty(copy, key, { configurable: true, enumerable: true, writable: true, value: child });
  }
  return copy;
}

function hasMark(marks: Json): boolean {
  return marks === true || (typeof marks === 'object' && marks !== null && Object.values(marks).some((mark) => hasMark(mark)));
}

/** A copy to put marks into; an empty one where the plan has null; null when the shapes differ. */
function emptyLike(value: unknown, list: boolean): object | null {
  if (value === null || value === undefined) return list ? [] : {};
  if (Array.isArray(value)) return list ? [...(value as unknown[])] : null;
  // Spread makes `__proto__` an own key of the copy instead of its prototype.
  return typeof value === 'object' && !list ? { ...value } : null;
}

const own = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;

function pathTo(path: string, key: string, list: boolean): string {
  if (list) return `${path}[${key}]`;
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}
