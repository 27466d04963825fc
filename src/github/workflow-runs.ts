// What GitHub knows about the workflow run of a run task: has one started, and does it still run? Needs actions:read, which an
// operator may not have given: then the answer is a refusal, and the caller decides without GitHub.
import type { Result } from '../base/result.ts';
import { createClient, type GithubDeps } from './client.ts';
import type { GithubIdentity, RepositoryName } from './identity.ts';
import { attempt, type GithubRefusal } from './refusal.ts';

export interface WorkflowRun {
  readonly id: number;
  readonly url: string;
  /** queued, in_progress, completed, waiting, requested, pending… */
  readonly status: string;
  /** Null until completed. */
  readonly conclusion: string | null;
  readonly title: string;
}

type RepositoryRef = RepositoryName & { readonly id: number };

/** Runs of one workflow file that a repository_dispatch started since a time, newest first (100 at most). */
export async function fetchDispatchedRuns(
  identity: GithubIdentity,
  repository: RepositoryRef,
  query: { readonly workflow: string; readonly since: number },
  deps: GithubDeps,
): Promise<Result<WorkflowRun[], GithubRefusal>> {
  const token = await identity.token('runs', repository, deps);
  if (!token.ok) return token;
  return attempt(async () => {
    const { data } = await createClient(identity.apiUrl, token.value, deps).rest.actions.listWorkflowRunsForRepo({
      owner: repository.owner,
      repo: repository.name,
      event: 'repository_dispatch',
      created: `>=${new Date(query.since).toISOString().replace(/\.\d+Z$/, 'Z')}`,
      per_page: 100,
    });
    const path = `.github/workflows/${query.workflow}`;
    // `path` may carry the ref: ".github/workflows/x.yml@main".
    return data.workflow_runs.filter((run) => run.path.split('@')[0] === path).map(toRun);
  }, deps.now);
}

/** One run by its id. */
export async function fetchRun(
  identity: GithubIdentity,
  repository: RepositoryRef,
  runId: number,
  deps: GithubDeps,
): Promise<Result<WorkflowRun, GithubRefusal>> {
  const token = await identity.token('runs', repository, deps);
  if (!token.ok) return token;
  return attempt(async () => {
    const client = createClient(identity.apiUrl, token.value, deps);
    return toRun((await client.rest.actions.getWorkflowRun({ owner: repository.owner, repo: repository.name, run_id: runId })).data);
  }, deps.now);
}

function toRun(run: {
  id: number;
  html_url: string;
  status: string | null;
  conclusion: string | null;
  display_title: string;
}): WorkflowRun {
  return { id: run.id, url: run.html_url, status: run.status ?? 'unknown', conclusion: run.conclusion, title: run.display_title };
}
