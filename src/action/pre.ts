// Before the first step of the job: claim the run task, so that HCP Terraform shows the workflow's link within seconds, and mask
// what must not be printed. Nothing here can fail the job: main does the same again where this did not work.
import { randomBytes } from 'node:crypto';
import { describeThrown } from '../base/fault.ts';
import { readPayload } from './event.ts';
import { readInputs } from './inputs.ts';
import { readJob } from './job.ts';
import { explain, openSession, relayDeps, type OpenRequest, type World } from './open-session.ts';
import { claimQuietly } from './relay-session.ts';

/** 128 random bits for this `uses:` step: pre, main and post of one step show the relay that they belong together. */
export const newUse = (): string => randomBytes(16).toString('base64url');

/** A relay that restarts is back in seconds; main has more patience. */
const PATIENCE_MS = 30_000;

export async function runPre(world: World): Promise<void> {
  const { runner } = world;
  const use = newUse();
  runner.saveState('use', use);
  try {
    const said = await begin(use, world);
    runner.info(said);
  } catch (thrown) {
    runner.warning(`The run task could not be claimed yet: ${describeThrown(thrown)}. The main step tries again.`);
  }
}

async function begin(use: string, world: World): Promise<string> {
  const { transport, problems } = readInputs(world.env);
  const job = readJob(world.env);
  if (transport?.kind === 'sealed') world.runner.mask(transport.sealKey);
  if (transport === null || !job.ok) return `Not claimed: ${[...problems, ...(job.ok ? [] : [job.error])].join('; ')}`;
  const payload = await readPayload(job.value);
  if (!payload.ok) return `Not claimed: ${payload.error}`;

  const request: OpenRequest = {
    transport,
    payload: payload.value,
    use,
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
