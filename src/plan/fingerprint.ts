// Which plan was shown on a pull request: a short text by which a later plan can be compared with it, address by address. Made from
// masked values: nobody can try guesses of a secret against it. Pure.
import { Fault } from '../base/fault.ts';
import type { Masker } from './masking.ts';
import type { Plan } from './model.ts';

/** ASCII, at most SECTION_LIMITS.reviewed bytes; equal for plans that would do the same. */
export function fingerprintOf(_plan: Plan, _masker: Masker): string {
  throw new Fault('E_NOT_BUILT', 'Fingerprints are not built yet', { retryable: false });
}

export interface PlanDifference {
  /** Addresses of this plan that were not in the one before. */
  readonly added: readonly string[];
  /** Addresses that were, with another change. */
  readonly changed: readonly string[];
  /** How many are not in this plan any more: a fingerprint does not hold their names. */
  readonly gone: number;
  /** The plan was too large to keep each address: all that is known is that something differs. */
  readonly unnamed: boolean;
}

/** @returns null: the same plan. @throws never: a text that is no fingerprint of ours differs */
export function compareWithFingerprint(_reviewed: string, _plan: Plan, _masker: Masker): PlanDifference | null {
  throw new Fault('E_NOT_BUILT', 'Fingerprints are not built yet', { retryable: false });
}
