// The run task as the action sees it, whichever transport carries it. `relay-session.ts` and `sealed-session.ts` implement it.
import type { Result } from '../base/result.ts';
import type {
  CommentLockRequest,
  CommentLockResponse,
  CommentReleaseRequest,
  CommentReleaseResponse,
  Delivery,
  PullRequestKey,
  RecordedVerdict,
  ReviewedResponse,
  SectionRequest,
  SectionResponse,
} from '../contracts/relay-api.ts';
import type { RunFacts } from '../contracts/run-facts.ts';
import type { TaskResult } from '../contracts/task-result.ts';
import type { Refusal } from './relay-client.ts';

/** A download, or why there is none: a sentence that a person can act on. */
export type Download =
  | { readonly kind: 'file'; readonly path: string; readonly bytes: number }
  | { readonly kind: 'unavailable'; readonly reason: string; readonly detail: string };

export interface Finished {
  /** The verdict on record; not necessarily the one that was sent. */
  readonly verdict: RecordedVerdict;
  readonly accepted: boolean;
  readonly delivery: Delivery;
}

/**
 * The comment that all workspaces of a pull request share: the relay keeps the section of each and hands out a short lock (see
 * contracts/relay-api.ts). `limitMs`: how long to try to reach it. Each throws a Fault when it was silent for so long.
 */
export interface SharedComment {
  put(section: SectionRequest, limitMs: number): Promise<Result<SectionResponse, Refusal>>;
  lock(request: CommentLockRequest, limitMs: number): Promise<Result<CommentLockResponse, Refusal>>;
  release(request: CommentReleaseRequest, limitMs: number): Promise<Result<CommentReleaseResponse, Refusal>>;
  /** What a speculative run of this workspace showed on the pull request. Asked before the verdict: give it little time. */
  reviewed(pullRequest: PullRequestKey, limitMs: number): Promise<Result<ReviewedResponse, Refusal>>;
}

export interface RunTaskSession {
  readonly run: RunFacts;
  /** The route only observes: what is sent is recorded as passed. */
  readonly observe: boolean;
  /** A token for comments and statuses in a repository that is not the workflow's; null: use the job's own. */
  readonly feedbackToken: { readonly token: string; readonly repository: string } | null;
  /** When the result must have been sent, milliseconds since the epoch on this machine's clock. */
  readonly deadline: number;
  /** Set when the verdict was on record before we came. */
  readonly finished: Finished | null;
  /** null: sealed, nobody keeps the sections. */
  readonly sharedComment: SharedComment | null;
  /** Downloads the plan JSON to `path`. @throws Fault */
  plan(path: string): Promise<Download>;
  /** Downloads the configuration (.tar.gz) to `path`. @throws Fault */
  configuration(path: string): Promise<Download>;
  /** Shown in HCP while the run waits. Never throws: a lost progress line is not worth a verdict. */
  progress(message: string): Promise<void>;
  /** @throws Fault when the counterpart could not be reached until the deadline */
  finish(result: TaskResult): Promise<Finished>;
  /**
   * Between `phase: begin` and `phase: finish`: this process ends, and others of the job are at work.
   * @throws Fault when nobody could be told; the run task may then be taken for lost
   */
  handOn(): Promise<void>;
  /** Ends the renewals. The claim stays, until its lease ends. */
  close(): Promise<void>;
}
