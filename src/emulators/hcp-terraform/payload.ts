// The bodies that HCP Terraform posts to a run task: a stage of a run, and the registration test. Pure.
//
// Source: HashiCorp, "Run tasks integration", payload table (2025-11-19); a registration test captured in 2024-03; a post
// captured in 2021 (beta). No behaviour is shared with the reader of these in contracts/.
import type { EnforcementLevel, Stage } from '../../contracts/run-facts.ts';
import type { RunVcs } from './types.ts';

export interface PayloadFacts {
  readonly origin: string;
  readonly stage: Stage;
  readonly accessToken: string;
  readonly callbackUrl: string;
  readonly taskResultId: string;
  readonly enforcementLevel: EnforcementLevel;
  readonly organization: string;
  readonly workspace: { readonly id: string; readonly name: string; readonly workingDirectory: string };
  readonly run: {
    readonly id: string;
    readonly createdAt: number;
    readonly createdBy: string | null;
    readonly message: string;
    readonly speculative: boolean;
    readonly planId: string;
    readonly configurationVersionId: string;
    readonly hasConfiguration: boolean;
    /** null: a run without VCS. */
    readonly vcs: Required<RunVcs> | null;
  };
}

export function toPayload(facts: PayloadFacts): Record<string, unknown> {
  const { origin, run, workspace } = facts;
  const workspaceUrl = `${origin}/app/${facts.organization}/${workspace.name}`;
  return {
    payload_version: 1,
    stage: facts.stage,
    access_token: facts.accessToken,
    capabilities: { outcomes: true },
    configuration_version_download_url: run.hasConfiguration
      ? `${origin}/api/v2/configuration-versions/${run.configurationVersionId}/download`
      : null,
    configuration_version_id: run.configurationVersionId,
    is_speculative: run.speculative,
    organization_name: facts.organization,
    // Absent, not null, before there is a plan.
    ...(facts.stage === 'pre_plan' ? {} : { plan_json_api_url: `${origin}/api/v2/plans/${run.planId}/json-output` }),
    run_app_url: `${workspaceUrl}/runs/${run.id}`,
    run_created_at: new Date(run.createdAt).toISOString(),
    run_created_by: run.createdBy,
    run_id: run.id,
    run_message: run.message,
    task_result_callback_url: facts.callbackUrl,
    task_result_enforcement_level: facts.enforcementLevel,
    task_result_id: facts.taskResultId,
    vcs_branch: run.vcs?.branch ?? null,
    vcs_commit_hash: run.vcs?.commitHash ?? null,
    vcs_commit_url: run.vcs?.commitUrl ?? null,
    vcs_pull_request_url: run.vcs?.pullRequestUrl ?? null,
    vcs_repo_url: run.vcs?.repositoryUrl ?? null,
    workspace_app_url: workspaceUrl,
    workspace_id: workspace.id,
    workspace_name: workspace.name,
    workspace_working_directory: workspace.workingDirectory,
  };
}

/** The same run as HCP posted it in 2021: version as text, no stage, no capabilities, `.git` and `/-/commit/` in the VCS URLs. */
export function toBetaPayload(facts: PayloadFacts): Record<string, unknown> {
  const payload = toPayload({ ...facts, stage: 'post_plan' });
  const { vcs } = facts.run;
  const repository = vcs?.repositoryUrl?.replace(/\.git$/, '') ?? null;
  for (const key of [
    'stage',
    'capabilities',
    'is_speculative',
    'configuration_version_id',
    'configuration_version_download_url',
    'workspace_working_directory',
    'vcs_commit_hash',
  ])
    delete payload[key];
  return {
    ...payload,
    payload_version: '1',
    vcs_repo_url: repository === null ? '' : `${repository}.git`,
    vcs_branch: vcs?.branch ?? '',
    vcs_pull_request_url: vcs?.pullRequestUrl ?? '',
    vcs_commit_url: repository === null || !vcs?.commitHash ? '' : `${repository}/-/commit/${vcs.commitHash}`,
  };
}

/** Its ids are all x and its organization is `test-org`, whatever organization the task is made in. */
export function toRegistrationPayload(origin: string): Record<string, unknown> {
  const x = 'x'.repeat(16);
  const workspaceUrl = `${origin}/app/test-org/test-workspace`;
  return {
    payload_version: 1,
    access_token: 'test-token',
    stage: 'test',
    is_speculative: false,
    task_result_id: `taskrs-${x}`,
    task_result_enforcement_level: 'test',
    task_result_callback_url: `${origin}/api/v2/task-results/xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx/callback`,
    run_app_url: `${workspaceUrl}/runs/run-${x}`,
    run_id: `run-${x}`,
    run_message: 'Test run message',
    run_created_at: '2021-01-01T00:00:00.000Z',
    run_created_by: 'test-user',
    workspace_id: `ws-${x}`,
    workspace_name: 'test-workspace',
    workspace_app_url: workspaceUrl,
    organization_name: 'test-org',
    vcs_repo_url: null,
    vcs_branch: null,
    vcs_pull_request_url: null,
    vcs_commit_url: null,
    configuration_version_id: `cv-${x}`,
    configuration_version_download_url: `${origin}/api/v2/configuration-versions/cv-${x}/download`,
    workspace_working_directory: '',
    plan_json_api_url: `${origin}/api/v2/runs/plan-${x}/plan/json-output`,
    capabilities: { outcomes: true },
  };
}
