// What counts as a slip of the fingers, and what does not.
import { describe, expect, it } from '@jest/globals';
import { didYouMean } from '../../src/base/did-you-mean.ts';

const KNOWN = ['protect', 'cel', 'run', 'enforce', 'hmac_keys', 'when_none_apply'];

describe('didYouMean', () => {
  it.each([
    ['a letter more', 'cell', 'cel'],
    ['a letter less', 'enforc', 'enforce'],
    ['two letters swapped', 'protcet', 'protect'],
    ['another letter', 'rum', 'run'],
    ['another case', 'Protect', 'protect'],
    ['camel case', 'hmacKeys', 'hmac_keys'],
    ['dashes', 'when-none-apply', 'when_none_apply'],
    ['the singular', 'hmac_key', 'hmac_keys'],
  ])('finds %s', (_what, word, meant) => expect(didYouMean(word, KNOWN)).toBe(meant));

  it.each([
    ['a word of its own', 'severity'],
    ['three letters that share one', 'rex'],
    ['a paragraph', 'protect '.repeat(2000)],
    ['nothing', ''],
  ])('leaves %s alone', (_what, word) => expect(didYouMean(word, KNOWN)).toBeNull());

  it('knows nothing where nothing is known', () => expect(didYouMean('cel', [])).toBeNull());

  it('takes the nearest of several', () => expect(didYouMean('stag', ['stages', 'stage', 'plan'])).toBe('stage'));
});
