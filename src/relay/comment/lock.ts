// Who may write the combined comment now. Pure: the comment as it is kept, and the time.
//
// GitHub has no compare-and-set on comments, so nobody can stop a holder that stalls and writes late. What can be done: it is told so
// when it releases, and begins anew with all sections; and until then nobody is told that somebody else's comment is enough.
import { COMMENT_ASK_AGAIN, COMMENT_LEASE, COMMENT_PACE } from '../life/numbers.ts';
import { sameText } from '../dispatch/payload.ts';
import type { CombinedComment, CommentLock, StandingComment } from './comment.ts';

/** `comment` is what to write; the one that was kept when nothing changed. `lost`: who did not release in time. */
export type LockOutcome =
  | { readonly kind: 'held'; readonly comment: CombinedComment; readonly lock: CommentLock; readonly lost: CommentLock | null }
  | { readonly kind: 'wait'; readonly comment: CombinedComment; readonly retryAfterMs: number; readonly lost: CommentLock | null }
  | { readonly kind: 'written'; readonly url: string };

export interface Asker {
  /** Of the section that it put. */
  readonly revision: number;
  readonly hash: string;
  /** Id of its run task. */
  readonly by: string;
  /** 0 to 1 */
  readonly random: number;
}

export function takeLock(kept: CombinedComment, asker: Asker, now: number): LockOutcome {
  // Lost even when nobody wanted it meanwhile: its holder may be writing at this moment.
  const lost = kept.lock !== null && leftOf(kept.lock.heldAt, COMMENT_LEASE, now) === 0 ? kept.lock : null;
  const comment = lost !== null ? { ...kept, lock: null, dirty: true } : kept;
  const { standing, lock, released } = comment;
  if (standing !== null && !comment.dirty && comment.told >= asker.revision) return { kind: 'written', url: standing.url };
  const left = lock === null ? leftOf(released?.at ?? null, COMMENT_PACE, now) : leftOf(lock.heldAt, COMMENT_LEASE, now);
  if (left > 0) {
    // A holder needs a second or two, not its whole lease; and those who wait should not come back together.
    const retryAfterMs = Math.ceil(Math.min(left, COMMENT_ASK_AGAIN) + asker.random * COMMENT_ASK_AGAIN);
    return { kind: 'wait', comment, retryAfterMs, lost };
  }
  const own: CommentLock = { hash: asker.hash, by: asker.by, heldAt: now, revision: comment.revision, alone: true };
  return { kind: 'held', comment: { ...comment, lock: own }, lock: own, lost };
}

export interface ReleaseOutcome {
  readonly kind: 'done' | 'again';
  readonly comment: CombinedComment;
}

export interface Release {
  readonly hash: string;
  /** null: nothing was written. */
  readonly written: { readonly revision: number; readonly comment: StandingComment } | null;
}

export function releaseLock(kept: CombinedComment, { hash, written }: Release, now: number): ReleaseOutcome {
  const own = kept.lock !== null && sameText(kept.lock.hash, hash) ? kept.lock : null;
  if (own === null && sameText(kept.released?.hash ?? '', hash)) return { kind: 'done', comment: kept };
  if (own === null || leftOf(own.heldAt, COMMENT_LEASE, now) === 0) return { kind: 'again', comment: lateRelease(kept, own, written, now) };

  const free: CombinedComment = { ...kept, lock: null, released: { hash, at: now } };
  if (written === null) return { kind: 'done', comment: free };
  // What its holder says is believed up to what it was given: a wrong number must not silence everybody else.
  const told = Math.min(written.revision, own.revision);
  const comment: CombinedComment = { ...free, standing: written.comment, told, touchedAt: now };
  if (own.alone) return { kind: 'done', comment: { ...comment, dirty: false } };
  // Somebody wrote late while this one held the lock: which of the two was last, nobody knows. It is not done, lest the other dies.
  return { kind: 'again', comment: { ...comment, released: { hash: null, at: now }, dirty: true } };
}

/** May have overwritten what came after it: from now on the comment is dirty, and a holder of this moment is not alone. */
function lateRelease(kept: CombinedComment, own: CommentLock | null, written: Release['written'], now: number): CombinedComment {
  const comment = own === null ? kept : { ...kept, lock: null };
  if (written === null) return comment;
  return {
    ...comment,
    standing: comment.standing ?? written.comment,
    dirty: true,
    lock: comment.lock === null ? null : { ...comment.lock, alone: false },
    released: { hash: null, at: now },
    touchedAt: now,
  };
}

/** @returns 0: over. A clock that was set back ends it too: who knows how long it was held. */
const leftOf = (since: number | null, ms: number, now: number): number =>
  since === null || now < since ? 0 : Math.max(0, since + ms - now);
