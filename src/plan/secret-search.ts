// Finds thousands of secrets in a text in one pass over it. No I/O.
//
// Every needle is filed under the hash of one window of its characters (needle-table.ts). A search rolls the same hash over the text
// and asks a bitmap first, so its cost is that of reading the text, whatever the number of needles: a plan of 100k resources has tens
// of thousands of secrets, and one replaceAll for each of them and each value would take hours.
import { NeedleTable, WINDOW_BASE } from './needle-table.ts';

/** Half-open, in UTF-16 code units; sorted, not overlapping, not touching. */
export type TextRange = readonly [start: number, end: number];

export interface SecretSearch {
  /** Needles shorter than the window are refused: the caller decides what to do with short ones. */
  add(needle: string): void;
  find(text: string): TextRange[];
}

// Taken once: inside a vm context, such as a test runner's, each look at a global costs more than the whole step.
const { imul } = Math;

const BITMAP_BITS = 22;

// A search compares so many characters of needles, for each character of the text and to begin with. Real plans need less than one; in
// a plan that is made to need millions (thousands of secrets that differ only far from their ends) the text is hidden as a whole.
const MAX_COMPARED_PER_CHARACTER = 64;
const MAX_COMPARED = 100_000;

/** @param window  characters of a window, the length of the shortest needle */
export function createSecretSearch(window: number): SecretSearch {
  const table = new NeedleTable(window);
  const bitmap = new Uint8Array(1 << (BITMAP_BITS - 3));
  let leaving = 1;
  for (let i = 0; i < window; i++) leaving = imul(leaving, WINDOW_BASE);

  return {
    add(needle) {
      if (needle.length < window) return;
      const hash = table.add(needle);
      if (hash === null) return;
      const bit = slot(hash);
      bitmap[bit >>> 3] = (bitmap[bit >>> 3] ?? 0) | (1 << (bit & 7));
    },

    find(text) {
      if (text.length < window || table.size === 0) return [];
      const ranges: TextRange[] = [];
      let hash = 0;
      let left = MAX_COMPARED + MAX_COMPARED_PER_CHARACTER * text.length;
      for (let i = 0; i < text.length; i++) {
        hash = (imul(hash, WINDOW_BASE) + text.charCodeAt(i)) | 0;
        if (i >= window) hash = (hash - imul(leaving, text.charCodeAt(i - window))) | 0;
        else if (i < window - 1) continue;
        const bit = slot(hash);
        if (((bitmap[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) continue;
        for (let needle = table.firstOf(hash); needle >= 0; needle = table.nextOf(needle)) {
          const length = table.lengthOf(needle);
          const start = i - window + 1 - table.offsetOf(needle);
          const fits = table.windowOf(needle) === hash && start >= 0 && start + length <= text.length;
          left -= fits ? length : 1;
          if (left < 0) return [[0, text.length]];
          if (fits && table.standsAt(needle, text, start)) ranges.push([start, start + length]);
        }
      }
      return ranges.length === 0 ? ranges : merge(ranges);
    },
  };
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
