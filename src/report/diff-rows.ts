// What of a diff fits on one line: a value, or old and new. Pure.
import type { DiffNode, LeafDiff, ListDiff } from '../plan/diff/tree.ts';
import { isItem } from '../plan/diff/flatten.ts';
import { compactText, differingParts, ENCODE, isMultiline, leafText, shortened, textOf, type DiffLimits } from './diff-values.ts';
import { linesOf } from './line-diff.ts';

export type Sign = '+' | '-' | '!' | ' ';

export interface Row {
  readonly sign: Sign;
  readonly text: string;
  /** Empty, or what is said behind the value. */
  readonly note: string;
}

export const SIGN: Readonly<Record<DiffNode['kind'], Sign>> = { add: '+', remove: '-', change: '!', same: ' ' };

/** Old and new on one line up to this length together, on two lines above it. */
const MAX_PAIR = 90;
/** What comes or goes as a whole, on one line up to this length. */
const MAX_COMPACT = 72;

export function noteOf({ forcesReplacement }: { readonly forcesReplacement: boolean }, ...notes: readonly string[]): string {
  const all = [...notes, ...(forcesReplacement ? ['forces replacement'] : [])];
  return all.length === 0 ? '' : `  # ${all.join(', ')}`;
}

/** One line, or one for the old and one for the new; null: it needs more. */
export function rowsOf(node: DiffNode, limits: DiffLimits): readonly Row[] | null {
  switch (node.form) {
    case 'leaf':
      return leafRows(node, limits);
    case 'document':
      if (node.kind !== 'change') return compactRow(node);
      return node.content === null ? [{ sign: '!', text: `(${node.language}, only formatting changes)`, note: noteOf(node) }] : null;
    case 'replaced':
      return replacedRows(node.before, node.after, noteOf(node));
    case 'map':
      return node.kind === 'change' ? null : compactRow(node);
    case 'list':
      return node.kind === 'change' ? listRows(node, limits) : compactRow(node);
  }
}

function compactRow(node: DiffNode): readonly Row[] | null {
  const text = compactText(node, MAX_COMPACT);
  return text === null ? null : [{ sign: SIGN[node.kind], text, note: noteOf(node) }];
}

function leafRows(node: LeafDiff, limits: DiffLimits): readonly Row[] | null {
  const { before, after } = node;
  const sign = SIGN[node.kind];
  if (before === null || after === null || node.kind === 'same') {
    const only = after ?? before;
    return only === null || isMultiline(only) ? null : [{ sign, text: shortened(leafText(only), limits.text), note: noteOf(node) }];
  }
  if (node.mark !== undefined) return [{ sign, text: leafText(after), note: noteOf(node, MARK_WORDS[node.mark]) }];
  const [from, to] = [leafText(before), leafText(after)];
  if (from === to) {
    // Hidden on both sides, or in a part of both, and yet told as a change: that is what is known of it.
    if (before.kind !== 'plain') return [{ sign, text: `${from} (changed)`, note: noteOf(node) }];
    return [
      { sign, text: isMultiline(before) ? lineCount(before) : shortened(from, limits.text), note: noteOf(node, 'a hidden part changes') },
    ];
  }
  if (isMultiline(after)) return null;
  if (after.kind === 'unknown') return [{ sign, text: `${shortForm(node)} -> ${to}`, note: noteOf(node) }];
  if (isMultiline(before)) return null;
  const [old, fresh] = differingParts(from, to, limits.text);
  const note = noteOf(node, ...hiddenNotes(node));
  if (old.length + fresh.length <= MAX_PAIR) return [{ sign, text: `${old} -> ${fresh}`, note }];
  return [
    { sign: '-', text: old, note },
    { sign: '+', text: fresh, note },
  ];
}

/** A line that looks the same on both sides would pass for one that stays. */
export const hiddenNotes = ({ hiddenChanges }: LeafDiff): string[] => (hiddenChanges === true ? ['a hidden part changes, too'] : []);

const MARK_WORDS = {
  comes: 'is marked as sensitive from now on, the value stays',
  goes: 'is no longer marked as sensitive, the value stays',
} as const;

const lineCount = (value: NonNullable<LeafDiff['before']>): string => `(text of ${counted(linesOf(textOf(value)).length, 'line')})`;

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** What a value was matters less when nobody knows yet what it will be. */
function shortForm(node: DiffNode): string {
  if (node.form === 'leaf') {
    if (node.before === null) return '';
    return isMultiline(node.before) ? lineCount(node.before) : shortened(leafText(node.before), MAX_PAIR / 2);
  }
  const compact = compactText(node, MAX_PAIR / 2);
  if (compact !== null) return compact;
  switch (node.form) {
    case 'document':
      return `${ENCODE[node.language]}(…)`;
    case 'list':
      return `[…] (${counted(node.items.length, 'element')})`;
    case 'map':
      return `{…} (${counted(node.entries.length, 'attribute')})`;
    case 'replaced':
      return '…';
  }
}

function replacedRows(before: DiffNode, after: DiffNode, note: string): readonly Row[] | null {
  if (after.form === 'leaf' && after.after?.kind === 'unknown') {
    return [{ sign: '!', text: `${shortForm(before)} -> ${leafText(after.after)}`, note }];
  }
  const [old, fresh] = [compactText(before, MAX_PAIR), compactText(after, MAX_PAIR)];
  if (old === null || fresh === null || old.length + fresh.length > MAX_PAIR) return null;
  return [{ sign: '!', text: `${old} -> ${fresh}`, note }];
}

/** One element that becomes another; a list that was or becomes empty; a list of which only the order changes. */
function listRows(node: ListDiff, limits: DiffLimits): readonly Row[] | null {
  const { before, after } = node.length;
  if (!node.items.some((item) => !isItem(item) || item.node.kind !== 'same')) return orderRows(node);
  const [item] = node.items.filter(isItem);
  if (before === 1 && after === 1 && item?.node.form === 'leaf') return singleRow(node, item.node, limits);
  if (before > 0 && after > 0) return null;
  const compact = compactText({ ...node, kind: before === 0 ? 'add' : 'remove' }, MAX_COMPACT);
  if (compact === null) return null;
  return [{ sign: '!', text: before === 0 ? `[] -> ${compact}` : `${compact} -> []`, note: noteOf(node) }];
}

function orderRows(node: ListDiff): readonly Row[] {
  const items = node.items.filter(isItem);
  const inOldOrder = items.toSorted((a, b) => (a.before ?? 0) - (b.before ?? 0));
  const from = compactText({ ...node, items: inOldOrder }, MAX_PAIR);
  const to = compactText({ ...node, items }, MAX_PAIR);
  const isShort = items.length === node.length.after && from !== null && to !== null && from.length + to.length <= MAX_PAIR;
  const text = isShort ? `${from} -> ${to}` : `[…] (${counted(node.length.after, 'element')})`;
  return [{ sign: '!', text, note: noteOf(node, 'only the order changes') }];
}

function singleRow(list: ListDiff, element: LeafDiff, limits: DiffLimits): readonly Row[] | null {
  const [row, ...more] = leafRows(element, limits) ?? [];
  const { before, after } = element;
  if (row?.sign !== '!' || more.length > 0 || before === null || after === null || element.mark !== undefined) return null;
  const [from, to] = [leafText(before), leafText(after)];
  const forcesReplacement = list.forcesReplacement || element.forcesReplacement;
  return from === to ? null : [{ sign: '!', text: `[${from}] -> [${to}]`, note: noteOf({ forcesReplacement }) }];
}
