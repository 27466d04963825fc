// Findings as annotations: the worst first, what does not fail the run never as an error, and text that stays text.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toAnnotations } from '../../src/report/annotations.ts';
import { hostile } from './gfm.ts';
import { aFinding, aModel, aResult } from './models.ts';
import { showcase } from './showcase.ts';

describe('toAnnotations', () => {
  it('tells the worst first, and nothing that is waived', async () => {
    expect(toAnnotations(await showcase()).map(({ level, title, file, line }) => [level, title, file, line])).toEqual([
      ['error', 'data stores stay', null, null],
      ['error', 'data stores stay', null, null],
      ['error', 'cost limit: could not run', null, null],
      ['warning', 'checkov: CKV_AWS_20', 's3.tf', 14],
      ['warning', 'checkov: CKV_AWS_21', null, null],
    ]);
  });

  it('says what and what to do', () => {
    const finding = aFinding({ address: 'a.b', message: 'a.b lacks Owner', help: 'Add it.\nSee the wiki.', level: 'note' });
    expect(toAnnotations(aModel(null, { results: [aResult({ findings: [finding] })] }))).toEqual([
      { level: 'notice', title: 'required tags', message: 'a.b: lacks Owner\nAdd it.\nSee the wiki.', file: null, line: null },
    ]);
  });

  it('keeps to the runner’s limits, whatever the checks say', () => {
    fc.assert(
      fc.property(hostile, fc.nat(5000), (text, n) => {
        const long = `${text}${'😀'.repeat(n)}${text}`;
        const finding = aFinding({ ruleId: long, message: long, help: long, address: long });
        const results = [aResult({ check: long, status: 'failed', findings: [finding] }), aResult({ status: 'errored', reason: long })];
        for (const { title, message } of toAnnotations(aModel(null, { results }))) {
          expect(title.length).toBeLessThanOrEqual(200);
          expect(message.length).toBeLessThanOrEqual(4000);
          expect(message).not.toBe('');
          expect(title).not.toMatch(/[\r\n]/);
          expect(`${title}${message}`.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });
});
