// What a reviewer must know of one change beside its action and its attributes: where it is imported from, what is left over. No
// markup here.
import { maskedText } from '../plan/display.ts';
import { isMap, ownValue } from '../plan/json-tree.ts';
import { NO_MARKS } from '../plan/marks.ts';
import type { Masker } from '../plan/masking.ts';
import type { ResourceChange } from '../plan/model.ts';

export interface ImportView {
  /** Masked: the id, or the identity as `email = "a@example.com", region = "eu"`; null: Terraform does not say. */
  readonly from: string | null;
  readonly by: 'id' | 'identity' | 'not-said';
}

/** null: it is not imported. */
export function importOf({ importing }: ResourceChange, masker: Masker): ImportView | null {
  if (importing === null) return null;
  const { id, identity } = importing;
  if (id !== null) return { from: masker.text(id), by: 'id' };
  if (!isMap(identity)) return { from: null, by: 'not-said' };
  const parts = Object.keys(identity)
    .sort()
    .filter((key) => ownValue(identity, key) !== null)
    .map((key) => `${masker.key(key)} = ${maskedText(masker.mask(ownValue(identity, key), NO_MARKS, undefined))}`);
  return parts.length === 0 ? { from: null, by: 'not-said' } : { from: parts.join(', '), by: 'identity' };
}

interface Note {
  readonly when: (change: ResourceChange) => boolean;
  readonly words: string;
}

const NOTES: readonly Note[] = [
  { when: ({ deposed }) => deposed !== null, words: 'left over from a replacement that failed in part' },
  {
    when: ({ importing, action }) => importing !== null && (action === 'replace' || action === 'delete'),
    words: 'this destroys the imported object',
  },
  { when: ({ hasGeneratedConfig }) => hasGeneratedConfig === true, words: 'Terraform writes its configuration' },
  {
    when: ({ mode, action }) => mode === 'data' && action === 'delete',
    words: 'a data source leaves the state, nothing is destroyed',
  },
];

export const notesOf = (change: ResourceChange): string[] => NOTES.filter(({ when }) => when(change)).map(({ words }) => words);
