// The one comment for all workspaces of a pull request. Whoever calls this holds the lock for it (action/combined-comment.ts): here is
// only how it is found, and when it is written.
import { Fault } from '../base/fault.ts';
import { readCombinedMarker, readCommentMarker, type CommentMarker } from '../contracts/comment-marker.ts';
import {
  belowMarker,
  createComment,
  readComment,
  readOwnComments,
  sameText,
  updateComment,
  type OwnComment,
  type PullRequestPlace,
} from './own-comments.ts';
import type { Octokit } from './viewer.ts';

export interface CombinedTarget extends PullRequestPlace {
  /** Our own login, from fetchViewerLogin. Comments of others are never touched, whatever they begin with. */
  readonly author: string;
  /** Begins with writeCombinedMarker(...), which says of which run task it is, and how new. */
  readonly body: string;
  /** Where it stood last; null: nowhere that anybody knows of. */
  readonly remembered: { readonly id: number } | null;
  /** Is a comment about one workspace told by this one? Then it may become this one where there is none. */
  readonly isReplaced: (marker: CommentMarker) => boolean;
  /** Asked right before a request that writes. False: the lock is about to end, and somebody else may hold it soon. */
  readonly mayWrite: () => boolean;
  /** Write although the comment says that it knows more: only for a lock that was got after that was seen. */
  readonly overwriteNewer: boolean;
}

export type CombinedOutcome =
  | {
      readonly kind: 'created' | 'updated' | 'unchanged';
      readonly comment: OwnComment;
      /** Why there is a new one beside the one that was remembered, for people; null: nothing of the kind. */
      readonly note: string | null;
    }
  /** The comment was rendered from sections that we do not know. Nothing was written. */
  | { readonly kind: 'newer' }
  /** `mayWrite` said no. Nothing was written. */
  | { readonly kind: 'late' }
  /** The answer to the change was lost: it may have been made, or be made yet. `comment` is what was there. */
  | { readonly kind: 'unknown'; readonly comment: OwnComment; readonly fault: Fault };

/**
 * @throws Fault, when nothing was changed. `retryable`: nothing is made twice by beginning anew; a create whose answer was lost is not,
 *   because the next run finds by its marker what may have been made.
 */
export async function writeCombinedComment(octokit: Octokit, target: CombinedTarget): Promise<CombinedOutcome> {
  const marker = readCombinedMarker(target.body);
  if (marker === null) throw new Fault('E_COMMENT_MARKER', 'A comment without our marker would never be found again', { retryable: false });

  const { comment, note } = await find(octokit, target, marker.task);
  if (comment !== null) {
    const there = readCombinedMarker(comment.body);
    if (there !== null && there.revision > marker.revision && !target.overwriteNewer) return { kind: 'newer' };
    // The marker counts each section that was kept, also one that says what it said before: that alone is nothing to write.
    if (there !== null && sameText(belowMarker(comment.body), belowMarker(target.body))) return { kind: 'unchanged', comment, note: null };
    if (!target.mayWrite()) return { kind: 'late' };
    const updated = await updateOrDoubt(octokit, target, comment);
    if (updated !== null) return updated;
  }
  if (!target.mayWrite()) return { kind: 'late' };
  return { kind: 'created', comment: await createOnce(octokit, target), note };
}

interface Search {
  readonly comment: OwnComment | null;
  readonly note: string | null;
}

async function find(octokit: Octokit, target: CombinedTarget, task: string): Promise<Search> {
  const { remembered, author } = target;
  const known = remembered === null ? null : await readComment(octokit, target, remembered.id, author);
  const isOfTask = ({ body }: OwnComment): boolean => readCombinedMarker(body)?.task === task;
  if (known !== null && known.isOurs && known.isOnPullRequest && isOfTask(known)) return { comment: known, note: null };

  const own = await readOwnComments(octokit, target, author);
  const best = newest(own.filter(isOfTask)) ?? own.find(({ body }) => isReplaced(body, target)) ?? null;
  return { comment: best, note: known !== null && !known.isOurs ? whyAnother(known, author) : null };
}

const isReplaced = (body: string, { isReplaced }: CombinedTarget): boolean => {
  const marker = readCommentMarker(body);
  return marker !== null && isReplaced(marker);
};

/** Two may exist after a create whose answer was lost: the first of those that know most. */
function newest(comments: readonly OwnComment[]): OwnComment | null {
  const revisionOf = ({ body }: OwnComment): number => readCombinedMarker(body)?.revision ?? 0;
  let best: OwnComment | null = null;
  for (const comment of comments) if (best === null || revisionOf(comment) > revisionOf(best)) best = comment;
  return best;
}

const whyAnother = ({ url, login }: { url: string; login: string | null }, author: string): string =>
  `The comment so far (${url}) was written by ${login ?? 'somebody else'}, and this token writes as ${author}, so it goes on in a new one. ` +
  'Delete the old one; it is not kept up to date any more.';

/** @returns null: somebody has deleted it. @throws Fault, when it is certain that nothing was changed */
async function updateOrDoubt(octokit: Octokit, target: CombinedTarget, comment: OwnComment): Promise<CombinedOutcome | null> {
  try {
    const updated = await updateComment(octokit, target, comment.id, target.body);
    return updated === null ? null : { kind: 'updated', comment: updated, note: null };
  } catch (thrown) {
    if (!isInDoubt(thrown)) throw thrown;
    return { kind: 'unknown', comment, fault: thrown };
  }
}

/** No answer, or one that does not say what became of the request. What a rate limit refuses is not done. */
const isInDoubt = (thrown: unknown): thrown is Fault =>
  thrown instanceof Fault && thrown.retryable && thrown.code !== 'E_GITHUB_RATE_LIMIT';

async function createOnce(octokit: Octokit, target: CombinedTarget): Promise<OwnComment> {
  try {
    return await createComment(octokit, target, target.body);
  } catch (thrown) {
    if (!isInDoubt(thrown)) throw thrown;
    throw new Fault(thrown.code, `${thrown.message}. It may have been written; the next run finds it`, { retryable: false, cause: thrown });
  }
}
