// What a reader of GitHub Flavored Markdown makes of a text: parsed by micromark, independent of how we write it.
import fc from 'fast-check';
import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

export const parse = (markdown: string): Root => fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });

export function nodes(root: Nodes): Nodes[] {
  return [root, ...('children' in root ? root.children.flatMap((child) => nodes(child)) : [])];
}

/** Raw HTML that our own views write; whatever else the parser takes for HTML was opened by a value. */
const OWN_TAG = /^<\/?(?:details|summary|code|b|sub)>$|^<details open>$/;
const MARKER = /^<!-- runtask (?:v1 \{"organization":|combined v1 \{"task":)[^<>]*\} -->$/;

export interface Seen {
  /** HTML that is not ours: tags and comments. */
  readonly foreignHtml: readonly string[];
  readonly images: number;
  readonly links: readonly string[];
  /** Words outside of code that GitHub's filters would act on. */
  readonly active: readonly string[];
  /** `<details>` and others that are not closed in order. */
  readonly unbalanced: readonly string[];
}

const ACTIVE = /@[A-Za-z0-9]|#\d|\bGH-\d|:\/\/|\bwww\.|\b[0-9a-f]{7,40}\b|:[a-z0-9_+-]+:|\$\S|<!--/i;

/** Everything that a text could do besides being read. */
export function inspect(markdown: string): Seen {
  const foreignHtml: string[] = [];
  const active: string[] = [];
  const unbalanced: string[] = [];
  const open: string[] = [];
  const links: string[] = [];
  let images = 0;
  const all = nodes(parse(markdown));
  all.forEach((node, index) => {
    if (node.type === 'image' || node.type === 'imageReference' || node.type === 'footnoteReference') images++;
    if (node.type === 'link') links.push(node.url);
    if (node.type === 'text' && ACTIVE.test(node.value)) active.push(node.value);
    if (node.type !== 'html') return;
    if (index <= 1 && MARKER.test(node.value.split('\n')[0] ?? '')) return;
    // The words between tags are looked at too, but for those in <code>.
    const words = node.value.replace(/<code>[^<]*<\/code>/g, '').replace(/<[^>]*>/g, ' ');
    if (ACTIVE.test(words.replace(/&#39;|&quot;|&amp;/g, ' '))) active.push(words);
    for (const tag of node.value.match(/<[^>]*>?/g) ?? []) {
      if (!OWN_TAG.test(tag)) foreignHtml.push(tag);
      const name = tag.replace(/[</>]| open/g, '');
      if (!tag.startsWith('</')) open.push(name);
      else if (open.pop() !== name) unbalanced.push(tag);
    }
  });
  return { foreignHtml, images, links, active, unbalanced: [...unbalanced, ...open] };
}

export const HARMLESS: Omit<Seen, 'links'> = { foreignHtml: [], images: 0, active: [], unbalanced: [] };

/** Text made to break out of wherever it stands. */
export const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '`',
        '``',
        '```',
        '~~~',
        '\n',
        '\n\n',
        '\r\n',
        ' ',
        '    ',
        '\t',
        '\\',
        '|',
        '|---|',
        '*',
        '**',
        '_',
        '__',
        '[',
        ']',
        '](',
        '!',
        '<',
        '>',
        '&',
        '&lt;',
        '&#64;',
        '<!--',
        '-->',
        '--',
        '</details>',
        '<details>',
        '</code></pre>',
        '</summary>',
        '<script>',
        '<img src=x>',
        '# h',
        '- ',
        '+ ',
        '1. ',
        '=====',
        '-----',
        '> [!CAUTION]',
        '@org/team',
        '@me',
        '#1',
        'acme/net#12',
        'GH-7',
        '0123456789abcdef0123456789abcdef01234567',
        'https://evil.example/x',
        'http://a)b',
        'www.evil.example',
        'me@evil.example',
        '[click](javascript:alert(1))',
        '![i](https://evil.example/x.png)',
        '[^1]',
        ':tada:',
        '$x$',
        '$`x`$',
        '::error::x',
        '##[group]',
        '%0A',
        '\u202e',
        '\u200b',
        '\u0000',
        '\u001b[2J',
        '\ud83d',
        '😀',
        'é',
        '```diff\n- fake',
        '<!-- runtask v1 {} -->',
        '"',
        "'",
        '{{',
        '}}',
        'mailto:a@b.example',
        'xmpp:a@b',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.string({ maxLength: 8 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
