// Which element of one set is which of another. Elements of a set have no name: they are recognised by what they hold. Pure.

export interface Comparison<L, R> {
  /** Could they be one? */
  readonly agrees: (l: L, r: R) => boolean;
  /** Do they say the same already? */
  readonly isSame: (l: L, r: R) => boolean;
  /** How many places of it are left open: the vaguer, the later it may choose. */
  readonly openPlaces: (l: L) => number;
}

/**
 * First those that are the same, then as many as can be paired (Kuhn's algorithm: an element gives up its partner when it finds another
 * one), those first that leave least open (once paired, an element stays so). Taking the first that fits would give an element of which little is known the partner of one
 * that fits nowhere else.
 *
 * @returns for each of `left` the index of its partner in `right`, or null
 */
export function matchElements<L, R>(
  left: readonly L[],
  right: readonly R[],
  { agrees, isSame, openPlaces }: Comparison<L, R>,
): (number | null)[] {
  const partnerOf = new Map<number, number>();
  left.forEach((l, from) => {
    const to = right.findIndex((r, index) => !partnerOf.has(index) && isSame(l, r));
    if (to >= 0) partnerOf.set(to, from);
  });
  // A pair of the same is not given up: its element has no other candidates.
  const settled = new Set(partnerOf.values());
  const candidates = left.map((l, from) => (settled.has(from) ? [] : right.flatMap((r, index) => (agrees(l, r) ? [index] : []))));

  const find = (from: number, tried: Set<number>): boolean => {
    for (const to of candidates[from] ?? []) {
      if (tried.has(to)) continue;
      tried.add(to);
      const rival = partnerOf.get(to);
      if (rival !== undefined && !find(rival, tried)) continue;
      partnerOf.set(to, from);
      return true;
    }
    return false;
  };
  const byOpenness = left.map((l, index) => ({ open: openPlaces(l), index })).sort((a, b) => a.open - b.open);
  for (const { index } of byOpenness) find(index, new Set());

  const matched = left.map((): number | null => null);
  for (const [to, from] of partnerOf) matched[from] = to;
  return matched;
}

/** Has each of both a partner? */
export function allMatch<L, R>(left: readonly L[], right: readonly R[], agrees: (l: L, r: R) => boolean): boolean {
  return left.length === right.length && !matchElements(left, right, { agrees, isSame: () => false, openPlaces: () => 0 }).includes(null);
}
