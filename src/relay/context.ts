// What every part of a running relay shares: its dependencies, and the one way to change a run task.
//
// `change` is the only door to a row. What a change means to the world (log line, metric, who is waiting, when the worker wakes)
// follows here from the difference between before and after, so that no caller can forget it.
import type { Clock } from '../base/clock.ts';
import type { GithubDeps } from '../github/client.ts';
import type { GithubIdentity } from '../github/identity.ts';
import type { HcpDeps } from '../hcp/request.ts';
import type { Random } from './life/accept.ts';
import { CALL_TIMEOUT } from './life/numbers.ts';
import { isFinal, verdictOf, type Task } from './life/task.ts';
import type { Metrics } from './metrics.ts';
import type { ResolvedRelayConfig } from './config/resolved.ts';
import type { SecretLog } from './secret-log.ts';
import type { Change, Changed, RelayStore } from './store/port.ts';
import { logFields } from './task-log.ts';

export interface RelayDeps {
  readonly config: ResolvedRelayConfig;
  readonly store: RelayStore;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly random: Random;
  readonly log: SecretLog;
  readonly metrics: Metrics;
  readonly identity: GithubIdentity;
}

export interface RelayContext extends RelayDeps {
  change<R>(id: string, decide: (task: Task) => Change<R>): Promise<Changed<R>>;
  /** Called after every change that may have moved a timer. */
  onChange(listener: () => void): void;
  /**
   * Workflow runs that have claimed, by id: none of them is the run that another task waits for. In memory, because not knowing one
   * costs only patience.
   */
  readonly claimedRuns: { add(runId: string): void; has(runId: string): boolean };
  /** Resolves when the task is final, or after `ms`. */
  settled(id: string, ms: number): Promise<void>;
  /** For one call out: ends after CALL_TIMEOUT on our clock. */
  hcp(): HcpDeps;
  /** @param ms  default CALL_TIMEOUT */
  github(ms?: number): GithubDeps;
}

/** A busy day's runs; a check looks back ten minutes at most. */
const KEPT_RUNS = 10_000;

export function createContext(deps: RelayDeps): RelayContext {
  const listeners: (() => void)[] = [];
  const waiting = new Map<string, Set<() => void>>();

  const note = (before: Task, after: Task): void => {
    const verdict = verdictOf(after);
    if (verdict !== null && verdictOf(before) === null) {
      const { status, message } = verdict.result;
      deps.metrics.count('runtask_verdicts_total', { status, by: verdict.by });
      deps.log.info('verdict on record', { ...logFields(after), status, by: verdict.by, message });
    }
    if (isFinal(after) && !isFinal(before)) {
      const { state } = after;
      deps.metrics.count('runtask_deliveries_total', { result: state.name });
      const ms = deps.clock.now() - after.acceptedAt;
      if (state.name === 'undeliverable') {
        // A canceled run is everyday life; a verdict that HCP never got is somebody's pager.
        const level = state.verdict.by === 'superseded' ? 'info' : 'error';
        deps.log[level]('result undeliverable', { ...logFields(after), status: state.verdict.result.status, reason: state.reason, ms });
      } else if (state.name === 'delivered')
        deps.log.info('result delivered', { ...logFields(after), status: state.verdict.result.status, ms });
      deps.log.forget(after.id);
      for (const done of waiting.get(after.id) ?? []) done();
      waiting.delete(after.id);
    }
  };

  const limit = (ms: number): AbortSignal => {
    const controller = new AbortController();
    deps.clock.after(ms, () => controller.abort(new Error(`no answer within ${ms / 1000} s`)));
    return controller.signal;
  };

  const claimedRuns = new Set<string>();

  return {
    ...deps,
    claimedRuns: {
      add(runId) {
        claimedRuns.add(runId);
        const [oldest] = claimedRuns;
        if (claimedRuns.size > KEPT_RUNS && oldest !== undefined) claimedRuns.delete(oldest);
      },
      has: (runId) => claimedRuns.has(runId),
    },
    async change(id, decide) {
      let before: Task | undefined;
      let after: Task | undefined;
      const changed = await deps.store.change(id, (task) => {
        const decided = decide(task);
        before = task;
        after = decided.task;
        return decided;
      });
      if (changed.kind === 'done' && before !== undefined && after !== undefined) {
        note(before, after);
        for (const listener of listeners) listener();
      }
      return changed;
    },
    onChange: (listener) => void listeners.push(listener),
    settled: (id, ms) =>
      new Promise((resolve) => {
        const all = waiting.get(id) ?? new Set();
        const cancel = deps.clock.after(ms, () => {
          all.delete(done);
          if (all.size === 0 && waiting.get(id) === all) waiting.delete(id);
          resolve();
        });
        const done = (): void => {
          cancel();
          resolve();
        };
        all.add(done);
        waiting.set(id, all);
      }),
    hcp: () => ({ fetch: deps.fetch, signal: limit(CALL_TIMEOUT) }),
    github: (ms = CALL_TIMEOUT) => ({ fetch: deps.fetch, now: () => deps.clock.now(), signal: limit(ms) }),
  };
}
