// Puts the defaults of a schema into a configuration, at every depth. Pure.
import type { Attribute, AttributeType, Schema } from './schema.ts';
import { UNKNOWN, isList, isMap, valueAt, valueMap, type Value, type ValueMap } from './values.ts';

/** What a configuration means: every attribute, null where nothing is said, the default where there is one. */
export const withDefaults = (schema: Schema, config: ValueMap): ValueMap =>
  valueMap(Object.entries(schema).map(([name, attribute]) => [name, attributeWithDefault(attribute, valueAt(config, name))]));

export function attributeWithDefault(attribute: Attribute, config: Value): Value {
  const said = config === null && attribute.presence === 'default' ? (attribute.default ?? null) : config;
  return valueWithDefaults(attribute.type, said);
}

function valueWithDefaults(type: AttributeType, value: Value): Value {
  if (value === UNKNOWN || value === null) return value;
  if (type.kind === 'object') return isMap(value) ? withDefaults(type.attributes, value) : value;
  if (type.kind === 'map' && isMap(value)) {
    return valueMap(Object.entries(value).map(([key, item]) => [key, valueWithDefaults(type.element, item)]));
  }
  return (type.kind === 'list' || type.kind === 'set') && isList(value)
    ? value.map((item) => valueWithDefaults(type.element, item))
    : value;
}
