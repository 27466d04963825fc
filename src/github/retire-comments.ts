// Comments of ours that the combined comment replaces: those about one workspace, of before or of a time without the relay, and the twin
// that a lost answer left. Each shrinks to one line below its marker. Nobody needs the lock for this: two that do it write the same.
import type { Clock } from '../base/clock.ts';
import { readCombinedMarker, readCommentMarker, type CommentMarker } from '../contracts/comment-marker.ts';
import { belowMarker, readOwnComments, sameText, updateComment, type PullRequestPlace } from './own-comments.ts';
import type { Octokit } from './viewer.ts';

export interface Retirement extends PullRequestPlace {
  readonly author: string;
  /** Of the combined comment, and the one comment of it that stays. */
  readonly task: string;
  readonly keptId: number;
  /** Is a comment about one workspace told by the combined one? */
  readonly isReplaced: (marker: CommentMarker) => boolean;
  /** Markdown: what stands in their place. */
  readonly line: string;
}

/** A runner costs money, and the next writer goes on: at one a second this is twenty seconds of a run. */
const AT_MOST = 20;
// "Wait at least one second between each" request that changes something (docs.github.com, "Best practices for using the REST API", 2026-11-22).
const PACE_MS = 1000;

/**
 * The marker stays: with `comment: per-workspace` the same comment is written in full again.
 * @param until  when to stop, milliseconds since the epoch
 * @returns how many were shrunk
 * @throws Fault
 */
export async function retireComments(
  octokit: Octokit,
  target: Retirement,
  { clock, until }: { readonly clock: Clock; readonly until: number },
): Promise<number> {
  const own = await readOwnComments(octokit, target, target.author);
  const replaced = own.filter(({ id, body }) => id !== target.keptId && isTold(body, target) && !sameText(belowMarker(body), target.line));
  let shrunk = 0;
  for (const { id, body } of replaced.slice(0, AT_MOST)) {
    if (clock.now() + PACE_MS > until) break;
    await clock.sleep(PACE_MS);
    await updateComment(octokit, target, id, `${body.split('\n', 1)[0]}\n${target.line}\n`);
    shrunk++;
  }
  return shrunk;
}

function isTold(body: string, { task, isReplaced }: Retirement): boolean {
  const marker = readCommentMarker(body);
  return marker === null ? readCombinedMarker(body)?.task === task : isReplaced(marker);
}
