// What is declared, as the `configuration` part of Terraform's plan JSON: one entry for all instances of a block, with what is the same in
// each of them. No I/O.
import type { Json } from '../../../contracts/json.ts';
import type { Schema } from '../../engine/schema.ts';
import type { Value } from '../../engine/values.ts';
import { typeOf } from '../deps.ts';
import { Reference, type Item } from '../item.ts';
import type { PlannedItem } from '../plan.ts';
import { PROVIDER } from './resource-change.ts';
import { toJson, withoutSecrets } from './values.ts';

const KEY = 'runtask';

export function toConfigurationJson(items: readonly PlannedItem[]): Readonly<Record<string, Json>> {
  const blocks = new Map<string, { readonly first: PlannedItem; readonly declared: Item[] }>();
  for (const item of items) {
    if (item.item === null) continue;
    const address = `${typeOf(item.resource)}.${item.name}`;
    const block = blocks.get(address);
    if (block === undefined) blocks.set(address, { first: item, declared: [item.item] });
    else block.declared.push(item.item);
  }
  const resources = [...blocks].map(([address, { first, declared }]) => ({
    address,
    mode: 'managed',
    type: typeOf(first.resource),
    name: first.name,
    provider_config_key: KEY,
    expressions: expressionsOf(first, declared),
    schema_version: 0,
    ...(first.index === null ? {} : { for_each_expression: {} }),
  }));
  return {
    provider_config: { [KEY]: { name: KEY, full_name: PROVIDER, expressions: {} } },
    root_module: { resources },
  };
}

function expressionsOf({ resource }: PlannedItem, declared: readonly Item[]): Readonly<Record<string, Json>> {
  const names = [...new Set(declared.flatMap(({ config }) => Object.keys(config)))].sort();
  return Object.fromEntries(
    names.map((name): [string, Json] => {
      const attribute = Object.hasOwn(resource.schema, name) ? resource.schema[name] : undefined;
      // Written as if it came from a variable: nothing of it is told.
      if (attribute === undefined || attribute.sensitive === true || attribute.writeOnly === true) return [name, {}];
      const expressions = new Map(
        declared.map(({ config }) => expressionOf(resource.schema as Schema, name, config[name])).map((one) => [JSON.stringify(one), one]),
      );
      const [only = {}] = expressions.values();
      return [name, expressions.size === 1 ? only : { references: ['each.key'] }];
    }),
  );
}

function expressionOf(schema: Schema, name: string, value: Value | Reference | undefined): Json {
  if (value === undefined) return {};
  if (value instanceof Reference) return { references: [`${value.address}.${value.attribute}`, value.address] };
  return { constant_value: toJson(withoutSecrets(schema, { [name]: value })[name] ?? null) };
}
