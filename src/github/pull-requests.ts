// The pull request that a commit belongs to, when HCP Terraform did not name one.
import { toGithubFault } from './octokit-fault.ts';
import type { Octokit } from './viewer.ts';

/** @returns the number of the open pull request whose head is `sha`; null if there is none, or several. @throws Fault */
export async function findPullRequest(
  octokit: Octokit,
  commit: { readonly owner: string; readonly repo: string; readonly sha: string },
): Promise<number | null> {
  const { owner, repo, sha } = commit;
  try {
    const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({ owner, repo, commit_sha: sha, per_page: 100 });
    // The list also has merged ones, and those that merely contain the commit: their reviewers did not ask about it.
    const open = data.filter((one) => one.state === 'open' && one.head.sha === sha);
    return open.length === 1 ? open[0]!.number : null;
  } catch (thrown) {
    throw toGithubFault(`look for the pull request of ${sha.slice(0, 12)} in ${owner}/${repo}`, thrown);
  }
}
