// What may happen to a run task, as pure functions on its row: received -> dispatching(n) -> dispatched(n) -> claimed(c) ->
// decided(verdict, by) -> delivered | undeliverable. Claims are in claims/claim-task.ts, deliveries in delivery.ts.
//
// Each returns the new row, or null when the row is no longer in the state that the step began with: then somebody else
// (a claim, a deadline, another relay) was faster, and the step's outcome is void.
import { cut } from '../../base/cut.ts';
import type { VerdictDecider } from '../../contracts/relay-api.ts';
import { RESULT_LIMITS, type Outcome, type TaskResult } from '../../contracts/task-result.ts';
import { toObserved } from '../../hcp/observed.ts';
import {
  LAST_DISPATCH_BEFORE_DEADLINE,
  LONGEST_SILENCE,
  RUNNING_EVERY,
  RUNNING_LONGEST_RETRY,
  RUNNING_RETRY,
  SILENT_CHECK_EVERY,
  START_CHECK_AFTER,
} from './numbers.ts';
import { verdictOf, type Binding, type DispatchProblem, type SeenRun, type Task } from './task.ts';
import { scheduled } from './timers.ts';

export interface Decision {
  readonly status: 'passed' | 'failed';
  readonly message: string;
  readonly by: VerdictDecider;
  readonly url?: string;
  readonly outcomes?: readonly Outcome[];
  readonly digest?: string;
}

/** The verdict, once: null when there is one already, whoever gave it. */
export function decide(task: Task, decision: Decision, now: number): Task | null {
  if (verdictOf(task) !== null || task.state.name === 'handed-over') return null;
  const result = toResult(task, decision);
  return scheduled({
    ...task,
    state: {
      name: 'decided',
      verdict: { result, by: decision.by, at: now, digest: decision.digest ?? null },
      attempt: 0,
      open: false,
      inDoubt: false,
      notBefore: now,
      problem: null,
      bare: false,
    },
  });
}

function toResult(task: Task, decision: Decision): TaskResult {
  const { status, message } = task.observe ? toObserved(decision) : decision;
  const url = decision.url ?? task.claim?.runUrl;
  return {
    status,
    message: shorten(message),
    ...(url !== undefined && url.length <= RESULT_LIMITS.url ? { url } : {}),
    outcomes: [...(decision.outcomes ?? [])],
  };
}

/** HCP takes 1,000 characters. */
export const shorten = (message: string): string => cut(message, RESULT_LIMITS.message);

/** Writes `dispatching(n)` before the POST: found after a crash, it says that GitHub may have the event already. */
export function beginDispatch(task: Task, binding: Binding): { task: Task; attempt: number } | null {
  if (task.state.name !== 'received' && task.state.name !== 'dispatching') return null;
  const attempt = task.state.name === 'dispatching' ? task.state.attempt + 1 : 1;
  const { notBefore, tries, problem } = task.state;
  return { attempt, task: scheduled({ ...task, binding, state: { name: 'dispatching', attempt, notBefore, tries, problem } }) };
}

/** GitHub answered 204. Null when the job was faster than the answer, or the verdict is there. */
export function dispatchSent(task: Task, attempt: number, now: number): Task | null {
  if (task.state.name !== 'dispatching' || task.state.attempt !== attempt) return null;
  return scheduled({
    ...task,
    state: { name: 'dispatched', attempt, at: now, checkAt: now + START_CHECK_AFTER, seen: null },
  });
}

/** Sealed transport: everything is with the action now, and the secrets are no longer ours to keep. */
export function handOver(task: Task, attempt: number, now: number): Task | null {
  if (task.state.name !== 'dispatching' || task.state.attempt !== attempt) return null;
  return scheduled({ ...task, state: { name: 'handed-over', at: now }, secrets: null, doneAt: now });
}

/** Not yet: GitHub's limit, or trouble that may pass. */
export function postponeDispatch(task: Task, notBefore: number, problem: DispatchProblem): Task | null {
  if (task.state.name !== 'received' && task.state.name !== 'dispatching') return null;
  return scheduled({ ...task, state: { ...task.state, notBefore, tries: task.state.tries + 1, problem } });
}

/** Deadline and too-late: what the relay says when time is over. Null: it is not. */
export function expire(task: Task, now: number): Task | null {
  const { state } = task;
  if (verdictOf(task) !== null || state.name === 'handed-over') return null;
  if (state.name === 'received' || state.name === 'dispatching') {
    if (now < task.deadlineAt - LAST_DISPATCH_BEFORE_DEADLINE) return null;
    return decide(task, { status: 'failed', by: 'github', message: whyNotDispatched(state.problem) }, now);
  }
  if (now < task.deadlineAt) return null;
  const minutes = Math.round((task.deadlineAt - task.acceptedAt) / 60_000);
  return decide(task, { status: 'failed', by: 'deadline', ...whyNoVerdict(task, minutes) }, now);
}

function whyNotDispatched(problem: DispatchProblem | null): string {
  const again = 'The plan was not checked; start the run again later.';
  if (problem?.kind === 'rate-limit')
    return `GitHub's rate limit: no workflow could be started before HCP Terraform's access token ends (${problem.detail}). ${again}`;
  return `No workflow could be started on GitHub in time${problem === null ? '' : ` (${problem.detail})`}. ${again}`;
}

function whyNoVerdict(task: Task, minutes: number): { message: string; url?: string } {
  if (task.state.name === 'dispatched') {
    const seen = task.state.seen;
    const what = seen === null ? 'no job has claimed it' : `its workflow run is ${seen.status} and has not claimed it`;
    const look =
      task.refusedClaim === null
        ? 'Look for a queue of jobs waiting for runners, or a job without this action.'
        : `The last that tried: ${task.refusedClaim}.`;
    return {
      message: `No verdict within ${minutes} minutes: the run task was sent to GitHub, but ${what}. ${look}`,
      ...(seen === null ? {} : { url: seen.url }),
    };
  }
  const last = task.running.message === null ? '' : ` It said last: "${task.running.message.slice(0, 300)}".`;
  return {
    message: `No verdict within ${minutes} minutes: the workflow was still at work.${last} Make the checks faster, or raise token_life in relay.yml if your HCP Terraform allows it.`,
  };
}

/** The relay asked GitHub about a job that has not claimed: it waits, so we wait. */
export function startSeen(task: Task, seen: SeenRun | null, nextCheckAt: number, now: number): Task | null {
  if (task.state.name !== 'dispatched') return null;
  return scheduled({
    ...task,
    running: seen === null || task.state.seen !== null ? task.running : news(task, now, task.running.message),
    state: { ...task.state, seen, checkAt: nextCheckAt },
  });
}

/** HCP is told at `dueAt`; a null message lets the state speak. */
export const news = (task: Task, dueAt: number, message: string | null): Task['running'] => ({
  ...task.running,
  dueAt,
  message,
  edition: task.running.edition + 1,
});

/**
 * The lease is over, and GitHub says that the job still runs (or does not answer): wait a little, not for ever.
 * @returns null when the claim is another one by now, or has spoken; 'lost' when the silence is too long
 */
export function extendSilence(task: Task, claimNumber: number, now: number): Task | 'lost' | null {
  const claim = task.claim;
  if (task.state.name !== 'claimed' || claim === null || claim.number !== claimNumber || claim.lease.until > now) return null;
  const silentSince = claim.lease.silentSince ?? now;
  if (now - silentSince >= LONGEST_SILENCE) return 'lost';
  return scheduled({ ...task, claim: { ...claim, lease: { ...claim.lease, until: now + SILENT_CHECK_EVERY, silentSince } } });
}

/** HCP took a `running`. */
export function runningSent(task: Task, edition: number, now: number): Task | null {
  if (verdictOf(task) !== null) return null;
  // Something new was said while the call was out: keep the time that it asked for.
  const dueAt = task.running.edition === edition ? now + RUNNING_EVERY : task.running.dueAt;
  return scheduled({ ...task, running: { ...task.running, dueAt, sentAt: now, tries: 0 } });
}

export function runningFailed(task: Task, retryAfterMs: number | null, now: number): Task | null {
  if (verdictOf(task) !== null) return null;
  const dueAt = now + Math.min(Math.max(retryAfterMs ?? 0, RUNNING_RETRY), RUNNING_LONGEST_RETRY);
  return scheduled({ ...task, running: { ...task.running, dueAt, tries: task.running.tries + 1 } });
}

/** HCP says that the task result is final, and it was not us: the run was canceled, or HCP's own time was over. */
export function superseded(task: Task, now: number): Task | null {
  const decided = decide(task, { status: 'failed', by: 'superseded', message: 'HCP Terraform closed this task result by itself' }, now);
  const verdict = decided === null ? null : verdictOf(decided);
  if (decided === null || verdict === null) return null;
  const reason = 'HCP Terraform closed the task result before there was a verdict: the run was canceled, or its time was over';
  return scheduled({ ...decided, state: { name: 'undeliverable', verdict, at: now, reason }, secrets: null, doneAt: now });
}
