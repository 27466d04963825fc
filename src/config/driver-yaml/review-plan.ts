// Lets each kind look at everything that is planned of it: limits that only the sum exceeds, a relay that does not answer.
import type { Diagnostic } from '../../base/diagnostics.ts';
import type { Problem } from '../engine/problem.ts';
import { reviewChanges } from '../engine/review.ts';
import { engineDeps, type DriverDeps } from './deps.ts';
import type { LoadedConfig } from './loaded-config.ts';
import type { PlannedOne } from './plan-item.ts';
import type { PlannedItem } from './plan.ts';
import { tellMistakes, tellOf, tellOrphan, type Told } from './tell.ts';

export async function reviewPlan(
  loaded: LoadedConfig,
  recordFile: string,
  items: readonly PlannedItem[],
  planned: ReadonlyMap<string, PlannedOne>,
  deps: DriverDeps,
): Promise<Told[]> {
  const told: Told[] = [];
  for (const resource of deps.resources) {
    const own = items.filter((item) => item.resource === resource);
    const configs = own.map(({ address, change }) => (change.action === 'delete' ? null : (planned.get(address)?.config ?? null)));
    const changes = own.map(({ change }) => change);
    const problems = await reviewChanges(resource, changes, configs, engineDeps(deps));
    told.push(...problems.flatMap((found) => tellReview(loaded, recordFile, own, found)));
  }
  return told;
}

/** Of one object when it is about one; otherwise of the place that all of them share, or of the file. */
function tellReview(loaded: LoadedConfig, recordFile: string, own: readonly PlannedItem[], found: Problem): Told[] {
  const about = found.change !== undefined ? own[found.change] : own.length === 1 ? own[0] : undefined;
  if (about !== undefined) {
    return about.item === null ? tellOrphan(recordFile, about.address, [found]) : tellOf(loaded, about.item, [found]);
  }
  const places = own.flatMap(({ item }) => (item === null ? [] : [{ item, place: JSON.stringify(item.placeOf(found.path)) }]));
  const [first] = places;
  const shared = first !== undefined && places.every(({ place }) => place === first.place);
  const diagnostic: Diagnostic | undefined = shared ? tellMistakes(loaded, first.item, [found])[0] : loaded.tell([], found);
  return diagnostic === undefined ? [] : [{ diagnostic, address: '', named: false }];
}
