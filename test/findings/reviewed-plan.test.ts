import { describe, expect, it } from '@jest/globals';
import { toReviewedResult, type Reviewed } from '../../src/findings/reviewed-plan.ts';
import { decideVerdict } from '../../src/findings/verdict.ts';
import { aResult } from '../checks/builders.ts';

const NONE = { added: [], changed: [], gone: 0, isUnnamed: false };
const where = 'run-1 on pull request #7';
const CASES: readonly Reviewed[] = [
  { kind: 'same', where },
  { kind: 'differs', where, difference: { ...NONE, gone: 1 } },
  { kind: 'no-pull-request', why: 'The run belongs to no pull request.' },
  { kind: 'not-shown', why: 'Nothing was shown.' },
  { kind: 'unknown', why: 'The relay did not answer.' },
];

describe('the reviewed plan', () => {
  it.each([
    ['ignore', [null, null, null, null, null]],
    ['warn', [null, 'advisory failed', null, null, null]],
    ['fail', ['mandatory passed', 'mandatory failed', 'mandatory not-applicable', 'mandatory errored', 'mandatory errored']],
  ] as const)('counts as the checks file says: %s', (mode, expected) => {
    const words = CASES.map((one) => toReviewedResult(mode, one)).map((r) => (r === null ? null : `${r.enforcement} ${r.status}`));
    expect(words).toEqual(expected);
  });

  it('names each resource, and counts what has no name', () => {
    const difference = { added: ['a.new'], changed: ['a.other'], gone: 2, isUnnamed: false };
    const result = toReviewedResult('warn', { kind: 'differs', where, difference });
    expect(result?.findings.map(({ address, message }) => [address, message])).toEqual([
      ['a.other', 'The plan changed since review: run-1 on pull request #7 showed another change here.'],
      ['a.new', 'The plan changed since review: run-1 on pull request #7 showed no change here.'],
      [null, 'The plan changed since review: 2 changes that run-1 on pull request #7 showed are not in this plan.'],
    ]);
  });

  it.each([{ ...NONE, isUnnamed: true }, NONE])('has a finding whatever is known of the difference', (difference) => {
    const result = toReviewedResult('fail', { kind: 'differs', where, difference });
    expect(result?.findings.map(({ message }) => message)).toEqual([
      'The plan changed since review: it is another one than run-1 on pull request #7 showed.',
    ]);
    expect(decideVerdict([...(result === null ? [] : [result])], { whenNoneApply: 'pass', fileProblem: null }).status).toBe('failed');
  });

  it.each([
    ['warn', { kind: 'differs', where, difference: { ...NONE, gone: 1 } }],
    ['fail', { kind: 'same', where }],
  ] as const)('is no check that applied: with `%s`, a gate on which nothing ran is no pass', (mode, reviewed) => {
    const result = toReviewedResult(mode, reviewed);
    const excluded = aResult({ check: 'tags', status: 'not-applicable', reason: 'the workspace is not prod' });
    const results = [excluded, ...(result === null ? [] : [result])];
    const verdict = decideVerdict(results, { whenNoneApply: 'fail', fileProblem: null });
    expect(verdict.status).toBe('failed');
    expect(verdict.message).toContain('None of 1 check applies to this run: tags (the workspace is not prod)');
    expect(decideVerdict(results, { whenNoneApply: 'pass', fileProblem: null }).status).toBe('passed');
  });

  it('names fifty of many', () => {
    const difference = { ...NONE, added: Array.from({ length: 1000 }, (_, i) => `a.n${i}`) };
    const findings = toReviewedResult('warn', { kind: 'differs', where, difference })?.findings ?? [];
    expect([findings.length, findings.at(-1)?.standsFor]).toEqual([51, 950]);
  });
});
