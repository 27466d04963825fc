// The checks of a run when everything is read and resolved: this repository's own and those from elsewhere. Types, and the way there
// from one file alone.
import type { CheckSpec, ChecksFile, Params, Waiver } from '../contracts/checks-file.ts';
import type { CheckSource } from '../findings/finding.ts';

export type { CheckSource };

export interface LoadedCheck {
  readonly spec: CheckSpec;
  /** Those of the file, and over them those of the check. */
  readonly params: Params;
  /** The checkout (or unpacked repository) that its file is of. */
  readonly baseDir: string;
  /** Where it comes from, for people; null: this repository's own file. */
  readonly origin: string | null;
}

export interface CheckSet {
  readonly whenNoneApply: ChecksFile['when_none_apply'];
  /** Counts in the repository's own file only, as whenNoneApply does. */
  readonly planChangedSinceReview: ChecksFile['plan_changed_since_review'];
  readonly checks: readonly LoadedCheck[];
  readonly waivers: readonly Waiver[];
  /** What it extends; the file itself is not among them. */
  readonly sources: readonly CheckSource[];
}

/**
 * A file that extends nothing; one that does comes through load/.
 * @throws when it extends something: its checks would be missing, and a missing check passes
 */
export function toCheckSet(file: ChecksFile, baseDir: string): CheckSet {
  if (file.extends !== undefined) throw new Error('A file that extends others is loaded with loadCheckSet');
  return {
    whenNoneApply: file.when_none_apply,
    planChangedSinceReview: file.plan_changed_since_review,
    checks: file.checks.map((spec) => ({ spec, params: { ...file.params, ...spec.params }, baseDir, origin: null })),
    waivers: file.waivers ?? [],
    sources: [],
  };
}
