import { afterEach, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { createSharedComment } from '../../src/action/shared-comment.ts';
import type { SharedComment } from '../../src/action/session.ts';
import { createEagerClock } from '../support/eager-clock.ts';
import { startServer, type Seen, type TestServer } from '../support/http-server.ts';

const TASK = { id: 'rt_AAAAAAAAAAAAAAAAAAAAAA', sessionToken: 'session-token-session-token-session-token' };
const PULL_REQUEST = { repository: 'acme/net', number: 7 };
const SECTION = { pull_request: PULL_REQUEST, digest: 'd'.repeat(16), large: 'l', medium: 'm', small: 's', own: 'o', reviewed: null };

let server: TestServer;
afterEach(() => server.close());

const json = (response: ServerResponse, status: number, body: unknown): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

async function sharedWith(answer: (request: Seen, response: ServerResponse) => void): Promise<SharedComment> {
  server = await startServer(answer);
  return createSharedComment(TASK, { relayUrl: server.url, fetch, clock: createEagerClock() });
}

describe('the shared comment', () => {
  it('asks four things under the run task, with the session token', async () => {
    const answers: Record<string, unknown> = {
      section: { kept: true, revision: 3 },
      lock: { kind: 'wait', retry_after_ms: 500 },
      release: { kind: 'done' },
      reviewed: { reviewed: null },
    };
    const shared = await sharedWith((request, response) => json(response, 200, answers[request.url.split('/').at(-1) ?? '']));
    expect(await shared.put(SECTION, 1000)).toEqual({ ok: true, value: { kept: true, revision: 3 } });
    expect(await shared.lock({ pull_request: PULL_REQUEST, revision: 3 }, 1000)).toEqual({
      ok: true,
      value: { kind: 'wait', retry_after_ms: 500 },
    });
    const release = { pull_request: PULL_REQUEST, lock: 'l1', written: null };
    expect(await shared.release(release, 1000)).toEqual({ ok: true, value: { kind: 'done' } });
    expect(await shared.reviewed(PULL_REQUEST, 1000)).toEqual({ ok: true, value: { reviewed: null } });
    const at = `/v1/run-tasks/${TASK.id}/comment`;
    expect(server.seen.map(({ method, url, body }) => [method, url, JSON.parse(body) as unknown])).toEqual([
      ['PUT', `${at}/section`, SECTION],
      ['POST', `${at}/lock`, { pull_request: PULL_REQUEST, revision: 3 }],
      ['POST', `${at}/release`, release],
      ['POST', `${at}/reviewed`, { pull_request: PULL_REQUEST }],
    ]);
    expect(new Set(server.seen.map(({ headers }) => headers.authorization))).toEqual(new Set([`Bearer ${TASK.sessionToken}`]));
  });

  it.each([404, 405])('an older relay that answers %i is a refusal with its status', async (status) => {
    const shared = await sharedWith((_, response) => void response.writeHead(status).end('404 Not Found'));
    expect(await shared.put(SECTION, 1000)).toMatchObject({ ok: false, error: { status } });
  });

  it('stops asking when the time that it was given is over', async () => {
    const shared = await sharedWith((_, response) => json(response, 503, {}));
    await expect(shared.reviewed(PULL_REQUEST, 2000)).rejects.toMatchObject({ code: 'E_RELAY_UNREACHABLE' });
    // At once, and after 0.5 and 1 s; the next try would come at 3.5 s.
    expect(server.seen).toHaveLength(3);
  });

  it('leaves a try that is under way when its time is over', async () => {
    const clock = createEagerClock();
    const limits: number[] = [];
    const slow: typeof fetch = () => clock.sleep(9000).then(() => new Response('{}', { status: 503 }));
    const watched = { ...clock, after: (ms: number) => (limits.push(ms), () => {}) };
    const shared = createSharedComment(TASK, { relayUrl: 'https://relay.example', fetch: slow, clock: watched });
    await expect(shared.reviewed(PULL_REQUEST, 15_000)).rejects.toMatchObject({ code: 'E_RELAY_UNREACHABLE' });
    // The second one began after 9.5 s.
    expect(limits).toEqual([15_000, 5500]);
  });
});
