// The findings of a report that are kept, worst first, and one that stands for the rest. Pure.
import { SEVERITIES } from '../../contracts/check-words.ts';
import { worstFirst } from '../../findings/sort.ts';
import { MAX_FINDINGS, toUnlisted } from '../finding-limit.ts';
import type { FindingDraft } from '../kind.ts';
import type { ReportFinding } from './report.ts';

export function keepWorst(findings: readonly ReportFinding[]): FindingDraft[] {
  const sorted: readonly ReportFinding[] = worstFirst(findings);
  const [first, ...others] = sorted.slice(MAX_FINDINGS);
  if (first === undefined) return [...sorted];
  // `fail_on` goes by severity: a critical warning behind a thousand mild errors must not get lost. A note never fails.
  const severities = [first, ...others].filter(({ level }) => level !== 'note').map(({ severity }) => SEVERITIES.indexOf(severity));
  const worst = SEVERITIES[severities.reduce((a, b) => Math.max(a, b), -1)] ?? 'info';
  return [...sorted.slice(0, MAX_FINDINGS), { ...toUnlisted(others.length + 1, first.level), severity: worst }];
}
