// The test of a relay, against servers that answer as relays and their surroundings do.
import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { askRelay, type RelayAnswer } from '../../src/hcp/registration-test.ts';
import { sign } from '../../src/emulators/hcp-terraform/signature.ts';
import { isRegistrationTest } from '../../src/contracts/run-task-request.ts';
import { createEagerClock } from '../support/eager-clock.ts';
import { startServer, type Seen, type TestServer } from '../support/http-server.ts';
import { createManualClock } from '../support/manual-clock.ts';

const KEY = 'an-hmac-key-that-is-long-enough';
const servers: TestServer[] = [];
const serve = async (answer: (request: Seen, response: ServerResponse) => void): Promise<TestServer> => {
  const server = await startServer(answer);
  servers.push(server);
  return server;
};
afterEach(async () => void (await Promise.all(servers.splice(0).map((server) => server.close()))));

const signal = new AbortController().signal;
const ask = (url: string): Promise<RelayAnswer> => askRelay({ url, hmacKey: KEY }, { fetch, clock: createEagerClock(), signal });

describe('askRelay', () => {
  it('posts what HCP posts, signed over the bytes', async () => {
    const relay = await serve((_, response) => response.end());
    expect(await ask(`${relay.url}/hooks/gate?team=net`)).toEqual({ kind: 'accepted' });
    const [seen] = relay.seen;
    expect(seen).toMatchObject({ method: 'POST', url: '/hooks/gate?team=net', headers: { 'content-type': 'application/json' } });
    expect(seen!.headers['x-tfc-task-signature']).toBe(sign(Buffer.from(seen!.body), KEY));
    expect(seen!.headers['x-tfc-task-signature']).toBe(createHmac('sha512', KEY).update(seen!.body).digest('hex'));
    expect(isRegistrationTest(JSON.parse(seen!.body))).toBe(true);
  });

  it.each([
    [202, 'relay', /exactly 200/],
    [204, 'relay', /exactly 200/],
    [401, 'hmac_key', /hmac_keys .*relay\.yml.*both sides/],
    [403, 'relay', /firewall/],
    [404, 'url', /name under `tasks`/],
    [405, 'url', /path/],
    [418, 'url', /lead to a relay/],
    [429, 'relay', /a minute/],
    [503, 'relay', /healthz/],
  ])('tells what %i means, and what to do', async (status, about, remedy) => {
    const relay = await serve((_, response) => response.writeHead(status).end());
    expect(await ask(`${relay.url}/hooks/gate?secret=query`)).toEqual({
      kind: 'refused',
      about,
      summary: `${new URL(relay.url).host}/hooks/gate answered ${status}`,
      remedy: expect.stringMatching(remedy),
    });
  });

  it('does not follow a redirect, and says where it leads', async () => {
    const elsewhere = await serve((_, response) => response.end());
    const relay = await serve((_, response) => response.writeHead(308, { location: `${elsewhere.url}/hooks/gate?secret=1` }).end());
    expect(await ask(`${relay.url}/hooks/gate`)).toEqual({
      kind: 'refused',
      about: 'url',
      summary: `${new URL(relay.url).host}/hooks/gate redirects (308) to ${new URL(elsewhere.url).host}/hooks/gate`,
      remedy: expect.stringContaining('answers by itself'),
    });
    expect(elsewhere.seen).toEqual([]);
  });

  it('tells that nothing listens there', async () => {
    const relay = await startServer(() => undefined);
    await relay.close();
    expect(await ask(`${relay.url}/hooks/gate`)).toMatchObject({
      about: 'relay',
      summary: expect.stringContaining('refused the connection'),
      remedy: expect.stringContaining('Start the relay first'),
    });
  });

  it('tells that what listens there does not speak TLS', async () => {
    const relay = await serve((_, response) => response.end());
    expect(await ask(`${relay.url.replace('http:', 'https:')}/hooks/gate`)).toMatchObject({ kind: 'refused', about: 'relay' });
  });

  it.each([
    ['getaddrinfo ENOTFOUND relay.example.com', 'url', 'is not known'],
    ['self-signed certificate in certificate chain', 'relay', 'certificate is not trusted'],
    ['socket hang up', 'relay', 'could not be reached'],
  ])('tells a connection that fails with "%s"', async (message, about, summary) => {
    const broken = () => Promise.reject(new TypeError('fetch failed', { cause: new Error(message) }));
    const answer = await askRelay(
      { url: 'https://relay.example.com/hooks/gate', hmacKey: KEY },
      { fetch: broken, clock: createEagerClock(), signal },
    );
    expect(answer).toMatchObject({ kind: 'refused', about, summary: expect.stringContaining(summary) });
  });

  it('gives up after ten seconds', async () => {
    const clock = createManualClock();
    const arrived = Promise.withResolvers<void>();
    const relay = await serve(() => arrived.resolve());
    const asked = askRelay({ url: `${relay.url}/hooks/gate`, hmacKey: KEY }, { fetch, clock, signal });
    await arrived.promise;
    await clock.advance(10_000);
    expect(await asked).toMatchObject({ about: 'relay', summary: expect.stringContaining('did not answer within 10 s') });
  });

  it('stops when the user interrupts', async () => {
    const stop = new AbortController();
    const relay = await serve(() => stop.abort(new Error('interrupted')));
    const asked = askRelay({ url: relay.url, hmacKey: KEY }, { fetch, clock: createEagerClock(), signal: stop.signal });
    await expect(asked).rejects.toThrow('interrupted');
  });

  it.each(['relay.example.com/hooks/gate', 'http://relay.example.com/hooks/gate', 'https://user:pw@relay.example.com/hooks/gate'])(
    'asks no such address: %s',
    async (url) => {
      const answer = await askRelay(
        { url, hmacKey: KEY },
        { fetch: () => Promise.reject(new Error('asked')), clock: createEagerClock(), signal },
      );
      expect(answer).toMatchObject({ kind: 'refused', about: 'url' });
      expect(JSON.stringify(answer)).not.toContain('pw');
    },
  );
});
