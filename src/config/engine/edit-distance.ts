// "Did you mean …?" Pure.

/** The one of `known` that is nearest to what was written, when it is near enough to be meant. */
export function nearest(written: string, known: readonly string[]): string | null {
  const ranked = known.map((name) => ({ name, distance: distance(written.toLowerCase(), name.toLowerCase()) }));
  const [best] = ranked.sort((a, b) => a.distance - b.distance);
  if (best === undefined) return null;
  // Two letters: that many differ when two are exchanged.
  return best.distance <= Math.max(2, Math.floor(written.length / 3)) && best.distance < written.length ? best.name : null;
}

/** Levenshtein's: how many letters must be added, taken or changed. Names that differ by much in length are far, whatever they hold. */
function distance(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > 8) return 8;
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (from[i] === to[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
