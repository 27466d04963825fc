// A job that claimed has gone silent. Before it is declared lost GitHub is asked, when the relay may: a network that is down
// between runner and relay is not a lost runner. life/numbers.ts says how long GitHub's word counts.
import { splitName } from '../../github/repository.ts';
import { fetchRun } from '../../github/workflow-runs.ts';
import type { RelayContext } from '../context.ts';
import type { Lease, Task } from '../life/task.ts';
import { decide, extendSilence } from '../life/transitions.ts';
import { logFields } from '../task-log.ts';

export async function checkLease(task: Task, relay: RelayContext): Promise<void> {
  const { claim, binding } = task;
  if (claim === null || binding === null) return;
  const repository = { ...splitName(binding.repository), id: binding.repositoryId };
  const run = await fetchRun(relay.identity, repository, Number(claim.runId), relay.github());
  const now = relay.clock.now();
  const ended = run.ok && run.value.status === 'completed' ? (run.value.conclusion ?? 'no conclusion') : null;
  // Not allowed to ask: nothing speaks for the job. GitHub in trouble: it may still be there.
  const mayLive = run.ok ? ended === null : run.error.reason === 'unavailable' || run.error.reason === 'rate-limited';
  relay.log.warn('claim is silent', {
    ...logFields(task),
    github: run.ok ? `${run.value.status}${ended === null ? '' : ` (${ended})`}` : run.error.reason,
  });

  await relay.change(task.id, (row) => {
    if (row.state.name !== 'claimed' || row.claim?.number !== claim.number || row.claim.lease.until !== claim.lease.until)
      return { answer: undefined };
    const waited = mayLive ? extendSilence(row, claim.number, now) : 'lost';
    if (waited === null) return { answer: undefined };
    if (waited !== 'lost') return { task: waited, answer: undefined };
    const message = whyLost(ended, row.claim.lease);
    const next = decide(row, { status: 'failed', by: 'lease', message }, now);
    return next === null ? { answer: undefined } : { task: next, answer: undefined };
  });
}

function whyLost(ended: string | null, { kind }: Lease): string {
  if (ended !== null) return `The workflow run ended (${ended}) without a verdict: it was canceled, killed or cut off. Its log says more.`;
  if (kind === 'quiet')
    return (
      'Other steps of the workflow, before the run task step or between `phase: begin` and `phase: finish`, took longer than a run task ' +
      'waits for them (15 minutes at most), or the runner was lost. Make them faster; its link shows how far it came.'
    );
  return 'The workflow job claimed this run task and then went silent: its runner was lost, or cannot reach the relay. Run it again; its link shows how far it came.';
}
