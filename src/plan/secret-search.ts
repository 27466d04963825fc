// Finds thousands of secrets in a text in one pass over it. No I/O.
//
// Every needle is filed under the hash of one window of its characters, the least crowded one it has. A search rolls the same hash
// over the text and asks a bitmap first, so its cost is that of reading the text, whatever the number of needles: a plan of 100k
// resources has tens of thousands of secrets, and one replaceAll for each of them and each value would take hours.

/** Half-open, in UTF-16 code units; sorted, not overlapping, not touching. */
export type TextRange = readonly [start: number, end: number];

export interface SecretSearch {
  /** Needles shorter than the window are refused: the caller decides what to do with short ones. */
  add(needle: string): void;
  find(text: string): TextRange[];
}

// Taken once: inside a vm context, such as a test runner's, each look at a global costs more than the whole step.
const { imul } = Math;

const BASE = 0x01000193;
const BITMAP_BITS = 22;
// A needle that shares its windows with many others is looked at here no longer than this: adding stays linear.
const WINDOWS_LOOKED_AT = 96;

// A search compares so many characters of needles, for each character of the text and to begin with. Real plans need less than one; in
// a plan that is made to need millions (thousands of secrets that differ only far from their ends) the text is hidden as a whole.
const MAX_COMPARED_PER_CHARACTER = 64;
const MAX_COMPARED = 100_000;

interface Filed {
  readonly needle: string;
  /** Where in the needle the window begins. */
  readonly offset: number;
}

/** @param window  characters of a window, the length of the shortest needle */
export function createSecretSearch(window: number): SecretSearch {
  const filed = new Map<number, Filed[]>();
  const known = new Set<string>();
  const bitmap = new Uint8Array(1 << (BITMAP_BITS - 3));
  let leaving = 1;
  for (let i = 0; i < window; i++) leaving = imul(leaving, BASE);

  return {
    add(needle) {
      if (needle.length < window || known.has(needle)) return;
      known.add(needle);
      const { hash, offset } = leastCrowded(needle);
      const bucket = filed.get(hash);
      if (bucket === undefined) filed.set(hash, [{ needle, offset }]);
      else bucket.push({ needle, offset });
      const bit = slot(hash);
      bitmap[bit >>> 3] = (bitmap[bit >>> 3] ?? 0) | (1 << (bit & 7));
    },

    find(text) {
      if (text.length < window || filed.size === 0) return [];
      const ranges: TextRange[] = [];
      let hash = 0;
      let left = MAX_COMPARED + MAX_COMPARED_PER_CHARACTER * text.length;
      for (let i = 0; i < text.length; i++) {
        hash = (imul(hash, BASE) + text.charCodeAt(i)) | 0;
        if (i >= window) hash = (hash - imul(leaving, text.charCodeAt(i - window))) | 0;
        else if (i < window - 1) continue;
        const bit = slot(hash);
        if (((bitmap[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) continue;
        for (const { needle, offset } of filed.get(hash) ?? []) {
          const start = i - window + 1 - offset;
          const fits = start >= 0 && start + needle.length <= text.length;
          left -= fits ? needle.length : 1;
          if (left < 0) return [[0, text.length]];
          if (fits && text.startsWith(needle, start)) ranges.push([start, start + needle.length]);
        }
      }
      return ranges.length === 0 ? ranges : merge(ranges);
    },
  };

  // From the end: secrets of one kind tend to begin alike ("AKIA", "arn:aws:", "KEY_0=").
  function leastCrowded(needle: string): { hash: number; offset: number } {
    let best = { hash: 0, offset: 0, crowd: Infinity };
    const last = needle.length - window;
    for (let offset = last; offset >= 0 && offset > last - WINDOWS_LOOKED_AT; offset--) {
      let hash = 0;
      for (let i = offset; i < offset + window; i++) hash = (imul(hash, BASE) + needle.charCodeAt(i)) | 0;
      const crowd = filed.get(hash)?.length ?? 0;
      if (crowd < best.crowd) best = { hash, offset, crowd };
      if (crowd === 0) break;
    }
    return best;
  }
}

// The upper bits of a multiplicative hash are the mixed ones.
const slot = (hash: number): number => imul(hash, 0x9e3779b1) >>> (32 - BITMAP_BITS);

/** Sorts and joins ranges that overlap or touch. */
export function merge(ranges: readonly TextRange[]): TextRange[] {
  const merged: [number, number][] = [];
  for (const range of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
    else merged.push([range[0], range[1]]);
  }
  return merged;
}
