// The values of a diff as text on one line, in Terraform's spelling. Masked already; not escaped, because a fence and a terminal need
// different things. Pure.
import { cut } from '../base/cut.ts';
import { isItem } from '../plan/diff/flatten.ts';
import { maskedText } from '../plan/display.ts';
import type { DiffNode, LeafValue } from '../plan/diff/tree.ts';

/** How much of a diff is told; what is left out is said in numbers. */
export interface DiffLimits {
  /** Of one object. */
  readonly lines: number;
  /** Characters of one value. */
  readonly text: number;
  /** Lines of one text. */
  readonly textLines: number;
}

/** For views that people skim. */
export const SHORT: DiffLimits = { lines: 300, text: 400, textLines: 80 };
/** For the report that leaves nothing out. */
export const WHOLE: DiffLimits = { lines: Infinity, text: Infinity, textLines: Infinity };

/** Of a longer name nobody reads the end. */
const MAX_NAME = 120;

export const nameText = (key: string): string => cut(/^[A-Za-z_][\w-]*$/.test(key) ? key : JSON.stringify(key), MAX_NAME);

export const isMultiline = (value: LeafValue | null): boolean =>
  value?.kind === 'plain' && typeof value.value === 'string' && value.value.includes('\n');

/** Empty for what is no text. */
export const textOf = (value: LeafValue): string => (value.kind === 'plain' && typeof value.value === 'string' ? value.value : '');

export const leafText = (value: LeafValue): string => (value.kind === 'number' ? value.spelling : maskedText(value));

/** What the words for what is left out take. */
const LEFT_OUT = ' (1234 more characters)'.length;

/** At most `max` characters and the words for what is left out; a text that is not longer than that is whole. */
export function shortened(text: string, max: number): string {
  if (text.length <= max + LEFT_OUT) return text;
  const shown = cut(text, max);
  const quote = text.startsWith('"') && text.endsWith('"') ? '"' : '';
  return `${shown}${quote} (${text.length - shown.length + 1 - quote.length} more characters)`;
}

/** What comes, goes or stays as a whole, on one line of at most `max` characters; null: it needs more. */
export function compactText(node: DiffNode, max: number): string | null {
  return textWithin(node, max, true);
}

function textWithin(node: DiffNode, max: number, isOutermost = false): string | null {
  // Only what is said of the outermost place stands behind the line.
  if (node.forcesReplacement && !isOutermost) return null;
  const side = node.kind === 'remove' ? 'before' : 'after';
  let text: string | null;
  switch (node.form) {
    case 'leaf': {
      const value = node[side];
      text = value === null || isMultiline(value) ? null : leafText(value);
      break;
    }
    case 'document': {
      const inner = node.content === null ? null : textWithin(node.content, max);
      text = inner === null ? null : `${ENCODE[node.language]}(${inner})`;
      break;
    }
    case 'list':
      text = joined(
        node.items.filter(isItem).map((item) => item.node),
        max,
        (item) => item,
        '[',
        ']',
      );
      break;
    case 'map': {
      const names = node.entries.map(({ key }) => nameText(key));
      text = joined(
        node.entries.map((entry) => entry.node),
        max,
        (value, i) => `${names[i]} = ${value}`,
        '{ ',
        ' }',
      );
      break;
    }
    case 'replaced':
      return null;
  }
  return text !== null && text.length <= max ? text : null;
}

/** Stops as soon as it is too long: what is shown in short can be a megabyte. */
function joined(
  nodes: readonly DiffNode[],
  max: number,
  toPart: (text: string, index: number) => string,
  open: string,
  close: string,
): string | null {
  if (nodes.length === 0) return (open + close).replaceAll(' ', '');
  const parts: string[] = [];
  let length = open.length + close.length;
  for (const [index, node] of nodes.entries()) {
    const text = textWithin(node, max - length);
    if (text === null) return null;
    parts.push(toPart(text, index));
    length += (parts.at(-1)?.length ?? 0) + 2;
    if (length > max + 2) return null;
  }
  return open + parts.join(', ') + close;
}

/** The words for Terraform's functions: everybody who reads plans knows them. */
export const ENCODE = { JSON: 'jsonencode', YAML: 'yamlencode' } as const;

const CONTEXT = 40;

/** Of two long texts, the part where they differ, so that a change deep inside is seen. */
export function differingParts(before: string, after: string, max: number): [string, string] {
  if (before.length <= max && after.length <= max) return [before, after];
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const from = Math.max(0, start - CONTEXT);
  const part = (text: string): string => {
    const to = Math.min(text.length, text.length - end + CONTEXT);
    const middle = shortened(text.slice(from, to), max);
    return `${from > 0 ? '…' : ''}${middle}${to < text.length ? '…' : ''}`;
  };
  return [part(before), part(after)];
}
