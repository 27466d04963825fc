// What the checks said, for Markdown: failed ones open with their findings, those that could not run, advisory ones, the rest folded.
import { cut } from '../base/cut.ts';
import { countFindings, countingErrors, isWaived } from '../findings/count.ts';
import type { CheckResult, Finding } from '../findings/finding.ts';
import { fold, HTML, MARKDOWN } from './dialect.ts';
import { helpText, prose } from './escape.ts';
import { findingLine, MAX_MESSAGE } from './finding-line.ts';
import { fitLines, leftOut, toBlock, type Block, type Budget } from './fit.ts';
import type { ReportModel } from './model.ts';
import { waivedWords, waiverTrouble, isMissed } from './waiver-words.ts';
import { bySeverity, plural } from './words.ts';

const MAX_HELP = 2000;
/** Room for the line that counts what was left out. */
const LEFT_OUT = '- … and 100000 more findings, left out for length\n';

/** @returns Markdown paragraphs, most important first; takes its room from the budget */
export function renderFailedChecks(model: ReportModel, budget: Budget): string[] {
  // What a check found before it broke stands beside those that came to their end.
  const failed = model.results.filter((result) => result.status === 'failed' || countingErrors(result).length > 0).sort(byEnforcement);
  const errored = model.results.filter((result) => result.status === 'errored').sort(byEnforcement);

  const sections = failed.map((result) => ({
    result,
    // The heading is paid for first, for all: that a check failed is never left out while another one tells its details.
    blocks: countingErrors(result)
      .sort(bySeverity)
      .map((finding) => toBlock(finding, () => `- ${findingLine(finding, model)}`, null)),
  }));
  const headings = sections.map((section) => toBlock(section, () => fold(failedSummary(section.result), LEFT_OUT, true), null));
  fitLines(headings, budget);

  const problems = errored.map((result) => toBlock(result, () => `- ${erroredLine(result)}`, null));
  fitLines(problems, budget);
  for (const { blocks } of sections) fitLines(blocks, budget);

  const shown = headings.filter((heading) => heading.chosen === 'line');
  const told = (enforcement: CheckResult['enforcement']): string[] =>
    shown.filter(({ of }) => of.result.enforcement === enforcement).map(({ of }) => failedSection(of.result, of.blocks, budget));
  const errors = problems.filter((problem) => problem.chosen === 'line').map((problem) => problem.text);
  const hidden = leftOut(headings) + leftOut(problems);
  return [
    ...told('mandatory'),
    ...(errors.length > 0 ? [errors.join('\n')] : []),
    ...told('advisory'),
    ...(hidden > 0 ? [`… and ${plural(hidden, 'more failed check')}, left out for length.`] : []),
  ];
}

const byEnforcement = (a: CheckResult, b: CheckResult): number => rank(a) - rank(b);
const rank = (result: CheckResult): number => (result.enforcement === 'mandatory' ? 0 : 1);
const isAdvisory = (result: CheckResult): boolean => result.enforcement === 'advisory';

function failedSummary(result: CheckResult): string {
  const count = countFindings(countingErrors(result));
  const found = `${plural(count, 'finding')}${result.status === 'errored' ? ' before it broke' : ''}`;
  const notes = [found, ...(isAdvisory(result) ? ['advisory'] : []), ...from(result).map(HTML.text)];
  return `${isAdvisory(result) ? '🔶' : '❌'} ${HTML.bold(HTML.text(result.check))} · ${notes.join(' · ')}`;
}

function failedSection(result: CheckResult, blocks: readonly Block<Finding>[], budget: Budget): string {
  const lines = blocks.filter((block) => block.chosen === 'line').map((block) => block.text);
  const hidden = leftOut(blocks);
  if (hidden > 0) lines.push(`- … and ${plural(hidden, 'more finding')}, left out for length`);
  const parts = [lines.join('\n')];
  // Help belongs to the rule, so it is told once however many resources broke it.
  for (const help of new Set(blocks.map((block) => block.of.help))) {
    if (help === null || help.trim() === '') continue;
    const text = helpText(cut(help, MAX_HELP));
    if (budget.take(`${text}\n\n`)) parts.push(text);
  }
  return fold(failedSummary(result), parts.join('\n\n'), true);
}

/** Where it comes from, if not from this repository. */
const from = ({ origin }: CheckResult): string[] => (origin === undefined ? [] : [`from ${cut(origin, 200)}`]);

/** ` (advisory, from acme/policies@1a2b3c4)`, or nothing. */
function aside(result: CheckResult): string {
  const parts = [...(isAdvisory(result) ? ['advisory'] : []), ...from(result).map(prose)];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

const erroredLine = (result: CheckResult): string =>
  `🚫 ${MARKDOWN.bold(prose(result.check))} could not run${aside(result)}: ${prose(cut(result.reason ?? 'no reason given', MAX_MESSAGE))}`;

/** Warnings, passes and what did not apply, in one fold; null: there is none of it, or no room. */
export function renderQuietChecks(model: ReportModel, budget: Budget): string | null {
  const notes = model.results.flatMap((result) =>
    result.findings.filter((f) => f.level !== 'error' && !isWaived(f)).map((finding) => ({ result, finding })),
  );
  const warnings = notes.filter(({ finding }) => finding.level === 'warning').length;
  const passed = model.results.filter((result) => result.status === 'passed');
  const skipped = model.results.filter((result) => result.status === 'not-applicable');
  const titles = [
    ...(warnings > 0 ? [`⚠️ ${plural(warnings, 'warning')}`] : []),
    ...(notes.length > warnings ? [`ℹ️ ${plural(notes.length - warnings, 'note')}`] : []),
    ...(passed.length > 0 ? [`✅ ${plural(passed.length, 'check')} passed`] : []),
    ...(skipped.length > 0 ? [`⏭️ ${skipped.length} not applicable`] : []),
  ];
  if (titles.length === 0) return null;

  const blocks = [
    ...notes.map(({ result, finding }) =>
      toBlock(null, () => `- ${finding.level === 'warning' ? '⚠️' : 'ℹ️'} **${prose(result.check)}** ${findingLine(finding, model)}`, null),
    ),
    ...passed.map((result) => toBlock(null, () => `- ✅ ${prose(result.check)}${aside(result)}`, null)),
    ...skipped.map((result) =>
      toBlock(null, () => `- ⏭️ ${prose(result.check)}${result.reason === null ? '' : `: ${prose(cut(result.reason, 300))}`}`, null),
    ),
  ];
  return folded(titles.join(' · '), blocks, budget);
}

/** What waivers cover, and what is to be told of them; null: there is none of it, or no room. */
export function renderWaivers(model: ReportModel, budget: Budget): string | null {
  const waived = model.results.flatMap((result) => result.findings.filter((one) => isWaived(one)).map((finding) => ({ result, finding })));
  const idle = model.waivers
    .filter((report) => !isMissed(report))
    .map(waiverTrouble)
    .filter((text) => text !== null);
  const titles = [
    ...(waived.length > 0 ? [`🔕 ${plural(countFindings(waived.map(({ finding }) => finding)), 'finding')} waived`] : []),
    ...(idle.length > 0 ? [`${plural(idle.length, 'waiver')} that nothing needs`] : []),
  ];
  if (titles.length === 0) return null;
  const blocks = [
    ...waived.map(({ result, finding }) =>
      toBlock(null, () => `- **${prose(result.check)}** ${findingLine(finding, model)} — waived: ${prose(waivedWords(finding))}`, null),
    ),
    ...idle.map((text) => toBlock(null, () => `- ${prose(cut(text, MAX_MESSAGE))}`, null)),
  ];
  return folded(titles.join(' · '), blocks, budget);
}

function folded(summary: string, blocks: readonly Block<null>[], budget: Budget): string | null {
  if (!budget.take(fold(summary, `- … and ${blocks.length} more`))) return null;
  fitLines(blocks, budget);
  const lines = blocks.filter((block) => block.chosen === 'line').map((block) => block.text);
  const hidden = leftOut(blocks);
  if (hidden > 0) lines.push(`- … and ${hidden} more`);
  return fold(summary, lines.join('\n'));
}
