// The pull request that a commit belongs to, when HCP Terraform did not name one.
import { toGithubFault } from './octokit-fault.ts';
import type { Octokit } from './viewer.ts';

/**
 * The open pull request whose head is `sha` (a run of the command line), or the merged one that became `sha` (the run after a merge).
 * Others that merely contain the commit are left out: their reviewers did not ask about it.
 * @returns its number; null if there is none, or several
 * @throws Fault
 */
export async function findPullRequest(
  octokit: Octokit,
  commit: { readonly owner: string; readonly repo: string; readonly sha: string },
): Promise<number | null> {
  const { owner, repo, sha } = commit;
  try {
    const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({ owner, repo, commit_sha: sha, per_page: 100 });
    const open = data.filter((one) => one.state === 'open' && one.head.sha === sha);
    if (open.length > 0) return open.length === 1 ? open[0]!.number : null;
    // While a pull request is open, `merge_commit_sha` is that of a trial merge; squashed or rebased, it is what landed on the branch.
    const merged = data.filter((one) => one.merged_at !== null && one.merge_commit_sha === sha);
    return merged.length === 1 ? merged[0]!.number : null;
  } catch (thrown) {
    throw toGithubFault(`look for the pull request of ${sha.slice(0, 12)} in ${owner}/${repo}`, thrown);
  }
}
