import { afterEach, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { sendCallback } from '../../src/hcp/callback.ts';
import type { TaskResult } from '../../src/contracts/task-result.ts';
import { openConfiguration } from '../../src/hcp/configuration.ts';
import { openPresigned, resolvePlan } from '../../src/hcp/plan.ts';
import { startServer, type Seen, type TestServer } from '../support/http-server.ts';

const TOKEN = 'aaaaaaaaaaaaaa.atlasv1.secret-secret-secret';
const servers: TestServer[] = [];
const serve = async (answer: (request: Seen, response: ServerResponse) => void): Promise<TestServer> => {
  const server = await startServer(answer);
  servers.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const reply = (status: number, body = '', headers: Record<string, string> = {}) =>
  serve((_, response) => response.writeHead(status, headers).end(body));

describe('sendCallback', () => {
  const passed: TaskResult = { status: 'passed', message: 'All good', url: 'https://example.com/run', outcomes: [] };

  it("sends JSON:API with the task's own token", async () => {
    const server = await reply(200, '{}');
    const outcome = { outcomeId: 'a', description: 'b', tags: { Status: [{ label: 'Failed', level: 'error' as const }] } };
    const answer = await sendCallback(
      { url: `${server.url}/cb?url_code=x`, accessToken: TOKEN },
      { ...passed, status: 'failed', outcomes: [outcome] },
      { fetch },
    );
    expect(answer).toEqual({ kind: 'accepted' });
    expect(server.seen).toHaveLength(1);
    const [seen] = server.seen;
    expect(seen).toMatchObject({
      method: 'PATCH',
      url: '/cb?url_code=x',
      headers: { 'authorization': `Bearer ${TOKEN}`, 'content-type': 'application/vnd.api+json' },
    });
    expect(JSON.parse(seen!.body)).toEqual({
      data: {
        type: 'task-results',
        attributes: { status: 'failed', message: 'All good', url: 'https://example.com/run' },
        relationships: {
          outcomes: {
            data: [{ type: 'task-result-outcomes', attributes: { 'outcome-id': 'a', 'description': 'b', 'tags': outcome.tags } }],
          },
        },
      },
    });
  });

  it.each([
    [409, '', {}, { kind: 'terminal' }],
    [401, '', {}, { kind: 'unauthorized' }],
    [404, '', {}, { kind: 'not-found' }],
    [
      422,
      '{"errors":[{"title":"invalid","detail":"url is too long"}]}',
      {},
      { kind: 'invalid', detail: 'HTTP 422 invalid: url is too long' },
    ],
    [500, 'oops', {}, { kind: 'retry', detail: 'HTTP 500', retryAfterMs: null }],
    [429, '', { 'retry-after': '7' }, { kind: 'retry', detail: 'HTTP 429', retryAfterMs: 7000 }],
    [302, '', { location: 'https://elsewhere.example' }, { kind: 'retry', detail: 'HTTP 302', retryAfterMs: null }],
  ])('reads %i', async (status, body, headers: Record<string, string>, expected) => {
    const server = await reply(status, body, headers);
    expect(await sendCallback({ url: server.url, accessToken: TOKEN }, passed, { fetch })).toEqual(expected);
  });

  it('says why there was no answer, without the path of the URL', async () => {
    const server = await reply(200);
    await server.close();
    servers.length = 0;
    const answer = await sendCallback({ url: `${server.url}/secret-callback`, accessToken: TOKEN }, passed, { fetch });
    expect(answer).toMatchObject({ kind: 'retry', detail: expect.stringMatching(/127\.0\.0\.1:\d+: .*ECONNREFUSED/) });
    expect(JSON.stringify(answer)).not.toContain('secret-callback');
  });

  it('sends the token to nobody else: a redirect is not followed', async () => {
    const elsewhere = await reply(200);
    const server = await reply(307, '', { location: elsewhere.url });
    await sendCallback({ url: server.url, accessToken: TOKEN }, passed, { fetch });
    expect(elsewhere.seen).toEqual([]);
  });
});

describe('resolvePlan and openPresigned', () => {
  it('takes the presigned URL with the token and opens it without', async () => {
    const store = await reply(200, '{"format_version":"1.2"}');
    const api = await reply(307, '', { location: `${store.url}/object?signature=s` });
    const resolved = await resolvePlan({ url: `${api.url}/plan`, accessToken: TOKEN }, { fetch });
    expect(resolved).toEqual({ kind: 'presigned', url: `${store.url}/object?signature=s` });
    expect(api.seen[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    const opened = await openPresigned(`${store.url}/object?signature=s`, { fetch });
    expect(opened.kind).toBe('stream');
    if (opened.kind === 'stream') expect(await new Response(opened.body).text()).toBe('{"format_version":"1.2"}');
    expect(store.seen[0]?.headers.authorization).toBeUndefined();
  });

  it.each([
    [204, 'not-ready'],
    [404, 'not-found'],
    [401, 'token-expired'],
    [422, 'unsupported-terraform'],
    [500, 'unreachable'],
  ])('reads %i as %s', async (status, reason) => {
    const api = await reply(status);
    expect(await resolvePlan({ url: api.url, accessToken: TOKEN }, { fetch })).toMatchObject({ kind: 'unavailable', reason });
  });

  it('refuses a redirect to plain http elsewhere and to a file', async () => {
    for (const location of ['http://evil.example/x', 'file:///etc/passwd']) {
      const api = await reply(307, '', { location });
      expect(await resolvePlan({ url: api.url, accessToken: TOKEN }, { fetch })).toMatchObject({
        kind: 'unavailable',
        reason: 'unreachable',
      });
    }
  });

  it('follows three hops of a store and no more', async () => {
    let hops = 0;
    const store = await serve((_, response) => response.writeHead(302, { location: `/hop-${++hops}` }).end());
    expect(await openPresigned(store.url, { fetch })).toMatchObject({
      kind: 'unavailable',
      detail: expect.stringContaining('more than 3 times'),
    });
    expect(hops).toBe(4);
  });

  it('says that a presigned URL lives for a minute when the store refuses it', async () => {
    const store = await reply(403);
    const answer = await openPresigned(`${store.url}/secret-object`, { fetch });
    expect(answer).toMatchObject({ kind: 'unavailable', detail: expect.stringContaining('one minute') });
    expect(JSON.stringify(answer)).not.toContain('secret-object');
  });
});

describe('openConfiguration', () => {
  it('explains a configuration that HCP has discarded', async () => {
    const api = await reply(404);
    expect(await openConfiguration({ url: api.url, accessToken: TOKEN }, { fetch })).toEqual({
      kind: 'unavailable',
      reason: 'not-found',
      detail: expect.stringContaining('discards the files of VCS runs'),
    });
  });
});
