import { describe, expect, it } from '@jest/globals';
import { compactDecrypt, CompactEncrypt, CompactSign, compactVerify } from 'jose';
import { SEALED_TYP } from '../../src/contracts/sealed-task.ts';
import { readKey, createRelayKey, createSealKey, type ImportedKey } from '../../src/sealed/keys.ts';
import { openTask } from '../../src/sealed/open.ts';
import { sealTask } from '../../src/sealed/seal.ts';
import { aRequest, aTaskLabel } from '../support/requests.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const ID = 'rt_AAAAAAAAAAAAAAAAAAAAAA';

async function keys(): Promise<{ signing: ImportedKey; relay: ImportedKey; seal: ImportedKey; open: ImportedKey }> {
  const [relayPair, sealPair] = [await createRelayKey(), await createSealKey()];
  const read = async (jwk: object, form: 'relay' | 'seal', half: 'public' | 'private'): Promise<ImportedKey> => {
    const key = await readKey(JSON.stringify(jwk), { form, half });
    if (!key.ok) throw new Error(key.error);
    return key.value;
  };
  return {
    signing: await read(relayPair.privateJwk, 'relay', 'private'),
    relay: await read(relayPair.publicJwk, 'relay', 'public'),
    seal: await read(sealPair.publicJwk, 'seal', 'public'),
    open: await read(sealPair.privateJwk, 'seal', 'private'),
  };
}

async function sealed(k: { signing: ImportedKey; seal: ImportedKey }, task = aTaskLabel(), lifeMs = 9 * 60_000): Promise<string> {
  const input = { request: aRequest(), task, issuer: 'https://relay.example.com', repositoryId: 42, observe: false, id: ID };
  return sealTask({ ...input, deadlineAt: NOW + lifeMs, signingKey: k.signing, sealKey: k.seal }, NOW);
}

const expected = { request: aRequest(), observe: false, issuer: 'https://relay.example.com', deadlineAt: NOW + 9 * 60_000 };

describe('openTask', () => {
  it('opens what the relay sealed for this repository', async () => {
    const k = await keys();
    const payload = { version: 1, id: ID, sealed: await sealed(k), task: aTaskLabel() } as const;
    const opened = await openTask({ payload, sealKey: k.open, relayKey: k.relay, repositoryId: '42' }, NOW);
    expect(opened).toEqual({ ok: true, value: expected });
  });

  it('stays good until the deadline that the relay names, however late that is', async () => {
    const k = await keys();
    const payload = { version: 1, id: ID, sealed: await sealed(k, aTaskLabel(), 54 * 60_000), task: aTaskLabel() } as const;
    const input = { payload, sealKey: k.open, relayKey: k.relay, repositoryId: '42' };
    expect(await openTask(input, NOW + 54 * 60_000)).toEqual({ ok: true, value: { ...expected, deadlineAt: NOW + 54 * 60_000 } });
    expect(await openTask(input, NOW + 57 * 60_000)).toEqual({ ok: false, error: 'expired' });
  });

  it('opens what a relay of before has sealed, which names no deadline', async () => {
    const k = await keys();
    const { payload: claims } = await compactVerify((await compactDecrypt(await sealed(k), k.open)).plaintext, k.relay);
    const { deadline: _none, ...older } = JSON.parse(new TextDecoder().decode(claims)) as Record<string, unknown>;
    const signed = await new CompactSign(Buffer.from(JSON.stringify(older)))
      .setProtectedHeader({ alg: 'EdDSA', typ: SEALED_TYP })
      .sign(k.signing);
    const text = await new CompactEncrypt(Buffer.from(signed))
      .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM' })
      .encrypt(k.seal);
    const payload = { version: 1, id: ID, sealed: text, task: aTaskLabel() } as const;
    const opened = await openTask({ payload, sealKey: k.open, relayKey: k.relay, repositoryId: '42' }, NOW);
    expect(opened).toEqual({ ok: true, value: { ...expected, deadlineAt: null } });
  });

  it.each([
    ['another repository', { repositoryId: '43' }, {}, 0, 'another-repository'],
    ['a changed label', {}, { task: aTaskLabel({ workspace: 'other' }) }, 0, 'label-changed'],
    ['a changed id', {}, { id: 'rt_BBBBBBBBBBBBBBBBBBBBBB' }, 0, 'id-changed'],
    ['sixteen minutes later', {}, {}, 17 * 60_000, 'expired'],
    ['a clock that is far behind', {}, {}, -5 * 60_000, 'expired'],
    ['not a JWE', {}, { sealed: 'abc' }, 0, 'not-for-this-key'],
  ])('refuses %s', async (_, input, change, later, reason) => {
    const k = await keys();
    const payload = { version: 1 as const, id: ID, sealed: await sealed(k), task: aTaskLabel(), ...change };
    const opened = await openTask({ payload, sealKey: k.open, relayKey: k.relay, repositoryId: '42', ...input }, NOW + later);
    expect(opened).toEqual({ ok: false, error: reason });
  });

  it('refuses what another key signed: whoever may dispatch can encrypt for the repository', async () => {
    const [k, other] = [await keys(), await keys()];
    const payload = { version: 1 as const, id: ID, sealed: await sealed({ signing: other.signing, seal: k.seal }), task: aTaskLabel() };
    const opened = await openTask({ payload, sealKey: k.open, relayKey: k.relay, repositoryId: '42' }, NOW);
    expect(opened).toEqual({ ok: false, error: 'not-from-the-relay' });
  });

  it('refuses what was sealed for another key', async () => {
    const [k, other] = [await keys(), await keys()];
    const payload = { version: 1 as const, id: ID, sealed: await sealed({ signing: k.signing, seal: other.seal }), task: aTaskLabel() };
    const opened = await openTask({ payload, sealKey: k.open, relayKey: k.relay, repositoryId: '42' }, NOW);
    expect(opened).toEqual({ ok: false, error: 'not-for-this-key' });
  });
});

describe('readKey', () => {
  it('tells the halves and the forms apart and never quotes the key', async () => {
    const { privateJwk, publicJwk } = await createSealKey();
    const text = JSON.stringify(privateJwk);
    const asPublic = await readKey(text, { form: 'seal', half: 'public' });
    expect(asPublic).toMatchObject({ ok: false, error: expect.stringContaining('private half') });
    expect(JSON.stringify(asPublic)).not.toContain(String(privateJwk.d));
    expect(await readKey(JSON.stringify(publicJwk), { form: 'seal', half: 'private' })).toMatchObject({ ok: false });
    expect(await readKey(text, { form: 'relay', half: 'private' })).toMatchObject({ ok: false });
    expect(await readKey('no json', { form: 'relay', half: 'private' })).toMatchObject({
      ok: false,
      error: expect.stringContaining('not JSON'),
    });
    expect(await readKey('null', { form: 'relay', half: 'private' })).toMatchObject({ ok: false });
  });
});
