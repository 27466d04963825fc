// Values of the engine as Terraform's plan JSON has them, for people and checks to read: numbers as they are written, and nothing
// sensitive. (engine/masks.ts has them for comparing: numbers as text, all values.) No I/O.
//
// Source: HashiCorp, "JSON Output Format", change representation (read 2026-11-22).
import type { Json } from '../../../contracts/json.ts';
import type { AttributeType, Schema } from '../../engine/schema.ts';
import { ExactNumber, UNKNOWN, isList, isMap, type Value, type ValueMap } from '../../engine/values.ts';

// ECMAScript 2026; V8 has it since Node 21.
const { rawJSON } = JSON as typeof JSON & { rawJSON(text: string): Json };

/** What is not known is left out of a map and is null in a list, as Terraform does it. Keys are sorted. */
export function toJson(value: Value): Json {
  if (value === UNKNOWN) return null;
  if (value instanceof ExactNumber) return rawJSON(value.text);
  if (isList(value)) return value.map(toJson);
  if (!isMap(value)) return value;
  return toMap(value, (inner) => (inner === UNKNOWN ? undefined : toJson(inner)));
}

/** true at each attribute that the schema calls sensitive or write-only. Of null there is nothing to hide. */
export function sensitiveMask(schema: Schema, value: ValueMap): Json {
  return toMap(value, (inner, name) => {
    const attribute = Object.hasOwn(schema, name) ? schema[name] : undefined;
    if (attribute === undefined) return undefined;
    if (attribute.sensitive !== true && attribute.writeOnly !== true) return maskInside(attribute.type, inner);
    return inner === null ? undefined : true;
  });
}

/**
 * The value without what the schema calls sensitive or write-only: there is null. Terraform's own plan JSON holds sensitive values; a file
 * that is posted to pull requests should not.
 */
export function withoutSecrets(schema: Schema, value: ValueMap): ValueMap {
  const entries = Object.entries(value).map(([name, inner]): [string, Value] => {
    const attribute = Object.hasOwn(schema, name) ? schema[name] : undefined;
    const isSecret = attribute === undefined || attribute.sensitive === true || attribute.writeOnly === true;
    if (isSecret) return [name, inner === UNKNOWN ? UNKNOWN : null];
    return [name, insideWithoutSecrets(attribute.type, inner)];
  });
  return withoutPrototype(entries);
}

function maskInside(type: AttributeType, value: Value): Json | undefined {
  switch (type.kind) {
    case 'object':
      return isMap(value) ? sensitiveMask(type.attributes, value) : undefined;
    case 'list':
    case 'set':
      return isList(value) ? notEmpty(value.map((inner) => maskInside(type.element, inner) ?? false)) : undefined;
    case 'map':
      return isMap(value) ? toMap(value, (inner) => maskInside(type.element, inner)) : undefined;
    default:
      return undefined;
  }
}

/** A list of nothing but `false` is noise. */
const notEmpty = (marks: readonly Json[]): Json | undefined => (marks.every((mark) => mark === false) ? undefined : marks);

function insideWithoutSecrets(type: AttributeType, value: Value): Value {
  switch (type.kind) {
    case 'object':
      return isMap(value) ? withoutSecrets(type.attributes, value) : value;
    case 'list':
    case 'set':
      return isList(value) ? value.map((inner) => insideWithoutSecrets(type.element, inner)) : value;
    case 'map':
      return isMap(value)
        ? withoutPrototype(Object.entries(value).map(([key, inner]) => [key, insideWithoutSecrets(type.element, inner)]))
        : value;
    default:
      return value;
  }
}

/** Without a prototype, so that a key `__proto__` is a key. */
function withoutPrototype<T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  const map = Object.create(null) as Record<string, T>;
  for (const [key, value] of entries) map[key] = value;
  return map;
}

const toMap = (value: ValueMap, convert: (inner: Value, name: string) => Json | undefined): Readonly<Record<string, Json>> =>
  withoutPrototype(
    Object.keys(value)
      .sort()
      .flatMap((name): [string, Json][] => {
        const converted = convert(value[name] ?? null, name);
        return converted === undefined ? [] : [[name, converted]];
      }),
  );
