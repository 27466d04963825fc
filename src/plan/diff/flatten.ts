// A diff as the list of its leaves. A string that holds a document is one leaf, and so is a list of which only the order changes. No I/O.
import type { ValuePath } from '../model.ts';
import type { DiffNode, DiffValue, LeafChange, ListItem, Skipped } from './tree.ts';

/** In the order of the tree; what only stands there to be recognised is left out. */
export function flatten(tree: DiffNode | null): LeafChange[] {
  const leaves: LeafChange[] = [];
  const path: (string | number)[] = [];

  function walk(node: DiffNode, isForced: boolean): void {
    const forces = isForced || node.forcesReplacement;
    const inner = isContainer(node) ? childrenOf(node).filter(({ node: child }) => child.kind !== 'same') : [];
    for (const { step, node: child } of inner) {
      path.push(step);
      walk(child, forces);
      path.pop();
    }
    if (inner.length > 0 || node.kind === 'same') return;
    const at: ValuePath = [...path];
    leaves.push({ path: at, kind: node.kind, before: valueOf(node, 'before'), after: valueOf(node, 'after'), forcesReplacement: forces });
  }

  if (tree !== null) walk(tree, false);
  return leaves;
}

type Container = Extract<DiffNode, { form: 'map' | 'list' }>;

const isContainer = (node: DiffNode): node is Container => node.form === 'map' || node.form === 'list';

export const isItem = (item: ListItem | Skipped): item is ListItem => 'node' in item;

const childrenOf = (node: Container): { step: string | number; node: DiffNode }[] =>
  node.form === 'map'
    ? node.entries.map(({ key, node: child }) => ({ step: key, node: child }))
    : node.items.filter(isItem).map(({ before, after, node: child }) => ({ step: after ?? before ?? 0, node: child }));

/** One side of a place; whole where the place comes, goes or is replaced, null where the side is absent. Of a change in parts: the parts. */
export function valueOf(node: DiffNode, side: 'before' | 'after'): DiffValue | null {
  if (node.kind === (side === 'before' ? 'add' : 'remove')) return null;
  switch (node.form) {
    case 'leaf':
    case 'document':
      return node[side];
    case 'replaced':
      return valueOf(node[side], side);
    case 'map':
      return {
        kind: 'map',
        entries: node.entries.flatMap(({ key, node: child }) => {
          const value = valueOf(child, side);
          return value === null ? [] : [{ key, value }];
        }),
      };
    case 'list':
      return { kind: 'list', items: node.items.filter(isItem).flatMap(({ node: child }) => valueOf(child, side) ?? []) };
  }
}
