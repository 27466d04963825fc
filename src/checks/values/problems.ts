// What is wrong with paths and conditions beyond their shape: patterns that are none, ranges that are none. Pure.
import { RE2JS } from 're2js';
import type { Expectation } from '../../contracts/check-kinds.ts';
import type { DocumentPath } from '../../documents/path.ts';
import { toCondition } from './condition.ts';
import { isNetwork } from './tests.ts';

export interface ValueProblem {
  readonly path: DocumentPath;
  readonly problem: string;
}

/** @param path  of the expectation in the check's specification */
export function findExpectationProblems(expectation: Expectation, path: DocumentPath): ValueProblem[] {
  const condition = toCondition(expectation);
  const problems: ValueProblem[] = [];
  for (const key of ['matches', 'not_matches'] as const) {
    const problem = patternProblem(condition[key]);
    if (problem !== null) problems.push({ path: [...path, key], problem });
  }
  condition.within?.forEach((range, index) => {
    if (!isNetwork(range))
      problems.push({ path: [...path, 'within', index], problem: `"${range}" is no network. Write a CIDR such as 10.0.0.0/8` });
  });
  return problems;
}

function patternProblem(pattern: string | undefined): string | null {
  if (pattern === undefined) return null;
  try {
    RE2JS.compile(pattern);
    return null;
  } catch (error) {
    return `Not a regular expression that RE2 knows: ${error instanceof Error ? error.message : 'unknown fault'}`;
  }
}
