// One comment of ours on a pull request, written again and again: found by its hidden marker over all pages, among our own
// author's comments only; an older run never overwrites a newer one; the same text is not written twice.
//
// No request is retried here. A create whose answer was lost may have happened, and the next run finds it by its marker.
import { Fault } from '../base/fault.ts';
import { readCommentMarker, type CommentMarker } from '../contracts/comment-marker.ts';
import { STAGES } from '../contracts/run-facts.ts';
import { isHttpError, toGithubFault } from './octokit-fault.ts';
import type { Octokit } from './viewer.ts';

export interface CommentTarget {
  readonly owner: string;
  readonly repo: string;
  /** The pull request's. */
  readonly number: number;
  /** Our own login, from fetchViewerLogin. Comments of others are never touched, whatever they begin with. */
  readonly author: string;
  /** Begins with writeCommentMarker(...), which says whose comment it is (organization and workspace) and how new. */
  readonly body: string;
}

export interface CommentOutcome {
  readonly url: string;
  /** `stale`: a newer run, or a later stage of this one, has written; nothing was changed. */
  readonly action: 'created' | 'updated' | 'unchanged' | 'stale';
}

interface Own {
  readonly id: number;
  readonly url: string;
  readonly body: string;
  readonly marker: CommentMarker;
}

/** @throws Fault; with `retryAfterMs` where GitHub asks to wait */
export async function upsertComment(octokit: Octokit, target: CommentTarget): Promise<CommentOutcome> {
  const marker = readCommentMarker(target.body);
  if (marker === null) throw new Fault('E_COMMENT_MARKER', 'A comment without our marker would never be found again', { retryable: false });

  const found = newest(await readOwn(octokit, target, marker));
  if (found === null) return create(octokit, target);
  if (isOlder(marker, found.marker)) return { url: found.url, action: 'stale' };
  if (sameText(found.body, target.body)) return { url: found.url, action: 'unchanged' };
  return update(octokit, target, found);
}

async function readOwn(octokit: Octokit, target: CommentTarget, marker: CommentMarker): Promise<Own[]> {
  const { owner, repo, number: issue_number } = target;
  const own: Own[] = [];
  try {
    const pages = octokit.paginate.iterator(octokit.rest.issues.listComments, { owner, repo, issue_number, per_page: 100 });
    for await (const page of pages) {
      for (const comment of page.data) {
        if (comment.user === null || !isAuthor(target.author, comment.user)) continue;
        const theirs = readCommentMarker(comment.body ?? '');
        if (theirs === null || theirs.organization !== marker.organization || theirs.workspace !== marker.workspace) continue;
        own.push({ id: comment.id, url: comment.html_url, body: comment.body ?? '', marker: theirs });
      }
    }
  } catch (error) {
    throw toGithubFault(`read the comments of ${owner}/${repo}#${issue_number}`, error);
  }
  return own;
}

/** An App is `name[bot]` in REST; GraphQL has been seen without the suffix. A person called `name` is never taken for it. */
function isAuthor(login: string, user: { readonly login: string; readonly type?: string }): boolean {
  const ours = login.toLowerCase();
  const theirs = user.login.toLowerCase();
  return theirs === ours || (theirs === `${ours}[bot]` && user.type === 'Bot');
}

/** Two may exist after a race of two first runs: the one with the newer run is kept up to date, the first of equals. */
function newest(comments: readonly Own[]): Own | null {
  let best: Own | null = null;
  for (const comment of comments) if (best === null || isOlder(best.marker, comment.marker)) best = comment;
  return best;
}

/** By the time HCP created the run; within one run, by stage. What cannot be compared is not older. */
export function isOlder(a: CommentMarker, b: CommentMarker): boolean {
  if (a.run === b.run) return STAGES.indexOf(a.stage) < STAGES.indexOf(b.stage);
  return Date.parse(a.created) < Date.parse(b.created);
}

// GitHub keeps a form's line ends and trims; compared as a reader sees it.
const sameText = (a: string, b: string): boolean => a.replaceAll('\r\n', '\n').trim() === b.trim();

async function create(octokit: Octokit, { owner, repo, number: issue_number, body }: CommentTarget): Promise<CommentOutcome> {
  try {
    const { data } = await octokit.rest.issues.createComment({ owner, repo, issue_number, body });
    return { url: data.html_url, action: 'created' };
  } catch (error) {
    throw toGithubFault(`write a comment on ${owner}/${repo}#${issue_number}`, error);
  }
}

async function update(octokit: Octokit, target: CommentTarget, found: Own): Promise<CommentOutcome> {
  const { owner, repo, body } = target;
  try {
    const { data } = await octokit.rest.issues.updateComment({ owner, repo, comment_id: found.id, body });
    return { url: data.html_url, action: 'updated' };
  } catch (error) {
    // Somebody deleted it between our reading and our writing.
    if (isHttpError(error) && error.status === 404) return create(octokit, target);
    throw toGithubFault(`update the comment on ${owner}/${repo}#${target.number}`, error);
  }
}
