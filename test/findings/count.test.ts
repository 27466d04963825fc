import { describe, expect, it } from '@jest/globals';
import { countFindings } from '../../src/findings/count.ts';
import { decideVerdict } from '../../src/findings/verdict.ts';
import type { Finding } from '../../src/findings/finding.ts';

const finding = (change: Partial<Finding>): Finding => ({
  check: 'tags',
  ruleId: null,
  level: 'error',
  severity: 'high',
  message: 'lacks a tag',
  help: null,
  address: null,
  action: null,
  file: null,
  line: null,
  url: null,
  ...change,
});

describe('countFindings', () => {
  it('counts what is not listed', () => {
    expect(countFindings([finding({}), finding({}), finding({ standsFor: 29_000 })])).toBe(29_002);
  });

  it('is what the verdict tells', () => {
    const findings = [finding({ message: 'first one' }), finding({ message: '29000 more findings are not listed', standsFor: 29_000 })];
    const result = {
      check: 'tags',
      kind: 'cel',
      enforcement: 'mandatory' as const,
      status: 'failed' as const,
      durationMs: 1,
      findings,
      reason: null,
    };
    expect(decideVerdict([result], { whenNoneApply: 'fail', fileProblem: null }).message).toContain(
      'tags (29001 findings, first: first one)',
    );
  });
});
