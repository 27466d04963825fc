// The results of the checks as parts of a section: what failed, what could not run, and what nobody has to open.
import { cut } from '../../base/cut.ts';
import { countFindings, countingErrors, isWaived } from '../../findings/count.ts';
import type { CheckResult, Finding } from '../../findings/finding.ts';
import { worstFirst, worstResultsFirst } from '../../findings/sort.ts';
import { sourceUrl } from '../source-url.ts';
import type { ReportModel } from '../model.ts';
import { isMissed, waivedWords, waiverTrouble } from '../waiver-words.ts';
import { messageOf } from '../words.ts';
import type { Aside, BrokenCheck, FailedCheck, SectionFinding } from './data.ts';
import { MAX_ADDRESS } from './phrases.ts';

// A message is one paragraph; a tool that puts a page into it must not push the other findings out.
const MAX_MESSAGE = 1000;
const MAX_NAME = 200;
const MAX_HELP = 2000;
const MAX_REASON = 300;
/** Of one check and of one fold; no reader comes so far, and the rest is counted. */
const MAX_LISTED = 1000;

/** A check that failed, and on their own its findings, worst first, and what to do about them: there may be room for some only. */
export interface FailedOffer {
  readonly check: FailedCheck;
  readonly findings: readonly SectionFinding[];
  readonly help: readonly string[];
}

/** What a check found before it broke stands beside those that came to their end. */
export function failedChecks(model: ReportModel): FailedOffer[] {
  const failed = worstResultsFirst(model.results).filter((result) => result.status === 'failed' || countingErrors(result).length > 0);
  return failed.map((result) => {
    const errors = worstFirst(countingErrors(result));
    const shown = errors.slice(0, MAX_LISTED);
    const help = new Set(shown.flatMap((finding) => (finding.help === null || finding.help.trim() === '' ? [] : [finding.help])));
    return {
      check: {
        ...headOf(result),
        count: countFindings(errors),
        broke: result.status === 'errored',
        findings: { items: [], more: errors.length - shown.length },
        help: [],
      },
      findings: shown.map((finding) => toSectionFinding(finding, model)),
      help: [...help].map((text) => cut(text, MAX_HELP)),
    };
  });
}

export const brokenChecks = ({ results }: ReportModel): BrokenCheck[] =>
  worstResultsFirst(results)
    .filter(({ status }) => status === 'errored')
    .map((result) => ({ ...headOf(result), reason: cut(result.reason ?? 'no reason given', MAX_MESSAGE) }));

interface Asides {
  readonly items: Aside[];
  readonly more: number;
}

export function quietAsides(model: ReportModel): Asides & { readonly notes: number } {
  const found = pairsOf(model, (finding) => finding.level !== 'error' && !isWaived(finding));
  const passed = model.results.filter(({ status }) => status === 'passed');
  const skipped = model.results.filter(({ status }) => status === 'not-applicable');
  const asides = limited([
    ...found.map(({ result, finding }): Aside => ({
      kind: finding.level === 'warning' ? 'warning' : 'note',
      name: cut(result.check, MAX_NAME),
      isAdvisory: result.enforcement === 'advisory',
      finding: toSectionFinding(finding, model),
    })),
    ...passed.map((result): Aside => ({ kind: 'passed', ...headOf(result) })),
    ...skipped.map((result): Aside => ({
      kind: 'skipped',
      ...headOf(result),
      ...(result.reason === null ? {} : { words: cut(result.reason, MAX_REASON) }),
    })),
  ]);
  return { ...asides, notes: found.filter(({ finding }) => finding.level === 'note').length };
}

export function waiverAsides(model: ReportModel): Asides & { readonly idle: number } {
  const idle = model.waivers
    .filter((report) => !isMissed(report))
    .map(waiverTrouble)
    .filter((text) => text !== null);
  const asides = limited([
    ...model.results.flatMap((result) =>
      result.findings.filter(isWaived).map((finding): Aside => ({
        kind: 'waived',
        name: cut(result.check, MAX_NAME),
        isAdvisory: result.enforcement === 'advisory',
        finding: toSectionFinding(finding, model),
        words: waivedWords(finding),
      })),
    ),
    ...idle.map((text): Aside => ({ kind: 'idle', isAdvisory: false, words: cut(text, MAX_MESSAGE) })),
  ]);
  return { ...asides, idle: idle.length };
}

const pairsOf = ({ results }: ReportModel, isMeant: (finding: Finding) => boolean): { result: CheckResult; finding: Finding }[] =>
  results.flatMap((result) => result.findings.filter(isMeant).map((finding) => ({ result, finding })));

const limited = (items: readonly Aside[]): Asides => ({
  items: items.slice(0, MAX_LISTED),
  more: Math.max(0, items.length - MAX_LISTED),
});

function headOf({ check, enforcement, origin }: CheckResult): { name: string; isAdvisory: boolean; origin?: string } {
  return {
    name: cut(check, MAX_NAME),
    isAdvisory: enforcement === 'advisory',
    ...(origin === undefined ? {} : { origin: cut(origin, MAX_NAME) }),
  };
}

function toSectionFinding(finding: Finding, model: ReportModel): SectionFinding {
  const { severity, address, action, file, line, ruleId, url } = finding;
  const source = sourceUrl(finding, model);
  return {
    message: cut(messageOf(finding), MAX_MESSAGE),
    severity,
    ...(address === null ? {} : { address: cut(address, MAX_ADDRESS) }),
    ...(action === null ? {} : { action: cut(action, 100) }),
    ...(file === null ? {} : { file: `${cut(file, MAX_ADDRESS)}${line === null ? '' : `:${line}`}` }),
    ...(source === null ? {} : { source }),
    ...(ruleId === null ? {} : { rule: cut(ruleId, MAX_NAME) }),
    ...(url === null ? {} : { url }),
  };
}
