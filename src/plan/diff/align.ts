// Which elements of two lists stay, in order: a longest common subsequence. Elements are numbers that are equal where the elements are.
// No I/O.

export type Match = readonly [before: number, after: number];

/** A table of this many cells takes a few milliseconds. */
const MAX_CELLS = 250_000;

/** Indexes of what stays, ascending on both sides. The longest possible for small lists, a good one for large. */
export function align(before: ArrayLike<number>, after: ArrayLike<number>): Match[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;

  const matches: Match[] = [];
  for (let i = 0; i < start; i++) matches.push([i, i]);
  const rows = before.length - end - start;
  const columns = after.length - end - start;
  const inner = rows * columns > MAX_CELLS ? alignLarge(before, after, start, end) : alignSmall(before, after, start, rows, columns);
  for (const match of inner) matches.push(match);
  for (let i = end; i > 0; i--) matches.push([before.length - i, after.length - i]);
  return matches;
}

function alignSmall(before: ArrayLike<number>, after: ArrayLike<number>, start: number, rows: number, columns: number): Match[] {
  const width = columns + 1;
  const lengths = new Uint32Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      const below = lengths[(i + 1) * width + j] ?? 0;
      const right = lengths[i * width + j + 1] ?? 0;
      const isSame = before[start + i] === after[start + j];
      lengths[i * width + j] = isSame ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(below, right);
    }
  }
  const matches: Match[] = [];
  let i = 0;
  let j = 0;
  while (i < rows && j < columns) {
    if (before[start + i] === after[start + j]) matches.push([start + i++, start + j++]);
    else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i++;
    else j++;
  }
  return matches;
}

/** Takes the first of equal elements for the first, the second for the second; of these pairs the longest run in order stays. */
function alignLarge(before: ArrayLike<number>, after: ArrayLike<number>, start: number, end: number): Match[] {
  const places = new Map<number, number[]>();
  for (let j = after.length - end - 1; j >= start; j--) {
    const element = after[j] ?? 0;
    const known = places.get(element);
    if (known === undefined) places.set(element, [j]);
    else known.push(j);
  }
  const pairs: Match[] = [];
  for (let i = start; i < before.length - end; i++) {
    const j = places.get(before[i] ?? 0)?.pop();
    if (j !== undefined) pairs.push([i, j]);
  }
  return longestRise(pairs);
}

/** Patience sorting: O(n log n). */
function longestRise(pairs: readonly Match[]): Match[] {
  const tails: number[] = [];
  const previous = new Int32Array(pairs.length);
  pairs.forEach(([, j], index) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((pairs[tails[middle] ?? 0]?.[1] ?? 0) < j) low = middle + 1;
      else high = middle;
    }
    previous[index] = low === 0 ? -1 : (tails[low - 1] ?? -1);
    tails[low] = index;
  });
  const rise: Match[] = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) {
    const pair = pairs[at];
    if (pair !== undefined) rise.push(pair);
  }
  return rise.reverse();
}
