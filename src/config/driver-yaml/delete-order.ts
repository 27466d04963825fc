// In which order things are deleted: what uses something goes before it. Where no reference tells, the kinds made later go first: of what only
// the record knows, which has lost its references, and of two kinds that never refer to each other. So a workflow goes when nothing asks it
// any more: a run task that cannot be deleted, because others have attached it too, goes on being answered. Pure.
import type { AnyResource } from '../engine/resource.ts';
import type { Clients } from '../resources/clients.ts';
import type { PlannedItem } from './plan.ts';
import { needsOf } from './references.ts';

/** @returns the deletions of `items`, each with what must be deleted before it */
export function orderDeletes(items: readonly PlannedItem[], resources: readonly AnyResource<Clients>[]): PlannedItem[] {
  const rank = new Map(resources.map((resource, place) => [resource.name, place]));
  const rankOf = ({ resource }: PlannedItem): number => rank.get(resource.name) ?? 0;
  const deletes = items.filter(({ change }) => change.action === 'delete');
  const kindOf = new Map(deletes.map(({ address, resource }) => [address, resource.name]));
  const users = new Map<string, string[]>();
  const related = new Set<string>();
  for (const { address, item, resource } of deletes) {
    for (const need of item === null ? [] : needsOf(item)) {
      users.set(need, [...(users.get(need) ?? []), address]);
      related.add(`${resource.name} ${kindOf.get(need) ?? ''}`);
    }
  }
  const isToldByReferences = (one: PlannedItem, other: PlannedItem): boolean =>
    one.item !== null && other.item !== null && related.has(`${other.resource.name} ${one.resource.name}`);
  return deletes.map((one) => {
    const later = deletes.filter((other) => rankOf(other) > rankOf(one) && !isToldByReferences(one, other));
    return { ...one, dependsOn: [...new Set([...(users.get(one.address) ?? []), ...later.map(({ address }) => address)])] };
  });
}
