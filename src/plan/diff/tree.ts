// What changes within one object, as a tree: only what changes, and the little around it by which people recognise a place. Masked
// already; nothing of a hidden value is in here. Types only.
import type { MaskedValue } from '../masking.ts';
import type { ValuePath } from '../model.ts';

/** `same` only for what stands there so that people know where they are. */
export type DiffKind = 'add' | 'remove' | 'change' | 'same';

/** One value without parts. */
export type LeafValue =
  | Exclude<MaskedValue, { kind: 'list' | 'map' }>
  /** A number that a double does not hold, as it is spelled. */
  | { readonly kind: 'number'; readonly spelling: string };

export type DiffValue =
  | LeafValue
  | { readonly kind: 'list'; readonly items: readonly DiffValue[] }
  | { readonly kind: 'map'; readonly entries: readonly { readonly key: string; readonly value: DiffValue }[] };

export type DiffNode = LeafDiff | MapDiff | ListDiff | DocumentDiff | ReplacedDiff;

interface Place {
  readonly kind: DiffKind;
  /** The plan's `replace_paths` lead here, or below to where nothing more is told. */
  readonly forcesReplacement: boolean;
}

export interface LeafDiff extends Place {
  readonly form: 'leaf';
  /** null: not there. A null that counts as a value (in a list, a map, an output) is `{ kind: 'plain', value: null }`. */
  readonly before: LeafValue | null;
  readonly after: LeafValue | null;
  /** Set when the value stays, and only Terraform's mark comes or goes. */
  readonly mark?: 'comes' | 'goes';
  /** Both texts are shown in part, and what is hidden of them differs. */
  readonly hiddenChanges?: true;
}

export interface MapDiff extends Place {
  readonly form: 'map';
  /** Sorted by key. Copies of secrets in keys are masked, so keys may repeat. */
  readonly entries: readonly { readonly key: string; readonly node: DiffNode }[];
  /** How many others there are. */
  readonly unchanged: number;
}

export interface ListItem {
  /** Indexes; null where it is not. */
  readonly before: number | null;
  readonly after: number | null;
  readonly node: DiffNode;
}

/** Elements that stay and are not shown, where they stand. */
export interface Skipped {
  readonly skipped: number;
}

export interface ListDiff extends Place {
  readonly form: 'list';
  /** In the order of after. Of a change with nothing but what stays, only the order changes; a long one has no items at all. */
  readonly items: readonly (ListItem | Skipped)[];
  /** Every element is a map, so that it can be told as repeated blocks. */
  readonly isOfMaps: boolean;
  /** Elements that stay as they are and stand elsewhere among those that stay. In a set there are none. */
  readonly moved: number;
  readonly length: { readonly before: number; readonly after: number };
}

/** A string that holds a document. */
export interface DocumentDiff extends Place {
  readonly form: 'document';
  readonly language: 'JSON' | 'YAML';
  /** null: the document says the same; only how it is written changes. Its places are those of the document. */
  readonly content: DiffNode | null;
  /** The strings. */
  readonly before: LeafValue | null;
  readonly after: LeafValue | null;
}

/** What was there becomes something of another kind: a list for a text, something unknown for a map. */
export interface ReplacedDiff extends Place {
  readonly form: 'replaced';
  readonly kind: 'change';
  readonly before: DiffNode;
  readonly after: DiffNode;
}

/** One leaf that changes. */
export interface LeafChange {
  /** Indexes are those of after, or of before where it is gone. Keys are masked. */
  readonly path: ValuePath;
  readonly kind: Exclude<DiffKind, 'same'>;
  readonly before: DiffValue | null;
  readonly after: DiffValue | null;
  readonly forcesReplacement: boolean;
}
