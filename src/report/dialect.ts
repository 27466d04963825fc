// The two languages in which one line is said inside a comment: Markdown (bullets, alerts) and HTML (inside `<summary>`).
import { code, htmlCode, htmlProse, prose } from './escape.ts';

export interface Dialect {
  /** A name, shown as code. */
  code(text: string): string;
  /** Words from outside. */
  text(text: string): string;
  /** `markup` is safe already. */
  bold(markup: string): string;
}

export const MARKDOWN: Dialect = { code, text: prose, bold: (markup) => `**${markup}**` };

/**
 * In the cell of a table, where a bar would begin the next one: written as an escape, because readers of Markdown disagree on what a
 * backslash before a bar means when another one stands before it.
 */
export const CELL: Dialect = {
  code: (text) => code(withoutBars(text)),
  text: (text) => prose(withoutBars(text)),
  bold: (markup) => `**${markup}**`,
};
const withoutBars = (text: string): string => text.replaceAll('|', '\\u007c');

export const HTML: Dialect = { code: htmlCode, text: htmlProse, bold: (markup) => `<b>${markup}</b>` };

/** A fold. `summary` is HTML; `body` is Markdown and stands between blank lines, or GitHub would not read it as such. */
export const fold = (summary: string, body: string, open = false): string =>
  `<details${open ? ' open' : ''}><summary>${summary}</summary>\n\n${body}\n\n</details>`;
