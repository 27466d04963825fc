// Comments on a pull request, as far as they are ours: read over all pages, made, changed. Which of them is which, and what stands in
// them, is for comment.ts and combined-comment.ts.
//
// No request is retried here. A create whose answer was lost may have happened, and the next run finds it by its marker.
import { isHttpError, toGithubFault } from './octokit-fault.ts';
import type { Octokit } from './viewer.ts';

export interface PullRequestPlace {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
}

export interface OwnComment {
  readonly id: number;
  readonly url: string;
  readonly body: string;
}

/** By one id: whose it is, and on which pull request. */
export interface FoundComment extends OwnComment {
  /** null: GitHub does not say (a deleted account). */
  readonly login: string | null;
  readonly isOurs: boolean;
  readonly isOnPullRequest: boolean;
}

interface ApiComment {
  readonly id: number;
  readonly html_url: string;
  readonly body?: string | undefined;
  readonly user: { readonly login: string; readonly type?: string } | null;
}

/** For all of it: who may only read comments cannot write ours. */
const PERMISSION = 'pull-requests: write';

/** In order of creation. @throws Fault */
export async function readOwnComments(octokit: Octokit, place: PullRequestPlace, author: string): Promise<OwnComment[]> {
  const { owner, repo, number: issue_number } = place;
  const own: OwnComment[] = [];
  try {
    const pages = octokit.paginate.iterator(octokit.rest.issues.listComments, { owner, repo, issue_number, per_page: 100 });
    for await (const page of pages) own.push(...page.data.filter(({ user }) => isAuthor(author, user)).map(toOwn));
  } catch (error) {
    throw toGithubFault(`read the comments of ${named(place)}`, error, PERMISSION);
  }
  return own;
}

/** @returns null: there is none with this id (any more). @throws Fault */
export async function readComment(octokit: Octokit, place: PullRequestPlace, id: number, author: string): Promise<FoundComment | null> {
  const { owner, repo, number } = place;
  try {
    const { data } = await octokit.rest.issues.getComment({ owner, repo, comment_id: id });
    return {
      ...toOwn(data),
      login: data.user?.login ?? null,
      isOurs: isAuthor(author, data.user),
      isOnPullRequest: data.issue_url.endsWith(`/issues/${number}`),
    };
  } catch (error) {
    if (isHttpError(error) && (error.status === 404 || error.status === 410)) return null;
    throw toGithubFault(`read a comment of ${named(place)}`, error, PERMISSION);
  }
}

/** @throws Fault; with `retryAfterMs` where GitHub asks to wait, and then nothing was made */
export async function createComment(octokit: Octokit, place: PullRequestPlace, body: string): Promise<OwnComment> {
  const { owner, repo, number: issue_number } = place;
  try {
    const { data } = await octokit.rest.issues.createComment({ owner, repo, issue_number, body });
    return toOwn(data);
  } catch (error) {
    throw toGithubFault(`write a comment on ${named(place)}`, error, PERMISSION);
  }
}

/** @returns null: somebody has deleted it. @throws Fault */
export async function updateComment(octokit: Octokit, place: PullRequestPlace, id: number, body: string): Promise<OwnComment | null> {
  const { owner, repo } = place;
  try {
    const { data } = await octokit.rest.issues.updateComment({ owner, repo, comment_id: id, body });
    return toOwn(data);
  } catch (error) {
    if (isHttpError(error) && error.status === 404) return null;
    throw toGithubFault(`update the comment on ${named(place)}`, error, PERMISSION);
  }
}

// GitHub keeps a form's line ends and trims; compared as a reader sees it.
export const sameText = (a: string, b: string): boolean => a.replaceAll('\r\n', '\n').trim() === b.replaceAll('\r\n', '\n').trim();

/** Without the first line, which is the marker. */
export const belowMarker = (body: string): string => body.replace(/^[^\n]*\n?/, '');

const named = ({ owner, repo, number }: PullRequestPlace): string => `${owner}/${repo}#${number}`;
const toOwn = ({ id, html_url, body }: ApiComment): OwnComment => ({ id, url: html_url, body: body ?? '' });

/** An App is `name[bot]` in REST; GraphQL has been seen without the suffix. A person called `name` is never taken for it. */
function isAuthor(login: string, user: ApiComment['user']): boolean {
  if (user === null) return false;
  const ours = login.toLowerCase();
  const theirs = user.login.toLowerCase();
  return theirs === ours || (theirs === `${ours}[bot]` && user.type === 'Bot');
}
