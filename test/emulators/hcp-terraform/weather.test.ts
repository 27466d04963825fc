import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { arrange, get, type Scene } from './arrange.ts';

describe('failNext', () => {
  let scene: Scene;
  beforeEach(async () => void (scene = await arrange({ attach: [] })));
  afterEach(() => scene.close());
  const ping = (): Promise<Response> => fetch(`${scene.hcp.url}/api/v2/ping`);

  it('answers the next request otherwise, once unless told', async () => {
    scene.hcp.failNext({ status: 503, headers: { 'retry-after': '7' }, body: 'no' });
    const bad = await ping();
    expect([bad.status, bad.headers.get('retry-after'), await bad.text()]).toEqual([503, '7', 'no']);
    expect((await ping()).status).toBe(204);
    scene.hcp.failNext({ status: 429, times: 2 });
    expect([(await ping()).status, (await ping()).status, (await ping()).status]).toEqual([429, 429, 204]);
  });

  it('takes only the requests that a rule describes', async () => {
    scene.hcp.failNext({ server: 'store', status: 500 });
    scene.hcp.failNext({ method: 'patch', status: 500 });
    scene.hcp.failNext({ path: 'nothing', status: 500 });
    scene.hcp.failNext({ path: /p[a-z]ng$/g, status: 418 });
    expect([(await ping()).status, (await ping()).status]).toEqual([418, 204]);
    expect((await get(`${scene.hcp.storeUrl}/v1/object/x`)).status).toBe(500);
  });

  it('hangs until the caller gives up', async () => {
    scene.hcp.failNext({ hang: true });
    const gaveUp = new AbortController();
    const asked = fetch(`${scene.hcp.url}/api/v2/ping`, { signal: gaveUp.signal });
    await scene.hcp.until(() => scene.hcp.seen.length === 1);
    gaveUp.abort();
    await expect(asked).rejects.toThrow();
    expect(scene.hcp.seen[0]).toMatchObject({ status: null });
  });

  it('breaks hanging connections when it is reset', async () => {
    scene.hcp.failNext({ hang: true });
    const asked = ping();
    const broken = expect(asked).rejects.toThrow('fetch failed');
    await scene.hcp.until(() => scene.hcp.seen.length === 1);
    scene.hcp.reset();
    await broken;
  });

  it('resets the connection', async () => {
    scene.hcp.failNext({ reset: true });
    await expect(ping()).rejects.toThrow('fetch failed');
    expect((await ping()).status).toBe(204);
  });

  it('is slow on the clock, and then answers as ever', async () => {
    scene.hcp.failNext({ delayMs: 5000 });
    const asked = ping();
    await scene.hcp.until(() => scene.hcp.seen.length === 1);
    await scene.clock.advance(4999);
    expect(scene.hcp.seen[0]!.status).toBeNull();
    await scene.clock.advance(1);
    expect((await asked).status).toBe(204);
  });

  it('does not wait for a caller who has left while it was slow', async () => {
    scene.hcp.failNext({ delayMs: 5000 });
    const gaveUp = new AbortController();
    const asked = expect(fetch(`${scene.hcp.url}/api/v2/organizations`, { signal: gaveUp.signal })).rejects.toThrow();
    await scene.hcp.until(() => scene.hcp.seen.length === 1);
    gaveUp.abort();
    await asked;
    await scene.clock.advance(5000);
    // afterEach closes the emulator: it would hang there.
    expect((await ping()).status).toBe(204);
  });

  it('cuts a body off', async () => {
    scene.hcp.failNext({ cutAfterBytes: 5 });
    const answer = await get(`${scene.hcp.url}/api/v2/organizations`, scene.hcp.adminToken);
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
  });

  it.each([{ reset: true } as const, { status: 502 } as const])('does the work first and leaves the caller in doubt: %j', async (rule) => {
    await scene.close();
    scene = await arrange();
    const run = await scene.startPosted({ speculative: true });
    scene.hcp.failNext({ method: 'PATCH', after: true, ...rule });
    await scene.callback(run.taskResults[0]!, 'failed').catch(() => undefined);
    expect(run.taskResults[0]).toMatchObject({ status: 'failed', terminalCount: 1 });
    expect(await scene.callback(run.taskResults[0]!, 'failed')).toMatchObject({ status: 409 });
  });
});

describe('what the emulator remembers', () => {
  let scene: Scene;
  afterEach(() => scene.close());

  it('is every request with headers, bodies and status, in order', async () => {
    scene = await arrange();
    const run = await scene.startPosted();
    await scene.callback(run.taskResults[0]!, 'passed');
    expect(scene.hcp.seen).toHaveLength(1);
    expect(scene.hcp.seen[0]).toMatchObject({
      server: 'api',
      method: 'PATCH',
      path: `/api/v2/task-results/${run.taskResults[0]!.callbackId}/callback`,
      headers: { 'content-type': 'application/vnd.api+json', 'authorization': `Bearer ${run.taskResults[0]!.accessToken}` },
      body: expect.stringContaining('"it passed"'),
      status: 200,
      responseBody: expect.stringContaining('"passed"'),
    });
  });

  it('is gone after a reset, runs and all', async () => {
    scene = await arrange();
    const run = await scene.startPosted();
    scene.hcp.failNext({ status: 500 });
    scene.hcp.reset();
    expect((await fetch(`${scene.hcp.url}/api/v2/ping`)).status).toBe(204);
    scene.hcp.reset();
    expect(await run.finished()).toMatchObject({ status: 'canceled' });
    expect([scene.hcp.seen, scene.hcp.sent]).toEqual([[], []]);
    await expect(scene.start()).rejects.toMatchObject({ status: 404 });
    scene.hcp.createOrganization('acme');
    scene.hcp.createWorkspace({ organization: 'acme', name: 'net' });
    await scene.hcp.createRunTask({ organization: 'acme', name: 'gate', url: scene.relay.url });
    expect(scene.hcp.sent).toHaveLength(1);
  });

  it('may be waited for', async () => {
    scene = await arrange({ attach: [] });
    const later = scene.hcp.until(() => scene.hcp.seen.find(({ path }) => path.endsWith('/ping')));
    await fetch(`${scene.hcp.url}/api/v2/ping`);
    expect((await later).method).toBe('GET');
    await expect(
      scene.hcp.until(() => {
        throw new Error('a mistake in the test');
      }),
    ).rejects.toThrow('a mistake in the test');
  });
});
