// Whose name a token writes under. `GET /user` refuses GITHUB_TOKEN and installation tokens; GraphQL's viewer answers for all
// three kinds, on GitHub Enterprise Server too (Octokit turns /api/v3 into /api/graphql by itself).
import type { getOctokit } from '@actions/github';
import { toGithubFault } from './octokit-fault.ts';

export type Octokit = ReturnType<typeof getOctokit>;

/** @returns e.g. `github-actions[bot]`, `acme-gate[bot]` or a person's login
 *  @throws Fault */
export async function fetchViewerLogin(octokit: Octokit): Promise<string> {
  try {
    const { viewer } = await octokit.graphql<{ viewer: { login: string } }>('query { viewer { login } }');
    return viewer.login;
  } catch (error) {
    throw toGithubFault('find out under which name it writes', error);
  }
}
