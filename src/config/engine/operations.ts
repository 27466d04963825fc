// What a driver asks of the engine, in the order in which it asks. Types; the functions stand in the files beside this one.
import type { Clock } from '../../base/clock.ts';
import type { AttributePath, Problem } from './problem.ts';
import type { ValueMap } from './values.ts';

/** What the engine needs to call a resource. */
export interface Deps<C> {
  readonly clients: C;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  progress(text: string): void;
}

export interface Outcome<T> {
  /** null: it did not come to one; then `problems` has an error. */
  readonly value: T | null;
  readonly problems: readonly Problem[];
}

export interface ReadObject {
  readonly state: ValueMap;
  readonly managed: boolean | null;
}

export interface Change {
  readonly action: 'create' | 'update' | 'replace' | 'delete' | 'no-op';
  /** null: there is none. Every attribute is present; write-only ones are null. */
  readonly prior: ValueMap | null;
  /** null: to be deleted. Unknown where only the apply can tell. */
  readonly planned: ValueMap | null;
  /** Why it must be replaced; empty otherwise. */
  readonly replacePaths: readonly AttributePath[];
}

export interface Applied {
  /** As it is now, null when it is gone. After an error: what is known to be there. */
  readonly state: ValueMap | null;
  /** An error here does not mean that nothing happened: see `state`. */
  readonly problems: readonly Problem[];
  /** The user ended it before it was done; a problem says whether it had begun. Absent: nobody did. */
  readonly interrupted?: true;
  /** A delete that somebody else has to finish: why it is still there. Absent: none. */
  readonly waits?: string;
}
