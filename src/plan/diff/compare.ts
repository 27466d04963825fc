// Two sides of a place as the tree of what changes. No I/O.
import type { Masker } from '../masking.ts';
import { contextKeys } from './context.ts';
import { readDocuments, type Documents } from './document.ts';
import { inOrder, isRising, isShort, withContext } from './list-order.ts';
import { matchElements } from './match-elements.ts';
import { replacedAt, type Replaced } from './replace-paths.ts';
import { ABSENT, type Side, type Sides } from './side.ts';
import type { DiffNode, LeafDiff, LeafValue, ListDiff, ListItem, MapDiff } from './tree.ts';

export interface Where {
  /** The attributes of an object, of which null ones are absent. */
  readonly isRoot?: boolean;
  /** An element of a list, which people must recognise without its name. */
  readonly isElement?: boolean;
  /**
   * A list of blocks, or one of them. Most of what is empty in an object and its blocks is what nobody set; in a value that somebody wrote
   * it is a part of the value.
   */
  readonly isBlock?: boolean;
  /** null and empty values are told: in outputs and documents they are what somebody wrote. */
  readonly isExact: boolean;
  /** In how many documents, one in the text of the other. */
  readonly documents?: number;
}

/** @returns null: nothing changes */
export type Compare = (old: Side, fresh: Side, replaced: readonly Replaced[], where: Where) => DiffNode | null;

type Replacing = readonly Replaced[];

const NULL = { kind: 'plain', value: null, redacted: false } as const;
const STAYS: DiffNode = { form: 'leaf', kind: 'same', before: null, after: null, forcesReplacement: false };

/** A policy within an event within a document is real. Each level may be as deep as a plan, and what walks them calls itself. */
const MAX_DOCUMENTS = 2;
/** So many elements are seen to change their order at one look. */
const MAX_ORDERED = 20;

/** @param tellsMarks  whether it is told that a value begins or ceases to be sensitive */
export function createCompare(context: { readonly sides: Sides; readonly masker: Masker; readonly tellsMarks: boolean }): Compare {
  const { sides, masker, tellsMarks } = context;
  /** Places told to force the replacement so far. */
  let told = 0;
  return compare;

  function compare(old: Side, fresh: Side, replaced: Replacing, where: Where): DiffNode | null {
    if (old.type === 'absent' && fresh.type === 'absent') return null;
    if (old.type === 'absent') return oneSided('add', fresh, replaced, where);
    if (fresh.type === 'absent') return oneSided('remove', old, replaced, where);
    // Terraform, too, hides both sides when one is marked: the other is often the same secret.
    if (old.type === 'hidden' || fresh.type === 'hidden') return compareHidden(old, fresh, replaced);
    if (old.identity === fresh.identity && !(tellsMarks && old.holdsHidden)) return null;
    if (old.type === 'list' && fresh.type === 'list') return compareLists(old, fresh, replaced, where);
    if (old.type === 'map' && fresh.type === 'map') return compareMaps(old, fresh, replaced, where);
    if (isLeaf(old) && isLeaf(fresh)) return compareScalars(old, fresh, replaced, where);
    return at(replaced, () => ({
      form: 'replaced' as const,
      kind: 'change' as const,
      before: oneSided('remove', old, [], where),
      after: oneSided('add', fresh, [], where),
    }));
  }

  /** The node that `make` makes, marked where a path of the plan's `replace_paths` ends here, or goes on below to no place of its own. */
  function at<T extends object>(replaced: Replacing, make: () => T): T & { forcesReplacement: boolean } {
    const toldBefore = told;
    const node = make();
    const forcesReplacement = replaced.some(({ ends }) => ends) || (replaced.length > 0 && told === toldBefore);
    if (forcesReplacement) told += 1;
    return { ...node, forcesReplacement };
  }

  function leaf(kind: LeafDiff['kind'], old: Side | null, fresh: Side | null, replaced: Replacing): LeafDiff {
    const before = old === null ? null : sides.leafOf(old, fresh ?? undefined);
    const after = fresh === null ? null : sides.leafOf(fresh, old ?? undefined);
    const hides = isRedacted(before) && isRedacted(after) && masker.hidesOther(String(old?.value), String(fresh?.value));
    return at(replaced, () => ({ form: 'leaf' as const, kind, before, after, ...(hides ? { hiddenChanges: true as const } : {}) }));
  }

  function compareHidden(old: Side, fresh: Side, replaced: Replacing): DiffNode | null {
    const stays = old.identity === fresh.identity;
    if (stays && !(tellsMarks && old.isMarked !== fresh.isMarked)) return null;
    return at(replaced, () => ({
      form: 'leaf' as const,
      kind: 'change' as const,
      before: { kind: 'masked' as const },
      after: { kind: 'masked' as const },
      ...(stays ? { mark: fresh.isMarked ? ('comes' as const) : ('goes' as const) } : {}),
    }));
  }

  function compareScalars(old: Side, fresh: Side, replaced: Replacing, where: Where): DiffNode {
    if (typeof old.value === 'string' && fresh.type === 'unknown') return compareWithUnknown(old, fresh, replaced, where);
    const documents = documentsIn([old, fresh], where);
    const [was, is] = documents?.values ?? [];
    if (documents === null || was === undefined || is === undefined) {
      if (!isPlainWord(old) && !isPlainWord(fresh)) return leaf('change', old, fresh, replaced);
      // Empty, or another word, before there was a document: the document is told as one all the same.
      const [before, after] = [oneSided('remove', old, [], where), oneSided('add', fresh, [], where)];
      if ((before.form === 'document') === (after.form === 'document')) return leaf('change', old, fresh, replaced);
      return at(replaced, () => ({ form: 'replaced' as const, kind: 'change' as const, before, after }));
    }
    return at(replaced, () => ({
      form: 'document' as const,
      kind: 'change' as const,
      language: documents.language,
      content: compare(sides.fromDocument(was), sides.fromDocument(is), [], inDocument(where)),
      before: sides.leafOf(old, fresh),
      after: sides.leafOf(fresh, old),
    }));
  }

  function documentsIn(texts: readonly Side[], { documents = 0 }: Where): Documents | null {
    if (documents >= MAX_DOCUMENTS || !texts.every(({ value }) => typeof value === 'string')) return null;
    return readDocuments(
      texts.map(({ value }) => String(value)),
      masker,
    );
  }

  /** What was a document is told as one, in short. */
  function compareWithUnknown(old: Side, fresh: Side, replaced: Replacing, where: Where): DiffNode {
    const before = oneSided('remove', old, [], where);
    if (before.form === 'leaf') return leaf('change', old, fresh, replaced);
    return at(replaced, () => ({ form: 'replaced' as const, kind: 'change' as const, before, after: leaf('add', null, fresh, []) }));
  }

  function compareMaps(old: Side, fresh: Side, replaced: Replacing, where: Where): MapDiff | null {
    const toldBefore = told;
    const nodes = new Map<string, DiffNode>();
    const same: string[] = [];
    const node = at(replaced, () => {
      for (const key of new Set([...old.entries.keys(), ...fresh.entries.keys()])) {
        const [was, is] = [old.entries.get(key) ?? ABSENT, fresh.entries.get(key) ?? ABSENT];
        const inner = compareEntry(was, is, replacedAt(replaced, key), where);
        if (inner !== null) nodes.set(key, inner);
        else if (was.type !== 'absent') same.push(key);
      }
      const shown = where.isElement === true && nodes.size > 0 ? contextKeys(same, fresh) : [];
      for (const key of shown) nodes.set(key, leaf('same', old.entries.get(key) ?? ABSENT, fresh.entries.get(key) ?? ABSENT, []));
      return { form: 'map' as const, kind: 'change' as const, entries: sorted(nodes), unchanged: same.length - shown.length };
    });
    if (node.entries.length > 0) return node;
    told = toldBefore;
    return null;
  }

  function compareEntry(was: Side, is: Side, replaced: Replacing, where: Where): DiffNode | null {
    const isNullOnly = was.type === 'absent' && is.type === 'absent' && was.isNull !== is.isNull;
    // An attribute that is null is absent, but a map can hold null under a key, and then the key comes or goes.
    if (!isNullOnly || where.isRoot === true) return compare(was, is, replaced, atEntry(where, is.type === 'absent' ? was : is));
    return at(replaced, () =>
      is.isNull
        ? { form: 'leaf' as const, kind: 'add' as const, before: null, after: NULL }
        : { form: 'leaf' as const, kind: 'remove' as const, before: NULL, after: null },
    );
  }

  function sorted(entries: ReadonlyMap<string, DiffNode>): MapDiff['entries'] {
    const labelled = [...entries].map(([key, node]) => ({ key: masker.key(key), node }));
    return labelled.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  }

  function compareLists(old: Side, fresh: Side, replaced: Replacing, where: Where): ListDiff | null {
    const toldBefore = told;
    const matching = matchElements(old.items, fresh.items, sides);
    const isOfMaps = [...old.items, ...fresh.items].every((item) => item.type === 'map');
    const isSet = isOfMaps || (isRising(old.items, sides) && isRising(fresh.items, sides));
    const movedTo = new Set(matching.moved.map(([, j]) => j));
    let [isChanged, moved] = [false, 0];
    const node = at(replaced, () => {
      const items = inOrder(old.items.length, fresh.items.length, matching).map(({ before, after }): ListItem => {
        const [was, is] = [elementAt(old, before), elementAt(fresh, after)];
        const inner = compare(was, is, replacedAt(replaced, before, after), atElement(where));
        if (inner !== null) isChanged = true;
        // In a set, what stays keeps its order: Terraform sorts by content. So this is told of lists only, and of all of them.
        else if (after !== null && movedTo.has(after)) moved += 1;
        return { before, after, node: inner ?? STAYS };
      });
      return {
        form: 'list' as const,
        kind: 'change' as const,
        items: isChanged ? withContext(items, isSet, (item) => toContext(item, fresh)) : inNewOrder(items, fresh),
        isOfMaps,
        moved,
        length: { before: old.items.length, after: fresh.items.length },
      };
    });
    if (isChanged || moved > 0) return node;
    told = toldBefore;
    return null;
  }

  /** Of a list of which only the order changes: its elements, where they are few. */
  function inNewOrder(items: readonly ListItem[], fresh: Side): ListItem[] {
    return items.length > MAX_ORDERED ? [] : items.flatMap((item) => toContext(item, fresh) ?? []);
  }

  function toContext(item: ListItem, fresh: Side): ListItem | null {
    const side = elementAt(fresh, item.after);
    return isShort(side) ? { ...item, node: leaf('same', side, side, []) } : null;
  }

  /** All of what comes or goes, less what nobody set. */
  function oneSided(kind: 'add' | 'remove', side: Side, replaced: Replacing, where: Where): DiffNode {
    const [old, fresh] = kind === 'add' ? [null, side] : [side, null];
    if (side.type === 'list') {
      return at(replaced, () => ({
        form: 'list' as const,
        kind,
        items: side.items.map((item, i) => ({
          before: kind === 'add' ? null : i,
          after: kind === 'add' ? i : null,
          node: oneSided(kind, item, replacedAt(replaced, i), atElement(where)),
        })),
        isOfMaps: side.items.length > 0 && side.items.every((item) => item.type === 'map'),
        moved: 0,
        length: { before: old?.items.length ?? 0, after: fresh?.items.length ?? 0 },
      }));
    }
    if (side.type === 'map') {
      return at(replaced, () => {
        const told = [...side.entries].filter(([, entry]) => (hasSchema(where) ? !isEmpty(entry) : entry.type !== 'absent'));
        const nodes = told.map(([key, entry]) => [key, oneSided(kind, entry, replacedAt(replaced, key), atEntry(where, entry))] as const);
        const entries = new Map(nodes);
        return { form: 'map' as const, kind, entries: sorted(entries), unchanged: 0 };
      });
    }
    const documents = documentsIn([side], where);
    const [document] = documents?.values ?? [];
    if (documents === null || document === undefined) return leaf(kind, old, fresh, replaced);
    return at(replaced, () => ({
      form: 'document' as const,
      kind,
      language: documents.language,
      content: oneSided(kind, sides.fromDocument(document), [], inDocument(where)),
      before: old === null ? null : sides.leafOf(old),
      after: fresh === null ? null : sides.leafOf(fresh),
    }));
  }
}

const isRedacted = (value: LeafValue | null): boolean => value?.kind === 'plain' && value.redacted;

const hasSchema = ({ isRoot, isBlock, isExact }: Where): boolean => !isExact && (isRoot === true || isBlock === true);

const atEntry = (where: Where, side: Side): Where => ({
  isExact: where.isExact,
  documents: where.documents ?? 0,
  isBlock: hasSchema(where) && side.type === 'list',
});

const atElement = ({ isExact, documents = 0, isBlock = false }: Where): Where => ({ isExact, documents, isBlock, isElement: true });

const inDocument = ({ documents = 0 }: Where): Where => ({ isExact: true, documents: documents + 1 });

const elementAt = (list: Side, index: number | null): Side => (index === null ? ABSENT : (list.items[index] ?? ABSENT));

/** A text that is not half a document: in such a one people look for what differs. */
const isPlainWord = ({ value }: Side): boolean => typeof value === 'string' && !/[[{\n]/.test(value);

const isLeaf = (side: Side): boolean => side.type === 'scalar' || side.type === 'unknown';

const isEmpty = (side: Side): boolean =>
  side.type === 'absent' || (side.type === 'list' && side.items.length === 0) || (side.type === 'map' && side.entries.size === 0);
