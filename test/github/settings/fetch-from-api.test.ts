// Redirects, as a renamed repository makes them and as somebody in between might.
import { afterEach, describe, expect, it } from '@jest/globals';
import { fetchFromApi } from '../../../src/github/settings/fetch-from-api.ts';
import { NotTheApi } from '../../../src/github/settings/fault.ts';
import { startServer, type TestServer } from '../../support/http-server.ts';

let servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

async function aServer(...[answer]: Parameters<typeof startServer>): Promise<TestServer> {
  const server = await startServer(answer);
  servers.push(server);
  return server;
}

const json = { 'content-type': 'application/json' };
const ask = fetchFromApi(fetch);
const SEALED = '{"encrypted_value":"c2VhbGVk"}';

describe('fetchFromApi', () => {
  it.each([
    ['GET', 301],
    ['GET', 302],
    ['GET', 307],
    ['PUT', 307],
    ['PATCH', 308],
  ])('follows a %s by %s on the same host, method and body as they are', async (method, status) => {
    const server = await aServer(({ url }, response) =>
      url === '/old' ? response.writeHead(status, { location: '/new' }).end() : response.writeHead(200, json).end('{}'),
    );
    const body = method === 'GET' ? {} : { body: SEALED };
    expect(await (await ask(`${server.url}/old`, { method, ...body })).json()).toEqual({});
    expect(server.seen.map((seen) => [seen.method, seen.url, seen.body])).toEqual(
      ['/old', '/new'].map((url) => [method, url, method === 'GET' ? '' : SEALED]),
    );
  });

  it.each([301, 302])('does not make a GET of a PUT that is redirected by %s', async (status) => {
    const server = await aServer((_, response) => response.writeHead(status, { location: '/new' }).end());
    await expect(ask(`${server.url}/old`, { method: 'PUT', body: SEALED })).rejects.toThrow(NotTheApi);
    expect(server.seen).toHaveLength(1);
  });

  it.each(['GET', 'PUT'])('carries no %s to another host', async (method) => {
    const other = await aServer((_, response) => response.writeHead(200, json).end('{}'));
    const server = await aServer((_, response) => response.writeHead(307, { location: `${other.url}/key` }).end());
    const headers = { authorization: 'Bearer token-of-somebody' };
    await expect(ask(`${server.url}/key`, { method, headers, ...(method === 'PUT' ? { body: SEALED } : {}) })).rejects.toThrow(NotTheApi);
    expect(other.seen).toEqual([]);
  });

  it.each(['/old', 'http://[', '//elsewhere.example.com/x'])('ends a circle and a nonsense: %s', async (location) => {
    const server = await aServer((_, response) => response.writeHead(302, { location }).end());
    await expect(ask(`${server.url}/old`)).rejects.toThrow(NotTheApi);
    expect(server.seen.length).toBeLessThan(6);
  });
});
