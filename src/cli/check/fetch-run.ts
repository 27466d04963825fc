// `runtask check --run URL`: the run as HCP Terraform has it, by the user's own token: facts, plan and configuration.
import { join } from 'node:path';
import { saveDownload } from '../../action/save-download.ts';
import { extractArchive } from '../../archive/extract-archive.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { RunFacts } from '../../contracts/run-facts.ts';
import type { HcpDeps } from '../../hcp/request.ts';
import {
  fetchProjectName,
  fetchRunDetails,
  fetchWorkspace,
  openRunConfiguration,
  openRunPlan,
  readRunUrl,
  type RunAddress,
  type RunDetails,
} from '../../hcp/run.ts';
import { localRun } from '../render.ts';
import { findHcpToken } from './hcp-token.ts';

export interface FetchedRun {
  readonly facts: RunFacts;
  readonly planPath: string | null;
  readonly configurationDir: string | null;
  /** What could not be had, and is not needed by every check. */
  readonly warnings: readonly string[];
}

export interface FetchRunDeps extends HcpDeps {
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  /** Private, and removed by the caller: the plan holds its sensitive values in clear. */
  readonly folder: string;
}

/** @returns a sentence when the run or its plan cannot be had */
export async function fetchRun(url: string, deps: FetchRunDeps): Promise<Result<FetchedRun, string>> {
  const address = readRunUrl(url);
  if (!address.ok) return address;
  const token = await findHcpToken(address.value.host, deps.env, deps.home);
  if (!token.ok) return token;
  const details = await fetchRunDetails(address.value, token.value, deps);
  if (!details.ok) return err(details.error.detail);

  const { origin } = address.value;
  const warnings: string[] = [];
  const workspace = await fetchWorkspace(origin, details.value.workspaceId, token.value, deps);
  const project = workspace.ok ? await fetchProjectName(origin, workspace.value, token.value, deps) : workspace;
  if (!project.ok) warnings.push(project.error.detail);
  const planPath = join(deps.folder, 'plan.json');
  const plan = await openRunPlan(address.value, token.value, deps);
  if (plan.kind === 'unavailable') return err(plan.detail);
  const saved = await saveDownload(plan.body, planPath);
  if (!saved.ok) return err(`the plan broke off on its way: ${saved.error}`);
  const configuration = await fetchConfiguration(origin, details.value, token.value, deps);
  if (!configuration.ok) warnings.push(configuration.error);
  const facts = toFacts(address.value, details.value, {
    url,
    project: project.ok ? project.value : null,
    workingDirectory: workspace.ok ? workspace.value.workingDirectory : '',
    hasConfiguration: configuration.ok,
  });
  return ok({ facts, planPath, configurationDir: configuration.ok ? configuration.value : null, warnings });
}

async function fetchConfiguration(origin: string, details: RunDetails, token: string, deps: FetchRunDeps): Promise<Result<string, string>> {
  const id = details.configurationVersionId;
  if (id === null) return err('the run has no configuration');
  const opened = await openRunConfiguration(origin, id, token, deps);
  if (opened.kind === 'unavailable') return err(`without the configuration: ${opened.detail}`);
  const archive = join(deps.folder, 'configuration.tar.gz');
  const saved = await saveDownload(opened.body, archive);
  if (!saved.ok) return err(`without the configuration: it broke off on its way: ${saved.error}`);
  const folder = join(deps.folder, 'configuration');
  const extracted = await extractArchive(archive, folder);
  return extracted.ok ? ok(folder) : err(`without the configuration: it was not unpacked: ${extracted.error}`);
}

interface Rest {
  readonly url: string;
  readonly project: string | null;
  readonly workingDirectory: string;
  readonly hasConfiguration: boolean;
}

function toFacts({ organization, workspace, runId }: RunAddress, details: RunDetails, rest: Rest): RunFacts {
  return {
    ...localRun(workspace),
    organization,
    workspace_id: details.workspaceId,
    workspace_working_directory: rest.workingDirectory,
    run_id: runId,
    run_url: rest.url,
    run_created_at: details.createdAt ?? '',
    run_message: details.message,
    speculative: details.speculative,
    project: rest.project,
    destroy: details.destroy,
    configuration_version_id: details.configurationVersionId,
    has_configuration: rest.hasConfiguration,
  };
}
