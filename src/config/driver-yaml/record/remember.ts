// From a state to what the record keeps of it, and back. Pure.
import { toJson } from '../../engine/masks.ts';
import type { AnyResource } from '../../engine/resource.ts';
import type { Schema } from '../../engine/schema.ts';
import { digestOf } from '../../engine/state-digest.ts';
import { valueAt, valueMap, type Value, type ValueMap } from '../../engine/values.ts';
import type { RecordEntry, RecordedValue } from './record-file.ts';

interface Named {
  readonly name: string;
  readonly index: string | null;
}

/** The entry of an object that is there and ours. Nothing sensitive or write-only gets into it, whatever a schema says. */
export function entryOf(resource: AnyResource, { name, index }: Named, state: ValueMap): RecordEntry {
  const schema = resource.schema as Schema;
  const remembered = Object.entries(schema).flatMap(([attribute, { remembered: keep, sensitive, writeOnly }]) => {
    const value = valueAt(state, attribute);
    return keep && !sensitive && !writeOnly && value !== null ? [[attribute, toJson(value)] as const] : [];
  });
  return {
    name,
    ...(index === null ? {} : { index }),
    digest: digestOf(schema, state),
    ...(remembered.length === 0 ? {} : { remembered: Object.fromEntries(remembered) }),
  };
}

/** Before a create: what the record knew of the name stays, so that a second attempt is no first one. */
export const intentOf = ({ name, index }: Named): RecordEntry => ({ name, ...(index === null ? {} : { index }), creating: true });

/** null: nothing is remembered. */
export const rememberedIn = (entry: RecordEntry | undefined): ValueMap | null =>
  entry?.remembered === undefined ? null : toMap(entry.remembered);

function toValue(value: RecordedValue): Value {
  if (Array.isArray(value)) return (value as readonly RecordedValue[]).map(toValue);
  return typeof value === 'object' && value !== null ? toMap(value as Readonly<Record<string, RecordedValue>>) : value;
}

const toMap = (map: Readonly<Record<string, RecordedValue>>): ValueMap =>
  valueMap(Object.entries(map).map(([name, inner]) => [name, toValue(inner)]));
