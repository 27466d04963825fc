import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { Json } from '../../src/contracts/json.ts';
import { createMasker, SENSITIVE_TEXT, type MaskedValue } from '../../src/plan/masking.ts';
import { buildOutput, buildPlan, buildResource, planWithSecret } from './build-plan.ts';

const SECRET = 'correct-horse-battery';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** What becomes of `copy` beside a marked `secret`. */
function besideSecret(secret: Json, copy: Json): MaskedValue {
  const plan = planWithSecret(secret, { copy });
  const [change] = plan.changes;
  const value = change === undefined ? undefined : createMasker(plan).maskedAfter(change);
  const found = value?.kind === 'map' ? value.entries.find((entry) => entry.key === 'copy')?.value : undefined;
  if (found === undefined) throw new Error('no copy');
  return found;
}

const plain = (value: null | boolean | number | string, redacted = false): MaskedValue => ({ kind: 'plain', value, redacted });
const masked: MaskedValue = { kind: 'masked' };

describe('createMasker: copies of marked values', () => {
  it('hides a copy as a whole', () => {
    expect(besideSecret(SECRET, SECRET)).toEqual(masked);
  });

  it('takes a copy out of a longer text and leaves the rest', () => {
    expect(besideSecret(SECRET, `postgres://app:${SECRET}@db/app`)).toEqual(plain(`postgres://app:${SENSITIVE_TEXT}@db/app`, true));
  });

  it.each([
    ['in JSON', 'a"b\\c\nd-secret', (s: string) => JSON.stringify({ password: s })],
    ['in JSON within JSON', 'a"b\\c\nd-secret', (s: string) => JSON.stringify({ inner: JSON.stringify({ password: s }) })],
    [
      "in Terraform's jsonencode()",
      'a&b<c>d-secret',
      (s: string) => JSON.stringify(s).replace('&', '\\u0026').replace('<', '\\u003c').replace('>', '\\u003e'),
    ],
    ['in a URL', 'pass word/with&signs', (s: string) => `https://x/?p=${encodeURIComponent(s)}`],
    ['in a URL with lower-case escapes', 'pass:word/with&signs', (s: string) => encodeURIComponent(s).toLowerCase()],
    ['in a form', 'pass word/with&signs', (s: string) => encodeURIComponent(s).replaceAll('%20', '+')],
    ['in base64', SECRET, (s: string) => base64(`user:${s}`)],
    ['in base64, one byte later', SECRET, (s: string) => base64(`user1:${s}:x`)],
    ['in base64, two bytes later', SECRET, (s: string) => base64(`user12:${s}:yz`)],
    ['in base64 of JSON', 'a"b\\c-secret', (s: string) => base64(JSON.stringify({ auth: s }))],
    ['in hexadecimal', 'päss-word-1', (s: string) => `00${Buffer.from(s).toString('hex')}ff`],
    ['in hexadecimal, half a byte later', SECRET, (s: string) => `0${Buffer.from(s).toString('hex').toUpperCase()}`],
    ['in base64url', '???>>>~~~secret', (s: string) => Buffer.from(`a${s}`).toString('base64url')],
  ])('hides a copy %s', (_, secret, encode) => {
    const value = besideSecret(secret, `before ${encode(secret)} after`);
    expect(value).toMatchObject({ kind: 'plain', redacted: true });
    expect(JSON.stringify(value)).toMatch(/before .*\(sensitive value\).* after/);
  });

  it('knows every leaf of a marked list or map', () => {
    expect(besideSecret({ deep: [{ token: SECRET }] }, SECRET)).toEqual(masked);
  });

  it.each([
    ['a JSON document', JSON.stringify({ user: 'app', password: SECRET })],
    ['an .env file', `# settings\nexport USER=app\nPASSWORD="${SECRET}"\n`],
    ['a list of tokens', `first-token-1234\n${SECRET}\n`],
    ['a value with white space around it', `  ${SECRET}\n`],
  ])('knows the single secret within %s', (_, secret) => {
    expect(besideSecret(secret, `x ${SECRET}`)).toEqual(plain(`x ${SENSITIVE_TEXT}`, true));
  });

  it('knows the body of a key, and not its frame that all keys share', () => {
    const line = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC';
    const key = `-----BEGIN PRIVATE KEY-----\n${line}\n-----END PRIVATE KEY-----\n`;
    expect(besideSecret(key, `x ${line}`)).toEqual(plain(`x ${SENSITIVE_TEXT}`, true));
    expect(besideSecret(key, 'x -----BEGIN PRIVATE KEY-----')).toEqual(plain('x -----BEGIN PRIVATE KEY-----'));
    // The usual form of a cloud's account: the key within JSON.
    expect(besideSecret(JSON.stringify({ id: 'a', private_key: key }), `x ${line}`)).toEqual(besideSecret(key, `x ${line}`));
  });

  it('does not take the lines of a marked script for secrets', () => {
    const script = '#!/bin/sh -e\nsystemctl restart app\n';
    expect(besideSecret(script, '#!/bin/sh -e\nsystemctl restart app\nexit 0\n')).toMatchObject({ redacted: true });
    expect(besideSecret(script, 'systemctl restart app')).toEqual(plain('systemctl restart app'));
  });

  it('hides a short copy only as a whole value', () => {
    expect(besideSecret('pa55', 'pa55')).toEqual(masked);
    expect(besideSecret('pa55', 'compa55ion')).toEqual(plain('compa55ion'));
    expect(besideSecret('pa5', 'pa5')).toEqual(plain('pa5'));
  });

  it('hides long numbers as numbers and as text', () => {
    expect(besideSecret(1234567890, 1234567890)).toEqual(masked);
    expect(besideSecret(1234567890, 'pin 1234567890')).toEqual(plain(`pin ${SENSITIVE_TEXT}`, true));
    expect(besideSecret('1234567890', 1234567890)).toEqual(masked);
    expect(besideSecret(482913, 482913)).toEqual(masked);
    expect(besideSecret(482913, 'pin 482913')).toEqual(plain('pin 482913'));
    expect(besideSecret(5432, 5432)).toEqual(plain(5432));
    expect(besideSecret('98765', 98765)).toEqual(plain(98765));
  });

  it.each(['md5', 'sha1', 'sha256', 'sha512'])('hides its %s beside it, which would confirm a guess', (algorithm) => {
    const digest = (of: string): Buffer => createHash(algorithm).update(of).digest();
    for (const text of [digest(SECRET).toString('hex'), digest(SECRET).toString('hex').toUpperCase(), digest(SECRET).toString('base64')]) {
      expect(besideSecret(SECRET, text)).toEqual(masked);
    }
    expect(besideSecret(SECRET, `"${algorithm}:${digest(SECRET).toString('hex')}"`)).toEqual(masked);
    expect(besideSecret(SECRET, digest('another').toString('hex'))).toMatchObject({ kind: 'plain', redacted: false });
    expect(besideSecret('pa55', digest('pa55').toString('hex'))).toEqual(masked);
  });

  it.each([
    'true',
    'default',
    'us-east-1',
    'europe-west4-b',
    '8080',
    'postgres',
    'Production',
    '1.2.3',
    '2012-10-17',
    'aaaaaaaaaaaa',
    '    ',
  ])('does not hide the plan because %j is marked somewhere', (common) => {
    expect(besideSecret(common, common)).toEqual(plain(common));
    expect(besideSecret(common, `in ${common} text`)).toEqual(plain(`in ${common} text`));
  });

  it.each(['us-mypassword1', '8273.99182736', 'postgres1', 'eu-x-1'])('does not take %j for a common word', (secret) => {
    expect(besideSecret(secret, secret)).toEqual(masked);
  });

  it.each([80, 54321, 604800, 1000000000, 1048576, 2147483647, -1, 0.25])(
    'does not hide the plan because %d is marked somewhere',
    (common) => {
      expect(besideSecret(common, common)).toEqual(plain(common));
    },
  );

  it('hides a copy in a key, and leaves the names of a marked map alone', () => {
    expect(besideSecret(SECRET, { [`k-${SECRET}`]: 1 })).toEqual({
      kind: 'map',
      entries: [{ key: `k-${SENSITIVE_TEXT}`, value: plain(1) }],
    });
    expect(besideSecret({ connection_string: SECRET }, 'connection_string')).toEqual(plain('connection_string'));
  });

  it('knows secrets of outputs, drift, deferred changes, no-ops and of elsewhere', () => {
    const marked = (secret: string): object => ({ before: { s: secret }, beforeSensitive: { s: true } });
    const plan = buildPlan([buildResource({ actions: ['no-op'], ...marked('secret-of-no-op') })], {
      drift: [buildResource(marked('secret-of-drift'))],
      outputs: [buildOutput('o', { after: 'secret-of-output', afterSensitive: true })],
      deferred: [{ reason: 'x', change: buildResource(marked('secret-of-deferred')) }],
      markedElsewhere: ['secret-of-elsewhere', { list: ['secret-of-a-list'] }],
    });
    const text = createMasker(plan).text(
      'secret-of-no-op secret-of-drift secret-of-output secret-of-deferred secret-of-elsewhere secret-of-a-list open',
    );
    expect(text).toBe(`${SENSITIVE_TEXT} `.repeat(6) + 'open');
  });

  it('knows the old value of an attribute that the provider marks from now on', () => {
    const change = buildResource({ before: { s: SECRET }, after: { s: 'another-secret' }, afterSensitive: { s: true } });
    const masker = createMasker(buildPlan([change]));
    expect(masker.text(`${SECRET}, another-secret`)).toBe(`${SENSITIVE_TEXT}, ${SENSITIVE_TEXT}`);
    expect(JSON.stringify(masker.maskedBefore(change))).not.toContain(SECRET);
  });
});

describe('Masker.text', () => {
  const masker = createMasker(buildPlan([], { markedElsewhere: ['pa55w', 'p@ss!', SECRET] }));

  it('takes out long secrets anywhere and short ones as words', () => {
    expect(masker.text(`is pa55w, "pa55w" or p@ss! or x${SECRET}x`)).toBe(
      `is ${SENSITIVE_TEXT}, "${SENSITIVE_TEXT}" or ${SENSITIVE_TEXT} or x${SENSITIVE_TEXT}x`,
    );
    expect(masker.text('compa55words épa55w pa55w9')).toBe('compa55words épa55w pa55w9');
  });

  it('returns a text without secrets as it is', () => {
    expect(masker.text('')).toBe('');
    expect(masker.text('nothing here')).toBe('nothing here');
  });

  it('takes out the secrets of a plan that has none, which is to say nothing', () => {
    expect(createMasker(buildPlan()).text(SECRET)).toBe(SECRET);
  });

  it('survives lone surrogates in secrets and in text', () => {
    const odd = createMasker(buildPlan([], { markedElsewhere: ['\ud800lone-secret'] }));
    expect(odd.text('x \ud800lone-secret \udc00')).toBe(`x ${SENSITIVE_TEXT} \udc00`);
  });
});

describe('Masker: unknown values and counts', () => {
  it('has unknown leaves where a value is known only after apply', () => {
    const change = buildResource({
      after: { known: 1, list: [null, 2] },
      unknown: { id: true, list: [true, false], block: [{ x: true, y: false }], known: false, nothing: {} },
      afterSensitive: { token: true },
    });
    const value = createMasker(buildPlan([change])).maskedAfter(change);
    expect(value).toEqual({
      kind: 'map',
      entries: [
        { key: 'block', value: { kind: 'list', items: [{ kind: 'map', entries: [{ key: 'x', value: { kind: 'unknown' } }] }] } },
        { key: 'id', value: { kind: 'unknown' } },
        { key: 'known', value: plain(1) },
        { key: 'list', value: { kind: 'list', items: [{ kind: 'unknown' }, plain(2)] } },
      ],
    });
  });

  it('calls a place sensitive that is both, as Terraform does', () => {
    const change = buildResource({ after: {}, unknown: { token: true }, afterSensitive: { token: true } });
    expect(createMasker(buildPlan([change])).maskedAfter(change)).toEqual({ kind: 'map', entries: [{ key: 'token', value: masked }] });
  });

  it('counts the places that are hidden, once for both sides', () => {
    const change = buildResource({
      before: { a: SECRET, b: 'x', c: `is ${SECRET}` },
      after: { a: 'next-secret', b: SECRET, c: 'x' },
      beforeSensitive: { a: true },
      afterSensitive: { a: true },
    });
    expect(createMasker(buildPlan([change])).hiddenIn(change)).toBe(3);
    expect(createMasker(buildPlan()).hiddenIn(buildResource({ before: { a: 1 } }))).toBe(0);
  });
});
