// The only place where text from outside (addresses, values, messages, names, links) meets Markdown, HTML or a log. Pure.
//
// Every function answers for one kind of place. Whatever cannot stand there as itself is written as an escape that people who
// read HCL or JSON know (\n, \u202e), so that nothing is lost and nothing acts. Fences and inline code hide text from GitHub's
// own filters (mentions, references, autolinks, emoji, math), which run over everything else.

import { cut } from '../base/cut.ts';

// Characters that change how their neighbours are shown, or are not shown at all: controls, bidirectional formatting ("Trojan
// Source", CVE-2021-42574), zero-width, invisible fillers, separators that some viewers treat as line ends, language tags, and
// surrogates that have lost their other half. Tab and newline are left to each place.
const INVISIBLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e01ef}]|[\ud800-\udfff]/gu;

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\r': '\\r', '\n': '\\n', '\t': '\\t' };

function escaped(character: string): string {
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/**
 * Invisible and direction-changing characters as escapes; newlines and tabs stay. `<!--` becomes `<\!--`: tools that keep a sticky
 * comment find it by searching for a hidden marker anywhere in the text, and a plan value must not make another tool take our
 * comment for its own. Policies in XML are full of comments, so it has to stay readable.
 */
export function visible(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(INVISIBLE, escaped).replaceAll('<!--', '<\\!--');
}

/** The same on one line. */
export const oneLine = (text: string): string => visible(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');

/** One backtick more than the longest run inside. */
function longerThanRuns(text: string, atLeast: number): string {
  let longest = 0;
  for (const run of text.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  return '`'.repeat(Math.max(atLeast, longest + 1));
}

/** Inline code in Markdown. Not inside an HTML block (htmlCode) and not inside a table. */
export function code(text: string): string {
  const line = oneLine(text);
  if (line === '') return '``\u00a0``';
  const fence = longerThanRuns(line, 1);
  // One space on both sides is taken away again by the reader (CommonMark 6.1); needed next to a backtick, and for text that
  // already begins and ends with a space, which would lose them.
  const pad = /^`|`$|^ .* $/s.test(line) ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Inline code inside an HTML block such as `<summary>`. */
export const htmlCode = (text: string): string => `<code>${escapeHtml(oneLine(text))}</code>`;

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');

/** Words inside an HTML block: what GitHub's filters could take for a mention or a reference becomes code. */
export const htmlProse = (text: string): string =>
  oneLine(text)
    .split(/( +)/)
    .map((word) => (isActive(word) ? `<code>${escapeHtml(word)}</code>` : escapeHtml(word)))
    .join('');

/** A fenced block; `lines` come with our own diff markers in column 0. */
export function fence(lines: readonly string[], language: 'diff' | 'text' | ''): string {
  const body = lines.map(visible).join('\n');
  const ticks = longerThanRuns(body, 3);
  return `${ticks}${language}\n${body}\n${ticks}`;
}

/**
 * Text of one paragraph in Markdown: shows as it was written. Words in backticks stay code; words that GitHub would turn into
 * a mention, a reference, a link, an emoji or a formula become code.
 */
export function prose(text: string): string {
  const parts = oneLine(text)
    .split(/(`[^`]+`)/)
    .flatMap((part, index) => (index % 2 === 1 ? [code(part.slice(1, -1))] : words(part)));
  return joinInline(parts);
}

/** Two pieces of code side by side would melt into one longer run of backticks. */
export function joinInline(parts: readonly string[]): string {
  let out = '';
  for (const part of parts) out += out.endsWith('`') && part.startsWith('`') ? ` ${part}` : part;
  return out;
}

const OPENING = new Set(['"', "'", '(', '[', '{']);
const CLOSING = new Set(['"', "'", ')', ']', '}', ',', '.', ';', ':', '!', '?']);

function words(text: string): string[] {
  return text.split(/( +)/).flatMap((word, index) => {
    if (index % 2 === 1) return [' '];
    // Quotes and brackets around a name are the sentence's, not the name's.
    let start = 0;
    let end = word.length;
    while (start < end && OPENING.has(word[start] ?? '')) start++;
    while (end > start && CLOSING.has(word[end - 1] ?? '')) end--;
    const inner = word.slice(start, end);
    if (!isActive(inner) && !isActive(word)) return [escapeMarkdown(word)];
    return inner === '' ? [code(word)] : [escapeMarkdown(word.slice(0, start)), code(inner), escapeMarkdown(word.slice(end))];
  });
}

// github.com, "Autolinked references and URLs", "Basic writing and formatting syntax", "Writing mathematical expressions"
// (read 2026-11-22). Tried on words between spaces; a false alarm costs a grey background.
const ACTIVE = [
  /@/, // @user, @org/team, user@sha, mail addresses
  /#/, // #1, owner/repo#1
  /\bGH-\d/i,
  /:\/\/|www\.|^(?:mailto|xmpp|javascript|data|vbscript):/i,
  /(?<![a-z0-9])[0-9a-f]{7,64}(?![a-z0-9])/i, // a commit
  /:[a-z0-9_+-]+:/i, // an emoji
  /:[a-z0-9_+-]*[a-z_+-][a-z0-9_+-]*$|(?<!\d):\d+$/i, // one, if a colon of ours follows; but a time is none
  /\$/, // a formula
];

const isActive = (word: string): boolean => ACTIVE.some((pattern) => pattern.test(word));

/** Backslashes before whatever Markdown could read in a word. Underscores inside names stay: they mean nothing there. */
function escapeMarkdown(word: string): string {
  return word
    .replace(/[\\`*[\]<>&|~!{}]/g, '\\$&')
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replace(/^[-+=:]+$/, '\\$&') // a bullet, a rule, an underline
    .replace(/^(\d+)([.)])$/, '$1\\$2'); // the number of a list
}

/** An http(s) address without credentials, made safe for a link's destination; null: show no link. */
export function safeUrl(url: string | null | undefined): string | null {
  if (url === null || url === undefined || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  if ((parsed.protocol !== 'https:' && parsed.protocol !== 'http:') || parsed.username !== '' || parsed.password !== '') return null;
  return parsed.href.replace(/[\\()<>`*[\]|'"{}^~\s!]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

/** Longer addresses are made to fill a text, not to be followed. */
const MAX_URL = 2000;

/** `[label](url)`; only the label where the address is none of ours to follow. `label` is Markdown already. */
export function link(label: string, url: string | null | undefined): string {
  const safe = safeUrl(url);
  return safe === null || safe.length > MAX_URL ? label : `[${label}](${safe.replaceAll('&', '&amp;')})`;
}

/**
 * What a check's author wrote as help: paragraphs, bullets, code, and http(s) addresses as links. No other Markdown.
 * @returns Markdown without a line that could be read as anything but a paragraph or a bullet
 */
export function helpText(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => {
      const trimmed = line.trim();
      const [, bullet = '', rest = ''] = /^([-*] +)?(.*)$/s.exec(trimmed) ?? [];
      return `${bullet === '' ? '' : '- '}${linked(rest)}`;
    })
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function linked(text: string): string {
  const parts = text.split(/(https?:\/\/[^\s<>"'`)\]]+)/).flatMap((part, index) => {
    if (index % 2 === 0) return [prose(part)];
    const address = part.replace(/[.,;:!?]+$/, '');
    const label = cut(address.replace(/^https?:\/\//, ''), 80);
    return [link(code(label), address), escapeMarkdown(part.slice(address.length))];
  });
  return joinInline(parts);
}

/** One line for a terminal or a runner's log, in which `::name::` at the start and `##[name]` anywhere would be commands. */
export function logLine(text: string): string {
  return oneLine(text)
    .replaceAll('##[', '#\\u0023[')
    .replace(/^(\s*)::/, '$1\\u003a:');
}

/** Several lines of the same. */
export const logLines = (text: string): string[] =>
  visible(text)
    .split('\n')
    .map((line) => logLine(line));

/**
 * JSON for standard output, which may be a terminal or a runner's log: the same document, in which characters that act there are written
 * as JSON's own escapes. Outside of texts it has none of them.
 */
export const jsonText = (value: object): string => `${inert(JSON.stringify(value, null, 2))}\n`;

/** The same on one line. */
export const jsonLine = (value: object): string => `${inert(JSON.stringify(value))}\n`;

const inert = (json: string): string =>
  json
    .replace(INVISIBLE, (character) => character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`))
    .replaceAll('##[', '#\\u0023[');
