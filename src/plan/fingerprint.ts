// Which plan was shown on a pull request: a short text by which a later plan can be compared with it, address by address. Made from
// masked values, so that nobody can try guesses of a secret against it; for the same reason a secret that alone became another one is
// not seen. Pure.
//
// A change counts with its actions, its provider, where it comes from (move, import) and the attributes that it changes, before and
// after. What stays as it is does not count, nor does a resource that is only read: both may differ between two runs of one commit.
import { createHash } from 'node:crypto';
import type { Json } from '../contracts/json.ts';
import { summarizeChange } from './diff/summarize-change.ts';
import { isList, isMap, ownValue } from './json-tree.ts';
import { isMarked, marksAt, NO_MARKS, type Marks } from './marks.ts';
import { marksAfter, marksBefore, type Masker } from './masking.ts';
import type { Change, ExactNumbers, OutputChange, Plan, ResourceChange, ValuePath } from './model.ts';

export interface PlanDifference {
  /** Addresses of this plan that were not in the one before. */
  readonly added: readonly string[];
  /** Addresses that were, with another change. */
  readonly changed: readonly string[];
  /** How many are not in this plan any more: a fingerprint does not hold their names. */
  readonly gone: number;
  /** The plan before was too large for one entry an address: all that is known is that something differs. */
  readonly isUnnamed: boolean;
}

const FORM = /^1\.([\w-]{22})(?:\.([\w-]*))?$/;
/** Base64 characters of an entry's address and of its content. Only the whole decides what is equal; an entry finds a name. */
const PART = 6;
const ENTRY = 2 * PART;
/** In front of the entries: version, digest of the whole, dots. */
const HEAD = 25;

/** With whole digests; an entry of the text holds the first PART characters of each. */
interface Entry {
  readonly name: string;
  readonly address: string;
  readonly content: string;
}

/** @returns ASCII, at most `room` characters; equal for plans that would do the same */
export function fingerprintOf(plan: Plan, masker: Masker, room: number): string {
  const entries = entriesOf(plan, masker);
  const whole = `1.${digestOfAll(entries)}`;
  return HEAD + entries.length * ENTRY > room
    ? whole
    : `${whole}.${entries.map(({ address, content }) => short(address) + short(content)).join('')}`;
}

/** @returns null: the same plan. A text that is no fingerprint of ours differs, and names nothing. */
export function compareWithFingerprint(reviewed: string, plan: Plan, masker: Masker): PlanDifference | null {
  const entries = entriesOf(plan, masker);
  const [, whole, kept] = FORM.exec(reviewed) ?? [];
  if (whole === digestOfAll(entries)) return null;
  if (kept === undefined || kept.length % ENTRY !== 0) return { added: [], changed: [], gone: 0, isUnnamed: true };
  const before = new Map<string, string>();
  for (let i = 0; i < kept.length; i += ENTRY) before.set(kept.slice(i, i + PART), kept.slice(i + PART, i + ENTRY));
  const added = entries.filter(({ address }) => !before.has(short(address)));
  const changed = entries.filter(({ address, content }) => before.has(short(address)) && before.get(short(address)) !== short(content));
  const gone = before.size - (entries.length - added.length);
  const names = (list: readonly Entry[]): string[] => list.map(({ name }) => name).sort();
  return { added: names(added), changed: names(changed), gone: Math.max(gone, 0), isUnnamed: false };
}

function entriesOf(plan: Plan, masker: Masker): Entry[] {
  const resources = plan.changes.filter(counts).map((change) => toEntry(addressOf(change), contentOf(change, masker)));
  const outputs = plan.outputs
    .filter(({ action }) => action !== 'no-op')
    .map((output) => toEntry(`output.${output.name}`, outputContent(output, masker)));
  // An action that is invoked is part of what was agreed to.
  const invocations = (plan.invocations ?? []).map(({ address, trigger, deferred, config }) =>
    toEntry(address, [trigger?.address ?? null, trigger?.event ?? null, deferred !== null, masker.maskedAfter(config)]),
  );
  return [...resources, ...outputs, ...invocations].sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
}

const counts = (change: ResourceChange): boolean =>
  change.action === 'no-op' ? change.previousAddress !== null || change.importing !== null : change.action !== 'read';

const addressOf = ({ address, deposed }: ResourceChange): string => (deposed === null ? address : `${address} (deposed object ${deposed})`);

function contentOf(change: ResourceChange, masker: Masker): unknown {
  const { actions, provider, previousAddress, importing } = change;
  const from = importing === null ? null : [textOrNull(importing.id, masker), masker.mask(importing.identity, NO_MARKS, undefined)];
  return [actions, provider, previousAddress, from, valuesOf(change, masker)];
}

const textOrNull = (text: string | null, masker: Masker): string | null => (text === null ? null : masker.text(text));

function valuesOf(change: ResourceChange, masker: Masker): unknown {
  // What a destroyed object was is no part of what happens.
  if (change.action === 'delete' || change.action === 'no-op') return [];
  // No provider has objects that are no maps; whoever writes a plan by hand can.
  if (![change.before, change.after].every((side) => side === null || isMap(side))) return wholeOf(change, masker);
  const [before, after] = [marksBefore(change), marksAfter(change)];
  const names = summarizeChange(change);
  const values = names.map((name) => [
    name,
    maskedAt(change.before, before, undefined, name, masker, change.after),
    maskedAt(change.after, after, change.unknown, name, masker, change.before),
  ]);
  return [values, spellingsOf(change, masker, new Set(names))];
}

const outputContent = (output: OutputChange, masker: Masker): unknown => [output.actions, wholeOf(output, masker)];

const wholeOf = (change: Change, masker: Masker): unknown => [
  masker.maskedBefore(change),
  masker.maskedAfter(change),
  spellingsOf(change, masker, null),
];

/** Numbers that a double does not hold: two of them may be the same double. `names`: of these attributes only. */
function spellingsOf(change: Change, masker: Masker, names: ReadonlySet<string> | null): unknown {
  const { exactNumbers } = change;
  if (exactNumbers === undefined) return [];
  const shown = (numbers: ExactNumbers, value: Json, marks: Marks): unknown[] =>
    [...numbers].flatMap(([place, spelling]) => {
      const path = JSON.parse(place) as ValuePath;
      if (names !== null && !names.has(String(path[0]))) return [];
      if (isMarkedOnTheWay(path, value, marks)) return [];
      return [[path.map((step) => (typeof step === 'string' ? masker.key(step) : step)), masker.mask(spelling, NO_MARKS, undefined)]];
    });
  return [shown(exactNumbers.before, change.before, marksBefore(change)), shown(exactNumbers.after, change.after, marksAfter(change))];
}

function isMarkedOnTheWay(path: ValuePath, root: Json, rootMarks: Marks): boolean {
  let value: Json | undefined = root;
  let marks = rootMarks;
  for (const step of path) {
    if (isMarked(value, marks)) return true;
    marks = marksAt(marks, step);
    if (isList(value)) value = typeof step === 'number' ? value[step] : undefined;
    else value = isMap(value) ? ownValue(value, String(step)) : undefined;
  }
  return isMarked(value, marks);
}

function maskedAt(value: Json, marks: Marks, unknown: Json | undefined, name: string, masker: Masker, other: Json): unknown {
  const at = (map: Json | undefined): Json | undefined => (isMap(map) ? ownValue(map, name) : undefined);
  // Marked as a whole: its attributes are as well.
  if (marks.own === true || marks.other === true) return masker.mask(value, marks, unknown);
  return masker.mask(at(value), marksAt(marks, name), unknown === true ? true : at(unknown), at(other));
}

/** Masked values list their keys in order, so one text stands for one content. */
const toEntry = (name: string, content: unknown): Entry => ({ name, address: digest(name), content: digest(JSON.stringify(content)) });

// From whole digests: the short ones of the entries could be made to meet.
function digestOfAll(entries: readonly Entry[]): string {
  const hash = createHash('sha256');
  for (const { address, content } of entries) hash.update(address + content);
  return hash.digest('base64url').slice(0, 22);
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');
const short = (digest: string): string => digest.slice(0, PART);
