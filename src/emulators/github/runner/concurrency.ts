// Concurrency groups of workflows: one run of a group at a time, one more waits, and a newer one silently cancels the one that waits.
// Source: docs.github.com, "Concurrency", read 2026-11-22. Says who waits and who goes; the runner does it. Pure.
import type { WorkflowRun } from '../model.ts';
import { type Contexts, interpolate, interpolateScalar } from './expressions.ts';
import type { Workflow } from './workflow-file.ts';

/** Pending runs that `queue: max` keeps. */
const MAX_PENDING = 100;

export interface Concurrency {
  /** Of one repository, whatever the workflow file; case does not matter. */
  readonly group: string;
  readonly cancelInProgress: boolean;
  readonly maxPending: number;
}

export function concurrencyOf(run: WorkflowRun, workflow: Workflow): Concurrency | null {
  const declared = workflow.concurrency;
  if (declared === undefined) return null;
  const vars = Object.fromEntries([...run.repository.variables.values()].map((v) => [v.name, v.value]));
  const github = {
    event: run.payload,
    event_name: run.event,
    workflow: run.name,
    ref: `refs/heads/${run.headBranch}`,
    run_id: String(run.id),
  };
  const contexts: Contexts = { github, vars };
  return {
    group: `${run.repository.id} ${interpolate(declared.group, contexts).toLowerCase()}`,
    cancelInProgress: interpolateScalar(declared['cancel-in-progress'], contexts) === 'true',
    maxPending: declared.queue === 'max' ? MAX_PENDING : 1,
  };
}

/** @param before  the group's runs that are not completed, oldest first, without the new one */
export function displacedBy(wanted: Concurrency, before: readonly WorkflowRun[]): WorkflowRun[] {
  const [holder, ...pending] = before;
  const tooMany = pending.slice(0, Math.max(0, pending.length + 1 - wanted.maxPending));
  return wanted.cancelInProgress && holder !== undefined ? [holder, ...tooMany] : tooMany;
}
