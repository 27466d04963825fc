import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sign } from '../../../src/emulators/hcp-terraform/signature.ts';
import { arrange, KEY, type Scene } from './arrange.ts';

const captured = path.resolve(import.meta.dirname, '../../../../shared/facts/runtask-verification-payload.json');

describe('the registration test', () => {
  let scene: Scene;
  beforeEach(async () => void (scene = await arrange({ attach: [], registrationTimeoutMs: 5000 })));
  afterEach(() => scene.close());

  const register = (extra: Record<string, unknown> = {}) =>
    scene.hcp.createRunTask({ organization: 'acme', name: 'gate', url: scene.relay.url, hmacKey: KEY, ...extra });

  it('is posted signed, and a task exists once it is answered 200', async () => {
    const task = await register();
    expect(scene.hcp.sent).toHaveLength(1);
    const sent = scene.hcp.sent[0]!;
    expect(sent).toMatchObject({ kind: 'registration', url: scene.relay.url, status: 200, error: null, attempt: 1, taskResultId: null });
    expect(sent.headers).toEqual({
      'Content-Type': 'application/json',
      'User-Agent': 'TFC/1.0 (+https://app.terraform.io; TFC)',
      'X-TFC-Task-Signature': sign(sent.bytes, KEY),
    });
    expect(JSON.parse(sent.body)).toMatchObject({ access_token: 'test-token', stage: 'test', organization_name: 'test-org' });
    expect(task).toMatchObject({ organization: 'acme', name: 'gate', enabled: true });
  });

  // A run that skips prints the reason in its title.
  (existsSync(captured) ? it : it.skip)('says what HCP said when it was captured (skipped where ../shared is absent)', async () => {
    await register();
    const host = new URL(scene.hcp.url).origin;
    const expected = readFileSync(captured, 'utf8').replaceAll('https://app.terraform.io', host);
    expect(JSON.parse(scene.hcp.sent[0]!.body)).toEqual(JSON.parse(expected));
  });

  it('goes out with an empty signature when the task has no key', async () => {
    await register({ hmacKey: null });
    expect(scene.hcp.sent[0]!.headers['X-TFC-Task-Signature']).toBe('');
  });

  it.each([202, 204, 301, 401, 500])('refuses the task when the answer is %i and not exactly 200', async (status) => {
    scene.relay.answers.push(status);
    await expect(register()).rejects.toMatchObject({
      status: 422,
      errors: [
        {
          status: '422',
          title: 'invalid attribute',
          detail: `URL could not be verified: the test request must be answered with 200, got ${status}`,
          source: { pointer: '/data/attributes/url' },
        },
      ],
    });
    // The name is still free.
    await register();
  });

  it('refuses the task when the connection breaks', async () => {
    scene.relay.answers.push('reset');
    await expect(register()).rejects.toMatchObject({ status: 422 });
    expect(scene.hcp.sent[0]).toMatchObject({ status: null, error: expect.stringMatching(/ECONNRESET|socket/) });
  });

  it('gives up on an answer that never comes', async () => {
    scene.relay.answers.push('hang');
    const refused = expect(register()).rejects.toMatchObject({ status: 422 });
    await scene.clock.advance(4999);
    expect(scene.hcp.sent).toEqual([]);
    await scene.clock.advance(1);
    await refused;
    expect(scene.hcp.sent[0]).toMatchObject({ status: null, error: 'no answer within 5000 ms' });
  });

  it('refuses a name that is taken or malformed, before posting anything', async () => {
    await register();
    await expect(register()).rejects.toMatchObject({ status: 422 });
    await expect(register({ name: 'a b' })).rejects.toMatchObject({ status: 422 });
    expect(scene.hcp.sent).toHaveLength(1);
  });
});
