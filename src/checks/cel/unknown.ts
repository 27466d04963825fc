// Values that are known only after apply. In the plan they are null or absent, so a rule that compares them would pass or fail by
// accident; here reading one raises. Pure: the plan's own objects are never changed, only the branches with a mark are copied.
import type { Json } from '../../contracts/json.ts';
import type { ValuePath } from '../../plan/model.ts';

/** Raised by a rule that needs a value which does not exist yet. */
export class UnknownValue extends Error {
  /** Empty: the object as a whole. */
  readonly at: ValuePath;

  constructor(at: ValuePath) {
    super(`${at.length === 0 ? 'the object' : showPath(at)} is known only after apply`);
    this.name = 'UnknownValue';
    this.at = at;
  }
}

/** The value as a whole is marked. */
export const WHOLE = Symbol('whole');

/** What is put at a marked place: a value, or a getter that raises. The path is given as Terraform writes it, and in its steps. */
export type Place = (path: string, at: ValuePath) => PropertyDescriptor;

/** A getter that raises, and knows whether the configuration gives the attribute a value: `has` asks that (macros.ts). */
export interface UnknownGetter {
  (): never;
  readonly isSet: () => boolean;
  readonly at: ValuePath;
}

/** @param isSet  does the configuration set what stands there? Asked only when a rule asks */
export const raiseUnknownUnlessAsked =
  (isSet: (at: ValuePath) => boolean): Place =>
  (_path, at) => {
    const raise = (): never => {
      throw new UnknownValue(at);
    };
    return { enumerable: true, get: Object.assign(raise, { isSet: () => isSet(at), at }) };
  };

export const raiseUnknown: Place = raiseUnknownUnlessAsked(() => false);

export const isUnknownGetter = (get: unknown): get is UnknownGetter => typeof get === 'function' && 'isSet' in get;

export const showText = (text: string): Place => {
  return () => ({ enumerable: true, value: text });
};

/**
 * `value` with `place` at every marked path. Marks are in the plan's own form: true, or the shape of the value with true inside.
 * @returns the same value if nothing is marked; WHOLE if all of it is, or if marks and value have different shapes
 */
export function overlay(value: unknown, marks: Json, place: Place, at: ValuePath = []): unknown {
  if (marks === true) return WHOLE;
  if (marks === null || typeof marks !== 'object') return value;
  const list = Array.isArray(marks);
  let copy: object | null = null;
  for (const key in marks) {
    const mark = (marks as Readonly<Record<string, Json>>)[key] ?? null;
    if (!hasMark(mark)) continue;
    copy ??= emptyLike(value, list);
    if (copy === null) return WHOLE;
    const inner = [...at, list ? Number(key) : key];
    const child = overlay(own(value, key), mark, place, inner);
    const descriptor = child === WHOLE ? place(showPath(inner), inner) : { enumerable: true, writable: true, value: child };
    Object.defineProperty(copy, key, { configurable: true, ...descriptor });
  }
  return copy ?? value;
}

function hasMark(marks: Json): boolean {
  if (marks === true) return true;
  if (typeof marks !== 'object' || marks === null) return false;
  // Not Object.values().some(): this is asked of every branch of every object of the plan.
  for (const key in marks) if (hasMark((marks as Readonly<Record<string, Json>>)[key] ?? null)) return true;
  return false;
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

/** As Terraform writes it: `tags.Owner`, `ingress[0].cidr_blocks`, `tags["a b"]`. */
export function showPath(at: ValuePath): string {
  return at
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      if (!/^[A-Za-z_][\w-]*$/.test(key)) return `[${JSON.stringify(key)}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join('');
}
