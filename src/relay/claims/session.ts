// What a claim's session token opens: renew, progress, result. The combined comment is in comment/. Pure functions on the locked row.
import { createHash } from 'node:crypto';
import type { Delivery, RecordedVerdict, RenewRequest } from '../../contracts/relay-api.ts';
import type { TaskResult } from '../../contracts/task-result.ts';
import { sameText } from '../dispatch/payload.ts';
import { LIVE_LEASE, RUNNING_AT_MOST_EVERY } from '../life/numbers.ts';
import { verdictOf, type Claim, type Task } from '../life/task.ts';
import { scheduled } from '../life/timers.ts';
import { decide, news } from '../life/transitions.ts';

/** `fenced` is told only to one who held the task: everybody else sees what an unknown id gives. */
export function findSession(task: Task, sessionHash: string): 'good' | 'fenced' | 'unknown' {
  const holds = (hashes: readonly string[] | undefined): boolean => (hashes ?? []).some((hash) => sameText(hash, sessionHash));
  if (holds(task.claim?.sessions)) return 'good';
  return holds(task.claim?.fenced) ? 'fenced' : 'unknown';
}

export function renew(task: Task, request: RenewRequest, now: number): Task | null {
  if (task.state.name !== 'claimed' || task.claim === null) return null;
  const until = now + (request.state === 'live' ? LIVE_LEASE : request.for_ms);
  return scheduled(withLease(task, task.claim, request.state, until));
}

export function noteProgress(task: Task, message: string, now: number): Task | null {
  if (task.state.name !== 'claimed' || task.claim === null) return null;
  const { lease } = task.claim;
  // A progress line is a sign of life; in a quiet time it changes nothing.
  const alive = lease.kind === 'live' ? withLease(task, task.claim, 'live', now + LIVE_LEASE) : task;
  const dueAt = Math.max(now, (task.running.sentAt ?? 0) + RUNNING_AT_MOST_EVERY);
  return scheduled({ ...alive, running: news(task, dueAt, message) });
}

const withLease = (task: Task, claim: Claim, kind: 'live' | 'quiet', until: number): Task => ({
  ...task,
  claim: { ...claim, lease: { kind, until, silentSince: null } },
});

export const digestOf = (result: TaskResult): string => createHash('sha256').update(JSON.stringify(result)).digest('base64url');

/** The action's verdict: on record when it is the first. */
export function recordResult(task: Task, result: TaskResult, now: number): Task | null {
  return decide(
    task,
    {
      status: result.status,
      message: result.message,
      by: 'action',
      outcomes: result.outcomes,
      digest: digestOf(result),
      ...(result.url === undefined ? {} : { url: result.url }),
    },
    now,
  );
}

export function recordedVerdict(task: Task): RecordedVerdict | null {
  const verdict = verdictOf(task);
  if (verdict === null) return null;
  return { status: verdict.result.status, message: verdict.result.message, decided_by: verdict.by };
}

export function deliveryOf(task: Task): Delivery | null {
  const { state } = task;
  if (state.name === 'delivered') return { state: 'delivered' };
  if (state.name === 'undeliverable') return { state: 'undeliverable', reason: state.reason };
  if (state.name !== 'decided') return null;
  return { state: 'pending', ...(state.problem === null ? {} : { reason: state.problem }) };
}
