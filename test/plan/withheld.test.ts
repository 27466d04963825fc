// What nobody marked and looks like a credential, through the masker.
import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../src/contracts/json.ts';
import { maskedPlanJson } from '../../src/plan/masked-plan-json.ts';
import { createMasker, SENSITIVE_TEXT, withheldText, type MaskedValue } from '../../src/plan/masking.ts';
import { NO_MARKS } from '../../src/plan/marks.ts';
import { buildOutput, buildPlan, buildResource, planWithSecret } from './build-plan.ts';
import { CONTAINING, CREDENTIALS, githubToken, pem, scrambled } from './credentials.ts';

const otherToken = `ghp_${scrambled(36, undefined, 99)}`;
const GITHUB = withheldText('a GitHub token');
const masker = createMasker(buildPlan());
const mask = (value: Json, other?: Json): MaskedValue => masker.mask(value, NO_MARKS, undefined, other);

describe('createMasker: credentials that nobody marked', () => {
  it('withholds a value that is one, and says of which kind', () => {
    for (const [what, text] of CREDENTIALS) expect(mask(text)).toEqual({ kind: 'withheld', what });
  });

  it('withholds only the credential of a longer value', () => {
    for (const [what, before, secret, after] of CONTAINING) {
      const value = mask(before + secret + after);
      if (value.kind === 'withheld') expect([value.what, before.trim() + after.trim()]).toEqual([what, '']);
      else expect(value).toEqual({ kind: 'plain', value: before + withheldText(what) + after, redacted: true, withheld: true });
    }
  });

  it('withholds one wherever a value may stand: in lists, maps, keys, and texts about the plan', () => {
    expect(mask({ a: [githubToken], [`k ${githubToken}`]: 1 })).toEqual({
      kind: 'map',
      entries: [
        { key: 'a', value: { kind: 'list', items: [{ kind: 'withheld', what: 'a GitHub token' }] } },
        { key: `k ${GITHUB}`, value: { kind: 'plain', value: 1, redacted: false } },
      ],
    });
    expect(masker.key(githubToken)).toBe(GITHUB);
    expect(masker.text(`expected "${githubToken}", got nothing`)).toBe(`expected "${GITHUB}", got nothing`);
  });

  // A file of 5 MB in base64 is an ordinary value, and more than V8 remembers of an expression without an end.
  it.each([
    ['base64', 'Ab9/'],
    ['hexadecimal digits', 'abcd'],
    ['lines of base64', `${'A'.repeat(64)}\n`],
    ['white space', '\t'],
    ['backslashes', '\\'],
  ])('reads a value of 16 MB: %s', (_, part) => {
    const secret = 'hunter2-hunter2';
    const { text } = createMasker(planWithSecret(secret));
    const long = part.repeat((16 * 2 ** 20) / part.length);
    expect(mask(long)).toEqual({ kind: 'plain', value: long, redacted: false });
    expect(text(`${long} ${secret} ${githubToken}`)).toBe(`${long} ${SENSITIVE_TEXT} ${GITHUB}`);
  });

  it('says the same of a text that it has been through before', () => {
    for (const [, before, secret, after] of CONTAINING) {
      const once = masker.text(before + secret + after);
      expect(masker.text(once)).toBe(once);
    }
  });

  it('keeps JSON in a string readable as JSON', () => {
    const value = mask(JSON.stringify({ token: githubToken, key: pem('PRIVATE KEY'), url: 'postgres://u:hunter22@h/d' }));
    expect(JSON.parse(value.kind === 'plain' ? String(value.value) : '')).toEqual({
      token: GITHUB,
      key: `${withheldText('a private key')}\n`,
      url: `postgres://u:${withheldText('a password in a URL')}@h/d`,
    });
  });

  it('withholds both sides of a place where one side is a credential', () => {
    const change = buildResource({
      before: { a: { t: 'hunter22' }, l: ['x', 'y'] },
      after: { a: { t: githubToken }, l: [otherToken, 'y'] },
    });
    const withheld = { kind: 'withheld', what: 'a GitHub token' };
    const both = {
      kind: 'map',
      entries: [
        { key: 'a', value: { kind: 'map', entries: [{ key: 't', value: withheld }] } },
        { key: 'l', value: { kind: 'list', items: [withheld, { kind: 'plain', value: 'y', redacted: false }] } },
      ],
    };
    expect([masker.maskedBefore(change), masker.maskedAfter(change)]).toEqual([both, both]);
    expect([mask('', githubToken), mask(null, githubToken), mask('x', `in ${githubToken}`)].map(({ kind }) => kind)).toEqual([
      'plain',
      'plain',
      'plain',
    ]);
  });

  it('hides what is marked as marked, also when it looks like a credential, and its copies', () => {
    const plan = planWithSecret(githubToken, { copy: githubToken, url: `https://x:${githubToken}@h/p`, other: otherToken });
    const [change] = plan.changes;
    if (change === undefined) throw new Error('no change');
    const marked = createMasker(plan);
    expect(marked.maskedAfter(change)).toEqual({
      kind: 'map',
      entries: [
        { key: 'copy', value: { kind: 'masked' } },
        { key: 'other', value: { kind: 'withheld', what: 'a GitHub token' } },
        { key: 'secret', value: { kind: 'masked' } },
        { key: 'url', value: { kind: 'plain', value: `https://x:${SENSITIVE_TEXT}@h/p`, redacted: true } },
      ],
    });
    expect([marked.hiddenIn(change), marked.withheldIn(change)]).toEqual([3, 1]);
  });

  it('counts the places, once for both sides, apart from marked ones', () => {
    const change = buildResource({
      before: { a: githubToken, b: 'x', c: `in ${githubToken}`, d: 'plain' },
      after: { a: otherToken, b: otherToken, c: 'x', d: 'plain', m: 'marked-by-somebody' },
      afterSensitive: { m: true },
    });
    const plan = buildPlan([change]);
    expect([createMasker(plan).withheldIn(change), createMasker(plan).hiddenIn(change)]).toEqual([3, 1]);
  });

  it('lets none into the masked plan', () => {
    const change = buildResource({
      before: { a: githubToken },
      after: { a: `x ${otherToken}`, [githubToken]: [otherToken] },
      importing: { id: githubToken },
    });
    const plan = buildPlan([change], { outputs: [buildOutput('o', change)] });
    const text = [...maskedPlanJson(plan, createMasker(plan))].join('');
    expect(text).not.toContain(githubToken.slice(4));
    expect(text).not.toContain(otherToken.slice(4));
    expect(text).toContain(GITHUB);
  });
});
