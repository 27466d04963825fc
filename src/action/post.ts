// After the last step: make sure that something final was said. Runs also when an earlier step failed, when `if:` skipped ours,
// and after a cancel (GitHub gives five minutes). Then remove what must not stay. With two phases the post of `finish` comes first.
import { rm } from 'node:fs/promises';
import { describeThrown } from '../base/fault.ts';
import { readPayload } from './event.ts';
import { readInputs } from './inputs.ts';
import { readJob, workFolder } from './job.ts';
import { jobFolder, leave, readUses } from './job-folder.ts';
import { stopKeepAlive } from './keep-alive.ts';
import { openSession, type OpenRequest, type World } from './open-session.ts';
import { lastWord, type MainState } from './phases.ts';

const PATIENCE_MS = 90_000;

export async function runPost(world: World): Promise<void> {
  const { runner } = world;
  const use = runner.state('use');
  const job = readJob(world.env);
  if (!job.ok || use === '') return;
  const { transport, inputs } = readInputs(world.env);
  const payload = await readPayload(job.value);
  const folder = payload.ok ? jobFolder(job.value, payload.value.id) : null;
  try {
    if (folder !== null) await stopKeepAlive(folder);
    // Neither could have changed since main, which has said so; there is nobody to tell.
    if (transport !== null && payload.ok && runner.state('main') !== 'finished')
      await sayTheLastWord({ transport, payload: payload.value, use, phase: inputs.phase, job: job.value }, world);
  } catch (thrown) {
    runner.fail(
      `HCP Terraform could not be told that this job gave no verdict: ${describeThrown(thrown)}. In a relay session the relay decides by itself when the claim runs out.`,
    );
  } finally {
    await rm(workFolder(job.value, use), { recursive: true, force: true });
    if (folder !== null) await leave(folder, inputs.phase);
  }
}

type Task = Pick<OpenRequest, 'transport' | 'payload' | 'use' | 'phase' | 'job'>;

async function sayTheLastWord(task: Task, world: World): Promise<void> {
  const { runner } = world;
  const { job, payload, phase } = task;
  const opened = await openSession({ ...task, process: 'post', patienceMs: PATIENCE_MS, onVerdict: () => {} }, world);
  if (!opened.ok) throw new Error(opened.error);
  const session = opened.value;
  try {
    if (session.finished !== null) {
      runner.info(`Verdict on record: ${session.finished.verdict.status}. ${session.finished.verdict.message}`);
      return;
    }
    const message = lastWord(phase, runner.state('main') as MainState, await readUses(jobFolder(job, payload.id)));
    const finished = await session.finish({ status: 'failed', message, url: job.url, outcomes: [] });
    runner.output('result', finished.verdict.status);
    runner.fail(`Verdict on record: ${finished.verdict.status}. ${finished.verdict.message}`);
  } finally {
    await session.close();
  }
}
