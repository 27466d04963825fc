// After the last step: make sure that something final was said. Runs also when an earlier step failed, when `if:` skipped ours,
// and after a cancel (GitHub gives five minutes). Then remove what must not stay.
import { rm } from 'node:fs/promises';
import { describeThrown } from '../base/fault.ts';
import { readPayload } from './event.ts';
import { readInputs } from './inputs.ts';
import { readJob, workFolder, type Job } from './job.ts';
import { openSession, type World } from './open-session.ts';

const PATIENCE_MS = 90_000;

export async function runPost(world: World): Promise<void> {
  const { runner } = world;
  const use = runner.state('use');
  const job = readJob(world.env);
  if (!job.ok || use === '') return;
  try {
    if (runner.state('main') !== 'finished') await sayTheLastWord(use, job.value, world);
  } catch (thrown) {
    runner.fail(
      `HCP Terraform could not be told that this job gave no verdict: ${describeThrown(thrown)}. In a relay session the relay decides by itself when the claim runs out.`,
    );
  } finally {
    await rm(workFolder(job.value, use), { recursive: true, force: true });
  }
}

async function sayTheLastWord(use: string, job: Job, world: World): Promise<void> {
  const { runner } = world;
  const { transport } = readInputs(world.env);
  const payload = await readPayload(job);
  // Neither could have changed since main, which has said so; there is nobody to tell.
  if (transport === null || !payload.ok) return;
  const opened = await openSession(
    { transport, payload: payload.value, use, process: 'post', job, patienceMs: PATIENCE_MS, onVerdict: () => {} },
    world,
  );
  if (!opened.ok) throw new Error(opened.error);
  const session = opened.value;
  try {
    if (session.finished !== null) {
      runner.info(`Verdict on record: ${session.finished.verdict.status}. ${session.finished.verdict.message}`);
      return;
    }
    const message = reason(runner.state('main') === 'started');
    const finished = await session.finish({ status: 'failed', message, url: job.url, outcomes: [] });
    runner.output('result', finished.verdict.status);
    runner.fail(`Verdict on record: ${finished.verdict.status}. ${finished.verdict.message}`);
  } finally {
    await session.close();
  }
}

function reason(mainStarted: boolean): string {
  return mainStarted
    ? 'The job ended before the checks did: it was canceled, ran into its time limit or out of memory, or was killed. The workflow run has the log.'
    : 'The checks never ran: an earlier step of the job failed, or an `if:` skipped the run task step. The workflow run has the log.';
}
