// The order in which results and findings are told: the worst first. Pure.
import { SEVERITIES } from '../contracts/check-words.ts';
import type { CheckResult, Finding } from './finding.ts';

const LEVELS: readonly Finding['level'][] = ['error', 'warning', 'note'];

/** By level, then severity; equals keep their order. Works on drafts as well as on findings. */
export function worstFirst<T extends Pick<Finding, 'level' | 'severity'>>(findings: readonly T[]): T[] {
  return [...findings].sort(
    (a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity),
  );
}

/** Mandatory failures, then advisory ones, then what passed, then what did not apply; equals keep the file's order. */
export const worstResultsFirst = (results: readonly CheckResult[]): CheckResult[] => [...results].sort((a, b) => rank(a) - rank(b));

function rank({ status, enforcement }: CheckResult): number {
  switch (status) {
    case 'passed':
      return 4;
    case 'not-applicable':
      return 5;
    case 'failed':
      return enforcement === 'advisory' ? 2 : 0;
    case 'errored':
      return enforcement === 'advisory' ? 3 : 1;
  }
}
