// The checks files that people copy: blocks of our documents, files of the examples, packs. And the other files that a page shows beside
// them. Reads the disk; judges nothing.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { PACKS } from '../../../src/checks/packs/index.ts';
import { listFiles, read, ROOT } from '../source-files.ts';

export interface Source {
  /** How a test file names it in `checks`: `docs/checks/cel.md#ten-rules`, a path in examples, `pack aws-basics`. */
  readonly name: string;
  readonly text: string;
  /** Text by path: what the page shows beside it. */
  readonly files: Readonly<Record<string, string>>;
  /** Where it stands with its scripts and tests, relative to the project or absolute; null: nowhere, it needs a folder of its own. */
  readonly directory: string | null;
}

export const listSources = (): Source[] => [...listPages().flatMap(sourcesOfPage), ...listExamples(), ...listPacks()];

/** Test files that our documents show, by page. */
export const listShownTests = (): { readonly page: string; readonly text: string }[] =>
  listPages().flatMap((page) => listBlocks(page).flatMap(({ text }) => (text.startsWith('# .runtask/tests/') ? [{ page, text }] : [])));

const listPages = (): string[] =>
  ['README.md', ...listFiles('docs', ['.md']), ...listFiles('examples', ['.md'])].filter((file) => existsSync(path.join(ROOT, file)));

interface Block {
  /** Of the heading that it stands under, as GitHub makes it; empty: the page's own. */
  readonly anchor: string;
  readonly text: string;
}

function listBlocks(page: string): Block[] {
  const blocks: Block[] = [];
  let anchor = '';
  for (const [, level, heading = '', block] of read(page).matchAll(/^(##+) (.+)$|^```\w*\n([\s\S]*?)^```/gm)) {
    if (level !== undefined)
      anchor = heading
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .trim()
        .replaceAll(/\s/g, '-');
    else if (block !== undefined) blocks.push({ anchor, text: block });
  }
  return blocks;
}

function sourcesOfPage(page: string): Source[] {
  const blocks = listBlocks(page);
  const files = Object.fromEntries(
    blocks.flatMap(({ text }) => {
      const [, file] = /^(?:#|\/\/) ((?:\.runtask|policy)\/\S+)\n/.exec(text) ?? [];
      return file === undefined || file === CHECKS ? [] : [[file, text]];
    }),
  );
  const taken = new Map<string, number>();
  return blocks.flatMap(({ anchor, text }) => {
    if (!text.startsWith(`# ${CHECKS}\n`)) return [];
    const count = (taken.get(anchor) ?? 0) + 1;
    taken.set(anchor, count);
    const place = [anchor, count === 1 ? '' : `${count}`].filter((part) => part !== '').join('-');
    return [{ name: place === '' ? page : `${page}#${place}`, text, files, directory: null }];
  });
}

const CHECKS = '.runtask/checks.yml';

const listExamples = (): Source[] =>
  listFiles('examples', ['checks.yml'])
    .filter((file) => file.endsWith(`/${CHECKS}`))
    .map((file) => ({ name: file, text: read(file), files: {}, directory: file.slice(0, -CHECKS.length - 1) }));

const listPacks = (): Source[] =>
  Object.keys(PACKS).map((name) => ({
    name: `pack ${name}`,
    text: `version: 1\nextends: [{ pack: ${name} }]\n`,
    files: {},
    directory: null,
  }));
