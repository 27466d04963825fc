// Colours and line breaks for a terminal. Whatever is wrapped here can afterwards neither move the cursor nor give a runner a command.
import type { Dialect } from '../dialect.ts';
import { logLine, logLines } from '../escape.ts';
import { say } from '../phrase.ts';
import type { Phrase } from '../section/data.ts';

const SGR = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
export type Style = keyof typeof SGR;

/** How the lines are written: colours or none, and how many columns there are. */
export interface Page {
  readonly paint: (style: Style, text: string) => string;
  readonly width: number;
}

export const toPage = (colour: boolean, width: number): Page => ({
  paint: (style, text) => (colour ? `\u001b[${SGR[style]}m${text}\u001b[0m` : text),
  width,
});

const PLAIN: Dialect = { code: logLine, text: logLine, bold: (text) => text };

export const plain = (phrase: Phrase): string => say(phrase, PLAIN);

/** Wrapped words; the first line after `indent`, the others below the first one's text. */
export function indented(text: string, { width }: Page, indent: string): string[] {
  const blank = ' '.repeat(indent.length);
  return logLines(text.trim())
    .flatMap((line) => wrap(line, width - indent.length))
    .map((line, index) => `${index === 0 ? indent : blank}${line}`);
}

/** Names under each other, as many on a line as there is room for; in their order, line by line. */
export function inColumns(names: readonly string[], { width }: Page, indent: string): string[] {
  const told = names.map(logLine);
  const column = told.reduce((longest, { length }) => Math.max(longest, length), 0) + 2;
  const perLine = Math.max(1, Math.floor((width - indent.length) / column));
  return Array.from({ length: Math.ceil(told.length / perLine) }, (_, line) =>
    told
      .slice(line * perLine, (line + 1) * perLine)
      .reduce((text, name) => text + name.padEnd(column), indent)
      .trimEnd(),
  );
}

/** No line of words is made shorter than this, however narrow the terminal is. */
const MIN_WIDTH = 20;

export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of logLine(text).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > Math.max(width, MIN_WIDTH)) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  // A word that was in the middle of a line may stand at its start now.
  return [...lines, line].map(logLine);
}

const FORCES = / {2}# forces replacement.*$/;
const STYLES: Readonly<Record<string, Style>> = { '+': 'green', '-': 'red', '!': 'yellow' };
/** Words of ours between the lines: `# 2 unchanged attributes`. */
const ASIDE = /^ +# (?:\d+ unchanged |… |only white space )/;
const KNOWN_AFTER_APPLY = '+ (known after apply: ';

/**
 * The lines of a `diff` block, with Terraform's `~` for what changes in place. Values stay on their line. The names of what is known
 * only after apply are words, and there may be fifty of them.
 */
export function diffText(diff: readonly string[], page: Page): string[] {
  return joinedNames(diff.flatMap(logLines)).flatMap((line) => {
    const style = STYLES[line.charAt(0)];
    if (line.startsWith(KNOWN_AFTER_APPLY)) return indented(line.slice(2), page, '      + ').map((text) => page.paint('green', text));
    const text = `      ${line.startsWith('!') ? `~${line.slice(1)}` : line}`;
    if (style === undefined) return [ASIDE.test(line) ? page.paint('dim', text) : text];
    const forces = FORCES.exec(text)?.[0] ?? '';
    return [page.paint(style, text.slice(0, text.length - forces.length)) + (forces === '' ? '' : page.paint('red', forces))];
  });
}

/** The names as one line again, which the terminal's own width breaks. */
function joinedNames(diff: readonly string[]): string[] {
  const lines: string[] = [];
  let isOpen = false;
  for (const line of diff) {
    if (isOpen) lines[lines.length - 1] += ` ${line.slice(1).trim()}`;
    else lines.push(line);
    isOpen = (isOpen || line.startsWith(KNOWN_AFTER_APPLY)) && !line.endsWith(')');
  }
  return lines;
}
