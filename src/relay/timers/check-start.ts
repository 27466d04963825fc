// Five minutes after GitHub took the event no job has claimed: is one waiting for a runner, or did nothing ever listen? GitHub's
// 204 does not say, so the relay asks.
import { splitName } from '../../github/repository.ts';
import { fetchDispatchedRuns, type WorkflowRun } from '../../github/workflow-runs.ts';
import type { RelayContext } from '../context.ts';
import { START_CHECK_EVERY } from '../life/numbers.ts';
import type { Task } from '../life/task.ts';
import { decide, startSeen } from '../life/transitions.ts';
import { logFields } from '../task-log.ts';

/** Our clock and GitHub's may differ, and the run is made a little before or after the 204. */
const CLOCK_DIFFERENCE_MS = 60_000;
const ASK_AGAIN_MS = 30_000;

export async function checkStart(task: Task, relay: RelayContext): Promise<void> {
  const { state, binding, route } = task;
  if (state.name !== 'dispatched' || binding === null || route === null) return;
  const repository = { ...splitName(binding.repository), id: binding.repositoryId };
  const since = state.at - CLOCK_DIFFERENCE_MS;
  const runs = await fetchDispatchedRuns(relay.identity, repository, { workflow: binding.workflow, since }, relay.github());
  const now = relay.clock.now();

  if (!runs.ok && (runs.error.reason === 'unavailable' || runs.error.reason === 'rate-limited')) {
    const ms = runs.error.reason === 'rate-limited' ? Math.max(runs.error.retryAfterMs, ASK_AGAIN_MS) : ASK_AGAIN_MS;
    relay.log.warn('GitHub not asked about the start', { ...logFields(task), detail: runs.error.detail });
    return change((row) => startSeen(row, state.seen, now + ms, now));
  }
  // One event is one run: who has claimed another task is not ours.
  const candidates = runs.ok ? runs.value.filter(({ id }) => !relay.claimedRuns.has(String(id))) : [];
  const open = openRun(candidates, task);
  if (open !== null) {
    relay.log.info('workflow run waits', { ...logFields(task), url: open.url, status: open.status });
    return change((row) => startSeen(row, { url: open.url, status: open.status }, now + START_CHECK_EVERY, now));
  }
  const message = whyNotStarted(task, candidates);
  const ended = onlyEnded(candidates);
  await change((row) =>
    decide(row, { status: 'failed', by: 'never-started', message, ...(ended === null ? {} : { url: ended.url }) }, now),
  );

  async function change(transition: (row: Task) => Task | null): Promise<void> {
    await relay.change(task.id, (row) => {
      // Claimed meanwhile, or decided: what GitHub said does not matter any more.
      const next = row.state.name === 'dispatched' ? transition(row) : null;
      return next === null ? { answer: undefined } : { task: next, answer: undefined };
    });
  }
}

/** The run that shows this task's names in its title, else any that is not completed: a wrong one costs only patience. */
function openRun(runs: readonly WorkflowRun[], task: Task): WorkflowRun | null {
  const open = runs.filter(({ status }) => status !== 'completed');
  const named = open.find(
    ({ title }) => title.includes(task.id) || (typeof task.label?.workspace === 'string' && title.includes(task.label.workspace)),
  );
  return named ?? open[0] ?? null;
}

/** Several ended runs may belong to other tasks; one alone is worth a link. */
const onlyEnded = (runs: readonly WorkflowRun[]): WorkflowRun | null => (runs.length === 1 ? (runs[0] ?? null) : null);

const neverStarted = (task: Task): string =>
  `No workflow job claimed this run task, though GitHub accepted the event in ${task.binding?.repository ?? ''}.`;

const reasons = (task: Task): string =>
  `Likely: .github/workflows/${task.route?.workflow ?? ''} is not on the default branch, its repository_dispatch types lack "${task.route?.eventType ?? ''}", Actions are disabled, or the job does not use this action.`;

function whyNotStarted(task: Task, runs: readonly WorkflowRun[]): string {
  if (task.refusedClaim !== null) return `No workflow job could claim this run task: ${task.refusedClaim}.`;
  const ended = onlyEnded(runs);
  if (ended === null) return `${neverStarted(task)} ${reasons(task)}`;
  return `The workflow run ended (${ended.conclusion ?? 'no conclusion'}) without claiming this run task. Its log says why; the job needs \`permissions: id-token: write\` and this action.`;
}
