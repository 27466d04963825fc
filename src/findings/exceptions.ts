// Is an address excepted, in `except` of a check as in `addresses` of a waiver? Pure.
//
// An object that is taken away goes under its new address, also when a `moved` block of the same plan gave it that: without this, whoever
// moves a database to an excepted address and deletes it there has deleted it without anybody being asked.
import { matchesAnyGlob } from '../documents/glob.ts';
import type { ResourceChange } from '../plan/model.ts';

export type IsExcepted = (globs: readonly string[], address: string) => boolean;

type Lost = Pick<ResourceChange, 'address' | 'previousAddress' | 'action'>;

// What is known to leave the object in place; an action of the future may not.
const STAYS = new Set(['no-op', 'create', 'read', 'update', 'open', 'renew', 'close']);

/** By the new address; of what a plan takes away by all that it had. What stays may be moved to where other rules hold. */
export function createExceptions(changes: readonly Lost[]): IsExcepted {
  const earlier = new Map<string, string[]>();
  for (const { address, previousAddress, action } of changes) {
    if (previousAddress === null || STAYS.has(action)) continue;
    earlier.set(address, [...(earlier.get(address) ?? []), previousAddress]);
  }
  return (globs, address) => [address, ...(earlier.get(address) ?? [])].every((name) => matchesAnyGlob(globs, name));
}
