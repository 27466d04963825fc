// The relay's small parts, each by itself.
import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { encodings } from '../../src/base/redact.ts';
import { createTokenBuckets } from '../../src/relay/dispatch/token-bucket.ts';
import { verifySignature } from '../../src/relay/http/verify-signature.ts';
import { backoffMs } from '../../src/relay/life/numbers.ts';
import { beginDelivery, deliveryAnswered } from '../../src/relay/life/delivery.ts';
import { decide, dispatchSent, expire, shorten } from '../../src/relay/life/transitions.ts';
import { createMetrics } from '../../src/relay/metrics.ts';
import { createRecorder, withoutSecrets } from '../../src/relay/record.ts';
import { createSecretLog } from '../../src/relay/secret-log.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { aRequest } from '../support/requests.ts';
import { aTask, NOW } from './store-suite.ts';

describe('verifySignature', () => {
  it('agrees with openssl', () => {
    // printf '{"a":1}' | openssl dgst -sha512 -hmac password1234567890
    const signature = createHmac('sha512', 'password1234567890').update('{"a":1}').digest('hex');
    expect(signature).toHaveLength(128);
    expect(verifySignature(Buffer.from('{"a":1}'), signature, ['other-key-other-key', 'password1234567890'])).toBe('good');
    expect(verifySignature(Buffer.from('{"a": 1}'), signature, ['password1234567890'])).toBe('mismatch');
    expect(verifySignature(Buffer.from('{"a":1}'), undefined, ['password1234567890'])).toBe('missing');
    expect(verifySignature(Buffer.from('{"a":1}'), signature, [])).toBe('mismatch');
  });
});

describe('token buckets', () => {
  it('let a burst through, then a steady stream, each installation for itself', () => {
    const buckets = createTokenBuckets();
    const times = Array.from({ length: 64 }, () => buckets.take('a', 0, true));
    expect(times.filter((at) => at === 0)).toHaveLength(60);
    // Each that waits gets a time of its own.
    expect(times.slice(60)).toEqual([1500, 3000, 4500, 6000]);
    expect(buckets.take('b', 0, true)).toBe(0);
    // The first in the line gets the first token; who comes new does not get before it.
    expect(buckets.take('a', 1500, true)).toBe(7500);
    expect(buckets.take('a', 1500, false)).toBe(0);
    expect(buckets.take('a', 3000, false)).toBe(0);
    buckets.pause('b', 90_000, 0);
    expect(buckets.take('b', 10, true)).toBe(90_000);
    expect(buckets.take('b', 10, true)).toBe(91_500);
    expect(buckets.take('b', 90_000, false)).toBe(0);
  });
});

describe('the numbers', () => {
  it('backs off from the first wait to the longest, a little earlier at random', () => {
    expect([1, 2, 3, 4, 5, 60].map((tries) => backoffMs(tries, 2000, 60_000, 0))).toEqual([2000, 4000, 8000, 16_000, 32_000, 60_000]);
    expect(backoffMs(1, 2000, 60_000, 1)).toBe(1500);
  });

  it('cuts a message between characters', () => {
    const cut = shorten('x'.repeat(998) + '😀😀');
    expect(cut).toBe('x'.repeat(998) + '…');
    expect(shorten('x'.repeat(1000))).toHaveLength(1000);
  });
});

describe('the life of a run task', () => {
  it('has one verdict, whoever comes first', () => {
    const task = aTask();
    const decided = decide(task, { status: 'passed', message: 'first', by: 'action' }, NOW)!;
    for (const by of ['action', 'deadline', 'lease', 'two-uses'] as const)
      expect(decide(decided, { status: 'failed', message: 'second', by }, NOW + 1)).toBeNull();
    expect(expire(decided, NOW + 10_000_000)).toBeNull();
  });

  it('takes the answer of the attempt that is out, and no older one', () => {
    const decided = decide(aTask(), { status: 'passed', message: 'm', by: 'action' }, NOW)!;
    const first = beginDelivery(decided)!;
    // The relay died here; its successor begins again.
    const second = beginDelivery(first.task)!;
    expect(second.attempt).toBe(2);
    expect(deliveryAnswered(second.task, 1, { kind: 'unauthorized' }, NOW, 0)).toBeNull();
    expect(deliveryAnswered(second.task, 2, { kind: 'terminal' }, NOW, 0)).toMatchObject({ state: { name: 'delivered' }, secrets: null });
  });

  it('does not go back from a claim to dispatched when GitHub’s 204 comes late', () => {
    const claimed = aTask({ state: { name: 'claimed' } });
    expect(dispatchSent(claimed, 1, NOW)).toBeNull();
  });
});

describe('metrics', () => {
  it('are text that Prometheus reads, whatever stands in a label', () => {
    const metrics = createMetrics();
    metrics.count('runtask_posts_total', { answer: 'a"b\\c\nd' });
    metrics.count('runtask_posts_total', { answer: 'a"b\\c\nd' });
    const text = metrics.text({ tasks: { claimed: 3 }, comments: { pullRequests: 2, sections: 5 } });
    expect(text).toContain('# TYPE runtask_posts_total counter\nruntask_posts_total{answer="a\\"b\\\\c\\nd"} 2\n');
    expect(text).toContain('runtask_tasks{state="claimed"} 3\n');
    expect(text).toMatch(/\nruntask_comments 2\n(#.*\n)+runtask_comment_sections 5\n$/);
  });
});

describe('the log', () => {
  it('lets no secret of its task through, in any encoding, and none of a known shape', () => {
    const lines: unknown[] = [];
    const sink = (event: string, fields: unknown): void => void lines.push({ event, fields });
    const log = createSecretLog({ debug: sink, info: sink, warn: sink, error: sink }, ['the-hmac-key-of-the-task']);
    const task = aTask();
    log.learn(task);
    log.learnFor(task.id, 'a-session-token-of-some-length');
    const { accessToken, callbackUrl, ticket, planUrl } = task.secrets!;
    const secrets = [accessToken, callbackUrl, ticket!, planUrl!, 'the-hmac-key-of-the-task', 'a-session-token-of-some-length'];
    for (const secret of secrets)
      for (const form of encodings(secret))
        log.error('failed', { id: task.id, error: `before ${form} after`, deep: [{ er: { url: form } }] });
    // Of a task that is not known, and in a line without an id.
    for (const shape of [
      accessToken,
      callbackUrl,
      'ghs_0123456789abcdefghijklmnop',
      `eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln`,
      'Bearer 0123456789abcdef',
    ])
      log.info('other', { error: `before ${shape} after` });
    const text = JSON.stringify(lines);
    for (const secret of secrets) for (const form of encodings(secret)) expect(text).not.toContain(form);
    expect(text).not.toMatch(/ghs_0123|eyJhbGci|0123456789abcdef|task-results\/5ea8/);
    expect(text).toContain('before *** after');
    expect(lines).toHaveLength(secrets.flatMap(encodings).length + 5);
  });
});

describe('a recorded post', () => {
  it('keeps everything but the secrets, under a name that cannot leave its folder', async () => {
    const written: [string, string][] = [];
    const record = createRecorder({ clock: createManualClock(), write: (name, text) => (written.push([name, text]), Promise.resolve()) });
    const request = aRequest({ task_result_id: '../../etc/passwd' });
    await record({
      task: 'gate',
      body: { ...request, odd: { token_too: `x ${request.access_token}`, url: 'https://h.example/?url_code=abc' } },
    });
    const [[name, text]] = written as [[string, string]];
    expect(name).toBe('2026-11-22T10-00-00-000Z-______etc_passwd.json');
    for (const secret of [
      request.access_token,
      request.task_result_callback_url,
      request.plan_json_api_url!,
      request.configuration_version_download_url!,
      'abc"',
    ])
      expect(text).not.toContain(secret);
    expect(JSON.parse(text)).toMatchObject({
      task: 'gate',
      body: {
        workspace_name: 'net-prod',
        run_app_url: request.run_app_url,
        vcs_repo_url: request.vcs_repo_url,
        access_token: 'replaced.atlasv1.replaced',
      },
    });
  });

  it('can be read again as a request', () => {
    const clean = withoutSecrets(aRequest()) as ReturnType<typeof aRequest>;
    expect(new URL(clean.task_result_callback_url).host).toBe('app.terraform.io');
    expect(withoutSecrets({ access_token: 'test-token' })).toEqual({ access_token: 'test-token' });
  });
});
