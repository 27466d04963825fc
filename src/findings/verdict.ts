// From results to the verdict. Pure. The one place where `passed` is said, so everything that is not plainly good ends in `failed`:
// a status or an enforcement that we do not know, a passed check with errors that no waiver covers, a run in which nothing mandatory ran.
import { cut } from '../base/cut.ts';
import { RESULT_LIMITS } from '../contracts/task-result.ts';
import { countFindings, countingErrors, waivedOf } from './count.ts';
import type { CheckResult, Verdict } from './finding.ts';

export interface VerdictOptions {
  readonly whenNoneApply: 'fail' | 'pass';
  /** Why no verdict can rest on the results (no usable checks file, no whole plan), as a sentence with its remedy; null: it can. */
  readonly fileProblem: string | null;
}

/** @returns `passed` only if a mandatory check ran to its end and none failed (or none applied and the file allows that) */
export function decideVerdict(results: readonly CheckResult[], { whenNoneApply, fileProblem }: VerdictOptions): Verdict {
  if (fileProblem !== null) return failed(fileProblem);
  if (results.length === 0)
    return failed('No check ran: the checks file lists none. A gate without checks is not a pass; add a check to its `checks`.');

  const applied = results.filter((result) => result.status !== 'not-applicable');
  const bad = applied.filter((result) => !isGood(result));
  const blocking = bad.filter((result) => result.enforcement !== 'advisory');
  const advisory = bad.filter((result) => result.enforcement === 'advisory');
  const asides = [waivedAside(applied), advisoryAside(advisory), skippedAside(results.length - applied.length)];

  if (blocking.length > 0)
    return failed(sentence(`${blocking.length} of ${count(applied.length, 'check')} failed: ${reasons(blocking)}`, asides));

  // That the plan is the one that was reviewed says nothing of what it does: it is no check of the file.
  const listed = results.filter((result) => result.kind !== 'reviewed');
  const ran = listed.filter((result) => result.status !== 'not-applicable');
  if (ran.every((result) => result.enforcement === 'advisory') && whenNoneApply !== 'pass') {
    const what =
      ran.length === 0
        ? `None of ${count(listed.length, 'check')} applies to this run: ${exclusions(listed)}`
        : `Only advisory checks ran (${ran.length}), and a pass needs a mandatory one`;
    return failed(sentence(`${what}. Add a check that applies, or write \`when_none_apply: pass\``, [advisoryAside(advisory)]));
  }
  if (applied.length === 0) return passed(`No check applies to this run, and the checks file allows that: ${exclusions(results)}`);
  const good = applied.length - bad.length;
  return passed(sentence(bad.length === 0 ? `${all(good)} passed` : `${good} of ${count(applied.length, 'check')} passed`, asides));
}

const isGood = (result: CheckResult): boolean => result.status === 'passed' && countingErrors(result).length === 0;

const failed = (message: string): Verdict => ({ status: 'failed', message: cut(message, RESULT_LIMITS.message) });
const passed = (message: string): Verdict => ({ status: 'passed', message: cut(message, RESULT_LIMITS.message) });

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
const all = (n: number): string => (n === 1 ? 'The only check' : `All ${n} checks`);
const sentence = (first: string, asides: readonly (string | null)[]): string =>
  [first, ...asides.filter((aside) => aside !== null)].join('. ');
const advisoryAside = (bad: readonly CheckResult[]): string | null =>
  bad.length === 0 ? null : `${count(bad.length, 'advisory check')} failed, which does not count: ${reasons(bad)}`;
function waivedAside(applied: readonly CheckResult[]): string | null {
  const waived = countFindings(waivedOf(applied));
  return waived === 0 ? null : `${count(waived, 'finding')} waived`;
}
const skippedAside = (n: number): string | null => (n === 0 ? null : `${n} did not apply`);

// Three reasons of 200 characters leave room for the counts within HCP's 1,000; the rest stands in the outcomes.
const REASONS = 3;
const REASON_LENGTH = 200;

function reasons(results: readonly CheckResult[]): string {
  const told = results.slice(0, REASONS).map((result) => `${cut(result.check, 100)} (${cut(reasonOf(result), REASON_LENGTH)})`);
  const rest = results.length - told.length;
  return told.join('; ') + (rest > 0 ? `; and ${rest} more` : '');
}

function reasonOf(result: CheckResult): string {
  const errors = countingErrors(result);
  const [first] = errors;
  if (result.reason !== null) return result.reason;
  if (first === undefined) return `ended as "${result.status}" without a reason`;
  return errors.length === 1 ? first.message : `${count(countFindings(errors), 'finding')}, first: ${first.message}`;
}

function exclusions(results: readonly CheckResult[]): string {
  const told = results.slice(0, REASONS).map((result) => `${cut(result.check, 100)} (${cut(result.reason ?? 'excluded', REASON_LENGTH)})`);
  return told.join('; ') + (results.length > REASONS ? `; and ${results.length - REASONS} more` : '');
}
