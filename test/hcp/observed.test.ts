import { describe, expect, it } from '@jest/globals';
import { toObserved } from '../../src/hcp/observed.ts';

describe('toObserved', () => {
  it('leaves a pass alone, and passes a failure with what would have been', () => {
    expect(toObserved({ status: 'passed', message: 'All good' })).toEqual({ status: 'passed', message: 'All good' });
    expect(toObserved({ status: 'failed', message: 'No' })).toEqual({
      status: 'passed',
      message: 'Observed only; this would have failed: No',
    });
  });

  it('stays within what HCP takes and leaves no half of an emoji at the end', () => {
    for (const lead of ['', 'x']) {
      const { message } = toObserved({ status: 'failed', message: lead + '🗑️'.repeat(500) });
      expect(message.length).toBeLessThanOrEqual(1000);
      expect(message.isWellFormed()).toBe(true);
    }
  });
});
