// What the state machine needs from a database, and no more. sqlite.ts implements it for one process; a PostgreSQL store for
// many must pass the same suite (test/relay/store-suite.ts).
//
// Every method is one transaction, durable when its promise resolves. Trouble with the database is a thrown Fault with code
// `E_STORE` (retryable): the HTTP side answers 503, the worker tries again.
import type { Task, TaskKey } from '../life/task.ts';
import type { CommentStore } from './comment-port.ts';

/** Something that may be used once, such as an OIDC token's `jti`. */
export interface OnceOnly {
  readonly key: string;
  /** It may be forgotten after this. */
  readonly expiresAt: number;
}

/** What a decision on a locked row comes to. Without `task` nothing is written. */
export interface Change<R> {
  readonly task?: Task;
  readonly once?: OnceOnly;
  readonly answer: R;
}

export type Changed<R> =
  | { readonly kind: 'done'; readonly answer: R }
  | { readonly kind: 'missing' }
  /** `once` was known: nothing is written. */
  | { readonly kind: 'used-before' };

/** A row that one worker may work on until it releases it or its hold ends. */
export interface Taken {
  readonly task: Task;
  /** Grows with each taking: a worker that lost its hold cannot release what another took. */
  readonly step: number;
}

export interface Batch {
  readonly taken: readonly Taken[];
  /** Ids of rows that were due and cannot be read. They are set aside (state `unreadable`): one damaged row must not stop the others. */
  readonly unreadable: readonly string[];
}

export interface TaskStore {
  /** Keeps a new task, unless its key is known. @returns the id under which the key is kept */
  put(task: Task): Promise<{ readonly kind: 'kept' | 'known'; readonly id: string }>;
  /**
   * Locks the row, lets `decide` look at it, writes what it returns: compare-and-set on the whole row. `decide` is pure and
   * synchronous, because the lock is held meanwhile; it may be called again.
   */
  change<R>(id: string, decide: (task: Task) => Change<R>): Promise<Changed<R>>;
  /** Takes up to `limit` due rows that nobody holds, most overdue first, and holds them for `holdMs`. */
  take(now: number, limit: number, holdMs: number): Promise<Batch>;
  /** Gives a taken row back. Without effect when another worker took it meanwhile. */
  release(id: string, step: number): Promise<void>;
  /** When the next row that nobody holds falls due, or a hold ends; null: nothing waits. */
  nextDue(): Promise<number | null>;
  /** For the operator: newest first, at most `limit`, those that were put before the row `before`. Rows that cannot be read are left out. */
  list(limit: number, before: string | null): Promise<readonly Task[]>;
  /** How many rows are in each state: for metrics. */
  count(): Promise<Readonly<Record<string, number>>>;
  /** Forgets rows that were done before `doneBefore`, and `once` keys that ended before `now`. @returns rows forgotten */
  prune(doneBefore: number, now: number): Promise<number>;
  close(): Promise<void>;
}

/** Both in one database, so that one lock, one key and one backup are enough. */
export interface RelayStore extends TaskStore {
  readonly comments: CommentStore;
}

export type { TaskKey };
