// Globs: what stands for what, and that a hostile pattern costs no time.
import { describe, expect, it } from '@jest/globals';
import { matchGlob } from '../../src/checks/glob.ts';

describe('matchGlob', () => {
  it.each([
    ['net-*', 'net-prod', true],
    ['net-*', 'my-net-prod', false],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*-prod', 'a-prod-prod', true],
    ['aws_instance.web["eu-*"]', 'aws_instance.web["eu-1"]', true],
    ['aws_instance.web[0]', 'aws_instance.web0', false],
    ['a.b', 'axb', false],
    ['NET', 'net', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
  ])('%j on %j is %j', (pattern, text, expected) => expect(matchGlob(pattern, text)).toBe(expected));

  it('answers a pattern made to backtrack at once', () => {
    expect(matchGlob('*a'.repeat(40) + 'b', 'a'.repeat(20_000))).toBe(false);
  });
});
