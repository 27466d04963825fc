// HTML that nothing can break out of: text becomes markup only through the tag `markup`, which escapes whatever stands in `${}`. Pure.
//
// The tag is not called `html`: prettier lays such templates out and closes what is left open on purpose, because a page is written in
// pieces.
import type { Dialect } from '../dialect.ts';
import { escapeHtml, oneLine, safeUrl, visible } from '../escape.ts';
import { say } from '../phrase.ts';
import type { Phrase } from '../section/data.ts';

/** Made in this file only. */
class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
export type Html = Markup;

type Part = string | number | Html | readonly Html[];

/** A text is shown on one line; what is invisible is shown as an escape. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = strings[0] ?? '';
  parts.forEach((part, index) => {
    text += write(part) + (strings[index + 1] ?? '');
  });
  return new Markup(text);
}

function write(part: Part): string {
  if (part instanceof Markup) return part.text;
  return typeof part === 'object' ? part.map((one) => one.text).join('') : escapeHtml(oneLine(String(part)));
}

export const NOTHING: Html = markup``;

export function joined(parts: readonly Html[], joint: string): Html {
  return new Markup(parts.map((part) => part.text).join(escapeHtml(joint)));
}

export const code = (text: string): Html => markup`<code>${text}</code>`;

/** Longer addresses are made to fill a page, not to be followed. */
const MAX_URL = 2000;

/** Only http(s), without credentials; else the label alone. */
export function link(label: Html, url: string | null | undefined): Html {
  const safe = safeUrl(url);
  return safe === null || safe.length > MAX_URL ? label : markup`<a href="${safe}" rel="nofollow noopener noreferrer">${label}</a>`;
}

/** Words from outside; what stands in backticks is code. */
export const prose = (text: string): Html =>
  joined(
    text.split(/(`[^`]+`)/).map((part, index) => (index % 2 === 1 ? code(part.slice(1, -1)) : markup`${part}`)),
    '',
  );

/** What a check's author wrote as help: paragraphs, bullets, code, and http(s) addresses as links. */
export function help(text: string): Html {
  const blocks: Html[] = [];
  let bullets: Html[] = [];
  const endList = (): void => {
    if (bullets.length > 0) blocks.push(markup`<ul>${bullets}</ul>`);
    bullets = [];
  };
  for (const line of visible(text).split('\n')) {
    const [, bullet = '', rest = ''] = /^([-*] +)?(.*)$/s.exec(line.trim()) ?? [];
    if (bullet !== '') {
      bullets.push(markup`<li>${linked(rest)}</li>`);
    } else {
      endList();
      if (rest !== '') blocks.push(markup`<p>${linked(rest)}</p>`);
    }
  }
  endList();
  return joined(blocks, '');
}

function linked(text: string): Html {
  const parts = text.split(/(https?:\/\/[^\s<>"'`)\]]+)/).flatMap((part, index) => {
    if (index % 2 === 0) return [prose(part)];
    const address = part.replace(/[.,;:!?]+$/, '');
    return [link(markup`${address}`, address), markup`${part.slice(address.length)}`];
  });
  return joined(parts, '');
}

const LINE_TAGS: Readonly<Record<string, string>> = { '+': 'ins', '-': 'del', '!': 'mark' };
/** Words of ours between the lines: `# 2 unchanged attributes`. */
const ASIDE = /^ +# (?:\d+ unchanged |… |only white space )/;

/** The lines of a `diff` block, with Terraform's `~`. What comes and what goes is told by elements and signs, never by colour alone. */
export function diff(lines: readonly string[]): Html {
  const body = lines
    .flatMap((line) => visible(line).split('\n'))
    .map((line) => {
      const tag = LINE_TAGS[line.charAt(0)] ?? (ASIDE.test(line) ? 'i' : 'span');
      const text = line.startsWith('!') ? `~${line.slice(1)}` : line;
      // The newline belongs to the line: each is a block of its own, and copied text keeps its lines.
      return `<${tag}>${escapeHtml(text)}\n</${tag}>`;
    });
  return new Markup(`<pre>${body.join('')}</pre>`);
}

const PAGE: Dialect = {
  code: (text) => code(text).text,
  text: (text) => prose(text).text,
  bold: (text) => `<b>${text}</b>`,
};

/** What all views say in the same words. */
export const phrase = (words: Phrase): Html => new Markup(say(words, PAGE));
