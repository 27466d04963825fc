// A planned value in a message: short, whole or not at all, and never one that is marked as sensitive. Pure.
import type { Json } from '../../contracts/json.ts';
import { isList, isMap, ownValue } from '../../plan/json-tree.ts';
import { isMarked, marksAt, type Marks } from '../../plan/marks.ts';
import { SENSITIVE_TEXT } from '../../plan/masking.ts';
import type { Trail } from './path.ts';

// Longer texts are counted instead of cut: half a secret would not be recognised by the masker.
const MAX_TEXT = 80;

export function showValue(value: Json, isSensitive: boolean): string {
  if (isSensitive) return SENSITIVE_TEXT;
  if (value === null) return 'not set';
  if (isList(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty map' : 'a map';
  if (typeof value === 'string' && value.length > MAX_TEXT) return `a text of ${value.length} characters`;
  return JSON.stringify(value);
}

/** Is the value at this place, or one around it, marked? */
export function isSensitiveAt(root: Json, rootMarks: Marks, trail: Trail): boolean {
  let value: Json | undefined = root;
  let marks = rootMarks;
  for (const part of trail) {
    if (isMarked(value, marks)) return true;
    // Inside of a text that holds JSON: the text as a whole is not marked.
    if (value === undefined || value === null || typeof value !== 'object') return false;
    marks = marksAt(marks, part);
    value = typeof part === 'number' ? (isList(value) ? value[part] : undefined) : isMap(value) ? ownValue(value, part) : undefined;
  }
  return isMarked(value, marks);
}

/** The check's author says what is wrong, the finding adds at which value it was seen. */
export const withLead = (lead: string | undefined, message: string): string =>
  lead === undefined ? message : `${lead.replace(/[.:]\s*$/, '')}: ${message}`;
