// "The plan changed since review": what a run's plan is, held against the one that its pull request showed, as the result of a check.
// Whether and how the one that was shown can be had is the caller's; what it counts for says the checks file. Pure.
//
// It is a built-in check and not one of the list: it needs no rule, and everybody who reviews plans expects it.
import type { ChecksFile } from '../contracts/checks-file.ts';
import type { PlanDifference } from '../plan/fingerprint.ts';
import type { CheckResult, Finding } from './finding.ts';

export const REVIEWED_PLAN = 'reviewed plan';

export type Reviewed =
  /** `where`: which run showed it, in words: "run-abc on pull request #7". */
  | { readonly kind: 'same'; readonly where: string }
  | { readonly kind: 'differs'; readonly where: string; readonly difference: PlanDifference }
  /** The run belongs to no pull request. `why` is a sentence. */
  | { readonly kind: 'no-pull-request'; readonly why: string }
  /** There is a pull request, and it showed no plan of this workspace. */
  | { readonly kind: 'not-shown'; readonly why: string }
  /** It could not be asked. */
  | { readonly kind: 'unknown'; readonly why: string };

/** So many addresses are named; the rest is counted. */
const MAX_NAMED = 50;

/** @returns null: nothing to say. With `fail` there is always a result, for a gate that asks and hears nothing must not pass. */
export function toReviewedResult(mode: ChecksFile['plan_changed_since_review'], reviewed: Reviewed): CheckResult | null {
  if (mode === 'ignore') return null;
  const base = { check: REVIEWED_PLAN, kind: 'reviewed', durationMs: 0, findings: [], reason: null } as const;
  const enforcement = mode === 'fail' ? 'mandatory' : 'advisory';
  if (reviewed.kind === 'differs')
    return { ...base, enforcement, status: 'failed', findings: toFindings(reviewed.where, reviewed.difference) };
  if (mode === 'warn') return null;
  switch (reviewed.kind) {
    case 'same':
      return { ...base, enforcement, status: 'passed' };
    case 'no-pull-request':
      return { ...base, enforcement, status: 'not-applicable', reason: reviewed.why };
    case 'not-shown':
    case 'unknown':
      return { ...base, enforcement, status: 'errored', reason: reviewed.why };
  }
}

const HELP =
  'Read the plan of this run before you confirm it: since the review something else was merged, applied or changed outside of Terraform. ' +
  '`plan_changed_since_review` in the checks file says what this counts for.';

function toFindings(where: string, { added, changed, gone, isUnnamed }: PlanDifference): Finding[] {
  const finding = (address: string | null, message: string, standsFor?: number): Finding => ({
    check: REVIEWED_PLAN,
    ruleId: null,
    level: 'error',
    severity: 'medium',
    message,
    help: HELP,
    address,
    action: null,
    file: null,
    line: null,
    url: null,
    ...(standsFor === undefined ? {} : { standsFor }),
  });
  if (isUnnamed) return [finding(null, `The plan changed since review: it is another one than ${where} showed.`)];
  const named = [
    ...changed.map((address) => finding(address, `The plan changed since review: ${where} showed another change here.`)),
    ...added.map((address) => finding(address, `The plan changed since review: ${where} showed no change here.`)),
  ];
  const more = named.length - MAX_NAMED;
  return [
    ...named.slice(0, MAX_NAMED),
    ...(more > 0 ? [finding(null, `The plan changed since review: ${more} more resources differ from what ${where} showed.`, more)] : []),
    ...(gone > 0
      ? [
          finding(
            null,
            `The plan changed since review: ${gone} ${gone === 1 ? 'change' : 'changes'} that ${where} showed ${gone === 1 ? 'is' : 'are'} not in this plan.`,
          ),
        ]
      : []),
    // The same addresses and contents as far as they are kept, and yet another plan.
    ...(named.length === 0 && gone === 0 ? [finding(null, `The plan changed since review: it is another one than ${where} showed.`)] : []),
  ];
}
