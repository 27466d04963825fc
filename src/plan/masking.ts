// Takes out of a plan, and out of any text about it, what Terraform marks as sensitive: the marked places, and copies of their values
// elsewhere; and what nobody marked and looks like a credential. What counts as a copy is secret-values.ts, what looks like a credential
// is credential-kinds.ts. No I/O.
import type { Json } from '../contracts/json.ts';
import { createCopyFinder } from './copies.ts';
import { findCredentials, type Credential } from './credential-shapes.ts';
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
  /**
   * One value with its marks; for walks of their own, such as the diff.
   * @param other  what stands at this place on the other side of the change: where one side is a credential, so is the other
   */
  mask(value: Json | undefined, marks: Marks, unknown: Json | undefined, other?: Json): MaskedValue;
  /** A map's key. */
  key(key: string): string;
  /** Is something else hidden of one text than of the other? That what is left of both looks alike says nothing of it. */
  hidesOther(one: string, other: string): boolean;
}

const MASKED: MaskedValue = { kind: 'masked' };
const UNKNOWN: MaskedValue = { kind: 'unknown' };

export const marksBefore = (change: Change): Marks => ({ own: change.beforeSensitive, other: change.afterSensitive });
export const marksAfter = (change: Change): Marks => ({ own: change.afterSensitive, other: change.beforeSensitive });

export function createMasker(plan: Plan): Masker {
  const copies = createCopyFinder(collectSecretValues(plan));

  function maskString(value: string, other: Json | undefined): MaskedValue {
    if (copies.isCopy(value)) return MASKED;
    const credentials = findCredentials(value);
    const whole =
      wholeCredential(value, credentials) ?? (isOtherText(other, value) ? wholeCredential(other, findCredentials(other)) : null);
    const pieces = join(copies.inside(value), credentials);
    const [first] = pieces;
    if (first?.what === null && first.range[0] === 0 && first.range[1] === value.length) return MASKED;
    if (whole !== null) return { kind: 'withheld', what: whole };
    if (first === undefined) return { kind: 'plain', value, redacted: false };
    const withheld = pieces.some(({ what }) => what !== null);
    return { kind: 'plain', value: cutOut(value, pieces), redacted: true, ...(withheld ? { withheld } : {}) };
  }

  function mask(value: Json | undefined, marks: Marks, unknown: Json | undefined, other?: Json): MaskedValue {
    // Terraform, too, shows a place that is both marked and unknown as sensitive.
    if (isMarked(value, marks)) return MASKED;
    if (unknown === true) return UNKNOWN;
    if (typeof value === 'string') return maskString(value, other);
    if (typeof value === 'number' && copies.isCopy(String(value))) return MASKED;
    if (isList(value) || (isEmpty(value) && isList(unknown) && holdsTrue(unknown))) return maskList(value, marks, unknown, other);
    if (isMap(value) || (isEmpty(value) && isMap(unknown) && holdsTrue(unknown))) return maskMap(value, marks, unknown, other);
    return { kind: 'plain', value: value ?? null, redacted: false };
  }

  function maskList(value: Json | undefined, marks: Marks, unknown: Json | undefined, other: Json | undefined): MaskedValue {
    const items = isList(value) ? value : [];
    const unknowns = isList(unknown) ? unknown : [];
    const others = isList(other) ? other : [];
    const length = Math.max(items.length, unknowns.findLastIndex(holdsTrue) + 1);
    return { kind: 'list', items: Array.from({ length }, (_, i) => mask(items[i], marksAt(marks, i), unknowns[i], others[i])) };
  }

  function maskMap(value: Json | undefined, marks: Marks, unknown: Json | undefined, other: Json | undefined): MaskedValue {
    const at = (map: Json | undefined, key: string): Json | undefined => (isMap(map) ? ownValue(map, key) : undefined);
    const entries = mapKeys(value, unknown).map((key) => ({
      key: maskKey(key),
      value: mask(at(value, key), marksAt(marks, key), at(unknown, key), at(other, key)),
    }));
    return { kind: 'map', entries };
  }

  // Keys are mostly attribute names, so a short one is never taken for a copy.
  const maskKey = (key: string): string => cutOut(key, piecesOf(key));

  const piecesOf = (text: string): readonly Piece[] => join(copies.inside(text), findCredentials(text));

  function hidesOther(one: string, other: string): boolean {
    const [hidden, otherHidden] = [one, other].map((text) => piecesOf(text).map(({ range }) => text.slice(...range)));
    return JSON.stringify(hidden) !== JSON.stringify(otherHidden);
  }

  const before = (change: Change): MaskedValue => mask(change.before, marksBefore(change), undefined, change.after);
  const after = (change: Change): MaskedValue => mask(change.after, marksAfter(change), change.unknown, change.before);

  // Views ask for both counts, one after the other.
  const counted = new WeakMap<Change, HiddenCounts>();
  function countsOf(change: Change): HiddenCounts {
    const counts = counted.get(change) ?? countHidden(before(change), after(change));
    counted.set(change, counts);
    return counts;
  }

  return {
    mask,
    key: maskKey,
    hidesOther,
    maskedBefore: before,
    maskedAfter: after,
    text: (text) => cutOut(text, join(copies.insideProse(text), findCredentials(text))),
    hiddenIn: (change) => countsOf(change).marked,
    withheldIn: (change) => countsOf(change).withheld,
  };
}

/** A text where there is no plan to know secrets from: what looks like a credential is withheld all the same. */
export const withoutCredentials = (text: string): string => cutOut(text, join([], findCredentials(text)));

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

/** A part of a text that is not shown; `what` it looks like, null: a copy of a marked value. */
interface Piece {
  readonly range: TextRange;
  readonly what: string | null;
}

const isOtherText = (other: Json | undefined, value: string): other is string =>
  typeof other === 'string' && other !== value && value !== '';

/** What the text looks like as a whole, white space around it aside; null: it is not one credential. */
function wholeCredential(text: string, [first, second]: readonly Credential[]): string | null {
  if (first === undefined || second !== undefined) return null;
  const around = text.slice(0, first.range[0]) + text.slice(first.range[1]);
  return /^(?:\s|\\[nrt])*$/.test(around) ? first.what : null;
}

/** In order, not overlapping. Where a copy and a credential overlap, both are hidden as the copy that is known to be a secret. */
function join(copies: readonly TextRange[], credentials: readonly Credential[]): readonly Piece[] {
  const pieces: Piece[] = copies.map((range) => ({ range, what: null }));
  if (credentials.length === 0) return pieces;
  const joined: Piece[] = [];
  for (const piece of [...pieces, ...credentials].sort((a, b) => a.range[0] - b.range[0])) {
    const last = joined.at(-1);
    if (last === undefined || piece.range[0] >= last.range[1]) joined.push(piece);
    else joined[joined.length - 1] = { range: [last.range[0], Math.max(last.range[1], piece.range[1])], what: null };
  }
  return joined;
}

function cutOut(text: string, pieces: readonly Piece[]): string {
  if (pieces.length === 0) return text;
  let out = '';
  let from = 0;
  for (const { range, what } of pieces) {
    out += text.slice(from, range[0]) + (what === null ? SENSITIVE_TEXT : withheldText(what));
    from = range[1];
  }
  return out + text.slice(from);
}

interface HiddenCounts {
  readonly marked: number;
  readonly withheld: number;
}

function countHidden(before: MaskedValue, after: MaskedValue): HiddenCounts {
  const places: HiddenPlaces = { marked: new Set(), withheld: new Set() };
  addHidden(before, '', places);
  addHidden(after, '', places);
  for (const place of places.marked) places.withheld.delete(place);
  return { marked: places.marked.size, withheld: places.withheld.size };
}

interface HiddenPlaces {
  readonly marked: Set<string>;
  readonly withheld: Set<string>;
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
