// What the relay knows of one combined comment: its sections' revision, where it stands, who may write it now. Types only; what may
// happen to it is in put-section.ts and lock.ts.
import type { SectionRequest, SECTION_LIMITS } from '../../contracts/relay-api.ts';
import type { Stage } from '../../contracts/run-facts.ts';

/** Which comment. Made from the run task's own row, never from a request alone. */
export interface CommentPlace {
  /** Name of the task in relay.yml. */
  readonly task: string;
  /** Host of the callback URL: two Terraform Enterprise installations may use the same names. */
  readonly host: string;
  /** owner/name in lower case: GitHub's names are the same in any case. */
  readonly repository: string;
  readonly number: number;
}

export interface WorkspaceName {
  readonly organization: string;
  readonly workspace: string;
}

export interface StandingComment {
  readonly id: number;
  readonly url: string;
}

export interface CommentLock {
  /** SHA-256 of the token; the token is with its holder alone. */
  readonly hash: string;
  /** Id of the run task that holds it, for the log. */
  readonly by: string;
  readonly heldAt: number;
  /** Of the sections that its holder was given, at the least. */
  readonly revision: number;
  /** False: somebody else has written meanwhile, so what this holder writes may not be the last. */
  readonly alone: boolean;
}

export interface CombinedComment {
  /** Grows with each section that is kept; 0: there is none. */
  readonly revision: number;
  /** null: none was written yet. */
  readonly standing: StandingComment | null;
  /** Revision of the sections that the comment tells, by what its last holder said; 0: none. */
  readonly told: number;
  /** A lock was lost: what stands on GitHub is not known, until a holder who began after that has released in time. */
  readonly dirty: boolean;
  readonly lock: CommentLock | null;
  /** The last release. Whoever repeats the one with this hash, because the answer was lost, is done; null: nobody is. */
  readonly released: { readonly hash: string | null; readonly at: number } | null;
  /** When somebody wrote to it last. */
  readonly touchedAt: number;
}

export type SectionLength = Exclude<keyof typeof SECTION_LIMITS, 'own' | 'reviewed'>;
export type SectionTexts = Pick<SectionRequest, SectionLength>;

/** What is known of a section without its texts. */
export interface SectionHead extends WorkspaceName {
  readonly runId: string;
  readonly runUrl: string;
  /** ISO 8601 */
  readonly createdAt: string;
  readonly stage: Stage;
  /** Of all three texts and of the digest that came with them: equal for sections that say the same, and for no other. */
  readonly digest: string;
  /** What is this workspace's alone. */
  readonly own: string;
  /** SHA-256 over all that was sent: an equal one is the retry of a call whose answer was lost. */
  readonly sum: string;
}

/** The plan that a speculative run showed on the pull request. */
export interface Reviewed {
  readonly fingerprint: string;
  readonly runId: string;
  readonly runUrl: string;
}

/** `text` is null where an earlier entry has the same digest. */
export interface SectionEntry {
  readonly head: SectionHead;
  readonly text: string | null;
}
