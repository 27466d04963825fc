// What authors get: plain objects of JavaScript, by the schema. Pure.
import { ProblemError, problem, type AttributePath } from './problem.ts';
import type { AttributeType, Schema } from './schema.ts';
import { ExactNumber, UNKNOWN, isList, isMap, isWhollyKnown, valueAt, type Value, type ValueMap } from './values.ts';

type Plain = Readonly<Record<string, unknown>>;

/**
 * A state, a plan or a configuration for an author, whose type follows from the schema; undefined where it is unknown.
 * @throws ProblemError when a number cannot be told to JavaScript without losing digits
 */
export const toPlain = <T = Plain>(schema: Schema, object: ValueMap): T => plainObject(schema, object, []) as T;

/** As `toPlain`, for `validate`: UNKNOWN for an attribute in which anything is unknown. */
export function toUnfinished<T = Plain>(schema: Schema, object: ValueMap): T {
  const plain = Object.create(null) as Record<string, unknown>;
  for (const [name, { type }] of Object.entries(schema)) {
    const value = valueAt(object, name);
    plain[name] = isWhollyKnown(value) ? plainValue(type, value, [name]) : UNKNOWN;
  }
  return plain as T;
}

/** A known value for an attribute's own `validate`. */
export const toPlainValue = (type: AttributeType, value: Value): unknown => plainValue(type, value, []);

function plainObject(schema: Schema, object: ValueMap, path: AttributePath): Plain {
  const plain = Object.create(null) as Record<string, unknown>;
  for (const [name, { type }] of Object.entries(schema)) plain[name] = plainValue(type, valueAt(object, name), [...path, name]);
  return plain;
}

function plainValue(type: AttributeType, value: Value, path: AttributePath): unknown {
  if (value === UNKNOWN) return undefined;
  if (value instanceof ExactNumber) throw new ProblemError([problem(path, ...TOO_EXACT)]);
  if (isList(value) && (type.kind === 'list' || type.kind === 'set')) {
    return value.map((item, index) => plainValue(type.element, item, [...path, index]));
  }
  if (isMap(value) && type.kind === 'object') return plainObject(type.attributes, value, path);
  if (isMap(value) && type.kind === 'map') {
    const plain = Object.create(null) as Record<string, unknown>;
    for (const [key, item] of Object.entries(value)) plain[key] = plainValue(type.element, item, [...path, key]);
    return plain;
  }
  return value;
}

export const TOO_EXACT = [
  'A number with more digits than can be kept',
  'It would be rounded on its way to the API. Write at most 15 significant digits.',
] as const;
