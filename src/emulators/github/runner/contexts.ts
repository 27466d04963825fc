// The contexts of a job as expressions see them, and the environment that its processes get. Source: docs.github.com, "Contexts"
// and "Variables", read 2026-11-22. Pure.
import { delimiter, dirname, join } from 'node:path';
import type { JobRecord, Permissions, WorkflowRun } from '../model.ts';
import type { Contexts, JobStatus } from './expressions.ts';
import type { Job, Workflow } from './workflow-file.ts';

/** What is fixed when a job starts. */
export interface JobPlan {
  readonly run: WorkflowRun;
  readonly record: JobRecord;
  readonly key: string;
  readonly job: Job;
  readonly workflow: Workflow;
  readonly permissions: { readonly token: Permissions; readonly idToken: boolean };
  readonly environment: string | null;
  readonly secrets: ReadonlyMap<string, string>;
  readonly variables: ReadonlyMap<string, string>;
  /** `needs.<job>`: result and outputs. */
  readonly needs: Readonly<Record<string, { readonly result: string; readonly outputs: Readonly<Record<string, string>> }>>;
  /** GITHUB_TOKEN. */
  readonly token: string;
  /** null without `id-token: write`. */
  readonly idTokenRequest: { readonly url: string; readonly token: string } | null;
}

export interface JobFolders {
  readonly root: string;
  readonly workspace: string;
  readonly temp: string;
  readonly home: string;
  readonly eventPath: string;
}

/** What steps change while the job runs. */
export interface JobVariables {
  status: JobStatus;
  /** From GITHUB_ENV. */
  readonly env: Map<string, string>;
  /** From GITHUB_PATH, the latest first. */
  readonly paths: string[];
  readonly steps: Map<string, { readonly outputs: Record<string, string>; outcome: string | null; conclusion: string | null }>;
}

export function githubContext(plan: JobPlan, folders: JobFolders, url: string, action: string): Readonly<Record<string, unknown>> {
  const { run } = plan;
  const { repository } = run;
  const ref = `refs/heads/${run.headBranch}`;
  return {
    action,
    actor: run.actor.login,
    actor_id: String(run.actor.id),
    api_url: `${url}/api/v3`,
    base_ref: '',
    event: run.payload,
    event_name: run.event,
    event_path: folders.eventPath,
    graphql_url: `${url}/api/graphql`,
    head_ref: '',
    job: plan.key,
    ref,
    ref_name: run.headBranch,
    ref_protected: false,
    ref_type: 'branch',
    repository: repository.fullName,
    repository_id: String(repository.id),
    repository_owner: repository.owner,
    repository_owner_id: String(repository.ownerId),
    run_attempt: String(run.attempt),
    run_id: String(run.id),
    run_number: String(run.runNumber),
    server_url: url,
    sha: run.headSha,
    token: plan.token,
    triggering_actor: run.actor.login,
    workflow: run.name,
    workflow_ref: `${repository.fullName}/${run.workflowPath}@${ref}`,
    workflow_sha: run.headSha,
    workspace: folders.workspace,
  };
}

export function contextsOf(
  plan: JobPlan,
  folders: JobFolders,
  url: string,
  variables: JobVariables,
  env: Readonly<Record<string, string>>,
  action: string,
): Contexts {
  return {
    github: githubContext(plan, folders, url, action),
    env,
    vars: Object.fromEntries(plan.variables),
    secrets: { ...Object.fromEntries(plan.secrets), GITHUB_TOKEN: plan.token },
    job: { status: variables.status, check_run_id: plan.record.checkRunId },
    runner: { os: 'Linux', arch: 'X64', name: 'emulated', temp: folders.temp, environment: 'github-hosted' },
    steps: Object.fromEntries(variables.steps),
    needs: plan.needs,
    strategy: { 'fail-fast': true, 'job-index': 0, 'job-total': 1, 'max-parallel': 1 },
  };
}

// These of the github context have no GITHUB_ variable; GITHUB_TOKEN above all.
const WITHOUT_VARIABLE = new Set(['event', 'token']);

/** GITHUB_*, RUNNER_*, CI and the little that a process of ours needs from the machine. */
export function processEnvironment(
  plan: JobPlan,
  folders: JobFolders,
  variables: JobVariables,
  machine: { readonly url: string; readonly nodePath: string; readonly path: string | null; readonly action: string },
): Record<string, string> {
  const github = Object.entries(githubContext(plan, folders, machine.url, machine.action)).filter(([name]) => !WITHOUT_VARIABLE.has(name));
  const system =
    machine.path ??
    [dirname(machine.nodePath), '/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(delimiter);
  return {
    PATH: [...variables.paths, system].join(delimiter),
    HOME: folders.home,
    LANG: 'C.UTF-8',
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    ...Object.fromEntries(github.map(([name, value]) => [`GITHUB_${name.toUpperCase()}`, String(value)])),
    RUNNER_ARCH: 'X64',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_NAME: 'emulated',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: folders.temp,
    RUNNER_TOOL_CACHE: join(folders.root, '_tool'),
    RUNNER_WORKSPACE: dirname(folders.workspace),
    // Scripts get it too, not only actions: every step of such a job can mint a token.
    ...(plan.idTokenRequest === null
      ? {}
      : { ACTIONS_ID_TOKEN_REQUEST_URL: plan.idTokenRequest.url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: plan.idTokenRequest.token }),
  };
}
