// Which findings a waiver covers, and what became of each waiver. Pure: today's date is an argument.
//
// A waiver without an owner, or past its day, has no effect; that it was written is told all the same. The only place that sets
// `waived`, and the only one that makes a failed check a passed one.
import type { Waiver } from '../contracts/checks-file.ts';
import { matchesAnyGlob, matchGlob } from '../documents/glob.ts';
import { countFindings, countingErrors } from './count.ts';
import type { IsExcepted } from './exceptions.ts';
import type { CheckResult, Finding, WaiverReport } from './finding.ts';

export interface WaiverContext {
  /** UTC, YYYY-MM-DD */
  readonly today: string;
  /** Addresses of what this run changes. A waiver for others is not useless, it is not asked. */
  readonly changed: ReadonlySet<string>;
  readonly isExcepted: IsExcepted;
}

export function applyWaivers(
  results: readonly CheckResult[],
  waivers: readonly Waiver[],
  context: WaiverContext,
): { readonly results: CheckResult[]; readonly waivers: WaiverReport[] } {
  const usable = waivers.filter((waiver) => whyWithoutEffect(waiver, context.today) === null);
  return {
    results: usable.length === 0 ? [...results] : results.map((result) => waive(result, usable, context)),
    waivers: waivers.map((waiver) => reportOn(waiver, results, context)),
  };
}

/** Of several waivers the first is told: it stands first in the file. */
function waive(result: CheckResult, usable: readonly Waiver[], context: WaiverContext): CheckResult {
  const findings = result.findings.map((finding): Finding => {
    const by = usable.find((waiver) => covers(waiver, finding, result, context));
    // `usable` has owners only; a finding without one would be told as nobody's.
    return by?.owner === undefined ? finding : { ...finding, waived: { reason: by.reason, owner: by.owner, expires: by.expires } };
  });
  const waived = { ...result, findings };
  // Errored stays errored: nobody knows what the check would have found.
  return result.status === 'failed' && countingErrors(waived).length === 0 ? { ...waived, status: 'passed' } : waived;
}

function covers({ check, rule, addresses }: Waiver, finding: Finding, result: CheckResult, { isExcepted }: WaiverContext): boolean {
  // Notes need no exception.
  if (finding.level === 'note' || !matchGlob(check, result.check)) return false;
  if (rule === undefined && addresses === undefined) return true;
  // It tells of findings whose rules and addresses it does not name.
  if (finding.standsFor !== undefined) return false;
  return (
    (rule === undefined || (finding.ruleId !== null && matchGlob(rule, finding.ruleId))) &&
    (addresses === undefined || (finding.address !== null && isExcepted(addresses, finding.address)))
  );
}

// Expired before unowned: naming an owner would not help.
function whyWithoutEffect({ owner, expires }: Waiver, today: string): 'expired' | 'unowned' | null {
  if (!(today <= expires)) return 'expired';
  return owner === undefined || owner.trim() === '' ? 'unowned' : null;
}

function reportOn(waiver: Waiver, results: readonly CheckResult[], context: WaiverContext): WaiverReport {
  const covered = results.map((result) => result.findings.filter((finding) => covers(waiver, finding, result, context)));
  const matched = covered.reduce((sum, findings) => sum + countFindings(findings), 0);
  const state = whyWithoutEffect(waiver, context.today) ?? (matched > 0 ? 'in-effect' : wasAsked(waiver, results, context));
  return { waiver, state, matched };
}

/** One checks file serves many workspaces: that this run does not need a waiver tells something only where it could have. */
function wasAsked({ check, addresses }: Waiver, results: readonly CheckResult[], { changed }: WaiverContext): 'unmatched' | 'not-asked' {
  const named = results.filter((result) => matchGlob(check, result.check));
  // Nothing has that name: it is misspelled, or the check is gone.
  if (named.length === 0) return 'unmatched';
  if (named.some(({ status }) => status === 'errored' || status === 'not-applicable')) return 'not-asked';
  return addresses === undefined || [...changed].some((address) => matchesAnyGlob(addresses, address)) ? 'unmatched' : 'not-asked';
}
