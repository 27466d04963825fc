// Carries out what is planned for one object, and writes down what came of it: before a create that it is about to happen, afterwards what
// is there. Which object comes when is told in apply-plan.ts.
import { describeThrown, Fault } from '../../base/fault.ts';
import { applyChange } from '../engine/apply.ts';
import { differences, withoutUnknown } from '../engine/conform.ts';
import { findObject } from '../engine/find.ts';
import type { Change } from '../engine/operations.ts';
import { planChange } from '../engine/plan.ts';
import { hasErrors, problem, type Problem } from '../engine/problem.ts';
import type { Schema } from '../engine/schema.ts';
import { validateConfig } from '../engine/validate.ts';
import type { ValueMap } from '../engine/values.ts';
import { engineDeps, typeOf, type DriverDeps } from './deps.ts';
import type { Item } from './item.ts';
import { idOf } from './plan-item.ts';
import type { PlannedItem } from './plan.ts';
import { entryOf, intentOf } from './record/remember.ts';
import type { RecordStore } from './record/record-store.ts';
import { referencedBy, withValues, type ValueOf } from './references.ts';

export interface AppliedItem {
  readonly ok: boolean;
  /** What was done; other than planned only when less was left to do. */
  readonly action: Change['action'];
  /** What is known to be there. */
  readonly state: ValueMap | null;
  readonly id: string | null;
  readonly problems: readonly Problem[];
  /** The user ended it: no failure. The problems say whether it had begun. */
  readonly interrupted: boolean;
  /** A delete that somebody else has to finish: why it is still there. */
  readonly waits: string | null;
}

export interface ApplyContext {
  readonly store: RecordStore;
  /** The id under which the record knows a declared object, when it is spelled otherwise there. */
  aliasOf(planned: PlannedItem): string | null;
  readonly valueOf: ValueOf;
  progress(text: string): void;
}

/** @throws never for what the world or the record does: that is in the problems */
export async function applyItem(planned: PlannedItem, context: ApplyContext, deps: DriverDeps): Promise<AppliedItem> {
  const { item, resource } = planned;
  const failed = (problems: readonly Problem[]): AppliedItem => ({
    ...{ ok: false, action: planned.change.action, state: planned.change.prior, id: planned.id, problems, interrupted: false, waits: null },
  });
  const settled = item === null || planned.change.action === 'delete' ? null : await settle(planned, item, context, deps);
  if (settled !== null && settled.change === null) return failed(settled.problems);
  const change = settled?.change ?? planned.change;
  const config = settled?.config ?? null;
  const id = planned.id ?? (config === null ? null : idOf(resource, config));

  try {
    if (id !== null && change.action === 'create') await announce(planned, id, context);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return failed([problem([], describeThrown(thrown), 'Nothing was made: without the record it would not be known as ours.')]);
  }
  const applied = await applyChange(resource, change, config, engineDeps(deps, context.progress));
  const { state, problems, interrupted = false, waits = null } = applied;
  const ok = !hasErrors(problems);
  // What waits to go stays in the record, so that the next apply asks after it.
  if (id !== null && waits === null) note(planned, { id, change, state, ok }, context);
  return { ok, action: change.action, state, id, problems, interrupted, waits };
}

/** Takes over, or notes how it is: nothing has to be done to the object itself. */
export function noteAsIs(planned: PlannedItem, context: ApplyContext): void {
  const { id, change } = planned;
  if (id !== null && change.prior !== null) note(planned, { id, change, state: change.prior, ok: true }, context);
}

interface Settled {
  readonly config: ValueMap;
  /** null: it cannot be carried out; `problems` says why. */
  readonly change: Change | null;
  readonly problems: readonly Problem[];
}

/**
 * The change with what it refers to known: what was `(known after apply)` is known now, as it is when terraform plans an object a second
 * time during its apply. It may turn out to be less than planned, never something else.
 */
async function settle(planned: PlannedItem, item: Item, { valueOf }: ApplyContext, deps: DriverDeps): Promise<Settled> {
  const { resource } = item;
  const { config, problems: mistakes } = validateConfig(resource, withValues(item, valueOf));
  const refuse = (problems: readonly Problem[]): Settled => ({ config, change: null, problems });
  if (hasErrors(mistakes)) return refuse(mistakes);
  if (referencedBy(item).length === 0) return { config, change: planned.change, problems: [] };
  let { prior } = planned.change;
  if (planned.id === null) {
    // Its key was not known, so it was not looked for: now it can be.
    const looked = await findObject(resource, config, null, engineDeps(deps));
    if (hasErrors(looked.problems)) return refuse(looked.problems);
    prior = looked.value?.state ?? null;
  }
  const { value: change, problems } = await planChange(resource, { config, prior }, engineDeps(deps));
  if (change === null || hasErrors(problems)) return refuse(problems);
  if (LESS[planned.change.action].includes(change.action)) {
    const others = valuesBeside(resource.schema as Schema, planned.change, change);
    if (others.length === 0) return { config, change, problems: [] };
    const what = `Other than planned: ${others.join(', ')}. Nothing was done: plan again.`;
    return refuse([problem([], 'The plan does not fit any more', what)]);
  }
  const detail = `Planned was ${planned.change.action}, now it would be ${change.action}. Nothing was done: plan again.`;
  return refuse([problem([], 'The plan does not fit any more', detail)]);
}

/** @returns attributes that were planned with a value, and would get another one now: a name may mean another workspace by now */
function valuesBeside(schema: Schema, agreed: Change, now: Change): string[] {
  if (agreed.planned === null || now.planned === null) return [];
  const actual = withoutUnknown(now.planned) as ValueMap;
  return [...new Set(differences(schema, agreed.planned, actual).map(({ path: [name] }) => String(name)))];
}

/** What a planned action may turn out to be. */
const LESS: Readonly<Record<Change['action'], readonly Change['action'][]>> = {
  'create': ['create'],
  'replace': ['replace', 'update', 'no-op'],
  'update': ['update', 'no-op'],
  'delete': ['delete'],
  'no-op': ['no-op'],
};

/** On the disk before the call is made. @throws Fault E_RECORD_WRITE */
async function announce(planned: PlannedItem, id: string, context: ApplyContext): Promise<void> {
  const object = { type: typeOf(planned.resource), id };
  dropAlias(planned, id, context);
  context.store.put(object, intentOf(planned));
  await context.store.save();
}

/** Written in the background: what is lost of it when the process dies is found again by the next plan. The last save tells a failure. */
function note(
  planned: PlannedItem,
  { id, change, state, ok }: { id: string; change: Change; state: ValueMap | null; ok: boolean },
  context: ApplyContext,
): void {
  const { store } = context;
  const object = { type: typeOf(planned.resource), id };
  if (state !== null) {
    // After a failed update or delete the entry still tells how the last good apply left it. A failed import is not ours yet.
    if (ok || change.action === 'create') {
      dropAlias(planned, id, context);
      store.put(object, entryOf(planned.resource, planned, state));
    }
  } else if (ok) {
    dropAlias(planned, id, context);
    store.remove(object);
  }
  // A create that failed keeps its intent: whether its call came through, nobody here knows. So does the half of a replacement.
  // What fails here is tried again by the next save, and told by the last one, which applyPlan awaits.
  void store.save().catch(() => undefined);
}

function dropAlias(planned: PlannedItem, id: string, { store, aliasOf }: ApplyContext): void {
  const alias = aliasOf(planned);
  if (alias !== null && alias !== id) store.remove({ type: typeOf(planned.resource), id: alias });
}
