// Two texts line by line: what went, what came, and three lines of what stays around them. Pure.
import { align } from '../plan/diff/align.ts';

export interface DiffLine {
  readonly sign: '+' | '-' | ' ';
  readonly text: string;
}

/** Lines that stay and are not shown, where they stand. */
export interface SkippedLines {
  readonly skipped: number;
}

export interface TextDiff {
  readonly lines: readonly (DiffLine | SkippedLines)[];
  /** What cannot be seen in the lines, in words. */
  readonly notes: readonly string[];
}

/** As in a patch; less where a text is long. */
const CONTEXT = 3;

export function textDiff(before: string, after: string, context = CONTEXT): TextDiff {
  const [endings, newEndings] = [endingsOf(before), endingsOf(after)];
  const [old, fresh] = endings === newEndings ? [before, after] : [withoutReturns(before), withoutReturns(after)];
  const lines = lineDiff(linesOf(old), linesOf(fresh), context);
  const notes = [
    ...(endings === newEndings || endings === 'none' || newEndings === 'none' ? [] : [`line endings change: ${endings} -> ${newEndings}`]),
    ...(withoutEnd(old) !== withoutEnd(fresh) && bare(old) === bare(fresh) ? ['only white space changes'] : []),
    ...(old.endsWith('\n') === fresh.endsWith('\n') || old === '' || fresh === ''
      ? []
      : [`the newline at the end ${fresh.endsWith('\n') ? 'comes' : 'goes'}`]),
  ];
  return { lines, notes };
}

/** Lines of a text; the newline that ends it begins no line of its own. */
export const linesOf = (text: string): string[] => (text === '' ? [] : withoutEnd(text).split('\n'));

const withoutEnd = (text: string): string => text.replace(/\n$/, '');

const bare = (text: string): string => text.replace(/\s+/g, '');

const withoutReturns = (text: string): string => text.replaceAll('\r\n', '\n');

function endingsOf(text: string): 'CRLF' | 'LF' | 'mixed' | 'none' {
  const returns = text.split('\r\n').length - 1;
  const newlines = text.split('\n').length - 1;
  if (newlines === 0) return 'none';
  return returns === 0 ? 'LF' : returns === newlines ? 'CRLF' : 'mixed';
}

export function lineDiff(before: readonly string[], after: readonly string[], context = CONTEXT): (DiffLine | SkippedLines)[] {
  const numbers = new Map<string, number>();
  const numberOf = (line: string): number => {
    const known = numbers.get(line) ?? numbers.size;
    numbers.set(line, known);
    return known;
  };
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of [...align(before.map(numberOf), after.map(numberOf)), [before.length, after.length] as const]) {
    for (; i < nextI; i++) lines.push({ sign: '-', text: before[i] ?? '' });
    for (; j < nextJ; j++) lines.push({ sign: '+', text: after[j] ?? '' });
    if (i < before.length) lines.push({ sign: ' ', text: before[i] ?? '' });
    [i, j] = [nextI + 1, nextJ + 1];
  }
  return folded(lines, context);
}

/** Long runs of lines that stay become a number. */
function folded(lines: readonly DiffLine[], context: number): (DiffLine | SkippedLines)[] {
  const near = new Array<boolean>(lines.length).fill(false);
  lines.forEach(({ sign }, index) => {
    if (sign === ' ') return;
    for (let i = Math.max(0, index - context); i <= Math.min(lines.length - 1, index + context); i++) near[i] = true;
  });
  const out: (DiffLine | SkippedLines)[] = [];
  let skipped = 0;
  const flush = (end: number): void => {
    // The words that one line is left out are as long as the line.
    if (skipped === 1) out.push(...lines.slice(end - 1, end));
    else if (skipped > 1) out.push({ skipped });
    skipped = 0;
  };
  lines.forEach((line, index) => {
    if (near[index] === true) {
      flush(index);
      out.push(line);
    } else skipped++;
  });
  flush(lines.length);
  return out;
}
