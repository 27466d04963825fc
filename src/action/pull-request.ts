// Which pull request and which commit this run belongs to: what HCP Terraform said, and where it names no pull request, what GitHub says
// of the commit. Only this GitHub's: a workspace may live on GitLab or on another GitHub.
import type { RunFacts } from '../contracts/run-facts.ts';
import { findPullRequests } from '../github/pull-requests.ts';
import { octokitFor, type Access } from './github-access.ts';

export interface RepositoryName {
  readonly owner: string;
  readonly repo: string;
}

export interface PullRequest extends RepositoryName {
  readonly number: number;
}

export interface Place {
  /** null: the run has none, or it is not on this GitHub. */
  readonly pullRequest: PullRequest | null;
  /** Where the commit that was planned lives. */
  readonly repository: RepositoryName | null;
  readonly sha: string | null;
}

/** Not `.` and `..`, which a path to GitHub's API would resolve: `…git` without its `.git` is one. */
const NAME = /^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}$/;

/** @param serverUrl  https://github.com, or that of a GitHub Enterprise Server */
export function readPlace(run: RunFacts, serverUrl: string): Place {
  const pullRequest = readPullRequest(run.vcs.pull_request_url, serverUrl);
  const repository = pullRequest ?? readRepository(run.vcs.repository_url, serverUrl) ?? readRepository(run.vcs.commit_url, serverUrl);
  const sha =
    run.vcs.commit_hash !== null && /^[0-9a-f]{40}([0-9a-f]{24})?$/i.test(run.vcs.commit_hash) ? run.vcs.commit_hash.toLowerCase() : null;
  return { pullRequest, repository: repository === null ? null : { owner: repository.owner, repo: repository.repo }, sha };
}

/**
 * HCP Terraform names none for runs of its API and command line, nor for the run after a merge.
 * @returns several where nothing says which is meant
 * @throws Fault
 */
export async function findRunPullRequests(access: Access): Promise<readonly PullRequest[]> {
  const { run } = access.session;
  const { pullRequest, repository, sha } = readPlace(run, access.job.serverUrl);
  if (pullRequest !== null) return [pullRequest];
  if (repository === null || sha === null) return [];
  const numbers = await findPullRequests(octokitFor(repository, access), { ...repository, sha, branch: run.vcs.branch });
  return numbers.map((number) => ({ ...repository, number }));
}

/** What was planned, in the words that uploads to code scanning ask for. null: not known, or not on this GitHub. */
export interface Planned {
  /** `owner/name` */
  readonly repository: string | null;
  readonly commit: string | null;
  /** `refs/pull/7/head`, `refs/heads/main` */
  readonly ref: string | null;
}

export function readPlanned(run: RunFacts, serverUrl: string): Planned {
  const { pullRequest, repository, sha } = readPlace(run, serverUrl);
  if (repository === null || sha === null) return { repository: null, commit: null, ref: null };
  const { branch } = run.vcs;
  // A branch's name is from outside, and whoever uses the output may paste it somewhere.
  const named =
    branch !== null && /^[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}$/.test(branch) && !branch.includes('..') ? `refs/heads/${branch}` : null;
  const ref = pullRequest === null ? named : `refs/pull/${pullRequest.number}/head`;
  return { repository: `${repository.owner}/${repository.repo}`, commit: sha, ref };
}

function readPullRequest(text: string | null, serverUrl: string): PullRequest | null {
  const parts = pathOf(text, serverUrl);
  const [owner = '', repo = '', kind, number = ''] = parts ?? [];
  if (kind !== 'pull' || !/^[1-9]\d{0,9}$/.test(number) || !NAME.test(owner) || !NAME.test(repo)) return null;
  return { owner, repo, number: Number(number) };
}

function readRepository(text: string | null, serverUrl: string): RepositoryName | null {
  const [owner = '', name = ''] = pathOf(text, serverUrl) ?? [];
  const repo = name.replace(/\.git$/, '');
  return NAME.test(owner) && NAME.test(repo) ? { owner, repo } : null;
}

function pathOf(text: string | null, serverUrl: string): string[] | null {
  if (text === null || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.host === new URL(serverUrl).host ? url.pathname.split('/').filter((part) => part !== '') : null;
}
