// The word that somebody probably meant. Pure.

/** The nearest of `known`, if it is near enough to be a slip: a third of its letters, three at most. Case, `-` and `_` are no letters. */
export function didYouMean(word: string, known: readonly string[]): string | null {
  const scored = known.map((candidate) => ({ candidate, distance: distanceBetween(plain(word), plain(candidate)) }));
  const [best] = scored.sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= Math.min(3, Math.max(1, Math.ceil(best.candidate.length / 3))) ? best.candidate : null;
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_ ]/g, '');

/** How many letters to insert, drop, change or swap with the next (Damerau's distance, restricted). */
function distanceBetween(a: string, b: string): number {
  // Names are short; a pasted paragraph is no misspelled key.
  if (Math.abs(a.length - b.length) > 3) return Number.POSITIVE_INFINITY;
  let previous: number[] = [];
  let current = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((current[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (current[j - 1] ?? 0) + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (previous[j - 2] ?? 0) + 1);
      next.push(cost);
    }
    previous = current;
    current = next;
  }
  return current[b.length] ?? Number.POSITIVE_INFINITY;
}
