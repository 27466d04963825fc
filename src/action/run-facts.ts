// With the input hcp-token: the facts of a run that no run task carries, and what became of it. Without it, or when HCP Terraform does
// not say, they stay unknown, and a check that needs one says so itself.
import type { RunFacts } from '../contracts/run-facts.ts';
import type { Result } from '../base/result.ts';
import { fetchApplyStatus, fetchProjectName, fetchRunDetails, fetchWorkspace, readRunUrl, type RunProblem } from '../hcp/run.ts';
import type { RunState } from '../report/model.ts';
import type { Inputs } from './inputs.ts';
import type { World } from './open-session.ts';

const WAITS_MS = [1_000, 3_000] as const;

/** Never throws: what could not be learned is a warning. */
export async function completeRunFacts(run: RunFacts, inputs: Inputs, world: World): Promise<RunFacts> {
  const asked = whomToAsk(run, inputs, world);
  if (asked === null) return run;
  const { origin, token } = asked;
  const details = await ask(
    'whether this run destroys everything',
    () => fetchRunDetails({ origin, runId: run.run_id }, token, world),
    world,
  );
  const words = 'the project of this workspace';
  const workspace = await ask(words, () => fetchWorkspace(origin, run.workspace_id, token, world), world);
  const project = workspace === null ? null : await ask(words, () => fetchProjectName(origin, workspace, token, world), world);
  return { ...run, destroy: details?.destroy ?? null, project };
}

/** By the run's own status, and by the apply's: while tasks are at work after it, the run's says no more than that. */
const ENDS: ReadonlyMap<string, RunState['kind']> = new Map([
  ['applied', 'applied'],
  ['finished', 'applied'],
  ['errored', 'errored'],
  ['discarded', 'discarded'],
  ['canceled', 'canceled'],
]);

/** A run task after the apply is not told how it ended. Never throws. @returns null: this is not after the apply */
export async function readRunState(run: RunFacts, inputs: Inputs, world: World): Promise<RunState | null> {
  if (run.stage !== 'post_apply') return null;
  return { kind: (await askHowItEnded(run, inputs, world)) ?? 'finished', at: new Date(world.clock.now()).toISOString() };
}

async function askHowItEnded(run: RunFacts, inputs: Inputs, world: World): Promise<RunState['kind'] | undefined> {
  const asked = whomToAsk(run, inputs, world);
  if (asked === null) return undefined;
  const { origin, token } = asked;
  const words = 'how the apply ended';
  const details = await ask(words, () => fetchRunDetails({ origin, runId: run.run_id }, token, world), world);
  if (details === null) return undefined;
  const { status, applyId } = details;
  if (ENDS.has(status) || applyId === null) return ENDS.get(status);
  return ENDS.get((await ask(words, () => fetchApplyStatus(origin, applyId, token, world), world)) ?? '');
}

/** @returns null: there is no token, or this run's HCP Terraform may not have it */
function whomToAsk(run: RunFacts, { hcpToken, hcpHosts }: Inputs, { runner }: World): { origin: string; token: string } | null {
  if (hcpToken === null) return null;
  const address = readRunUrl(run.run_url);
  if (!address.ok) {
    runner.warning("input hcp-token: not used, because HCP Terraform did not name the run's page");
    return null;
  }
  const { origin, host } = address.value;
  // The address comes with the run task: the workflow alone says who may have the token.
  if (hcpHosts.includes(host)) return { origin, token: hcpToken };
  runner.warning(`input hcp-token: not sent to ${host}, which is not among hcp-hosts (${hcpHosts.join(', ')}). Add it there`);
  return null;
}

async function ask<T>(what: string, fetch: () => Promise<Result<T, RunProblem>>, { runner, clock }: World): Promise<T | null> {
  for (let attempt = 0; ; attempt++) {
    const answer = await fetch();
    if (answer.ok) return answer.value;
    const wait = WAITS_MS[attempt];
    if (!answer.error.retryable || wait === undefined) {
      runner.warning(`input hcp-token: ${what} is not known: ${answer.error.detail}.`);
      return null;
    }
    await clock.sleep(wait);
  }
}
