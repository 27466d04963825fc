// The blocks of one folder by what they are, so that a finding costs the same however many blocks there are. Pure.
//
// Both sides are hostile: ten thousand findings and a hundred thousand blocks would be looked through for minutes, in one go.
import { posix } from 'node:path';
import type { ConfigurationBlock } from './block.ts';
import type { ConfigurationFile } from './read-folder.ts';

export interface Place {
  /** Relative to the configuration's root, with `/`. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** @param attribute  null, or not written there: the line of the block itself @returns null: there is no such block */
export type FolderIndex = (keyword: string, labels: readonly string[], attribute: string | null) => Place | null;

interface Found {
  readonly file: ConfigurationFile;
  readonly block: ConfigurationBlock;
}

const keyOf = (...parts: readonly (string | null | readonly string[])[]): string => JSON.stringify(parts);

/** @param folder  relative to the configuration's root */
export function indexFolder(folder: string, files: readonly ConfigurationFile[]): FolderIndex {
  const blocks = new Map<string, Found[]>();
  for (const file of files) {
    for (const block of file.blocks) {
      const key = keyOf(block.keyword, block.labels);
      const same = blocks.get(key);
      if (same === undefined) blocks.set(key, [{ file, block }]);
      else same.push({ file, block });
    }
  }
  // All instances of a resource are one block, and overrides may write it a thousand times.
  const places = new Map<string, Place | null>();
  return (keyword, labels, attribute) => {
    const key = keyOf(keyword, labels, attribute);
    let place = places.get(key);
    if (place === undefined) places.set(key, (place = placeOf(folder, blocks.get(keyOf(keyword, labels)) ?? [], attribute)));
    return place;
  };
}

function placeOf(folder: string, found: readonly Found[], attribute: string | null): Place | null {
  const lineIn = ({ block: { members } }: Found): number | null => (attribute === null ? null : (members.get(attribute) ?? null));
  // An override that writes the attribute anew is where it is decided; the last of several wins.
  const decided = found.findLast((one) => one.file.isOverride && lineIn(one) !== null);
  const chosen = decided ?? found.find(({ file }) => !file.isOverride) ?? found[0];
  return chosen === undefined ? null : { file: posix.join(folder, chosen.file.name), line: lineIn(chosen) ?? chosen.block.line };
}
