// What `before_sensitive` and `after_sensitive` say about a place in a value. Whenever marks and value do not fit together,
// the answer is "marked": a plan that is odd, or made to be odd, hides too much and never too little. No I/O.
//
// Source: HashiCorp, "JSON Output Format", change representation: "sensitive leaf values set to true", the rest left out or false;
// `true` in place of an object or a list marks all of it.
import type { Json } from '../contracts/json.ts';
import { holdsTrue, isList, isMap, isMark, ownValue } from './json-tree.ts';

/**
 * The marks at one place. `own` belong to the value's side of the change; `other` to the other side, and counts too:
 * an attribute that a provider begins to mark is as secret in the old state. Only in a list the other side says nothing of elements
 * that it does not have.
 */
export interface Marks {
  readonly own: Json | undefined;
  readonly other: Json | undefined;
}

export const NO_MARKS: Marks = { own: false, other: false };

/** Is the value hidden as a whole? */
export function isMarked(value: Json | undefined, marks: Marks): boolean {
  if (isMark(marks.own) || isMark(marks.other)) return true;
  // Nothing there: nothing to hide.
  if (value === null || value === undefined) return false;
  return isMisfit(value, marks.own) || isMisfit(value, marks.other);
}

function isMisfit(value: Json, marks: Json | undefined): boolean {
  if (typeof marks !== 'object' || marks === null) return false;
  const fits = isList(marks) ? isList(value) : isMap(value);
  return !fits && holdsTrue(marks);
}

/** The marks of an element. Call only where `isMarked` said no. */
export function marksAt(marks: Marks, step: string | number): Marks {
  if (!marks.own && !marks.other) return NO_MARKS;
  return { own: strictStep(marks.own, step), other: plainStep(marks.other, step) };
}

// A list of marks that is shorter than its value leaves elements of which nothing is known.
function strictStep(marks: Json | undefined, step: string | number): Json | undefined {
  if (isList(marks) && typeof step === 'number' && step >= marks.length) return holdsTrue(marks);
  return plainStep(marks, step);
}

function plainStep(marks: Json | undefined, step: string | number): Json | undefined {
  if (isList(marks)) return typeof step === 'number' ? marks[step] : undefined;
  if (isMap(marks)) return typeof step === 'string' ? ownValue(marks, step) : undefined;
  return undefined;
}
