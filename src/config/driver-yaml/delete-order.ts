// In which order things are deleted: what uses something goes before it. What only the record knows has lost its references; of that, the
// kinds made later go first. Pure.
import type { AnyResource } from '../engine/resource.ts';
import type { Clients } from '../resources/clients.ts';
import type { PlannedItem } from './plan.ts';
import { needsOf } from './references.ts';

/** @returns the deletions of `items`, each with what must be deleted before it */
export function orderDeletes(items: readonly PlannedItem[], resources: readonly AnyResource<Clients>[]): PlannedItem[] {
  const rank = new Map(resources.map((resource, place) => [resource.name, place]));
  const rankOf = ({ resource }: PlannedItem): number => rank.get(resource.name) ?? 0;
  const deletes = items.filter(({ change }) => change.action === 'delete');
  const users = new Map<string, string[]>();
  for (const { address, item } of deletes) {
    for (const need of item === null ? [] : needsOf(item)) users.set(need, [...(users.get(need) ?? []), address]);
  }
  return deletes.map((one) => {
    const later = deletes.filter((other) => (one.item === null || other.item === null) && rankOf(other) > rankOf(one));
    return { ...one, dependsOn: [...new Set([...(users.get(one.address) ?? []), ...later.map(({ address }) => address)])] };
  });
}
