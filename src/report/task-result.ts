// The result as HCP Terraform takes it: the verdict in one sentence (all that its CLI ever shows), and one outcome for each finding,
// worst first, within HCP's limits.
import { cut } from '../base/cut.ts';
import { RESULT_LIMITS, type Outcome, type TaskResult } from '../contracts/task-result.ts';
import { isWaived } from '../findings/count.ts';
import type { CheckResult, Finding, WaiverReport } from '../findings/finding.ts';
import { code, helpText, link, oneLine, prose, safeUrl } from './escape.ts';
import type { ReportModel } from './model.ts';
import { isMissed, waivedWords, waiverName, waiverTrouble } from './waiver-words.ts';
import { bySeverity, messageOf, plural } from './words.ts';

type Level = 'none' | 'info' | 'warning' | 'error';

export function toTaskResult(model: ReportModel): TaskResult {
  const url = usableUrl(model.workflowUrl);
  return {
    // What was not judged has not passed.
    status: model.verdict?.status ?? 'failed',
    message: cut(oneLine(model.verdict?.message ?? 'Nothing was judged.'), RESULT_LIMITS.message) || 'No reason was given.',
    ...(url === null ? {} : { url }),
    // Older Terraform Enterprise does not know outcomes and says so in the request.
    outcomes: model.run.outcomes ? limited(toOutcomes(model)) : [],
  };
}

/**
 * Failed findings by enforcement and severity, then checks that could not run, waivers that would have covered something, warnings and
 * notes, waived findings, one for each passed check, and the other waivers with which something is wrong.
 */
function toOutcomes({ results, waivers }: ReportModel): Outcome[] {
  const all = results.flatMap((result) => result.findings.map((finding) => ({ result, finding })));
  const pairs = all.filter(({ finding }) => !isWaived(finding));
  const errors = pairs.filter(({ finding }) => finding.level === 'error').sort(worstFirst);
  const milder = pairs.filter(({ finding }) => finding.level !== 'error').sort((a, b) => order(a) - order(b));
  const waived = all.filter(({ finding }) => isWaived(finding)).sort(worstFirst);
  // Numbered through, so that a rule's outcomes are told apart wherever they stand.
  const numbered = [...errors, ...milder, ...waived].map(({ result, finding }, index) => findingOutcome(result, finding, index));
  const troubled = waivers.filter((report) => waiverTrouble(report) !== null);
  return [
    ...numbered.slice(0, errors.length),
    ...results.filter((result) => result.status === 'errored').map(erroredOutcome),
    ...troubled.filter(isMissed).map(waiverOutcome),
    ...numbered.slice(errors.length),
    ...results.filter((result) => result.status === 'passed').map(passedOutcome),
    ...troubled.filter((report) => !isMissed(report)).map((report, index) => waiverOutcome(report, index + waivers.length)),
  ];
}

interface Pair {
  readonly result: CheckResult;
  readonly finding: Finding;
}

const enforcementRank = ({ result }: Pair): number => (result.enforcement === 'mandatory' ? 0 : 1);
const order = ({ finding }: Pair): number => (finding.level === 'warning' ? 0 : 1);
const worstFirst = (a: Pair, b: Pair): number => enforcementRank(a) - enforcementRank(b) || bySeverity(a.finding, b.finding);

/** 250 at most: the last one counts what was left out. */
function limited(outcomes: readonly Outcome[]): Outcome[] {
  if (outcomes.length <= RESULT_LIMITS.outcomes) return [...outcomes];
  const shown = outcomes.slice(0, RESULT_LIMITS.outcomes - 1);
  const more = outcomes.length - shown.length;
  return [
    ...shown,
    {
      outcomeId: 'more',
      description: `… and ${plural(more, 'more outcome')}; the workflow run shows all`,
      tags: { Status: [label('Left out', 'info')] },
    },
  ];
}

function findingOutcome(result: CheckResult, finding: Finding, index: number): Outcome {
  const place = finding.address === null ? '' : `${oneLine(finding.address)}: `;
  const url = usableUrl(finding.url);
  return {
    outcomeId: outcomeId(finding.ruleId ?? result.check, index + 1),
    description: cut(`${place}${oneLine(messageOf(finding))}`, RESULT_LIMITS.description) || oneLine(result.check),
    body: findingBody(result, finding),
    ...(url === null ? {} : { url }),
    tags: {
      Status: [statusLabel(result, finding)],
      Severity: [label(capitalised(finding.severity), severityLevel(finding))],
      Check: [label(result.check, 'none')],
    },
  };
}

function findingBody(result: CheckResult, finding: Finding): string {
  const facts = [
    `- Check: **${prose(result.check)}** (${result.enforcement})`,
    ...(finding.ruleId === null ? [] : [`- Rule: ${code(cut(finding.ruleId, 200))}`]),
    ...(finding.address === null
      ? []
      : [`- Resource: ${code(cut(finding.address, 1000))}${finding.action === null ? '' : ` (${prose(cut(finding.action, 100))})`}`]),
    ...(finding.file === null ? [] : [`- File: ${code(cut(finding.file, 1000))}${finding.line === null ? '' : `, line ${finding.line}`}`]),
    ...(finding.url === null ? [] : [`- ${link('More about it', finding.url)}`]),
    ...(isWaived(finding) ? [`- Waived: ${prose(waivedWords(finding))}`] : []),
    ...(result.origin === undefined ? [] : [`- Check from: ${prose(cut(result.origin, 200))}`]),
  ].join('\n');
  const message = cut(finding.message, 4000);
  const help = finding.help === null ? '' : `### What to do\n\n${helpText(cut(finding.help, 2000))}`;
  return assemble([prose(message), facts, help]);
}

/** Whole paragraphs, as many as fit: Markdown that is cut anywhere may end in an open code span. */
function assemble(parts: readonly string[]): string {
  let body = '';
  for (const part of parts) {
    if (part === '' || body.length + part.length + 2 > RESULT_LIMITS.body) continue;
    body += body === '' ? part : `\n\n${part}`;
  }
  return body === '' ? 'See the workflow run.' : body;
}

function erroredOutcome(result: CheckResult, index: number): Outcome {
  const reason = result.reason ?? 'no reason given';
  return {
    outcomeId: outcomeId(`${result.check} error`, index + 1),
    description: cut(oneLine(`${result.check} could not run: ${reason}`), RESULT_LIMITS.description),
    body: assemble([prose(cut(reason, 4000)), 'A check that does not come to its end counts as failed.']),
    tags: {
      Status: [label('Could not run', result.enforcement === 'mandatory' ? 'error' : 'warning')],
      Check: [label(result.check, 'none')],
    },
  };
}

const passedOutcome = (result: CheckResult, index: number): Outcome => ({
  outcomeId: outcomeId(`${result.check} passed`, index + 1),
  description: cut(oneLine(result.check), RESULT_LIMITS.description) || 'check',
  tags: { Status: [label('Passed', 'info')] },
});

const WAIVER_STATES: Readonly<Record<WaiverReport['state'], string>> = {
  'in-effect': 'Waived',
  'unmatched': 'Waiver unmatched',
  'not-asked': 'Waiver',
  'expired': 'Waiver expired',
  'unowned': 'Waiver without owner',
};

const waiverOutcome = (report: WaiverReport, index: number): Outcome => ({
  outcomeId: outcomeId(`waiver ${report.waiver.check}`, index + 1),
  description: cut(oneLine(waiverTrouble(report) ?? waiverName(report)), RESULT_LIMITS.description),
  body: assemble([prose(waiverTrouble(report) ?? ''), `- Reason given: ${prose(report.waiver.reason)}`]),
  tags: { Status: [label(WAIVER_STATES[report.state], isMissed(report) ? 'warning' : 'info')] },
});

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const label = (text: string, level: Level): { label: string; level: Level } => ({
  label: cut(oneLine(text), RESULT_LIMITS.label) || '-',
  level,
});

function statusLabel(result: CheckResult, finding: Finding): { label: string; level: Level } {
  if (isWaived(finding)) return label('Waived', 'info');
  if (finding.level === 'warning') return label('Warning', 'warning');
  if (finding.level === 'note') return label('Note', 'info');
  return result.enforcement === 'mandatory' ? label('Failed', 'error') : label('Failed (advisory)', 'warning');
}

function severityLevel(finding: Finding): Level {
  if (isWaived(finding)) return 'none';
  if (finding.severity === 'critical' || finding.severity === 'high') return 'error';
  return finding.severity === 'medium' ? 'warning' : 'info';
}

/** Letters, digits and dashes; the number keeps it apart from its neighbours (HCP does not demand it; people link to it). */
function outcomeId(name: string, number: number): string {
  const slug = name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '') || 'check';
  return `${slug.slice(0, RESULT_LIMITS.outcomeId - 8)}-${number}`;
}

/** http(s), without credentials, short enough; a cut link would be a wrong one. */
function usableUrl(url: string | null): string | null {
  const safe = safeUrl(url);
  return safe === null || safe.length > RESULT_LIMITS.url ? null : safe;
}
