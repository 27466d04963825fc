// Bringing a verdict to HCP: exactly one terminal result, never none. Pure functions on a decided row.
//
// An attempt is written down before its PATCH. If the relay dies in between, or no answer is read, HCP may have taken it: the
// attempt is in doubt, and a later 409 ("terminal already") means that it was delivered.
import type { TaskResult } from '../../contracts/task-result.ts';
import type { CallbackAnswer } from '../../hcp/callback.ts';
import { backoffMs } from './numbers.ts';
import type { Task } from './task.ts';
import { scheduled } from './timers.ts';

/** @returns the row to write before the PATCH, and what to send; null when there is nothing to deliver (any more) */
export function beginDelivery(task: Task): { task: Task; attempt: number; body: TaskResult } | null {
  const { state } = task;
  if (state.name !== 'decided') return null;
  const attempt = state.attempt + 1;
  const { result } = state.verdict;
  const body: TaskResult = state.bare ? { status: result.status, message: result.message, outcomes: [] } : result;
  return { attempt, body, task: scheduled({ ...task, state: { ...state, attempt, open: true, inDoubt: state.inDoubt || state.open } }) };
}

export function deliveryAnswered(task: Task, attempt: number, answer: CallbackAnswer, now: number, random: number): Task | null {
  const { state } = task;
  if (state.name !== 'decided' || state.attempt !== attempt) return null;
  const delivered = (): Task =>
    scheduled({ ...task, state: { name: 'delivered', verdict: state.verdict, at: now }, secrets: null, doneAt: now });
  const undeliverable = (reason: string): Task =>
    scheduled({ ...task, state: { name: 'undeliverable', verdict: state.verdict, at: now, reason }, secrets: null, doneAt: now });

  switch (answer.kind) {
    case 'accepted':
      return delivered();
    case 'terminal':
      if (state.inDoubt) return delivered();
      return undeliverable('HCP Terraform had closed the task result already (409): the run was canceled, or its time was over');
    case 'unauthorized':
      return undeliverable('HCP Terraform refused the access token (401): it has ended, or the run was canceled');
    case 'not-found':
      return undeliverable('HCP Terraform does not know the callback URL (404): the run is gone');
    case 'invalid':
      if (state.bare) return undeliverable(`HCP Terraform refused the result as invalid: ${answer.detail}`);
      // Better the verdict without its details than no verdict.
      return scheduled({ ...task, state: { ...state, open: false, bare: true, notBefore: now, problem: answer.detail } });
    case 'retry': {
      if (now >= task.deliverUntil)
        return undeliverable(`HCP Terraform could not be reached until its access token ended: ${answer.detail}`);
      const wait = Math.max(answer.retryAfterMs ?? 0, backoffMs(attempt, 1000, 30_000, random));
      // The last try comes when the token is about to die, however long HCP asked us to wait.
      const notBefore = Math.min(now + wait, Math.max(task.deliverUntil - 1000, now + 1000));
      return scheduled({ ...task, state: { ...state, open: false, inDoubt: true, notBefore, problem: answer.detail } });
    }
  }
}
