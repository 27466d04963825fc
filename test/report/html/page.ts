// What a browser would make of the report, told without our own functions: its tags in order, its anchors, its links.
const TAG =
  /^<(?:!doctype html|\/?(?:html|head|body|title|style|header|h[1-6]|main|section|nav|ul|ol|li|div|p|b|i|code|pre|span|ins|del|mark|details|summary|dl|dt|dd|time|small|table|thead|tbody|tr|th|td|footer|br|a)|html lang="en"|meta [^<>]*|details open|details class="check [a-z]+"(?: open)?|main id="report"|(?:section|h[1-6]|div|li|a|tr|span|p|ul|dl|header|td)(?: (?:id|class|href)="[A-Za-z0-9# -]*")+|div class="box [a-z]+" role="note" aria-label="[A-Z][a-z]+"|span class="mark [a-z]+" aria-hidden="true"|nav aria-label="Contents"|th scope="(?:row|col)"|a href="https?:\/\/[^"<>\s]*" rel="nofollow noopener noreferrer")>$/;
const VOID: ReadonlySet<string> = new Set(['meta', 'br', '!doctype']);

export interface Seen {
  /** Tags that the report never writes, and `<` that open none. */
  readonly foreign: readonly string[];
  readonly unbalanced: readonly string[];
  /** Links within the page that lead nowhere, and anchors that stand twice. */
  readonly brokenAnchors: readonly string[];
}

export const HARMLESS: Seen = { foreign: [], unbalanced: [], brokenAnchors: [] };

export function inspectPage(page: string): Seen {
  const body = page.replace(/<style>[\s\S]*?<\/style>/, '');
  const tags = body.match(/<[^>]*>?/g) ?? [];
  const open: string[] = [];
  const unbalanced: string[] = [];
  for (const tag of tags) {
    const name = /^<\/?([!a-z0-9]+)/.exec(tag)?.[1] ?? '';
    if (VOID.has(name)) continue;
    if (!tag.startsWith('</')) open.push(name);
    else if (open.pop() !== name) unbalanced.push(tag);
  }
  const ids = [...body.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id);
  const known = new Set(ids);
  return {
    foreign: tags.filter((tag) => !TAG.test(tag)),
    unbalanced: [...unbalanced, ...open],
    brokenAnchors: [
      ...[...body.matchAll(/ href="#([^"]*)"/g)].flatMap(([, id = '']) => (known.has(id) || id === 'left-out' ? [] : [`no ${id}`])),
      ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `twice ${id}`),
    ],
  };
}

export const externalLinks = (page: string): string[] => [...page.matchAll(/ href="([^#"][^"]*)"/g)].map(([, url = '']) => url);
