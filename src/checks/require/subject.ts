// One resource change as the kind `require` looks at it: the side of it that counts, what is unknown of it, and the findings about it. Pure.
import type { Json } from '../../contracts/plan-json.ts';
import { isMap, isMark } from '../../plan/json-tree.ts';
import { NO_MARKS, type Marks } from '../../plan/marks.ts';
import { marksAfter, marksBefore } from '../../plan/masking.ts';
import type { ResourceChange } from '../../plan/model.ts';
import type { Configured } from '../values/configured.ts';
import type { Trail } from '../values/path.ts';
import { isSensitiveAt, showValue } from '../values/show.ts';
import type { Walk } from '../values/walk.ts';

export interface Subject {
  readonly change: ResourceChange;
  readonly value: Json;
  readonly unknown: Json;
}

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

/** What is gone afterwards is judged by what it was. */
export const toSubject = (change: ResourceChange): Subject =>
  change.after === null && !isMark(change.unknown)
    ? { change, value: change.before, unknown: false }
    : { change, value: change.after, unknown: change.unknown };

const marksOf = ({ change, value }: Subject): Marks =>
  value === null ? NO_MARKS : value === change.after ? marksAfter(change) : marksBefore(change);

/** Does the type have this attribute? Terraform lists all of them, those that are not set as null. */
export const hasAttribute = ({ value, unknown }: Subject, name: string): boolean =>
  isMark(unknown) || (isMap(value) && Object.hasOwn(value, name)) || (isMap(unknown) && Object.hasOwn(unknown, name));

export const show = (subject: Subject, value: Json, trail: Trail): string =>
  showValue(value, isSensitiveAt(subject.value, marksOf(subject), trail));

/** An attribute that nobody set is unknown for another reason than one that waits for another resource, and the remedy is another. */
export const unknownWords = ({ change }: Subject, attribute: string, configured: Configured): string =>
  configured.isWritten(change, attribute) === false
    ? 'is not set in the configuration and known only after apply'
    : 'is known only after apply';
