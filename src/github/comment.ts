// One comment of ours for each pull request and workspace, written again and again: found by its hidden marker over all pages, among
// our own author's comments only; an older run never overwrites a newer one; the same text is not written twice.
import { Fault } from '../base/fault.ts';
import { readCommentMarker, writeCommentMarker, type CommentMarker } from '../contracts/comment-marker.ts';
import { STAGES } from '../contracts/run-facts.ts';
import {
  belowMarker,
  createComment,
  readOwnComments,
  sameText,
  updateComment,
  type OwnComment,
  type PullRequestPlace,
} from './own-comments.ts';
import type { Octokit } from './viewer.ts';

export interface CommentTarget extends PullRequestPlace {
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

interface Marked extends OwnComment {
  readonly marker: CommentMarker;
}

/** @throws Fault; with `retryAfterMs` where GitHub asks to wait */
export async function upsertComment(octokit: Octokit, target: CommentTarget): Promise<CommentOutcome> {
  const marker = readCommentMarker(target.body);
  if (marker === null) throw new Fault('E_COMMENT_MARKER', 'A comment without our marker would never be found again', { retryable: false });

  const found = newest(ofWorkspace(await readOwnComments(octokit, target, target.author), marker));
  if (found !== null && isOlder(marker, found.marker)) return { url: found.url, action: 'stale' };
  const body = withReviewed(target.body, marker, found?.marker ?? null);
  if (found !== null && sameText(found.body, body)) return { url: found.url, action: 'unchanged' };
  const updated = found === null ? null : await updateComment(octokit, target, found.id, body);
  if (updated !== null) return { url: updated.url, action: 'updated' };
  // There was none, or somebody deleted it between our reading and our writing.
  return { url: (await createComment(octokit, target, body)).url, action: 'created' };
}

/** What was reviewed stays known when a run that reviews nothing (after the merge) writes over it. */
function withReviewed(body: string, marker: CommentMarker, found: CommentMarker | null): string {
  if (marker.reviewed !== undefined || found?.reviewed === undefined) return body;
  return `${writeCommentMarker({ ...marker, reviewed: found.reviewed })}\n${belowMarker(body)}`;
}

function ofWorkspace(comments: readonly OwnComment[], { organization, workspace }: CommentMarker): Marked[] {
  return comments.flatMap((comment) => {
    const marker = readCommentMarker(comment.body);
    return marker?.organization === organization && marker.workspace === workspace ? [{ ...comment, marker }] : [];
  });
}

/** Two may exist after a race of two first runs: the one with the newer run is kept up to date, the first of equals. */
function newest(comments: readonly Marked[]): Marked | null {
  let best: Marked | null = null;
  for (const comment of comments) if (best === null || isOlder(best.marker, comment.marker)) best = comment;
  return best;
}

/** By the time HCP created the run; within one run, by stage. What cannot be compared is not older. */
export function isOlder(a: Pick<CommentMarker, 'run' | 'created' | 'stage'>, b: Pick<CommentMarker, 'run' | 'created' | 'stage'>): boolean {
  if (a.run === b.run) return STAGES.indexOf(a.stage) < STAGES.indexOf(b.stage);
  return Date.parse(a.created) < Date.parse(b.created);
}
