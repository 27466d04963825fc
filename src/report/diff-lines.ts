// One change as the lines of a `diff` block: the marker in column 0, where GitHub looks for its colours. Values are masked already
// (plan/diff.ts); they are not escaped here, because a fence and a terminal need different things. No markup.
import { cut } from '../base/cut.ts';
import { diffChange, type AttributeDiff } from '../plan/diff.ts';
import type { DisplayValue } from '../plan/display.ts';
import type { Masker } from '../plan/masking.ts';
import type { Change, ValuePath } from '../plan/model.ts';
import { lineDiff } from './line-diff.ts';

/** A longer value is shown in part, with what was left out in numbers. */
const MAX_TEXT = 400;
/** Old and new on one line up to this length together, on two lines above it. */
const MAX_PAIR = 90;
const MAX_LINES = 60;
/** Names are padded so that the values stand under each other, but one long name does not push all others away. */
const MAX_PADDING = 32;
/** So many computed attributes of a new object or more are told in one line. */
const MANY_UNKNOWN = 3;

/** @param name  for an output: its name stands before each path */
export function diffLines(change: Change & { readonly replacePaths?: readonly ValuePath[] }, masker: Masker, name = ''): string[] {
  const diffs = diffChange(change, masker).map((diff) => ({ ...diff, path: underName(name, diff.path) }));
  const computed = diffs.filter(isComputed);
  const shown = computed.length < MANY_UNKNOWN ? diffs : diffs.filter((diff) => !isComputed(diff));
  const padding = shown.reduce((longest, diff) => Math.min(Math.max(longest, diff.path.length), MAX_PADDING), 0);
  const lines = shown.flatMap((diff) => attributeLines(diff, padding));
  return computed.length < MANY_UNKNOWN ? lines : [...lines, `+ (known after apply: ${computed.map((diff) => diff.path).join(', ')})`];
}

const isComputed = (diff: AttributeDiff): boolean => diff.kind === 'add' && diff.after?.kind === 'unknown' && !diff.forcesReplacement;

function underName(name: string, path: string): string {
  if (name === '' || path === '') return name + path;
  return path.startsWith('[') ? name + path : `${name}.${path}`;
}

function attributeLines(diff: AttributeDiff, padding: number): string[] {
  const { before, after } = diff;
  const name = diff.path.padEnd(padding);
  const note = diff.forcesReplacement ? '  # forces replacement' : '';
  if (before !== null && after !== null) {
    const [from, to] = [toText(before), toText(after)];
    if (from !== null && to !== null && before.text === after.text) {
      return [`! ${diff.path} = (text of ${to.lines.length} lines, a hidden part changes)${note}`];
    }
    if (from !== null && to !== null) return [`! ${diff.path} =${noted(from, to)}${note}`, ...changedText(from, to)];
    if (from !== null || to !== null) return [...oneSided('-', diff, before, name, note), ...oneSided('+', diff, after, name, note)];
    // What an object was matters less than that nobody knows yet what it will be.
    if (after.kind === 'unknown') {
      const text = before.text.length + after.text.length <= MAX_PAIR ? before.text : shortened(before.text, MAX_PAIR / 2);
      return [`! ${name} = ${text} -> ${after.text}${note}`];
    }
    if (before.kind === 'plain' && before.text === after.text)
      return [`! ${name} = ${shortened(before.text)} (a hidden part changes)${note}`];
    const [old, fresh] = differingParts(before.text, after.text);
    if (old.length + fresh.length <= MAX_PAIR) return [`! ${name} = ${old} -> ${fresh}${sameText(before, after)}${note}`];
    return [`- ${name} = ${old}${note}`, `+ ${name} = ${fresh}${note}`];
  }
  if (after !== null) return oneSided('+', diff, after, name, note);
  return before === null ? [] : oneSided('-', diff, before, name, note);
}

function oneSided(sign: '+' | '-', diff: AttributeDiff, value: DisplayValue, name: string, note: string): string[] {
  const text = toText(value);
  if (text === null) return [`${sign} ${name} = ${shortened(value.text)}${note}`];
  return [`${sign} ${diff.path} =${noted(text, text)}${note}`, ...limited(text.lines.map((line) => `${sign}     ${cut(line, MAX_TEXT)}`))];
}

interface Text {
  readonly kind: 'lines' | 'JSON';
  readonly lines: readonly string[];
}

const noted = (a: Text, b: Text): string => (a.kind === 'JSON' && b.kind === 'JSON' ? ' (JSON)' : '');

/** What is best told line by line: a string of several lines, or a JSON document in a string; null: neither. */
function toText(value: DisplayValue): Text | null {
  if (value.kind !== 'plain') return null;
  const document = readDocument(value);
  if (document !== null) return { kind: 'JSON', lines: JSON.stringify(document, null, 2).split('\n') };
  // The newline that ends a text is not a line of its own.
  return value.multiline ? { kind: 'lines', lines: value.text.replace(/\n$/, '').split('\n') } : null;
}

/** Beyond this, indenting a document costs more than it shows. */
const MAX_DOCUMENT = 200_000;

/** A JSON object or list in a string; null where writing it anew would not be the same text but for white space (1.0, large numbers). */
function readDocument(value: DisplayValue): object | null {
  if (value.text.length > MAX_DOCUMENT || !(value.multiline ? /^\s*[[{]/ : /^"(?:\\[nrt]| )*[[{]/).test(value.text)) return null;
  try {
    const text: unknown = value.multiline ? value.text : JSON.parse(value.text);
    if (typeof text !== 'string') return null;
    const document: unknown = JSON.parse(text);
    const same = JSON.stringify(document).replace(/\s+/g, '') === text.replace(/\s+/g, '');
    return same && typeof document === 'object' && document !== null && Object.keys(document).length > 0 ? document : null;
  } catch (error) {
    // Looked like JSON and is not, or is cut by the masker: shown as the string that it is.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Both sides hidden, and yet told as a change: that is what is known of it. */
const sameText = (before: DisplayValue, after: DisplayValue): string =>
  before.kind === 'sensitive' && after.kind === 'sensitive' ? ' (changed)' : '';

function changedText(before: Text, after: Text): string[] {
  const lines = lineDiff(before.lines, after.lines);
  if (lines.every(({ sign }) => sign === ' ')) return ['  # only white space changes'];
  const bare = (text: Text): string => text.lines.join('').replace(/\s+/g, '');
  const onlySpace = bare(before) === bare(after) ? ['  # only white space changes'] : [];
  return [...onlySpace, ...limited(lines.map(({ sign, text }) => `${sign}     ${cut(text, MAX_TEXT)}`))];
}

function limited(lines: string[]): string[] {
  if (lines.length <= MAX_LINES) return lines;
  return [...lines.slice(0, MAX_LINES - 1), `  … ${lines.length - MAX_LINES + 1} more lines`];
}

function shortened(text: string, max = MAX_TEXT): string {
  if (text.length <= max) return text;
  const shown = cut(text, max);
  return `${shown} (${text.length - shown.length + 1} more characters)`;
}

const CONTEXT = 40;

/** Of two long values, the part where they differ, so that a change deep inside a policy document is seen. */
function differingParts(before: string, after: string): [string, string] {
  if (before.length <= MAX_TEXT && after.length <= MAX_TEXT) return [before, after];
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const from = Math.max(0, start - CONTEXT);
  const part = (text: string): string => {
    const to = Math.min(text.length, text.length - end + CONTEXT);
    const middle = shortened(text.slice(from, to));
    return `${from > 0 ? '…' : ''}${middle}${to < text.length ? '…' : ''}`;
  };
  return [part(before), part(after)];
}

/** `ingress[0].cidr_blocks`, `tags["Cost Center"]`. */
export function valuePath(path: ValuePath, masker: Masker): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const key = masker.key(step);
    if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}
