import { describe, expect, it } from '@jest/globals';
import { exitCodeOf, outcomeText } from '../../../src/cli/config/outcome.ts';
import type { ApplyResult } from '../../../src/config/driver-yaml/plan.ts';

const DONE: ApplyResult = {
  added: 3,
  changed: 1,
  destroyed: 0,
  imported: 0,
  skipped: [],
  failed: [],
  pending: [],
  interrupted: false,
  diagnostics: [],
};
const error = { severity: 'error', summary: 'Refused', detail: '', path: 'run_tasks.gate', file: 'c.yml', line: 3, column: 5 } as const;
const failed = [{ address: 'a.b', diagnostics: [error] }];
const pending = [{ address: 'a.w', reason: 'waits for acme/net#7 to be merged' }];
const skipped = Array.from({ length: 7 }, (_, i) => ({ address: `a.s${i}`, reason: 'a.w waits' }));
const text = (result: Partial<ApplyResult>, destroy = false): string =>
  outcomeText({ ...DONE, ...result }, { colour: false, destroy, again: 'runtask config apply' });

describe('how an apply ends', () => {
  it.each([
    ['all done', {}, 0],
    ['a failure', { failed, pending, skipped }, 1],
    ['a record that could not be written', { diagnostics: [error] }, 1],
    ['something that waits', { pending }, 3],
    ['what depends on it', { pending, skipped }, 3],
    ['Ctrl-C, whatever else there is', { interrupted: true, failed, pending }, 130],
  ] as const)('%s', (_name, result, code) => expect(exitCodeOf({ ...DONE, ...result })).toBe(code));

  it('says what is done', () => {
    expect(text({ imported: 1 })).toBe('\nApply complete! Resources: 1 imported, 3 added, 1 changed, 0 destroyed.\n');
    expect(text({ destroyed: 5, added: 0 }, true)).toBe('\nDestroy complete! Resources: 5 destroyed.\n');
  });

  it('says what failed and where, what was not begun and why, and how to go on', () => {
    expect(text({ failed, skipped: [...skipped, { address: 'a.c', reason: 'a.b failed' }] })).toBe(`
Failed (1)
  a.b
    c.yml:3:5: Refused (run_tasks.gate)

Not begun (8)
  a.s0, a.s1, a.s2, a.s3, a.s4 and 2 more: a.w waits
  a.c: a.b failed

Apply did not finish: 1 object failed. Done: 3 added, 1 changed, 0 destroyed.
Nothing of what was done is lost. Mend the cause, then go on with: runtask config apply
`);
  });

  it('says once what failed a hundred times for the same reason', () => {
    const many = Array.from({ length: 100 }, (_, i) => ({
      address: `a.b${i}`,
      diagnostics: [{ ...error, summary: 'No token', detail: `It has expired. This is about a.b${i}.` }],
    }));
    expect(text({ failed: [...many, ...failed] })).toContain(`
Failed (101)
  a.b0, a.b1, a.b2, a.b3, a.b4 and 95 more
    c.yml:3:5: No token (run_tasks.gate). It has expired.
  a.b
    c.yml:3:5: Refused (run_tasks.gate)

Apply did not finish: 101 objects failed.`);
  });

  it('says what waits for whom', () => {
    expect(text({ pending })).toBe(`
Waiting (1)
  a.w: waits for acme/net#7 to be merged

Apply is done as far as it can be now. Resources: 3 added, 1 changed, 0 destroyed.
When what it waits for has happened, finish with: runtask config apply
`);
  });

  it('says that it was interrupted', () => {
    expect(text({ interrupted: true })).toBe(
      '\nInterrupted. Done and on record: 3 added, 1 changed, 0 destroyed.\nGo on with: runtask config apply\n',
    );
  });
});
