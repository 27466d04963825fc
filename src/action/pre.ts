// Before the first step of the job: claim the run task, so that HCP Terraform shows the workflow's link within seconds, and mask
// what must not be printed. Nothing here can fail the job: main does the same again where this did not work.
import { randomBytes } from 'node:crypto';
import { describeThrown } from '../base/fault.ts';
import { readPayload } from './event.ts';
import { readInputs } from './inputs.ts';
import { readJob } from './job.ts';
import { enter, jobFolder } from './job-folder.ts';
import { explain, openSession, relayDeps, type OpenRequest, type World } from './open-session.ts';
import { claimQuietly } from './relay-session.ts';
import type { Runner } from './runner.ts';

/** 128 random bits for this `uses:` step: pre, main and post of one step show the relay that they belong together. */
export const newUse = (): string => randomBytes(16).toString('base64url');

/** When the job began, as its first step saw it; null where pre never runs (`uses: ./`). Milliseconds since the epoch. */
export const jobStartedAt = (runner: Runner): number | null => Number(runner.state('started-at')) || null;

/** A relay that restarts is back in seconds; main has more patience. */
const PATIENCE_MS = 30_000;

export async function runPre(world: World): Promise<void> {
  const { runner } = world;
  const use = newUse();
  runner.saveState('use', use);
  runner.saveState('started-at', String(world.clock.now()));
  try {
    const said = await begin(use, world);
    runner.info(said);
  } catch (thrown) {
    runner.warning(`The run task could not be claimed yet: ${describeThrown(thrown)}. The main step tries again.`);
  }
}

async function begin(use: string, world: World): Promise<string> {
  const { transport, planFile, inputs, problems } = readInputs(world.env);
  if (planFile !== null) return 'No run task: this step judges a plan of its own job.';
  const job = readJob(world.env);
  if (transport?.kind === 'sealed') world.runner.mask(transport.sealKey);
  if (inputs.hcpToken !== null) world.runner.mask(inputs.hcpToken);
  if (transport === null || !job.ok) return `Not claimed: ${[...problems, ...(job.ok ? [] : [job.error])].join('; ')}`;
  const payload = await readPayload(job.value);
  if (!payload.ok) return `Not claimed: ${payload.error}`;
  await enter(jobFolder(job.value, payload.value.id), { use, phase: inputs.phase });

  const request: OpenRequest = {
    transport,
    payload: payload.value,
    use,
    phase: inputs.phase,
    process: 'pre',
    job: job.value,
    patienceMs: PATIENCE_MS,
    onVerdict: () => {},
  };
  if (transport.kind === 'relay' && 'ticket' in payload.value) {
    const claimed = await claimQuietly(relayDeps(request, transport.relayUrl, world));
    if (!claimed.ok) throw new Error(explain(claimed.error, transport.relayUrl));
    return claimed.value.verdict === null ? 'Run task claimed.' : `There is a verdict on record already: ${claimed.value.verdict.message}`;
  }
  const opened = await openSession(request, world);
  if (!opened.ok) throw new Error(opened.error);
  await opened.value.progress('The workflow has started.');
  await opened.value.close();
  return 'Run task opened.';
}
