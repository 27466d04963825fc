// The plan sorted for people: what is told, in order of danger, and which findings belong to which resource. No markup here.
import type { EnforcementLevel } from '../contracts/run-facts.ts';
import { countingErrors } from '../findings/count.ts';
import type { Masker } from '../plan/masking.ts';
import type { Change, OutputChange, ResourceChange } from '../plan/model.ts';
import type { ReportModel } from './model.ts';
import { GROUPS, groupOf, reasonWords, type GroupName, type Tally } from './words.ts';

export interface Item {
  readonly group: GroupName;
  readonly change: ResourceChange;
  /** Address as shown: with the key of a deposed object. */
  readonly address: string;
  /** In words; null where Terraform gives none. */
  readonly reason: string | null;
  /** Checks with an error at this address that counts, by name. */
  readonly failedChecks: ReadonlyMap<string, EnforcementLevel>;
}

export interface View {
  /** Only groups with items, in order of danger; items in plan order. */
  readonly groups: readonly { readonly name: GroupName; readonly items: readonly Item[] }[];
  readonly tally: Tally;
  /** Outputs that change. */
  readonly outputs: readonly OutputChange[];
  readonly drift: readonly Item[];
  readonly deferred: readonly { readonly item: Item; readonly reason: string }[];
}

const EMPTY_TALLY: Tally = Object.fromEntries(GROUPS.map((group) => [group, 0])) as Tally;
const NONE: ReadonlyMap<string, EnforcementLevel> = new Map();
const NOTHING: View = { groups: [], tally: EMPTY_TALLY, outputs: [], drift: [], deferred: [] };

export function toView(model: ReportModel): View {
  const { plan } = model;
  if (plan === null) return NOTHING;

  const failed = failedByAddress(model);
  const toItem = (change: ResourceChange, group: GroupName): Item => ({
    group,
    change,
    address: change.deposed === null ? change.address : `${change.address} (deposed object ${change.deposed})`,
    reason: reasonWords(change.reason),
    failedChecks: failed.get(change.address) ?? NONE,
  });

  const byGroup = new Map<GroupName, Item[]>(GROUPS.map((group) => [group, []]));
  for (const change of plan.changes) {
    const group = groupOf(change);
    if (group !== null) byGroup.get(group)?.push(toItem(change, group));
  }
  const tally: Tally = { ...EMPTY_TALLY, ...Object.fromEntries([...byGroup].map(([name, items]) => [name, items.length])) };
  return {
    groups: [...byGroup].filter(([, items]) => items.length > 0).map(([name, items]) => ({ name, items })),
    tally,
    outputs: plan.outputs.filter((output) => output.action !== 'no-op'),
    drift: plan.drift.map((change) => toItem(change, groupOf(change) ?? 'other')),
    deferred: plan.deferred.map(({ change, reason }) => ({ item: toItem(change, groupOf(change) ?? 'other'), reason })),
  };
}

function failedByAddress(model: ReportModel): Map<string, Map<string, EnforcementLevel>> {
  const failed = new Map<string, Map<string, EnforcementLevel>>();
  for (const result of model.results) {
    for (const { address } of countingErrors(result)) {
      if (address === null) continue;
      const checks = failed.get(address) ?? new Map<string, EnforcementLevel>();
      failed.set(address, checks.set(result.check, result.enforcement));
    }
  }
  return failed;
}

/** Values that are hidden in what the views show. */
export function countHidden(view: View, masker: Masker): number {
  const changes: Change[] = [
    ...view.groups.flatMap((group) => group.items.map((item) => item.change)),
    ...view.outputs,
    ...view.drift.map((item) => item.change),
  ];
  return changes.reduce((sum, change) => sum + masker.hiddenIn(change), 0);
}
