import { describe, expect, it } from '@jest/globals';
import { DESCRIPTION_MAX, VERSION_MAX, readMark, withMark } from '../../../../src/config/resources/run-task-mark.ts';

describe('the mark of a run task', () => {
  it.each([
    ['Checks', 2, 'Checks [runtask key=2]'],
    ['', 1, '[runtask key=1]'],
    ['Two\nlines', 3, 'Two\nlines [runtask key=3]'],
    ['ends in a bracket]', 4, 'ends in a bracket] [runtask key=4]'],
  ])('%j with key %i is %j, and back', (description, version, text) => {
    expect(withMark(description, version)).toBe(text);
    expect(readMark(text)).toEqual({ description, version });
  });

  it.each(['', 'Checks', 'Checks [runtask]', '[runtask key=2] Checks', 'Checks[runtask key=2]', 'x [runtask key=1234567]'])(
    '%j has none',
    (text) => expect(readMark(text)).toEqual({ description: text, version: null }),
  );

  it('has room in what HCP takes', () => expect(withMark('x'.repeat(DESCRIPTION_MAX), VERSION_MAX)).toHaveLength(300));
});
