// A diff as lines, nested as Terraform nests them. The marker of each line stands apart from its indentation, so that GitHub finds it in
// column 0. Pure.
import { cut } from '../base/cut.ts';
import { isItem } from '../plan/diff/flatten.ts';
import type { DiffNode, LeafDiff, ListDiff, MapDiff } from '../plan/diff/tree.ts';
import { counted, hiddenNotes, noteOf, rowsOf, SIGN, type Sign } from './diff-rows.ts';
import { compactText, differingParts, ENCODE, nameText, SHORT, textOf, type DiffLimits } from './diff-values.ts';
import { linesOf, textDiff, type TextDiff } from './line-diff.ts';

export interface Line {
  readonly sign: Sign;
  readonly depth: number;
  readonly text: string;
  /** Stands there so that people know where they are: goes first where there is no room. */
  readonly isAside: boolean;
  /** Opens something: the line that closes it. */
  readonly closedBy?: Line;
}

/** Names are padded so that the values stand under each other, but one long name does not push all others away. */
const MAX_PADDING = 32;
/** So many values of a new object that are known after apply, or more, are told in one line. */
const MANY_UNKNOWN = 3;
/** What a comment on GitHub shows of a line in a fence. */
const MAX_WORDS_LINE = 100;
/** A block of a few attributes that comes or goes stands on one line up to this length. */
const MAX_BLOCK = 90;
const MAX_BLOCK_ATTRIBUTES = 4;
/** Real values nest some ten levels; what stands deeper is told by its path. */
const MAX_DEPTH = 20;
const MAX_PATH = 120;

/** Where a value stands. */
interface Place {
  readonly depth: number;
  /** Of an attribute; null: an element of a list, with a comma behind it. */
  readonly name: string | null;
  /** Inside of what somebody wrote as one value: there, a list of maps is no list of blocks. */
  readonly isExpression: boolean;
  readonly limits: DiffLimits;
}

/** The attributes of an object. */
export function printAttributes(node: MapDiff, limits: DiffLimits): Line[] {
  const lines: Line[] = [];
  printEntries(lines, node, { depth: 0, name: null, isExpression: false, limits });
  return lines;
}

/** One value with its name. */
export function printNamed(node: DiffNode, name: string, limits: DiffLimits): Line[] {
  const lines: Line[] = [];
  printValue(lines, node, { depth: 0, name, isExpression: true, limits });
  return lines;
}

const aside = (depth: number, text: string): Line => ({ sign: ' ', depth, text: `# ${text}`, isAside: true });

function printEntries(lines: Line[], node: MapDiff, { depth, isExpression, limits }: Place): void {
  const unknown = node.entries.filter((entry) => isUnknownOnly(entry.node));
  const told = unknown.length < MANY_UNKNOWN ? node.entries : node.entries.filter((entry) => !isUnknownOnly(entry.node));
  const isBlock = (entry: { readonly node: DiffNode }): boolean => !isExpression && isBlocks(entry.node);
  // Attributes that stand on one line each, one after the other, have their values under each other.
  let run: { readonly name: string; readonly rows: NonNullable<ReturnType<typeof rowsOf>> }[] = [];
  const flush = (): void => {
    const padding = run.reduce((longest, { name }) => Math.min(Math.max(longest, name.length), MAX_PADDING), 0);
    for (const { name, rows } of run) {
      for (const { sign, text, note } of rows) {
        lines.push({ sign, depth, text: `${name.padEnd(padding)} = ${text}${note}`, isAside: sign === ' ' });
      }
    }
    run = [];
  };
  for (const entry of [...told.filter((one) => !isBlock(one)), ...told.filter(isBlock)]) {
    const name = nameText(entry.key);
    const rows = isBlock(entry) ? null : rowsOf(entry.node, limits);
    if (rows !== null) run.push({ name, rows });
    else {
      flush();
      printValue(lines, entry.node, { depth, name, isExpression, limits });
    }
  }
  flush();
  if (unknown.length >= MANY_UNKNOWN) {
    const names = unknown.map(({ key }) => nameText(key));
    for (const text of wrapped(`(known after apply: ${names.join(', ')})`)) lines.push({ sign: '+', depth, text, isAside: false });
  }
  // Of the object itself, nobody asks how many attributes its provider knows.
  if (node.unchanged > 0 && depth > 0) lines.push(aside(depth, counted(node.unchanged, 'unchanged attribute')));
}

/** Some providers know fifty attributes only after apply. On one line nobody reads them, and GitHub scrolls the whole block for it. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= MAX_WORDS_LINE) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(last === undefined ? word : `    ${word}`);
  }
  return lines;
}

const isUnknownOnly = (node: DiffNode): boolean =>
  node.form === 'leaf' && node.kind === 'add' && node.after?.kind === 'unknown' && !node.forcesReplacement;

const isBlocks = (node: DiffNode): node is ListDiff => node.form === 'list' && node.isOfMaps && node.items.some(isItem);

function printValue(lines: Line[], node: DiffNode, place: Place): void {
  const { depth, name, limits } = place;
  if (name !== null && !place.isExpression && isBlocks(node)) return printBlocks(lines, node, name, place);
  const rows = rowsOf(node, limits);
  if (rows !== null) {
    for (const { sign, text, note } of rows) {
      lines.push({ sign, depth, text: `${name === null ? `${text},` : `${name} = ${text}`}${note}`, isAside: sign === ' ' });
    }
    return;
  }
  if (depth >= MAX_DEPTH) return printDeep(lines, node, place);
  switch (node.form) {
    case 'leaf':
      return printText(lines, node, place);
    case 'replaced':
      printValue(lines, node.before, place);
      return printValue(lines, node.after, place);
    case 'document':
      if (node.content?.form !== 'map' && node.content?.form !== 'list') return printPair(lines, node, place);
      return printContainer(lines, node.content, { ...place, isExpression: true }, `${ENCODE[node.language]}(`, node);
    case 'map':
    case 'list':
      return printContainer(lines, node, place, '', node);
  }
}

/** @param told  the place whose notes stand behind the opening bracket */
function printContainer(lines: Line[], node: MapDiff | ListDiff, place: Place, prefix: string, told: DiffNode): void {
  const { depth, name } = place;
  const [open, close] = node.form === 'map' ? ['{', '}'] : ['[', ']'];
  const text = `${name === null ? '' : `${name} = `}${prefix}${open}${noteOf(told)}`;
  const end = `${close}${prefix === '' ? '' : ')'}${name === null ? ',' : ''}`;
  within(lines, { sign: SIGN[node.kind], depth, text }, end, () => {
    if (node.form === 'map') printEntries(lines, node, { ...place, depth: depth + 1 });
    else printItems(lines, node, { ...place, name: null, depth: depth + 1 });
  });
}

function within(lines: Line[], opening: Pick<Line, 'sign' | 'depth' | 'text'>, end: string, inner: () => void): void {
  const isAside = opening.sign === ' ';
  const closedBy: Line = { sign: opening.sign === '!' ? ' ' : opening.sign, depth: opening.depth, text: end, isAside };
  lines.push({ ...opening, isAside, closedBy });
  inner();
  lines.push(closedBy);
}

function printItems(lines: Line[], node: ListDiff, place: Place): void {
  for (const item of node.items) {
    if (isItem(item)) printValue(lines, item.node, place);
    else lines.push(aside(place.depth, counted(item.skipped, 'unchanged element')));
  }
  if (node.moved > 0) lines.push(movedLine(node, place.depth));
}

/** The order of rules is what they do: told with what changes. */
const movedLine = ({ moved }: ListDiff, depth: number): Line => ({
  ...aside(depth, `${moved} of the unchanged ${moved === 1 ? 'changes only its' : 'change only their'} place`),
  sign: '!',
  isAside: false,
});

function printBlocks(lines: Line[], node: ListDiff, name: string, { depth, limits }: Place): void {
  let skipped = 0;
  for (const item of node.items) {
    if (!isItem(item)) skipped += item.skipped;
    else if (item.node.form === 'map') {
      const { node: block } = item;
      const note = noteOf({ forcesReplacement: block.forcesReplacement || node.forcesReplacement });
      const sign = SIGN[block.kind];
      const compact = block.kind === 'change' || block.entries.length > MAX_BLOCK_ATTRIBUTES ? null : compactText(block, MAX_BLOCK);
      if (compact !== null) lines.push({ sign, depth, text: `${name} ${compact}${note}`, isAside: false });
      else if (depth >= MAX_DEPTH) printDeep(lines, block, { depth, name, isExpression: false, limits });
      else {
        within(lines, { sign, depth, text: `${name} {${note}` }, '}', () =>
          printEntries(lines, block, { depth: depth + 1, name: null, isExpression: false, limits }),
        );
      }
    }
  }
  if (skipped > 0) lines.push(aside(depth, counted(skipped, `unchanged ${name} block`)));
  if (node.moved > 0) lines.push(movedLine(node, depth));
}

/** A text of several lines that comes, goes or changes. */
function printText(lines: Line[], node: LeafDiff, place: Place): void {
  const { depth, name, limits } = place;
  const { before, after } = node;
  const isChange = before !== null && after !== null;
  if (isChange && !(isText(before) && isText(after))) return printPair(lines, node, place);
  const sign = SIGN[node.kind];
  const { lines: told, notes } = isChange
    ? shortTextDiff(textOf(before), textOf(after), limits.textLines)
    : { lines: wholeText(node), notes: [] };
  const text = `${name === null ? '' : `${name} = `}<<-EOT${noteOf(node, ...notes, ...hiddenNotes(node))}`;
  within(lines, { sign, depth, text }, name === null ? 'EOT,' : 'EOT', () => {
    const shown = told.slice(0, shownLines(told, limits.textLines));
    for (const line of withDifferences(shown, limits.text)) {
      if ('skipped' in line) lines.push(aside(depth, counted(line.skipped, 'unchanged line')));
      else lines.push({ sign: line.sign, depth: depth + 1, text: line.text, isAside: line.sign === ' ' });
    }
    const left = told.slice(shown.length).filter(isChanged).length;
    if (left > 0) lines.push({ ...aside(depth, `… ${counted(left, isChange ? 'more changed line' : 'more line')}`), isAside: false });
  });
}

/** With three lines around the changes where there is room for them; one tells in any case where in the text a change is. */
function shortTextDiff(before: string, after: string, max: number): TextDiff {
  const diff = textDiff(before, after);
  return diff.lines.length <= max ? diff : textDiff(before, after, 1);
}

/** Of a long line that becomes another, what differs: cut at their ends, both may look the same. */
function withDifferences(lines: TextDiff['lines'], max: number): TextDiff['lines'] {
  const told = lines.map((line) => ('sign' in line ? { ...line, text: cut(line.text, max) } : line));
  for (let start = 0; start < lines.length; start++) {
    const gone = runOf(lines, start, '-');
    const come = gone === 0 ? 0 : runOf(lines, start + gone, '+');
    for (let i = start; i < start + Math.min(gone, come); i++) {
      const [old, fresh] = [lines[i], lines[i + gone]];
      if (old === undefined || fresh === undefined || !('sign' in old) || !('sign' in fresh)) continue;
      if (old.text.length <= max && fresh.text.length <= max) continue;
      const [from, to] = differingParts(old.text, fresh.text, max);
      told[i] = { sign: '-', text: from };
      told[i + gone] = { sign: '+', text: to };
    }
    start += Math.max(gone + come - 1, 0);
  }
  return told;
}

function runOf(lines: TextDiff['lines'], start: number, sign: Sign): number {
  let end = start;
  for (let line = lines[end]; line !== undefined && 'sign' in line && line.sign === sign; line = lines[end]) end += 1;
  return end - start;
}

const isChanged = (line: TextDiff['lines'][number]): boolean => 'sign' in line && line.sign !== ' ';

/** How many lines there are until so many changed ones have been told. */
function shownLines(lines: TextDiff['lines'], max: number): number {
  let changed = 0;
  const end = lines.findIndex((line) => isChanged(line) && ++changed > max);
  return end === -1 ? lines.length : end;
}

function wholeText({ kind, before, after }: LeafDiff): { readonly sign: '+' | '-' | ' '; readonly text: string }[] {
  const value = after ?? before;
  const sign = kind === 'add' ? '+' : kind === 'remove' ? '-' : ' ';
  return value === null ? [] : linesOf(textOf(value)).map((text) => ({ sign, text }));
}

const isText = (value: NonNullable<LeafDiff['before']>): boolean => value.kind === 'plain' && typeof value.value === 'string';

/** Two values that have nothing in common, the old and then the new. */
function printPair(lines: Line[], node: Extract<DiffNode, { form: 'leaf' | 'document' }>, place: Place): void {
  const { before, after, forcesReplacement } = node;
  if (before !== null) printValue(lines, { form: 'leaf', kind: 'remove', before, after: null, forcesReplacement }, place);
  if (after !== null) printValue(lines, { form: 'leaf', kind: 'add', before: null, after, forcesReplacement }, place);
}

/** Deeper than anybody reads: each leaf with its path. */
function printDeep(lines: Line[], node: DiffNode, { depth, name, limits }: Place): void {
  const pending: { readonly path: string; readonly node: DiffNode }[] = [{ path: name ?? '', node }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const inner = next.node.form === 'document' && next.node.content !== null ? next.node.content : next.node;
    const rows = inner.kind === 'same' ? [] : rowsOf(inner, limits);
    const children = rows === null ? childrenOf(inner, next.path) : [];
    for (const child of children.reverse()) pending.push(child);
    const told = rows ?? (children.length > 0 ? [] : [{ sign: SIGN[inner.kind], text: '…', note: noteOf(inner) }]);
    for (const { sign, text, note } of told)
      lines.push({ sign, depth, text: `${cut(next.path, SHORT.text)} = ${text}${note}`, isAside: false });
  }
}

function childrenOf(node: DiffNode, path: string): { readonly path: string; readonly node: DiffNode }[] {
  if (node.form === 'list') {
    return node.items.filter(isItem).map(({ before, after, node: child }) => ({ path: `${path}[${after ?? before ?? 0}]`, node: child }));
  }
  if (node.form !== 'map') return [];
  // Its end is what tells most of a path, and paths of all leaves must not grow with depth.
  const start = path.length > MAX_PATH ? `…${path.slice(-MAX_PATH)}` : path;
  return node.entries.map(({ key, node: child }) => {
    const name = nameText(key);
    return { path: name.startsWith('"') ? `${start}[${name}]` : start === '' ? name : `${start}.${name}`, node: child };
  });
}
