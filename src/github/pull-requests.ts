// The pull request that a commit belongs to, when HCP Terraform did not name one.
import { toGithubFault } from './octokit-fault.ts';
import type { Octokit } from './viewer.ts';

export interface PlannedCommit {
  readonly owner: string;
  readonly repo: string;
  readonly sha: string;
  /** The branch that was planned; null: not known. */
  readonly branch: string | null;
}

/**
 * The merged pull request that became `sha` (the run after a merge), else the open one whose head is `sha` (a run of the command line).
 * Merged goes first: the commit on `main` is the head of every pull request from `main`, and of any that somebody opens from there.
 * Others that merely contain the commit are left out: their reviewers did not ask about it.
 * @returns numbers; several where nothing says which is meant
 * @throws Fault
 */
export async function findPullRequests(octokit: Octokit, { owner, repo, sha, branch }: PlannedCommit): Promise<number[]> {
  try {
    const query = { owner, repo, commit_sha: sha, per_page: 100 };
    const all = await octokit.paginate(octokit.rest.repos.listPullRequestsAssociatedWithCommit, query);
    // While a pull request is open, `merge_commit_sha` is that of a trial merge; squashed or rebased, it is what landed on the branch.
    const merged = all.filter((one) => one.merged_at !== null && one.merge_commit_sha === sha);
    const found = merged.length > 0 ? merged : all.filter((one) => one.state === 'open' && one.head.sha === sha);
    // A commit that is pushed to several branches ends every pull request that waits for it there.
    const onBranch = merged.length > 1 ? merged.filter((one) => one.base.ref === branch) : [];
    return (onBranch.length > 0 ? onBranch : found).map((one) => one.number);
  } catch (thrown) {
    throw toGithubFault(`look for the pull request of ${sha.slice(0, 12)} in ${owner}/${repo}`, thrown);
  }
}
