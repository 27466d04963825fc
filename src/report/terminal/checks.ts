// What the checks said, for a terminal: what stops the run first, each finding with its place, help once.
import { cut } from '../../base/cut.ts';
import { isWaived } from '../../findings/count.ts';
import type { CheckResult, Finding } from '../../findings/finding.ts';
import { logLine } from '../escape.ts';
import { waivedWords } from '../waiver-words.ts';
import { messageOf } from '../words.ts';
import { indented, type Page } from './paint.ts';

const MAX_MESSAGE = 2000;

export function checksText(results: readonly CheckResult[], page: Page): string[] {
  const sorted = inOrder(results);
  const loud = sorted.filter((result) => rank(result) < QUIET).flatMap((result) => checkLines(result, page));
  const quiet = sorted.filter((result) => rank(result) === QUIET).flatMap((result) => checkLines(result, page));
  return [...loud, ...(loud.length > 0 && quiet.length > 0 ? [''] : []), ...quiet];
}

/** Mandatory checks that failed or broke, then advisory ones, then the rest; each kind in the order of the file. */
const inOrder = (results: readonly CheckResult[]): CheckResult[] => [...results].sort((a, b) => rank(a) - rank(b));
const QUIET = 2;
const rank = ({ status, enforcement }: CheckResult): number =>
  status === 'passed' || status === 'not-applicable' ? QUIET : enforcement === 'mandatory' ? 0 : 1;

function checkLines(result: CheckResult, page: Page): string[] {
  const { paint } = page;
  const name = logLine(result.check);
  const notes = [
    ...(result.enforcement === 'advisory' ? ['advisory'] : []),
    ...(result.origin === undefined ? [] : [`from ${logLine(result.origin)}`]),
  ];
  const aside = notes.length === 0 ? '' : ` (${notes.join(', ')})`;
  const findings = findingLines(result.findings, page);
  switch (result.status) {
    case 'passed':
      return [`${paint('green', '  passed ')} ${name}${aside}`, ...findings];
    case 'not-applicable':
      return [paint('dim', `  skipped  ${name}${result.reason === null ? '' : `: ${logLine(result.reason)}`}`)];
    case 'errored': {
      const reason = indented(result.reason ?? 'no reason given', page, '      ');
      return ['', `${paint('red', '  ERROR  ')} ${paint('bold', name)}${aside}`, ...reason, ...findings];
    }
    case 'failed':
      return ['', `${paint('red', '  FAILED ')} ${paint('bold', name)}${aside}`, ...findings];
  }
}

function findingLines(findings: readonly Finding[], page: Page): string[] {
  const { paint } = page;
  const helps = new Set<string>();
  const lines = findings.flatMap((finding) => {
    const place = [
      ...(finding.address === null ? [] : [paint('bold', logLine(finding.address))]),
      ...(finding.action === null ? [] : [`(${logLine(finding.action)})`]),
      ...(finding.file === null ? [] : [logLine(finding.line === null ? finding.file : `${finding.file}:${finding.line}`)]),
    ].join(' ');
    if (finding.help !== null) helps.add(finding.help);
    const rule = finding.ruleId === null ? '' : ` [${logLine(finding.ruleId)}]`;
    const waived = isWaived(finding) ? indented(`Waived: ${waivedWords(finding)}`, page, '        ') : [];
    const message = cut(messageOf(finding), MAX_MESSAGE);
    const [first, ...rest] = place === '' ? indented(`${message}${rule}`, page, '        ') : [`        ${place}${rule}`];
    return [
      `      ${signOf(finding, page)} ${(first ?? '').trimStart()}`,
      ...rest,
      ...(place === '' ? [] : indented(message, page, '        ')),
      ...waived,
    ];
  });
  return [...lines, ...[...helps].flatMap((help) => indented(help, page, '      → '))];
}

function signOf(finding: Finding, { paint }: Page): string {
  if (isWaived(finding)) return paint('dim', 'w');
  return { error: paint('red', '✗'), warning: paint('yellow', '!'), note: paint('dim', 'i') }[finding.level];
}
