// In which order the elements of a list are told, and which of those that stay are shown. No I/O.
import type { Matching } from './match-elements.ts';
import type { Side, Sides } from './side.ts';
import type { ListItem, Skipped } from './tree.ts';

export interface Pairing {
  readonly before: number | null;
  readonly after: number | null;
}

/** Elements as after has them; what is gone stands where it stood among those that stay. */
export function inOrder(before: number, after: number, { kept, moved, changed }: Matching): Pairing[] {
  const partner = new Map([...moved, ...changed].map(([i, j]) => [j, i]));
  const matched = new Set([...moved, ...changed].map(([i]) => i));
  const order: Pairing[] = [];
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of [...kept, [before, after] as const]) {
    for (; i < nextI; i++) if (!matched.has(i)) order.push({ before: i, after: null });
    for (; j < nextJ; j++) order.push({ before: partner.get(j) ?? null, after: j });
    if (nextI < before) order.push({ before: nextI, after: nextJ });
    [i, j] = [nextI + 1, nextJ + 1];
  }
  return order;
}

/** A longer element is not shown only because it stands beside one that changes. */
const MAX_CONTEXT = 60;

/** What stays: as a number, and next to what changes in a list, one element itself. A set has no neighbours, and its number stands last. */
export function withContext(
  items: readonly ListItem[],
  isSet: boolean,
  toContext: (item: ListItem) => ListItem | null,
): (ListItem | Skipped)[] {
  const shown: (ListItem | Skipped)[] = [];
  let skipped = 0;
  const flush = (): void => {
    if (skipped > 0) shown.push({ skipped });
    skipped = 0;
  };
  const isChanged = (item: ListItem | undefined): boolean => item !== undefined && item.node.kind !== 'same';
  items.forEach((item, index) => {
    if (isChanged(item)) {
      if (!isSet) flush();
      shown.push(item);
      return;
    }
    const isNear = !isSet && (isChanged(items[index - 1]) || isChanged(items[index + 1]));
    const context = isNear ? toContext(item) : null;
    if (context === null) skipped += 1;
    else {
      flush();
      shown.push(context);
    }
  });
  flush();
  return shown;
}

export function isShort(side: Side): boolean {
  if (side.type === 'hidden') return true;
  return side.type === 'scalar' && String(side.value).length <= MAX_CONTEXT && !String(side.value).includes('\n');
}

/** Texts or numbers in rising order, as Terraform writes sets. */
export function isRising(items: readonly Side[], { lookOf }: Sides): boolean {
  return items.every((item, i) => {
    const next = items[i + 1];
    // The order of hidden values is told to nobody.
    if (item.type !== 'scalar' || lookOf(item) !== item.identity) return false;
    if (next === undefined) return true;
    if (typeof item.value === 'number' && typeof next.value === 'number') return item.value < next.value;
    return typeof item.value === 'string' && typeof next.value === 'string' && item.value < next.value;
  });
}
