// What the parts of the kind `require` have in common: what they judge with, and what they find. Pure.
import type { Configured } from '../values/configured.ts';
import type { Subject } from '../values/subject.ts';
import type { Walk } from '../values/walk.ts';

/** What is judged with, the same for all subjects of a check. */
export interface Tools {
  readonly walk: Walk;
  readonly configured: Configured;
  readonly unlessMissing: boolean;
}

/** What is wrong with a subject; `isUnknown`: it may be, and nobody can know before apply. */
export interface Fault {
  readonly message: string;
  readonly attribute: string | null;
  readonly isUnknown: boolean;
}

/** Adds what is wrong with a subject. */
export type Judge = (subject: Subject, faults: Fault[]) => void;

/** An attribute that nobody set is unknown for another reason than one that waits for another resource, and the remedy is another. */
export const unknownWords = ({ change }: Subject, attribute: string, configured: Configured): string =>
  configured.isWritten(change, attribute) === false
    ? 'is not set in the configuration and known only after apply'
    : 'is known only after apply';
