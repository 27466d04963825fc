// What every view is made from: the facts of the run, the plan, what the checks said, and the verdict on record. Types only.
import type { Delivery, VerdictDecider } from '../contracts/relay-api.ts';
import type { RunFacts } from '../contracts/run-facts.ts';
import type { CheckResult, CheckSource, WaiverReport } from '../findings/finding.ts';
import type { Masker } from '../plan/masking.ts';
import type { Plan } from '../plan/model.ts';

export interface ShownVerdict {
  readonly status: 'passed' | 'failed';
  readonly message: string;
  /** Absent: not on record anywhere (a local rendering), or the action's own. */
  readonly decidedBy?: VerdictDecider;
}

export interface RunState {
  /** `finished`: its apply is over, and nobody told how it ended; that is no success. */
  readonly kind: 'planned' | 'applied' | 'errored' | 'discarded' | 'canceled' | 'finished';
  /** ISO 8601; null: not known. */
  readonly at: string | null;
}

export interface ReportModel {
  readonly run: RunFacts;
  /** null: the stage has none, or it could not be had; `planProblem` says which. */
  readonly plan: Plan | null;
  /** Whatever leaves for people went through it. null exactly when `plan` is. */
  readonly masker: Masker | null;
  /** Why there is no plan, for people; null when there is one or when the stage has none by nature. */
  readonly planProblem: string | null;
  readonly results: readonly CheckResult[];
  /** What became of each waiver of the checks file. */
  readonly waivers: readonly WaiverReport[];
  /** Where checks come from that are not this repository's own. */
  readonly sources: readonly CheckSource[];
  /**
   * The one on record, whoever decided it. Views show this and never work one out themselves.
   * null: nothing was judged (a plan rendered from a file).
   */
  readonly verdict: ShownVerdict | null;
  /** Whether HCP Terraform has it; absent: not asked. */
  readonly delivery?: Delivery;
  /** What became of the run. Absent: what its stage says, planned or finished. */
  readonly state?: RunState;
  /** The route only observes: the verdict on record is `passed` whatever the checks said. */
  readonly observe: boolean;
  /** The GitHub Actions run. */
  readonly workflowUrl: string | null;
  /** The commit that was planned. */
  readonly commit: string | null;
}
