// What the relay asks of GitHub, against a real server: URLs into names, answers into values or refusals.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTokenIdentity, type GithubIdentity } from '../../src/github/identity.ts';
import { toRefusal } from '../../src/github/refusal.ts';
import { fetchRepository, readRepositoryUrl } from '../../src/github/repository.ts';
import { fetchDispatchedRuns, fetchRun } from '../../src/github/workflow-runs.ts';
import { startServer, type TestServer } from '../support/http-server.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');

describe('readRepositoryUrl', () => {
  it.each([
    ['https://github.com/acme/net', { owner: 'acme', name: 'net' }],
    ['https://github.com/acme/net.git', { owner: 'acme', name: 'net' }],
    ['https://github.com/acme/net/pull/7', { owner: 'acme', name: 'net' }],
    ['https://GitHub.com/acme/net', { owner: 'acme', name: 'net' }],
    ['https://github.com.evil.example/acme/net', null],
    ['https://github.com@evil.example/acme/net', null],
    ['https://user:pw@github.com/acme/net', null],
    ['http://github.com/acme/net', null],
    ['https://github.com/acme', null],
    ['https://github.com/acme/..', null],
    ['https://github.com/acme/net%2f..%2fother', null],
    ['https://gitlab.com/acme/net', null],
    ['git@github.com:acme/net.git', null],
    ['', null],
  ])('reads %s', (url, expected) => expect(readRepositoryUrl(url, 'https://github.com')).toEqual(expected));

  it('knows an Enterprise Server by its host and port', () => {
    expect(readRepositoryUrl('https://ghe.example.com:8443/acme/net', 'https://ghe.example.com:8443')).toEqual({
      owner: 'acme',
      name: 'net',
    });
    expect(readRepositoryUrl('https://ghe.example.com/acme/net', 'https://ghe.example.com:8443')).toBeNull();
  });
});

describe('toRefusal', () => {
  const error = (status: number, headers: Record<string, string> = {}, message = 'm') => ({ status, message, response: { headers } });
  it.each([
    [error(429), { reason: 'rate-limited', retryAfterMs: 60_000 }],
    [error(429, { 'retry-after': '7' }), { reason: 'rate-limited', retryAfterMs: 7000 }],
    [error(403, { 'retry-after': 'Sun, 22 Nov 2026 10:01:00 GMT' }), { reason: 'rate-limited', retryAfterMs: 60_000 }],
    [
      error(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 30) }),
      { reason: 'rate-limited', retryAfterMs: 30_000 },
    ],
    [
      error(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 - 30) }),
      { reason: 'rate-limited', retryAfterMs: 1000 },
    ],
    [error(403, {}, 'You have exceeded a secondary rate limit'), { reason: 'rate-limited', retryAfterMs: 60_000 }],
    [error(403, { 'x-ratelimit-remaining': '99' }), { reason: 'forbidden' }],
    [error(401), { reason: 'unauthorized' }],
    [error(404), { reason: 'not-found' }],
    [error(422), { reason: 'invalid', detail: 'HTTP 422: m' }],
    [error(500), { reason: 'unavailable' }],
    [
      { status: 500, message: 'fetch failed' },
      { reason: 'unavailable', detail: 'fetch failed' },
    ],
    [new TypeError('fetch failed'), { reason: 'unavailable', detail: 'fetch failed' }],
    ['odd', { reason: 'unavailable', detail: 'odd' }],
  ])('reads %j', (thrown, expected) => expect(toRefusal(thrown, NOW)).toMatchObject(expected));
});

describe('asking GitHub', () => {
  let server: TestServer;
  let identity: GithubIdentity;
  let body: unknown;
  const deps = { fetch, now: () => NOW };
  beforeEach(async () => {
    server = await startServer((_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    );
    identity = createTokenIdentity(server.url, 'a-token');
  });
  afterEach(() => server.close());

  it('takes only runs of the workflow file that was dispatched to', async () => {
    const run = { html_url: 'u', status: 'queued', conclusion: null, display_title: 't' };
    body = {
      workflow_runs: [
        { ...run, id: 1, path: '.github/workflows/run-task.yml' },
        { ...run, id: 2, path: '.github/workflows/run-task.yml@main' },
        { ...run, id: 3, path: '.github/workflows/other.yml' },
      ],
    };
    const runs = await fetchDispatchedRuns(
      identity,
      { owner: 'acme', name: 'gate', id: 1 },
      { workflow: 'run-task.yml', since: NOW },
      deps,
    );
    expect(runs.ok && runs.value.map(({ id }) => id)).toEqual([1, 2]);
    expect(server.seen[0]?.url).toBe(
      '/repos/acme/gate/actions/runs?event=repository_dispatch&created=%3E%3D2026-11-22T10%3A00%3A00Z&per_page=100',
    );
    expect(server.seen[0]?.headers.authorization).toBe('token a-token');
  });

  it('reads one run', async () => {
    body = { id: 7, html_url: 'u', status: 'completed', conclusion: 'cancelled', display_title: 't', path: 'p' };
    expect(await fetchRun(identity, { owner: 'acme', name: 'gate', id: 1 }, 7, deps)).toEqual({
      ok: true,
      value: { id: 7, url: 'u', status: 'completed', conclusion: 'cancelled', title: 't' },
    });
  });

  it('refuses a repository that answers under another name, and knows its own in any case', async () => {
    body = { id: 1, name: 'Gate', owner: { id: 2, login: 'Acme' }, default_branch: 'main' };
    expect(await fetchRepository(identity, { owner: 'acme', name: 'gate' }, deps)).toMatchObject({
      ok: true,
      value: { id: 1, ownerId: 2 },
    });
    expect(await fetchRepository(identity, { owner: 'acme', name: 'old' }, deps)).toEqual({
      ok: false,
      error: { reason: 'moved', detail: 'acme/old is now Acme/Gate' },
    });
  });
});
