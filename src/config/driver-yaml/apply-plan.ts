// Carries out a plan: each object after what it depends on, side by side where nothing says otherwise. What fails holds back what depends on
// it and nothing else; what was done is in the record, so that the next apply goes on from there.
//
// The world may change between a plan and its apply. What this file relies on: resources look again before they create and take what is
// gone for deleted; a plan that somebody has thought about for longer than PLAN_KEEPS_MS is made anew by the command line and compared
// (plan-file.ts), as a saved one is.
import { hasErrors, type Diagnostic } from '../../base/diagnostics.ts';
import { describeThrown, Fault } from '../../base/fault.ts';
import { UNKNOWN, valueAt, type ValueMap } from '../engine/values.ts';
import { applyItem, noteAsIs, type AppliedItem, type ApplyContext } from './apply-item.ts';
import { limitOf, typeOf, type DriverDeps } from './deps.ts';
import { walkGraph } from './graph.ts';
import type { LoadedConfig } from './loaded-config.ts';
import { hostsOf } from './plan-config.ts';
import { pendingOf } from './plan-item.ts';
import type { ApplyResult, ConfigPlan, PlannedItem } from './plan.ts';
import { startProgress } from './progress.ts';
import { claimEntries, declaredObjects } from './record/claims.ts';
import type { Lock } from './record/lock.ts';
import { checkHosts } from './record/record-file.ts';
import { openRecord, readRecord, type RecordStore } from './record/record-store.ts';
import { summarize, tellOf, tellOrphan, type Told } from './tell.ts';

/** A plan older than this is made anew before it is applied. */
export const PLAN_KEEPS_MS = 60_000;

/**
 * @param lock  of the record: nobody else applies meanwhile
 * @throws never for what fails: that is in the result
 */
export async function applyPlan(loaded: LoadedConfig, plan: ConfigPlan, lock: Lock, deps: DriverDeps): Promise<ApplyResult> {
  if (hasErrors(plan.diagnostics)) throw new Error('A plan with errors cannot be applied');
  const read = await readRecord(lock.recordFile);
  const wrong = read.ok ? checkHosts(read.value, hostsOf(loaded), lock.recordFile) : read.error;
  if (!read.ok || wrong !== null) return resultOf(new Map(), wrong === null ? [] : [wrong], false);

  const store = openRecord(lock.recordFile, read.value, hostsOf(loaded));
  for (const object of plan.forgotten) store.remove(object);
  const claims = claimEntries(read.value, declaredObjects(plan.items));
  const work = new Work(loaded, lock.recordFile, store, deps, ({ resource, id }) =>
    id === null ? null : (claims.entryOf({ type: typeOf(resource), id })?.id ?? null),
  );

  const nodes = plan.items.map((planned) => ({ id: planned.address, needs: planned.dependsOn, planned }));
  const [deletes, rest] = [nodes.filter(isDelete), nodes.filter((node) => !isDelete(node))];
  await walkGraph(rest, limitOf(deps), ({ planned }) => work.carryOut(planned));
  work.holdBackDeletes(rest.map(({ planned }) => planned));
  await walkGraph(deletes, limitOf(deps), ({ planned }) => work.carryOut(planned));

  const diagnostics: Diagnostic[] = summarize(work.warnings);
  try {
    await store.save();
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    const detail = 'What was done stays done, and is not in the record: the next plan finds it and shows it as an import.';
    diagnostics.push({ severity: 'error', summary: describeThrown(thrown), detail, path: '', file: lock.recordFile });
  }
  return resultOf(work.ends, diagnostics, deps.signal.aborted);
}

const isDelete = ({ planned }: { readonly planned: PlannedItem }): boolean => planned.change.action === 'delete';

interface End {
  readonly address: string;
  /** `null`: nothing had to be done. */
  readonly done: AppliedItem['action'] | null;
  readonly imported: boolean;
  readonly state: ValueMap | null;
  /** Why what depends on this is not begun; null: it may. */
  readonly holds: string | null;
  readonly failed: readonly Diagnostic[] | null;
  readonly skipped: string | null;
  readonly pending: string | null;
}

/** One apply, from its first object to its last. */
class Work {
  readonly ends = new Map<string, End>();
  readonly warnings: Told[] = [];
  /** Of a kind: why nothing of it is deleted. */
  private readonly held = new Map<string, string>();
  private readonly loaded: LoadedConfig;
  private readonly recordFile: string;
  private readonly deps: DriverDeps;
  private readonly context: Omit<ApplyContext, 'progress'>;

  constructor(loaded: LoadedConfig, recordFile: string, store: RecordStore, deps: DriverDeps, aliasOf: ApplyContext['aliasOf']) {
    this.loaded = loaded;
    this.recordFile = recordFile;
    this.deps = deps;
    this.context = {
      ...{ store, aliasOf },
      valueOf: ({ address, attribute }) => {
        const state = this.ends.get(address)?.state;
        return state === undefined || state === null ? UNKNOWN : valueAt(state, attribute);
      },
    };
  }

  async carryOut(planned: PlannedItem): Promise<void> {
    const { address, change, importing, deleteReason } = planned;
    const hasWork = change.action !== 'no-op' || importing;
    const heldBy = planned.dependsOn.flatMap((need) => this.ends.get(need)?.holds ?? [])[0];
    const heldKind = deleteReason === 'not-declared' ? this.held.get(typeOf(planned.resource)) : undefined;
    const reason = heldBy ?? heldKind ?? (this.deps.signal.aborted ? 'interrupted' : null);
    if (hasWork && reason !== null) {
      this.deps.on({ type: 'skipped', address, reason });
      return this.end(planned, { skipped: reason, holds: reason, state: change.prior });
    }
    if (hasWork && change.action !== 'no-op') return this.change(planned);
    const action = 'import' as const;
    if (importing) this.deps.on({ type: 'started', address, action });
    noteAsIs(planned, { ...this.context, progress: () => {} });
    if (importing) this.deps.on({ type: 'done', address, action, id: planned.id, elapsedMs: 0 });
    const { pending } = planned;
    this.end(planned, { state: change.prior, imported: importing, pending, holds: waits(address, pending) ?? heldBy ?? null });
  }

  private async change(planned: PlannedItem): Promise<void> {
    const { address } = planned;
    const { action } = planned.change;
    const { clock, on } = this.deps;
    const startedAt = clock.now();
    on({ type: 'started', address, action });
    const progress = startProgress(address, this.deps);
    const applied = await applyItem(planned, { ...this.context, progress: progress.tell }, this.deps);
    progress.stop();
    if (applied.interrupted) {
      const reason = ['interrupted', ...applied.problems.map(({ detail }) => detail).filter((detail) => detail !== '')].join(': ');
      on({ type: 'skipped', address, reason });
      return this.end(planned, { skipped: reason, holds: reason, state: applied.state });
    }
    const told = this.tell(planned, applied);
    if (!applied.ok) {
      const diagnostics = summarize(told);
      on({ type: 'failed', address, action, diagnostics });
      return this.end(planned, { failed: diagnostics, holds: `${address} failed`, state: applied.state });
    }
    this.warnings.push(...told);
    if (applied.waits !== null) {
      on({ type: 'waits', address, reason: applied.waits });
      return this.end(planned, { pending: applied.waits, holds: waits(address, applied.waits), state: applied.state });
    }
    on({ type: 'done', address, action, id: applied.id, elapsedMs: clock.now() - startedAt });
    const pending = applied.state === null ? null : pendingOf(planned.resource, applied.state);
    const { importing: imported } = planned;
    this.end(planned, { done: applied.action, imported, state: applied.state, pending, holds: waits(address, pending) });
  }

  private tell(planned: PlannedItem, { problems }: AppliedItem): Told[] {
    const { item, address } = planned;
    return item === null ? tellOrphan(this.recordFile, address, problems) : tellOf(this.loaded, item, problems);
  }

  private end({ address }: PlannedItem, end: Partial<Omit<End, 'address'>>): void {
    const nothing = { done: null, imported: false, state: null, holds: null, failed: null, skipped: null, pending: null };
    this.ends.set(address, { address, ...nothing, ...end });
  }

  /**
   * What is no longer declared stays until everything new of its kind is there and in effect: whoever renames a run task must not have a
   * time without any, least of all when the new one cannot be made.
   */
  holdBackDeletes(planned: readonly PlannedItem[]): void {
    for (const { address, resource, change } of planned) {
      const end = this.ends.get(address);
      const isNew = change.action === 'create' || change.action === 'replace';
      const isMissing = isNew && (end === undefined || end.failed !== null || end.skipped !== null);
      const reason = isMissing ? `${address} is not there yet` : waits(address, end?.pending ?? null);
      if (reason !== null && !this.held.has(typeOf(resource))) this.held.set(typeOf(resource), reason);
    }
  }
}

const waits = (address: string, pending: string | null): string | null => (pending === null ? null : `${address} waits: ${pending}`);

function resultOf(ends: ReadonlyMap<string, End>, diagnostics: readonly Diagnostic[], interrupted: boolean): ApplyResult {
  const all = [...ends.values()];
  const count = (...actions: End['done'][]): number => all.filter(({ done }) => actions.includes(done)).length;
  return {
    added: count('create', 'replace'),
    changed: count('update'),
    destroyed: count('delete', 'replace'),
    imported: all.filter(({ imported }) => imported).length,
    skipped: all.flatMap(({ address, skipped }) => (skipped === null ? [] : [{ address, reason: skipped }])),
    failed: all.flatMap(({ address, failed }) => (failed === null ? [] : [{ address, diagnostics: failed }])),
    pending: all.flatMap(({ address, pending }) => (pending === null ? [] : [{ address, reason: pending }])),
    interrupted,
    diagnostics,
  };
}
