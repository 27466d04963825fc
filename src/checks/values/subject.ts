// One resource change as a rule looks at it: the side of it that counts, and what is unknown of it. Pure.
import type { Json } from '../../contracts/json.ts';
import { holdsTrue, isMap, isMark } from '../../plan/json-tree.ts';
import { NO_MARKS, type Marks } from '../../plan/marks.ts';
import { marksAfter, marksBefore } from '../../plan/masking.ts';
import type { ResourceChange } from '../../plan/model.ts';
import type { Trail } from './path.ts';
import { isSensitiveAt, showValue } from './show.ts';

export interface Subject {
  readonly change: ResourceChange;
  readonly value: Json;
  readonly unknown: Json;
}

/** What is gone afterwards is judged by what it was. Of what is gone nothing is unknown. */
export const toSubject = (change: ResourceChange): Subject =>
  change.after === null && !holdsTrue(change.unknown)
    ? { change, value: change.before, unknown: false }
    : { change, value: change.after, unknown: change.unknown };

// Not by asking whether the value is the one of `after`: a change of a large plan is parsed anew when somebody looks again.
const marksOf = ({ change, value }: Subject): Marks =>
  value === null ? NO_MARKS : change.after !== null ? marksAfter(change) : marksBefore(change);

/** Does the type have this attribute? Terraform lists all of them, those that are not set as null. */
export const hasAttribute = ({ value, unknown }: Subject, name: string): boolean =>
  isMark(unknown) || (isMap(value) && Object.hasOwn(value, name)) || (isMap(unknown) && Object.hasOwn(unknown, name));

export const isSensitive = (subject: Subject, trail: Trail): boolean => isSensitiveAt(subject.value, marksOf(subject), trail);

/** @param value  what stands at `trail` */
export const show = (subject: Subject, value: Json, trail: Trail): string => showValue(value, isSensitive(subject, trail));
