// `running` to HCP Terraform: keeps it waiting, and tells the person who waits what happens, with a link as soon as there is one.
import type { TaskProgress } from '../../contracts/task-result.ts';
import { sendCallback } from '../../hcp/callback.ts';
import type { RelayContext } from '../context.ts';
import type { Task } from '../life/task.ts';
import { runningFailed, runningSent, shorten, superseded } from '../life/transitions.ts';
import { logFields } from '../task-log.ts';

export async function sendRunning(task: Task, relay: RelayContext): Promise<void> {
  if (task.secrets === null) return;
  const { callbackUrl, accessToken } = task.secrets;
  const answer = await sendCallback({ url: callbackUrl, accessToken }, toProgress(task), relay.hcp());
  const now = relay.clock.now();
  // How long the token lives is not published for certain; this shows an operator what his HCP really allows.
  relay.metrics.count('runtask_running_updates_total', {
    result: answer.kind,
    token_age: String(Math.floor((now - task.acceptedAt) / 60_000)),
  });
  if (answer.kind !== 'accepted')
    relay.log.warn('running update not taken', {
      ...logFields(task),
      answer: answer.kind,
      ...('detail' in answer ? { detail: answer.detail } : {}),
    });
  await relay.change(task.id, (row) => {
    const next =
      answer.kind === 'accepted'
        ? runningSent(row, task.running.edition, now)
        : answer.kind === 'terminal'
          ? superseded(row, now)
          : // 401 and 404 may pass (a deployment of HCP); only a verdict that meets them is given up.
            runningFailed(row, answer.kind === 'retry' ? answer.retryAfterMs : null, now);
    return next === null ? { answer: undefined } : { task: next, answer: undefined };
  });
}

export function toProgress(task: Task): TaskProgress {
  const { state, claim, route } = task;
  const url = claim?.runUrl ?? (state.name === 'dispatched' ? state.seen?.url : undefined);
  return { status: 'running', message: shorten(describe()), ...(url === undefined ? {} : { url }) };

  function describe(): string {
    switch (state.name) {
      case 'received':
      case 'dispatching':
        if (state.problem === null) return `Starting the workflow in ${route?.repository ?? 'GitHub'}`;
        return `Waiting to start the workflow in ${route?.repository ?? 'GitHub'}: ${state.problem.detail}`;
      case 'dispatched':
        if (state.seen === null) return `Waiting for a workflow job in ${route?.repository ?? 'GitHub'}`;
        return `Waiting for a runner: the workflow run in ${route?.repository ?? 'GitHub'} is ${state.seen.status}`;
      case 'claimed':
        return task.running.message ?? `A workflow job in ${route?.repository ?? 'GitHub'} is checking`;
      case 'decided':
      case 'delivered':
      case 'undeliverable':
      case 'handed-over':
        return 'Done';
    }
  }
}
