// References between items: what they point at, and the configuration of an item with their values in place. Pure.
import { UNKNOWN, valueMap, type Value, type ValueMap } from '../engine/values.ts';
import { Reference, type Item } from './item.ts';

/** What a reference is worth now; UNKNOWN when that is not known yet. */
export type ValueOf = (reference: Reference) => Value;

/** Addresses whose values an item uses. */
export const referencedBy = (item: Item): string[] =>
  Object.values(item.config).flatMap((value) => (value instanceof Reference ? [value.address] : []));

/** Addresses that come before an item. */
export const needsOf = (item: Item): string[] => [...new Set([...referencedBy(item), ...item.after])];

export const withValues = (item: Item, valueOf: ValueOf): ValueMap =>
  valueMap(Object.entries(item.config).map(([name, value]) => [name, value instanceof Reference ? valueOf(value) : value]));

/**
 * The import ids of items by their address, as far as the file itself says them: an attachment's task is named by reference, and the name
 * stands in the file. An item whose key is not all text there has none.
 */
export function idsOf(items: readonly Item[]): ReadonlyMap<string, string> {
  const byAddress = new Map(items.map((item) => [item.address, item]));
  const literal = (value: Value | Reference | undefined, depth = 0): Value => {
    if (!(value instanceof Reference)) return value ?? null;
    return depth > items.length ? UNKNOWN : literal(byAddress.get(value.address)?.config[value.attribute] ?? UNKNOWN, depth + 1);
  };
  const ids = new Map<string, string>();
  for (const { address, resource, config } of items) {
    const key = resource.key.map((name) => [name, literal(config[name])] as const);
    if (key.every(([, value]) => typeof value === 'string')) ids.set(address, resource.import.toId(Object.fromEntries(key)));
  }
  return ids;
}
