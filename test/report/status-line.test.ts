import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toStatusLine } from '../../src/report/status-line.ts';
import { aModel, aResult } from './models.ts';
import { showcase } from './showcase.ts';
import { hostile } from './gfm.ts';

describe('toStatusLine', () => {
  it('says what failed, then what the plan does', async () => {
    const { state, description } = toStatusLine(await showcase());
    expect(state).toBe('failure');
    expect(description).toMatch(/^1 check failed, 1 could not run, 1 advisory failed, 2 findings waived · 1 to destroy, 1 to replace, /);
  });

  it('says the verdict’s own words when it is not the checks’', () => {
    const model = aModel(null, {
      results: [aResult()],
      verdict: { status: 'failed', message: 'No workflow started within 5 minutes.', decidedBy: 'never-started' },
    });
    expect(toStatusLine(model)).toEqual({ state: 'failure', description: 'No workflow started within 5 minutes.' });
  });

  it('is what GitHub takes: 140 characters, none of four bytes, one line', () => {
    fc.assert(
      fc.property(hostile, fc.nat(200), (text, n) => {
        const { description } = toStatusLine(
          aModel(null, { verdict: { status: 'failed', message: text + '😀é'.repeat(n), decidedBy: 'operator' } }),
        );
        expect(description.length).toBeLessThanOrEqual(140);
        expect(description).not.toMatch(/[\u{10000}-\u{10ffff}\n\r]/u);
      }),
    );
  });
});
