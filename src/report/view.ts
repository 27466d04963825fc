// The plan sorted for people: what is told, in order of danger, and which findings belong to which resource. No markup here.
//
// Each change of the plan that is not a no-op stands in one group, once. Drift, conditions, invocations and deferred changes stand apart.
import type { EnforcementLevel } from '../contracts/run-facts.ts';
import { countingErrors } from '../findings/count.ts';
import { onlyMetadata } from '../plan/diff/summarize-change.ts';
import type { Masker } from '../plan/masking.ts';
import type { Change, OutputChange, Plan, ResourceChange } from '../plan/model.ts';
import { NO_CONDITIONS, toConditionsView, type ConditionsView } from './conditions-view.ts';
import { isToldByTerraform, isRefreshOnly } from './drift-view.ts';
import { NO_INVOCATIONS, toInvocationsView, type InvocationsView } from './invocations-view.ts';
import { importOf, notesOf, type ImportView } from './item-facts.ts';
import type { ReportModel } from './model.ts';
import { effectOf, type PlanEffect } from './plan-effect.ts';
import { deferredWords, orderWords, reasonWords } from './reason-words.ts';
import { GROUPS, groupOf, plural, tallyParts, type GroupName, type Tally } from './words.ts';

export interface Item {
  readonly group: GroupName;
  readonly change: ResourceChange;
  /** Address as shown: with the key of a deposed object. */
  readonly address: string;
  /** In words; null where Terraform gives none. */
  readonly reason: string | null;
  /** What comes first in a replacement: `the old one is destroyed first`; null: it is none. */
  readonly order: string | null;
  /** What else a reviewer must know, in whole words of ours: a left-over object, an import that is destroyed, a generated configuration. */
  readonly notes: readonly string[];
  /** null: it is not imported. */
  readonly imported: ImportView | null;
  /** An update of nothing but labels, or of nothing outside of Terraform; null: of more, or no update. */
  readonly metadataOnly: 'labels' | 'bookkeeping' | null;
  /** Checks with an error at this address that counts, by name. */
  readonly failedChecks: ReadonlyMap<string, EnforcementLevel>;
  /** It stands for so many that change alike: their names. Absent: for itself. */
  readonly members?: readonly string[];
}

export interface View {
  /** The plan in one line without verdict: `1 to destroy, 2 to create, 1 action to invoke`, `no changes`. */
  readonly words: string;
  /** null: resources change, and the groups tell which. Else what applying this plan comes to. */
  readonly effect: PlanEffect | null;
  /** What is wrong with the plan as a whole, a sentence each: it failed, it is partial, it cannot be applied. */
  readonly warnings: readonly string[];
  /** Only groups with items, in order of danger; items in plan order. */
  readonly groups: readonly { readonly name: GroupName; readonly items: readonly Item[] }[];
  /** The changes of all groups, in plan order: for who looks into each of them. A large plan is unpacked in that order, once. */
  readonly changes: readonly ResourceChange[];
  readonly tally: Tally;
  /** Outputs that change. */
  readonly outputs: readonly OutputChange[];
  /** Changes outside of Terraform that its own text tells of. */
  readonly drift: readonly Item[];
  /** The others: nothing in this plan depends on them. */
  readonly otherDrift: readonly Item[];
  /** Left to a later run; `reason` in words. */
  readonly deferred: readonly { readonly item: Item; readonly reason: string }[];
  readonly conditions: ConditionsView;
  readonly invocations: InvocationsView;
}

const EMPTY_TALLY: Tally = Object.fromEntries(GROUPS.map((group) => [group, 0])) as Tally;
const NONE: ReadonlyMap<string, EnforcementLevel> = new Map();
const NOTHING: View = {
  words: '',
  effect: null,
  warnings: [],
  groups: [],
  changes: [],
  tally: EMPTY_TALLY,
  outputs: [],
  drift: [],
  otherDrift: [],
  deferred: [],
  conditions: NO_CONDITIONS,
  invocations: NO_INVOCATIONS,
};

export function toView(model: ReportModel): View {
  const { plan, masker } = model;
  if (plan === null || masker === null) return NOTHING;

  const failed = failedByAddress(model);
  const toItem = (change: ResourceChange, group: GroupName): Item => ({
    group,
    change,
    address: change.deposed === null ? change.address : `${change.address} (deposed object ${change.deposed})`,
    reason: reasonWords(change.reason),
    order: orderWords(change),
    notes: notesOf(change),
    imported: importOf(change, masker),
    metadataOnly: onlyMetadata(change),
    failedChecks: failed.get(change.address) ?? NONE,
  });

  const byGroup = new Map<GroupName, Item[]>(GROUPS.map((group) => [group, []]));
  for (const change of plan.changes) {
    const group = groupOf(change);
    if (group !== null) byGroup.get(group)?.push(toItem(change, group));
  }
  const tally: Tally = { ...EMPTY_TALLY, ...Object.fromEntries([...byGroup].map(([name, items]) => [name, items.length])) };
  const outputs = plan.outputs.filter((output) => output.action !== 'no-op');
  // An object that only moved says so by its address, and its drift is a no-op.
  const drift = plan.drift.map((change) => toItem(change, groupOf(change) ?? 'other'));
  const isTold = isToldByTerraform(plan);
  const told = drift.filter(({ change }) => isTold(change));
  const otherDrift = drift.filter(({ change }) => !isTold(change));
  const invocations = toInvocationsView(plan.invocations ?? []);
  const effect = effectOf({
    changed: tally.destroy + tally.replace + tally.other + tally.update + tally.create,
    forgotten: tally.forget,
    imported: tally.import,
    moved: tally.move,
    read: tally.read,
    outputs: outputs.length,
    invocations: invocations.now.length,
    deferred: plan.deferred.length + invocations.deferred.length,
    drift: told.length,
    otherDrift: otherDrift.length,
    refreshOnly: isRefreshOnly(plan),
    errored: plan.errored,
    partial: plan.complete === false,
  });
  return {
    words: wordsOf(plan, tally, invocations, effect),
    effect,
    warnings: warningsOf(plan),
    groups: [...byGroup].filter(([, items]) => items.length > 0).map(([name, items]) => ({ name, items })),
    changes: plan.changes.filter((change) => groupOf(change) !== null),
    tally,
    outputs,
    drift: told,
    otherDrift,
    deferred: plan.deferred.map(({ change, reason }) => ({
      item: toItem(change, groupOf(change) ?? 'other'),
      reason: deferredWords(reason),
    })),
    conditions: toConditionsView(plan.conditions ?? [], masker),
    invocations,
  };
}

function wordsOf({ errored, deferred: changes }: Plan, tally: Tally, invocations: InvocationsView, effect: PlanEffect | null): string {
  const parts = tallyParts(tally);
  const { now } = invocations;
  const deferred = changes.length + invocations.deferred.length;
  if (parts.length === 0) return effect?.words ?? 'no changes';
  return [
    ...parts,
    ...(now.length > 0 ? [`${plural(now.length, 'action')} to invoke`] : []),
    ...(deferred > 0 ? [`${deferred} deferred`] : []),
    ...(errored ? ['then planning failed'] : []),
  ].join(', ');
}

function warningsOf({ errored, complete, applyable, deferred, changes }: Plan): string[] {
  if (errored) return ['The plan is incomplete: Terraform met an error while it planned.'];
  return [
    ...(complete === false
      ? [
          `The plan is partial: ${deferred.length > 0 ? 'changes are deferred' : 'it was targeted, or changes are deferred'}; another run must follow.`,
        ]
      : []),
    ...(applyable === false && changes.some((change) => groupOf(change) !== null)
      ? ['Terraform says that this plan cannot be applied.']
      : []),
  ];
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

/** Marked values that are hidden in what the views show, and copies of them. */
export const countHidden = (view: View, masker: Masker): number => sumOver(view, (change) => masker.hiddenIn(change));

/** Values that nobody marked, withheld because they look like credentials. */
export const countWithheld = (view: View, masker: Masker): number => sumOver(view, (change) => masker.withheldIn(change));

function sumOver(view: View, count: (change: Change) => number): number {
  let sum = 0;
  for (const change of view.changes) sum += count(change);
  for (const output of view.outputs) sum += count(output);
  for (const { change } of [...view.drift, ...view.otherDrift, ...view.deferred.map(({ item }) => item)]) sum += count(change);
  for (const { invocation } of [...view.invocations.now, ...view.invocations.deferred]) sum += count(invocation.config);
  return sum;
}
