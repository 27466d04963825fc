// Which element of one set is which of another. Elements of a set have no name: they are recognised by what they hold. Pure.

/**
 * Pairs as many as can be paired (Kuhn's algorithm: an element gives up its partner when it finds another one). Taking the first that
 * fits would leave one without a partner that both could have had.
 *
 * @returns for each of `left` the index of its partner in `right`, or null
 */
export function matchElements<L, R>(left: readonly L[], right: readonly R[], agrees: (l: L, r: R) => boolean): (number | null)[] {
  const candidates = left.map((l) => right.flatMap((r, index) => (agrees(l, r) ? [index] : [])));
  const partnerOf = new Map<number, number>();

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
  left.forEach((_, index) => find(index, new Set()));

  const matched = left.map((): number | null => null);
  for (const [to, from] of partnerOf) matched[from] = to;
  return matched;
}

/** Has each of both a partner? */
export function allMatch<L, R>(left: readonly L[], right: readonly R[], agrees: (l: L, r: R) => boolean): boolean {
  return left.length === right.length && !matchElements(left, right, agrees).includes(null);
}
