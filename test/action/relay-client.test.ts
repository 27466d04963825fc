import { afterEach, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import * as z from 'zod';
import { callRelay, type Call } from '../../src/action/relay-client.ts';
import type { Clock } from '../../src/base/clock.ts';
import { until } from '../relay/support/until.ts';
import { createEagerClock } from '../support/eager-clock.ts';
import { startServer, type TestServer } from '../support/http-server.ts';
import { createManualClock } from '../support/manual-clock.ts';

let server: TestServer;
afterEach(() => server.close());

const answers = async (...responses: ((response: ServerResponse) => void)[]): Promise<TestServer> => {
  server = await startServer((_, response) => (responses.length > 1 ? responses.shift()! : responses[0]!)(response));
  return server;
};
const json = (status: number, body: unknown) => (response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const drop = (response: ServerResponse): void => void response.destroy();

const call = (clock: Clock, tokens: string[] = []): Call => ({
  method: 'POST',
  path: '/v1/run-tasks/rt_x/claim',
  bearer: async () => {
    tokens.push(`token-${tokens.length + 1}`);
    return tokens.at(-1)!;
  },
  body: { a: 1 },
  until: clock.now() + 60_000,
});

describe('callRelay', () => {
  it('tries again after 503, a lost connection and 429, each time with a new token', async () => {
    const clock = createEagerClock();
    const { url, seen } = await answers(json(503, {}), drop, json(429, {}), json(200, { yes: true }));
    expect(await callRelay(call(clock), z.object({ yes: z.boolean() }), { relayUrl: url, fetch, clock })).toEqual({
      ok: true,
      value: { yes: true },
    });
    expect(seen.map((one) => one.headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-3', 'Bearer token-4']);
    expect(clock.slept).toEqual([500, 1000, 2000]);
  });

  it('takes a refusal for what it is and does not ask again', async () => {
    const clock = createEagerClock();
    const { url, seen } = await answers(json(409, { error: { code: 'claimed-by-another', message: 'Another job has it' } }));
    expect(await callRelay(call(clock), z.unknown(), { relayUrl: url, fetch, clock })).toEqual({
      ok: false,
      error: { code: 'claimed-by-another', message: 'Another job has it', status: 409 },
    });
    expect(seen).toHaveLength(1);
  });

  it('gives up when the time is over, and says what the last try met', async () => {
    const clock = createEagerClock();
    const { url } = await answers(json(500, {}));
    await expect(callRelay(call(clock), z.unknown(), { relayUrl: url, fetch, clock })).rejects.toMatchObject({
      code: 'E_RELAY_UNREACHABLE',
      message: expect.stringContaining('HTTP 500'),
    });
    expect(clock.slept.reduce((a, b) => a + b)).toBeLessThanOrEqual(60_000);
  });

  it('does not follow a redirect, which would carry the token elsewhere', async () => {
    const clock = createEagerClock();
    const { url, seen } = await answers((response) => void response.writeHead(302, { location: '/elsewhere' }).end());
    expect(await callRelay(call(clock), z.unknown(), { relayUrl: url, fetch, clock })).toMatchObject({
      ok: false,
      error: { code: 'not-a-relay', message: expect.stringContaining('redirects') },
    });
    expect(seen).toHaveLength(1);
  });

  it('does not ask for a token again and again when the job may not have one', async () => {
    const clock = createEagerClock();
    const { url, seen } = await answers(json(200, {}));
    const without: Call = { ...call(clock), bearer: () => Promise.reject(new Error('add `id-token: write`')) };
    await expect(callRelay(without, z.unknown(), { relayUrl: url, fetch, clock })).rejects.toThrow('id-token: write');
    expect(seen).toEqual([]);
  });

  it('does not wait for the end of an answer that never comes: the call is made again', async () => {
    const clock = createManualClock();
    const half = (response: ServerResponse): void => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"yes":');
    const { url, seen } = await answers(half, json(200, { yes: true }));
    let headers = 0;
    const counted: typeof fetch = async (...args) => {
      const response = await fetch(...args);
      headers++;
      return response;
    };
    const answer = callRelay(call(clock), z.object({ yes: z.boolean() }), { relayUrl: url, fetch: counted, clock });
    await until(() => headers === 1, 'the headers');
    await clock.advance(20_000);
    await until(() => clock.waiting > 0, 'the wait before the next try');
    await clock.advance(500);
    expect(await answer).toEqual({ ok: true, value: { yes: true } });
    expect(seen).toHaveLength(2);
  });

  it('says that the versions differ when the answer has another form', async () => {
    const clock = createEagerClock();
    const { url } = await answers(json(200, { no: true }));
    await expect(callRelay(call(clock), z.object({ yes: z.boolean() }), { relayUrl: url, fetch, clock })).rejects.toMatchObject({
      code: 'E_RELAY_VERSION',
    });
  });
});
