// The order in which things are told.
import { describe, expect, it } from '@jest/globals';
import { worstFirst, worstResultsFirst } from '../../src/findings/sort.ts';
import { aFinding, aResult } from '../checks/builders.ts';

describe('worstFirst', () => {
  it('goes by level, then severity, and keeps the order of equals', () => {
    const findings = [
      aFinding({ message: 'a', level: 'note', severity: 'critical' }),
      aFinding({ message: 'b', level: 'error', severity: 'low' }),
      aFinding({ message: 'c', level: 'error', severity: 'critical' }),
      aFinding({ message: 'd', level: 'warning', severity: 'high' }),
      aFinding({ message: 'e', level: 'error', severity: 'critical' }),
    ];
    expect(worstFirst(findings).map((finding) => finding.message)).toEqual(['c', 'e', 'b', 'd', 'a']);
  });
});

describe('worstResultsFirst', () => {
  it('tells what blocks, then what is advisory, then the rest', () => {
    const results = [
      aResult({ check: 'skipped', status: 'not-applicable' }),
      aResult({ check: 'passed' }),
      aResult({ check: 'advisory errored', status: 'errored', enforcement: 'advisory' }),
      aResult({ check: 'errored', status: 'errored' }),
      aResult({ check: 'advisory failed', status: 'failed', enforcement: 'advisory' }),
      aResult({ check: 'failed', status: 'failed' }),
    ];
    expect(worstResultsFirst(results).map((result) => result.check)).toEqual([
      'failed',
      'errored',
      'advisory failed',
      'advisory errored',
      'passed',
      'skipped',
    ]);
  });
});
