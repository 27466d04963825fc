// The verdict: what it takes to pass, and what is told otherwise.
import { describe, expect, it } from '@jest/globals';
import type { CheckResult } from '../../src/findings/finding.ts';
import { decideVerdict } from '../../src/findings/verdict.ts';
import { aFinding, aResult } from '../checks/builders.ts';

const decide = (results: readonly CheckResult[], whenNoneApply: 'fail' | 'pass' = 'fail') =>
  decideVerdict(results, { whenNoneApply, fileProblem: null });
const skipped = (check: string): CheckResult =>
  aResult({ check, status: 'not-applicable', reason: 'stage is pre_plan, the check is for post_plan' });

describe('decideVerdict', () => {
  it('passes when a mandatory check ran and nothing failed', () => {
    expect(decide([aResult()])).toEqual({ status: 'passed', message: 'The only check passed' });
    expect(decide([aResult(), aResult({ enforcement: 'advisory' }), skipped('x')])).toEqual({
      status: 'passed',
      message: 'All 2 checks passed. 1 did not apply',
    });
  });

  it('counts first, then tells the first reasons', () => {
    const results = [
      aResult(),
      aResult({
        check: 'data stores stay',
        status: 'failed',
        findings: [aFinding({ message: 'aws_db_instance.a would be destroyed' }), aFinding()],
      }),
      aResult({ check: 'checkov', status: 'errored', reason: 'checkov is not installed' }),
      aResult({ check: 'tags', status: 'failed', enforcement: 'advisory', findings: [aFinding({ message: 'a lacks Owner' })] }),
    ];
    expect(decide(results)).toEqual({
      status: 'failed',
      message:
        '2 of 4 checks failed: data stores stay (2 findings, first: aws_db_instance.a would be destroyed); checkov (checkov is not installed). ' +
        '1 advisory check failed, which does not count: tags (a lacks Owner)',
    });
  });

  it('passes over advisory failures, and says so', () => {
    const results = [
      aResult(),
      aResult({ check: 'tags', status: 'failed', enforcement: 'advisory', findings: [aFinding({ message: 'a lacks Owner' })] }),
    ];
    expect(decide(results)).toEqual({
      status: 'passed',
      message: '1 of 2 checks passed. 1 advisory check failed, which does not count: tags (a lacks Owner)',
    });
  });

  it('fails when the file could not be used, with its sentence', () => {
    expect(decideVerdict([aResult()], { whenNoneApply: 'pass', fileProblem: 'There is no checks file.' })).toEqual({
      status: 'failed',
      message: 'There is no checks file.',
    });
  });

  it('fails without checks, even where nothing needs to apply', () => {
    expect(decide([], 'pass').status).toBe('failed');
    expect(decide([]).message).toContain('lists none');
  });

  it('fails when nothing applied, with what excluded it and the remedy', () => {
    expect(decide([skipped('a')])).toEqual({
      status: 'failed',
      message:
        'None of 1 check applies to this run: a (stage is pre_plan, the check is for post_plan). Add a check that applies, or write `when_none_apply: pass`',
    });
  });

  it('fails when only advisory checks ran, unless the file allows that nothing applies', () => {
    const advisory = aResult({ enforcement: 'advisory' });
    expect(decide([advisory]).status).toBe('failed');
    expect(decide([advisory]).message).toContain('Only advisory checks ran');
    expect(decide([advisory], 'pass').status).toBe('passed');
    expect(decide([skipped('a')], 'pass')).toMatchObject({ status: 'passed' });
  });

  it('keeps within what HCP takes, without half a character', () => {
    const long = '🦊'.repeat(3000);
    const many = Array.from({ length: 50 }, () => aResult({ check: long, status: 'errored', reason: long }));
    for (const verdict of [
      decide(many),
      decideVerdict([], { whenNoneApply: 'fail', fileProblem: long }),
      decide([skipped(long), skipped(long)]),
    ]) {
      expect(verdict.message.length).toBeLessThanOrEqual(1000);
      expect(verdict.message.isWellFormed()).toBe(true);
    }
    expect(decide(many).message).toMatch(/^50 of 50 checks failed: /);
    expect(decide(many).message).toMatch(/and 47 more$/);
  });
});
