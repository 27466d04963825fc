// One change as the lines of a `diff` block: the marker in column 0, where GitHub looks for its colours. Values are masked already
// (plan/diff); they are not escaped here, because a fence and a terminal need different things. No markup.
import { diffChange, type Comparable } from '../plan/diff/diff-change.ts';
import type { Masker } from '../plan/masking.ts';
import type { ValuePath } from '../plan/model.ts';
import { printAttributes, printNamed, type Line } from './diff-print.ts';
import { nameText, SHORT } from './diff-values.ts';

/**
 * @param name  for an output: its name stands before its value
 * @param limits  what is left out is counted
 */
export function diffLines(change: Comparable, masker: Masker, name = '', limits = SHORT): string[] {
  const tree = diffChange(change, masker);
  if (tree === null) return [];
  // An object that is marked as a whole has no attributes to tell of.
  const lines =
    tree.form === 'map' && name === ''
      ? printAttributes(tree, limits)
      : printNamed(tree, name === '' ? '(all attributes)' : nameText(name), limits);
  return limited(lines, limits.lines).map(({ sign, depth, text }) => `${sign} ${'    '.repeat(depth)}${text}`);
}

/** What stays goes first, then what stands last; what was opened is closed. */
function limited(lines: readonly Line[], max: number): readonly Line[] {
  if (lines.length <= max) return lines;
  const told = lines.filter((line) => !line.isAside);
  if (told.length < max) return [...told, leftOut(`${lines.length - told.length} lines of what stays are left out`)];

  const shown: Line[] = [];
  const open: Line[] = [];
  for (const line of told) {
    // This line, what closes it and what is open, and the last word.
    if (shown.length + 1 + open.length + (line.closedBy === undefined ? 0 : 1) + 1 > max) break;
    shown.push(line);
    if (line.closedBy !== undefined) open.push(line.closedBy);
    else if (open.at(-1) === line) open.pop();
  }
  const count = told.length - shown.length - open.length;
  return [...shown, ...open.reverse(), leftOut(`${count} more lines, and all of what stays, are left out`)];
}

const leftOut = (text: string): Line => ({ sign: ' ', depth: 0, text: `# … ${text}`, isAside: false });

/** `ingress[0].cidr_blocks`, `tags["Cost Center"]`. */
export function valuePath(path: ValuePath, masker: Masker): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const key = nameText(masker.key(step));
    if (key.startsWith('"')) return `${text}[${key}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}
