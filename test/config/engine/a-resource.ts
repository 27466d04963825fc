// A resource of one kind of thing, in memory, for tests of single rules. Its functions are replaced where a test needs another answer.
import { createEagerClock } from '../../support/eager-clock.ts';
import type { Clock } from '../../../src/base/clock.ts';
import type { Change, Deps } from '../../../src/config/engine/operations.ts';
import { planChange } from '../../../src/config/engine/plan.ts';
import type { AnyResource, Resource } from '../../../src/config/engine/resource.ts';
import type { Schema } from '../../../src/config/engine/schema.ts';
import { valueMap, type Value, type ValueMap } from '../../../src/config/engine/values.ts';

export const aDeps = (over: { clock?: Clock; signal?: AbortSignal; progress?: (text: string) => void } = {}): Deps<null> => ({
  clients: null,
  clock: createEagerClock(),
  signal: new AbortController().signal,
  progress: () => {},
  ...over,
});

export function aResource<const S extends Schema>(schema: S, over: Partial<Resource<S, null, 'name'>> = {}): AnyResource<null> {
  const made = {
    ...{ name: 'thing', description: 'A thing.', schema, key: ['name'] },
    import: { form: 'NAME', toKey: (id: string) => (id.includes('/') ? null : { name: id }), toId: (key: { name: string }) => key.name },
    find: async () => null,
    read: async () => null,
    create: async () => ({}),
    update: async () => ({}),
    delete: async () => {},
    ...over,
  };
  return made as AnyResource<null>;
}

export const obj = (values: Readonly<Record<string, Value>>): ValueMap => valueMap(Object.entries(values));

export async function planned(resource: AnyResource<null>, config: ValueMap | null, prior: ValueMap | null): Promise<Change> {
  const { value, problems } = await planChange(resource, { config, prior }, aDeps());
  if (value === null) throw new Error(JSON.stringify(problems));
  return value;
}
