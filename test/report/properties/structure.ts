// What a Markdown text of ours may be made of, seen by a parser that knows nothing of how it was written.
import type { Nodes, Parents } from 'mdast';
import { HARMLESS, inspect, nodes, parse } from '../gfm.ts';

/** Nothing in the texts that are tried is called so; a heading or a bullet that begins with it was made by one of them. */
export const FOREIGN = 'pwned';

const OURS: ReadonlySet<Nodes['type']> = new Set([
  'root',
  'heading',
  'paragraph',
  'text',
  'inlineCode',
  'code',
  'list',
  'listItem',
  'strong',
  'emphasis',
  'link',
  'html',
  'blockquote',
]);
const TABLE: ReadonlySet<Nodes['type']> = new Set(['table', 'tableRow', 'tableCell']);

export interface Expected {
  /** null: the text has no marker. */
  readonly marker: 'runtask v1' | 'runtask combined v1' | null;
  readonly tables: number;
}

/** @returns what is not as we write it, in words; empty: nothing */
export function oddities(markdown: string, { marker, tables }: Expected): string[] {
  const root = parse(markdown);
  const all = nodes(root);
  const { links, ...seen } = inspect(markdown);
  const [first = '', second = ''] = markdown.split('\n');
  return [
    ...all.flatMap((node) => nodeOddities(node, markdown)),
    ...all.flatMap((node) => ('children' in node ? nesting(node) : [])),
    ...(all.filter(({ type }) => type === 'table').length === tables ? [] : ['another number of tables']),
    ...(JSON.stringify(seen) === JSON.stringify(HARMLESS) ? [] : [JSON.stringify(seen)]),
    ...links
      .filter((url) => !/^https?:\/\/(?:link\.example|app\.terraform\.io|github\.com\/acme)\//.test(url))
      .map((url) => `link to ${url}`),
    ...(markdown.split('<!--').length - 1 === (marker === null ? 0 : 1) ? [] : ['another number of hidden comments']),
    ...(marker === null || first.startsWith(`<!-- ${marker} {`) ? [] : ['does not begin with its marker']),
    ...(/^### (?:✅|❌|⚠️|📋) /u.test(marker === null ? first : second) ? [] : ['does not begin with the verdict']),
    ...unreadable(markdown),
  ];
}

/** Half characters, and those that cannot be seen or that turn the direction of writing. */
export const unreadable = (text: string): string[] => [
  ...(text.isWellFormed() ? [] : ['half a character']),

  ...(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/.test(text)
    ? ['an invisible character']
    : []),
];

function nodeOddities(node: Nodes, markdown: string): string[] {
  if (!OURS.has(node.type) && !TABLE.has(node.type)) return [node.type];
  switch (node.type) {
    case 'heading':
      return [
        ...(node.depth >= 3 && node.depth <= 5 ? [] : [`heading of depth ${node.depth}`]),
        ...(wordsOf(node).startsWith(FOREIGN) ? ['a heading that is not ours'] : []),
        // Underlined ones become headings without anybody writing a `#`.
        ...(sourceOf(node, markdown).startsWith('#') ? [] : ['an underlined heading']),
      ];
    case 'list':
      return node.ordered === true ? ['an ordered list'] : [];
    case 'listItem':
      return [
        ...(typeof node.checked === 'boolean' ? ['a task'] : []),
        ...(wordsOf(node).startsWith(FOREIGN) ? ['a bullet that is not ours'] : []),
      ];
    case 'blockquote':
      return /^\[!(?:WARNING|CAUTION)\]/.test(wordsOf(node)) ? [] : ['a quotation'];
    case 'code':
      return isClosed(sourceOf(node, markdown)) ? [] : ['a fence that is not closed, or code by indentation'];
    default:
      return [];
  }
}

function isClosed(source: string): boolean {
  const [open = '', ...rest] = source.split('\n');
  const fence = /^`{3,}/.exec(open)?.[0];
  return fence !== undefined && rest.at(-1)?.trim() === fence;
}

const sourceOf = (node: Nodes, markdown: string): string =>
  markdown.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0);

const wordsOf = (node: Nodes): string => ('value' in node ? node.value : 'children' in node ? node.children.map(wordsOf).join('') : '');

/** A tag that is opened between two blocks must be closed between two blocks of the same place: not in another list item or quotation. */
function nesting(parent: Parents): string[] {
  const open: string[] = [];
  const odd: string[] = [];
  for (const child of parent.children) {
    if (child.type !== 'html') continue;
    for (const [tag = '', slash = '', name = ''] of child.value.matchAll(/<(\/?)([a-z]+)[^>]*>/g)) {
      if (slash === '') open.push(name);
      else if (open.pop() !== name) odd.push(`${tag} closes what is not open in the same block`);
    }
  }
  return [...odd, ...open.map((name) => `<${name}> is not closed in the block where it is opened`)];
}

const OUTCOME: ReadonlySet<Nodes['type']> = new Set(
  [...OURS].filter((type) => type !== 'html' && type !== 'blockquote' && type !== 'code'),
);

/** The same of an outcome's body, which is shown by HCP Terraform: no tables, no HTML. */
export function outcomeOddities(markdown: string): string[] {
  const all = nodes(parse(markdown));
  const { links, ...seen } = inspect(markdown);
  return [
    ...all.filter(({ type }) => !OUTCOME.has(type)).map(({ type }) => type as string),
    ...all.flatMap((node) => (node.type === 'heading' && wordsOf(node) !== 'What to do' ? ['a heading that is not ours'] : [])),
    ...all.flatMap((node) => (node.type === 'listItem' && typeof node.checked === 'boolean' ? ['a task'] : [])),
    ...(JSON.stringify(seen) === JSON.stringify(HARMLESS) ? [] : [JSON.stringify(seen)]),
    ...links.filter((url) => !/^https?:\/\/link\.example\//.test(url)).map((url) => `link to ${url}`),
    ...unreadable(markdown),
  ];
}

const COLOURS = /\u001b\[\d+m/g;

/** On a terminal and in a runner's log: what would move the cursor, or be a command. */
export function terminalOddities(text: string): string[] {
  const plain = text.replace(COLOURS, '');
  return [...plain.split('\n').filter((line) => /^\s*::/.test(line) || line.includes('##[')), ...unreadable(plain)];
}

const VOID = new Set(['meta', 'br', 'path', 'hr']);
const DANGEROUS = /^<(?:script|img|iframe|object|embed|form|input|link|base|svg:)|\son\w+\s*=/i;

/** Of a page: tags that are not closed in order, that load or run something, and links that lead elsewhere. */
export function htmlOddities(page: string): string[] {
  const body = page.replace(/<style>[^<]*<\/style>/, '').replace(/^<!doctype html>/, '');
  const open: string[] = [];
  const odd: string[] = [];
  for (const [tag, slash, name = ''] of body.matchAll(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)\b[^>]*>/g)) {
    if (DANGEROUS.test(tag.replace(/"[^"]*"/g, '""'))) odd.push(tag);
    const href = / href="([^"]*)"/.exec(tag)?.[1];
    if (href !== undefined && !/^(?:#[\w-]+|https?:\/\/(?:link\.example|app\.terraform\.io|github\.com\/acme)\/)/.test(href)) odd.push(tag);
    if (VOID.has(name)) continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) odd.push(`${tag} closes what is not open`);
  }
  return [
    ...odd,
    ...open.map((name) => `<${name}> is not closed`),
    ...(body.includes('<!--') ? ['a hidden comment'] : []),
    ...unreadable(page),
  ];
}
