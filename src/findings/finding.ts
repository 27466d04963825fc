// One finding, and what a check came to. Every view (comment row, HCP outcome, annotation, SARIF) is made from these. Types only.
import type { Severity } from '../contracts/check-words.ts';
import type { Waiver } from '../contracts/checks-file.ts';
import type { EnforcementLevel } from '../contracts/run-facts.ts';

export interface Finding {
  /** Name of the check in the checks file. */
  readonly check: string;
  /** The rule within a tool's report (`CKV_AWS_20`); null for a check that is one rule. */
  readonly ruleId: string | null;
  /** `error` counts for the verdict; `warning` and `note` never do. */
  readonly level: 'error' | 'warning' | 'note';
  readonly severity: Severity;
  /** Plain text, one paragraph, already through the masker. Escaped where it is shown. */
  readonly message: string;
  /** What to do about it; plain text or simple Markdown written by the check's author; null if none. */
  readonly help: string | null;
  /** Exists in the plan, or null. */
  readonly address: string | null;
  /** The action of that resource in the plan. */
  readonly action: string | null;
  /** Relative to the configuration's root, with `/`. */
  readonly file: string | null;
  /** 1-based. */
  readonly line: number | null;
  /** http(s) only. */
  readonly url: string | null;
  /** Of how many findings this one tells, where a check has more than are listed. Absent: itself. */
  readonly standsFor?: number;
  /** An exception for a time is in effect: it is told, and does not count. Absent: none. */
  readonly waived?: { readonly reason: string; readonly owner: string; readonly expires: string };
}

/** What became of a waiver of the checks file. */
export interface WaiverReport {
  readonly waiver: Waiver;
  /**
   * in-effect   it has an owner, has not expired, and covered `matched` findings
   * unmatched   it would be in effect, and nothing needs it: no check has that name, or its check ran and found nothing of it
   * not-asked   this run cannot tell whether it is needed: its check did not apply or errored, or nothing at its addresses changes
   * expired, unowned   it has no effect; `matched` findings count that it would have covered
   */
  readonly state: 'in-effect' | 'unmatched' | 'not-asked' | 'expired' | 'unowned';
  readonly matched: number;
}

/** A file that checks came from, other than this repository's own. */
export interface CheckSource {
  /** `acme/policies@1a2b3c4`, `pack aws-basics`, a path. */
  readonly name: string;
  /** SHA-256 of its text, hex. */
  readonly digest: string;
  readonly checks: number;
}

/**
 * passed          ran to its end, nothing to say against the plan (warnings are allowed)
 * failed          at least one finding of level error that no waiver covers
 * errored         did not come to its end: crash, timeout, unreadable report, missing plan, bad expression. Counts as failed.
 * not-applicable  its `when` excluded this run
 */
export type CheckStatus = 'passed' | 'failed' | 'errored' | 'not-applicable';

export interface CheckResult {
  readonly check: string;
  /** `protect`, `cel`, `run`, … */
  readonly kind: string;
  readonly enforcement: EnforcementLevel;
  readonly status: CheckStatus;
  readonly durationMs: number;
  readonly findings: readonly Finding[];
  /** For errored: what happened and what to do. For not-applicable: which condition excluded it. Else null. Already masked. */
  readonly reason: string | null;
  /** Where the check comes from when it is not this repository's own: `acme/policies@1a2b3c4`, `pack aws-basics`. */
  readonly origin?: string;
}

/** What the gate says, before the relay has put it on record. */
export interface Verdict {
  readonly status: 'passed' | 'failed';
  /** One sentence for HCP's run page and CLI: the counts and the first reasons. At most 1,000 characters. */
  readonly message: string;
}
