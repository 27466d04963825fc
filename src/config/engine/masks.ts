// Values as JSON, the way Terraform's plan JSON tells them: what is known, where something is unknown, where something is sensitive. Pure.
//
// Source: hashicorp/terraform, internal/command/jsonplan/plan.go and jsonstate/state.go (read 2026-11-22).
import type { AttributeType, Schema } from './schema.ts';
import { ExactNumber, UNKNOWN, isList, isMap, type Value, type ValueMap, valueAt } from './values.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * For `before` and `after`. An unknown attribute is left out, an unknown element is null. A number that JSON.parse would round is the text
 * of its digits.
 */
export function toJson(value: Value): Json {
  if (value === UNKNOWN) return null;
  if (isList(value)) return value.map(toJson);
  if (isMap(value)) return jsonObject(Object.entries(value).flatMap(([name, inner]) => (inner === UNKNOWN ? [] : [[name, toJson(inner)]])));
  return value instanceof ExactNumber ? value.text : value;
}

/** For `after_unknown`: true where something is unknown; of an object only what holds such, of a list every element. */
export function unknownMask(value: Value): Json {
  if (isList(value)) return value.map(unknownMask);
  if (isMap(value)) return maskObject(Object.entries(value).map(([name, inner]) => [name, unknownMask(inner)]));
  return value === UNKNOWN;
}

/** For `before_sensitive` and `after_sensitive`: true where a value must not be shown. A set with a sensitive part is sensitive as a whole. */
export const sensitiveMask = (schema: Schema, value: ValueMap | null): Json => (value === null ? false : maskOf(schema, value));

const maskOf = (schema: Schema, value: ValueMap): Json =>
  maskObject(
    Object.entries(schema).map(([name, attribute]) => [
      name,
      attribute.sensitive || attribute.writeOnly ? true : sensitiveIn(attribute.type, valueAt(value, name)),
    ]),
  );

function sensitiveIn(type: AttributeType, value: Value): Json {
  if (type.kind === 'object') return isMap(value) ? maskOf(type.attributes, value) : false;
  if (type.kind === 'map' && isMap(value)) {
    return maskObject(Object.entries(value).map(([key, item]) => [key, sensitiveIn(type.element, item)]));
  }
  if ((type.kind !== 'list' && type.kind !== 'set') || !isList(value)) return false;
  const masks = value.map((item) => sensitiveIn(type.element, item));
  return type.kind === 'set' && masks.some(holdsTrue) ? true : masks;
}

const holdsTrue = (mask: Json): boolean =>
  mask === true || (typeof mask === 'object' && mask !== null && Object.values(mask).some((inner: Json) => holdsTrue(inner)));

const maskObject = (entries: readonly (readonly [string, Json])[]): Json => jsonObject(entries.filter(([, mask]) => mask !== false));

function jsonObject(entries: readonly (readonly [string, Json])[]): Json {
  const made = Object.create(null) as Record<string, Json>;
  for (const [name, value] of entries) made[name] = value;
  return made;
}
