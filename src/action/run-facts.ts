// With the input hcp-token: the facts of a run that no run task carries. Without it, or when HCP Terraform does not say, they stay
// unknown, and a check that needs one says so itself.
import type { RunFacts } from '../contracts/run-facts.ts';
import type { Result } from '../base/result.ts';
import { fetchProjectName, fetchRunDetails, fetchWorkspace, readRunUrl, type RunProblem } from '../hcp/run.ts';
import type { Inputs } from './inputs.ts';
import type { World } from './open-session.ts';

const WAITS_MS = [1_000, 3_000] as const;

/** Never throws: what could not be learned is a warning. */
export async function completeRunFacts(run: RunFacts, { hcpToken, hcpHosts }: Inputs, world: World): Promise<RunFacts> {
  if (hcpToken === null) return run;
  const { runner } = world;
  const address = readRunUrl(run.run_url);
  if (!address.ok) {
    runner.warning("input hcp-token: not used, because HCP Terraform did not name the run's page");
    return run;
  }
  const { origin, host } = address.value;
  // The address comes with the run task: the workflow alone says who may have the token.
  if (!hcpHosts.includes(host)) {
    runner.warning(`input hcp-token: not sent to ${host}, which is not among hcp-hosts (${hcpHosts.join(', ')}). Add it there`);
    return run;
  }
  const target = { origin, runId: run.run_id };
  const details = await ask('whether this run destroys everything', () => fetchRunDetails(target, hcpToken, world), world);
  const words = 'the project of this workspace';
  const workspace = await ask(words, () => fetchWorkspace(origin, run.workspace_id, hcpToken, world), world);
  const project = workspace === null ? null : await ask(words, () => fetchProjectName(origin, workspace, hcpToken, world), world);
  return { ...run, destroy: details?.destroy ?? null, project };
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
