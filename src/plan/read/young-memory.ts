// Keeps V8's memory for young objects from growing while a large plan is read.
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

// Two halves of 8 MB: half of V8's own limit of many years.
const ENOUGH_BYTES = 16 * 2 ** 20;

/**
 * V8 doubles this memory as objects survive, up to 128 MB, and gives none of it back: a third of what reading and rendering 100,000
 * resources took, for nothing, because what is young while a plan is read lives for one element. There is no other way to say so from
 * within a process (`--max-semi-space-size` is for whoever starts it). The flag is read each time the memory would grow.
 * @returns true: it is large enough and grows no more; false: ask again later
 */
export function keepYoungMemorySmall(): boolean {
  const size = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0;
  if (size < ENOUGH_BYTES) return false;
  setFlagsFromString('--semi-space-growth-factor=1');
  return true;
}
