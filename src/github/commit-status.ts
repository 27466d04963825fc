// The line beside a commit: one status for each workspace and stage, and `runtask` for all of them. Information: the gate is the
// mandatory run task in HCP Terraform.
import type { Stage } from '../contracts/run-facts.ts';
import { toGithubFault } from './octokit-fault.ts';
import type { Octokit } from './viewer.ts';

export type CommitState = 'success' | 'failure' | 'error' | 'pending';

export interface CommitStatus {
  readonly owner: string;
  readonly repo: string;
  /** The commit that was planned, never the pull request's head as it is later. */
  readonly sha: string;
  readonly workspace: string;
  readonly stage: Stage;
  readonly state: CommitState;
  /** At most 140 characters, none outside the basic multilingual plane (GitHub answers 422). */
  readonly description: string;
  /** http(s), or null. */
  readonly targetUrl: string | null;
}

export const AGGREGATE_CONTEXT = 'runtask';

/** Contexts are compared without case; 100 characters of a name keep it well under what GitHub's column holds (255). */
export const statusContext = (workspace: string, stage: Stage): string =>
  `${AGGREGATE_CONTEXT}/${workspace.replace(/[^A-Za-z0-9_.-]/g, '-').slice(0, 100)}/${stage}`;

/** Writes the workspace's status, then the aggregate over the latest status of every workspace. @throws Fault */
export async function writeCommitStatus(octokit: Octokit, status: CommitStatus): Promise<void> {
  const { owner, repo, sha } = status;
  const write = async (context: string, state: CommitState, description: string): Promise<void> => {
    const target = status.targetUrl === null ? {} : { target_url: status.targetUrl };
    await octokit.rest.repos.createCommitStatus({ owner, repo, sha, context, state, description, ...target });
  };
  try {
    const context = statusContext(status.workspace, status.stage);
    await write(context, status.state, status.description);
    // Read after our own write: of several workspaces that end together, the last to write has seen all.
    const all = new Map((await readOurs(octokit, owner, repo, sha)).set(context.toLowerCase(), status.state));
    const { state, description } = aggregate([...all.values()]);
    await write(AGGREGATE_CONTEXT, state, description);
  } catch (error) {
    throw toGithubFault(`set the commit status on ${owner}/${repo}@${sha.slice(0, 12)}`, error, 'statuses: write');
  }
}

async function readOurs(octokit: Octokit, owner: string, repo: string, ref: string): Promise<Map<string, CommitState>> {
  const ours = new Map<string, CommitState>();
  // The combined status holds the latest of each context.
  const parameters = { owner, repo, ref, per_page: 100 };
  for (let page = 1; ; page++) {
    const { data } = await octokit.rest.repos.getCombinedStatusForRef({ ...parameters, page });
    for (const { context, state } of data.statuses) {
      const name = context.toLowerCase();
      if (name.startsWith(`${AGGREGATE_CONTEXT}/`)) ours.set(name, toState(state));
    }
    if (data.statuses.length < parameters.per_page) return ours;
  }
}

const toState = (state: string): CommitState => (state === 'success' || state === 'failure' || state === 'pending' ? state : 'error');

/** The worst of all: failure before error before pending before success. */
export function aggregate(states: readonly CommitState[]): { readonly state: CommitState; readonly description: string } {
  const count = (state: CommitState): number => states.filter((one) => one === state).length;
  const bad = count('failure') + count('error');
  const state = count('failure') > 0 ? 'failure' : count('error') > 0 ? 'error' : count('pending') > 0 ? 'pending' : 'success';
  const words = [
    bad > 0 ? `${bad} failed` : '',
    count('pending') > 0 ? `${count('pending')} running` : '',
    count('success') > 0 ? `${count('success')} passed` : '',
  ];
  return { state, description: `Run tasks: ${words.filter((word) => word !== '').join(', ')}` };
}
