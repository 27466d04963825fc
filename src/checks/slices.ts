// A long list without holding up the process: between slices the timeout, a cancelled job and the progress get their turn. No clock: a
// slice is a number of items, because what is done for one is short.
import { setImmediate } from 'node:timers/promises';

// About 10 ms of the built-in kinds.
const SLICE = 1000;

/** @throws the signal's reason when it aborts */
export async function inSlices<T>(items: readonly T[], signal: AbortSignal, each: (item: T) => void): Promise<void> {
  for (let from = 0; from < items.length; from += SLICE) {
    if (from > 0) await setImmediate();
    signal.throwIfAborted();
    for (const item of items.slice(from, from + SLICE)) each(item);
  }
}
