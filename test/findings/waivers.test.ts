// Waivers: what one covers, when it has an effect, and what is told of it. A gate that passes by mistake is the failure looked for.
import { describe, expect, it } from '@jest/globals';
import type { Waiver } from '../../src/contracts/checks-file.ts';
import { createExceptions } from '../../src/findings/exceptions.ts';
import type { CheckResult, Finding, WaiverReport } from '../../src/findings/finding.ts';
import { decideVerdict } from '../../src/findings/verdict.ts';
import { applyWaivers } from '../../src/findings/waivers.ts';
import { aFinding, aResult } from '../checks/builders.ts';

const TODAY = '2026-11-22';
const aWaiver = (over: Partial<Waiver> = {}): Waiver => ({
  check: 'checkov',
  reason: 'The bucket is a public website',
  owner: 'platform@example.com',
  expires: '2027-01-31',
  ...over,
});
const WAIVED = { reason: 'The bucket is a public website', owner: 'platform@example.com', expires: '2027-01-31' };
const finding = (over: Partial<Finding> = {}): Finding =>
  aFinding({ check: 'checkov', ruleId: 'CKV_AWS_20', address: 'aws_s3_bucket.web', ...over });
const failed = (findings: readonly Finding[], over: Partial<CheckResult> = {}): CheckResult =>
  aResult({ check: 'checkov', kind: 'run', status: 'failed', findings, ...over });
const apply = (results: readonly CheckResult[], waivers: readonly Waiver[], changed: readonly string[] = ['aws_s3_bucket.web']) =>
  applyWaivers(results, waivers, { today: TODAY, changed: new Set(changed), isExcepted: createExceptions([]) });
const statesOf = (reports: readonly WaiverReport[]): [WaiverReport['state'], number][] =>
  reports.map(({ state, matched }) => [state, matched]);

describe('applyWaivers', () => {
  it('marks what it covers, and a check without any other error has passed', () => {
    const other = finding({ level: 'note', message: 'just a note' });
    const { results, waivers } = apply([failed([finding(), other])], [aWaiver()]);
    expect(results).toEqual([failed([{ ...finding(), waived: WAIVED }, other], { status: 'passed' })]);
    expect(waivers).toEqual([{ waiver: aWaiver(), state: 'in-effect', matched: 1 }]);
    expect(decideVerdict(results, { whenNoneApply: 'fail', fileProblem: null })).toEqual({
      status: 'passed',
      message: 'The only check passed. 1 finding waived',
    });
  });

  it('leaves the check failed while one error is not covered', () => {
    const open = finding({ address: 'aws_s3_bucket.other', message: 'not covered' });
    const { results } = apply([failed([finding(), open])], [aWaiver({ addresses: ['aws_s3_bucket.web'] })]);
    expect(results[0]).toMatchObject({ status: 'failed', findings: [{ waived: WAIVED }, { message: 'not covered' }] });
    expect(results[0]?.findings[1]).not.toHaveProperty('waived');
    expect(decideVerdict(results, { whenNoneApply: 'fail', fileProblem: null })).toEqual({
      status: 'failed',
      message: '1 of 1 check failed: checkov (not covered). 1 finding waived',
    });
  });

  it.each<[string, Partial<Waiver>, Partial<Finding>, boolean]>([
    ['the whole check', {}, {}, true],
    ['a check by glob', { check: 'check*' }, {}, true],
    ['another check', { check: 'trivy' }, {}, false],
    ['the name in other case', { check: 'Checkov' }, {}, false],
    ['its rule', { rule: 'CKV_AWS_20' }, {}, true],
    ['rules by glob', { rule: 'CKV_AWS_*' }, {}, true],
    ['another rule', { rule: 'CKV_AWS_21' }, {}, false],
    ['a rule, of a finding without one', { rule: '*' }, { ruleId: null }, false],
    ['an address by glob', { addresses: ['aws_s3_bucket.*'] }, {}, true],
    ['a for_each key with quotes', { addresses: ['aws_s3_bucket.web["a.b"]'] }, { address: 'aws_s3_bucket.web["a.b"]' }, true],
    ['an instance, by the address without key', { addresses: ['aws_s3_bucket.web'] }, { address: 'aws_s3_bucket.web["a"]' }, false],
    ['an address, of a finding without one', { addresses: ['*'] }, { address: null }, false],
    ['rule and address, only the rule fits', { rule: 'CKV_AWS_20', addresses: ['aws_x.y'] }, {}, false],
    ['a finding without address, by the whole check', {}, { address: null, ruleId: null }, true],
    ['warnings', {}, { level: 'warning' }, true],
    ['notes', {}, { level: 'note' }, false],
    ['one that stands for others, by the whole check', {}, { standsFor: 40 }, true],
    ['one that stands for others, by its rule', { rule: '*' }, { standsFor: 40 }, false],
    ['one that stands for others, by its address', { addresses: ['*'] }, { standsFor: 40 }, false],
  ])('%s', (_what, waiver, over, covered) => {
    const { results } = apply([failed([finding(over)])], [aWaiver(waiver)]);
    expect(results[0]?.findings[0]?.waived).toEqual(covered ? WAIVED : undefined);
  });

  it.each<[string, Partial<Waiver>, WaiverReport['state']]>([
    ['on its last day', { expires: TODAY }, 'in-effect'],
    ['the day after', { expires: '2026-11-21' }, 'expired'],
    ['in a year before', { expires: '0001-01-01' }, 'expired'],
    ['without an owner', { owner: undefined }, 'unowned'],
    ['with a blank owner', { owner: ' ' }, 'unowned'],
    ['expired and without an owner', { owner: undefined, expires: '2026-11-21' }, 'expired'],
  ])('%s', (_what, waiver, state) => {
    const before = failed([finding(), finding({ standsFor: 3 })]);
    const { results, waivers } = apply([before], [aWaiver(waiver)]);
    expect(statesOf(waivers)).toEqual([[state, 4]]);
    expect(results[0]?.status).toBe(state === 'in-effect' ? 'passed' : 'failed');
    if (state !== 'in-effect') expect(results).toEqual([before]);
  });

  it('tells the first of several that cover a finding; each counts what it covers', () => {
    const second = aWaiver({ rule: 'CKV*', owner: 'second', reason: 'also' });
    const { results, waivers } = apply([failed([finding()])], [aWaiver({ expires: '2026-01-01' }), second, aWaiver()]);
    expect(results[0]?.findings[0]?.waived?.owner).toBe('second');
    expect(statesOf(waivers)).toEqual([
      ['expired', 1],
      ['in-effect', 1],
      ['in-effect', 1],
    ]);
  });

  it('never makes an errored check a passed one, nor touches one that did not apply', () => {
    const errored = failed([finding()], { status: 'errored', reason: 'It crashed' });
    const skipped = aResult({ check: 'checkov 2', status: 'not-applicable', reason: 'other stage' });
    const { results } = apply([errored, skipped], [aWaiver({ check: '*' })]);
    expect(results).toEqual([{ ...errored, findings: [{ ...finding(), waived: WAIVED }] }, skipped]);
    expect(decideVerdict(results, { whenNoneApply: 'pass', fileProblem: null }).status).toBe('failed');
  });

  it.each<[string, Partial<Waiver>, Partial<CheckResult>, readonly string[], WaiverReport['state']]>([
    ['no check has its name', { check: 'chekov' }, { status: 'passed' }, [], 'unmatched'],
    ['its check found nothing', {}, { status: 'passed' }, [], 'unmatched'],
    ['its check found nothing at an address that changes', { addresses: ['aws_x.*'] }, { status: 'passed' }, ['aws_x.y'], 'unmatched'],
    ['this run does not change its addresses', { addresses: ['aws_x.*'] }, { status: 'passed' }, ['aws_z.y'], 'not-asked'],
    ['its check did not apply', {}, { status: 'not-applicable' }, [], 'not-asked'],
    ['its check errored', {}, { status: 'errored', reason: 'crash' }, [], 'not-asked'],
  ])('says of one that covered nothing: %s', (_what, waiver, result, changed, state) => {
    const { waivers } = apply([failed([], result)], [aWaiver(waiver)], changed);
    expect(statesOf(waivers)).toEqual([[state, 0]]);
  });
});

describe('decideVerdict', () => {
  it('is not fooled by a passed check that has an error which no waiver covers', () => {
    const results = [aResult({ status: 'passed', findings: [aFinding(), aFinding({ waived: WAIVED })] })];
    expect(decideVerdict(results, { whenNoneApply: 'fail', fileProblem: null }).status).toBe('failed');
  });
});
