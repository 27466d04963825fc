// Takes out of a plan, and out of any text about it, what Terraform marks as sensitive: the marked places, and copies of their values
// elsewhere. What counts as a copy is secret-values.ts. No I/O.
import type { Json } from '../contracts/json.ts';
import { createCopyFinder } from './copies.ts';
import { holdsTrue, isList, isMap, ownValue } from './json-tree.ts';
import { isMarked, marksAt, type Marks } from './marks.ts';
import type { Change, Plan } from './model.ts';
import type { TextRange } from './secret-search.ts';
import { collectSecretValues } from './secret-values.ts';

/** What stands for a hidden value, in Terraform's words. */
export const SENSITIVE_TEXT = '(sensitive value)';

/** What stands for a value that nobody marked and that looks like a credential. */
export const withheldText = (what: string): string => `(withheld: looks like ${what})`;

/** A value as people may see it. Typed, so that no text in a plan can pretend to be a hidden or an unknown value. */
export type MaskedValue =
  | PlainValue
  /** A marked place, or a copy of a marked value. Nothing of it is here, not even its kind or length. */
  | { readonly kind: 'masked' }
  /** Nobody marked it, and it looks like a credential: `what` says of which kind ("a GitHub token"), in words of ours. Nothing of it is here. */
  | { readonly kind: 'withheld'; readonly what: string }
  /** Known after apply. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'list'; readonly items: readonly MaskedValue[] }
  /** Sorted by key. A key that holds a copy of a marked value has it replaced, so keys may repeat. */
  | { readonly kind: 'map'; readonly entries: readonly { readonly key: string; readonly value: MaskedValue }[] };

export interface PlainValue {
  readonly kind: 'plain';
  readonly value: null | boolean | number | string;
  /** True when copies of marked values, or credentials, were taken out of the text; each left SENSITIVE_TEXT or withheldText behind. */
  readonly redacted: boolean;
  /** A credential was among what was taken out. Absent: none. */
  readonly withheld?: true;
}

export interface Masker {
  maskedBefore(change: Change): MaskedValue;
  maskedAfter(change: Change): MaskedValue;
  /** Any text about the plan: check messages, tool output, run messages. Not for addresses: they are the configuration's. */
  text(text: string): string;
  /** Places hidden in a change because of a mark: "3 sensitive values hidden". A place hidden on both sides counts once. */
  hiddenIn(change: Change): number;
  /** Places that nobody marked and of which something is withheld: "2 values that look like credentials withheld". None counts in both. */
  withheldIn(change: Change): number;
  /** One value with its marks; for walks of their own, such as diff.ts. */
  mask(value: Json | undefined, marks: Marks, unknown: Json | undefined): MaskedValue;
  /** A map's key. */
  key(key: string): string;
}

const MASKED: MaskedValue = { kind: 'masked' };
const UNKNOWN: MaskedValue = { kind: 'unknown' };

export const marksBefore = (change: Change): Marks => ({ own: change.beforeSensitive, other: change.afterSensitive });
export const marksAfter = (change: Change): Marks => ({ own: change.afterSensitive, other: change.beforeSensitive });

export function createMasker(plan: Plan): Masker {
  const copies = createCopyFinder(collectSecretValues(plan));

  function maskString(value: string): MaskedValue {
    if (copies.isCopy(value)) return MASKED;
    const ranges = copies.inside(value);
    if (ranges.length === 0) return { kind: 'plain', value, redacted: false };
    const first = ranges[0];
    if (first !== undefined && first[0] === 0 && first[1] === value.length) return MASKED;
    return { kind: 'plain', value: cutOut(value, ranges), redacted: true };
  }

  function mask(value: Json | undefined, marks: Marks, unknown: Json | undefined): MaskedValue {
    // Terraform, too, shows a place that is both marked and unknown as sensitive.
    if (isMarked(value, marks)) return MASKED;
    if (unknown === true) return UNKNOWN;
    if (typeof value === 'string') return maskString(value);
    if (typeof value === 'number' && copies.isCopy(String(value))) return MASKED;
    if (isList(value) || (isEmpty(value) && isList(unknown) && holdsTrue(unknown))) return maskList(value, marks, unknown);
    if (isMap(value) || (isEmpty(value) && isMap(unknown) && holdsTrue(unknown))) return maskMap(value, marks, unknown);
    return { kind: 'plain', value: value ?? null, redacted: false };
  }

  function maskList(value: Json | undefined, marks: Marks, unknown: Json | undefined): MaskedValue {
    const items = isList(value) ? value : [];
    const unknowns = isList(unknown) ? unknown : [];
    const length = Math.max(items.length, unknowns.findLastIndex(holdsTrue) + 1);
    return { kind: 'list', items: Array.from({ length }, (_, i) => mask(items[i], marksAt(marks, i), unknowns[i])) };
  }

  function maskMap(value: Json | undefined, marks: Marks, unknown: Json | undefined): MaskedValue {
    const entries = mapKeys(value, unknown).map((key) => ({
      key: maskKey(key),
      value: mask(
        isMap(value) ? ownValue(value, key) : undefined,
        marksAt(marks, key),
        isMap(unknown) ? ownValue(unknown, key) : undefined,
      ),
    }));
    return { kind: 'map', entries };
  }

  // Keys are mostly attribute names, so a short one is never taken for a copy.
  function maskKey(key: string): string {
    return cutOut(key, copies.inside(key));
  }

  return {
    mask,
    key: maskKey,
    maskedBefore: (change) => mask(change.before, marksBefore(change), undefined),
    maskedAfter: (change) => mask(change.after, marksAfter(change), change.unknown),
    text: (text) => cutOut(text, copies.insideProse(text)),
    hiddenIn: (change) => placesIn(change, mask).marked.size,
    withheldIn: (change) => placesIn(change, mask).withheld.size,
  };
}

/** Keys of the value and of what is known only after apply, sorted. */
export function mapKeys(value: Json | undefined, unknown: Json | undefined): string[] {
  const known = isMap(value) ? Object.keys(value) : [];
  // Marks of unknowns also list what is known (as false, {} or []); only a true adds an attribute.
  const added = isMap(unknown)
    ? Object.keys(unknown).filter((key) => !(isMap(value) && Object.hasOwn(value, key)) && holdsTrue(ownValue(unknown, key)))
    : [];
  return [...known, ...added].sort();
}

const isEmpty = (value: Json | undefined): boolean => value === undefined || value === null;

function cutOut(text: string, ranges: readonly TextRange[]): string {
  if (ranges.length === 0) return text;
  let out = '';
  let from = 0;
  for (const [start, end] of ranges) {
    out += text.slice(from, start) + SENSITIVE_TEXT;
    from = end;
  }
  return out + text.slice(from);
}

interface HiddenPlaces {
  readonly marked: Set<string>;
  readonly withheld: Set<string>;
}

function placesIn(change: Change, mask: Masker['mask']): HiddenPlaces {
  const places: HiddenPlaces = { marked: new Set(), withheld: new Set() };
  addHidden(mask(change.before, marksBefore(change), undefined), '', places);
  addHidden(mask(change.after, marksAfter(change), change.unknown), '', places);
  for (const place of places.marked) places.withheld.delete(place);
  return places;
}

function addHidden(value: MaskedValue, place: string, places: HiddenPlaces): void {
  switch (value.kind) {
    case 'masked':
      places.marked.add(place);
      return;
    case 'withheld':
      places.withheld.add(place);
      return;
    case 'plain':
      if (value.redacted) places[value.withheld === true ? 'withheld' : 'marked'].add(place);
      return;
    case 'unknown':
      return;
    case 'list':
      value.items.forEach((item, i) => addHidden(item, `${place}\u0000${i}`, places));
      return;
    case 'map':
      for (const entry of value.entries) addHidden(entry.value, `${place}\u0000${entry.key}`, places);
  }
}
