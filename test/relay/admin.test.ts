// Two listeners: what is for the operator alone is not where HCP Terraform and the jobs come in.
import { afterEach, describe, expect, it } from '@jest/globals';
import { deliveryListSchema, recordedDeliverySchema } from '../../src/contracts/deliveries.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
afterEach(() => world.close());

const LOOPBACK = { host: '127.0.0.1', port: 0 };

describe('the public listener', () => {
  it.each(['/metrics', '/metrics/', '//metrics', '/METRICS', '/%6detrics', '/admin/metrics', '/hooks/../metrics'])(
    'tells nobody about run tasks: %s',
    async (where) => {
      world = await createWorld();
      await world.dispatched();
      const { url } = await world.relay.listen(LOOPBACK);
      for (const method of ['GET', 'HEAD', 'POST']) {
        const response = await fetch(`${url}${where}`, { method });
        expect(response.status).toBe(404);
        expect(await response.text()).not.toContain('runtask_');
      }
    },
  );

  it('says of its health one word', async () => {
    world = await createWorld();
    await world.dispatched();
    const { url } = await world.relay.listen(LOOPBACK);
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ready' });
  });
});

describe('the admin listener', () => {
  it('has the metrics and the health, with headers that keep browsers and caches away', async () => {
    world = await createWorld();
    await world.dispatched();
    const { url } = await world.relay.admin.listen(LOOPBACK);
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(metrics.headers.get('cache-control')).toBe('no-store');
    const text = await metrics.text();
    expect(text).toContain('runtask_posts_total{answer="kept"} 1\n');
    expect(text).toContain('runtask_tasks{state="dispatched"} 1\n');
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ready' });
  });

  it('takes no run tasks and no claims', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    for (const where of ['/hooks/gate', `/v1/run-tasks/${payload.id}/claim`, `/v1/run-tasks/${payload.id}/renew`]) {
      const request = new Request(`http://127.0.0.1${where}`, { method: 'POST', headers: { authorization: 'Bearer x' }, body: '{}' });
      expect((await world.relay.admin.fetch(request)).status).toBe(404);
    }
    expect(world.event('run task refused')).toBeUndefined();
    expect(world.event('claim refused')).toBeUndefined();
  });

  it('answers no name that a page in a browser could have pointed at it', async () => {
    world = await createWorld();
    for (const [where, status] of [
      ['http://evil.example/metrics', 404],
      ['http://evil.example/v1/deliveries', 404],
      ['http://localhost.evil.example:8081/v1/deliveries', 404],
      ['http://localhost:8081/v1/deliveries', 200],
      ['http://[::1]:8081/v1/deliveries', 200],
    ] as const)
      expect([where, (await world.relay.admin.fetch(new Request(where))).status]).toEqual([where, status]);
  });

  it('lists the run tasks, newest first, and shows one, without what opens a door', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    const ask = async (path: string): Promise<{ status: number; text: string }> => {
      const response = await world.relay.admin.fetch(new Request(`http://127.0.0.1${path}`));
      return { status: response.status, text: await response.text() };
    };
    const list = await ask('/v1/deliveries');
    expect(deliveryListSchema.parse(JSON.parse(list.text)).deliveries).toMatchObject([
      { id: payload.id, task: 'gate', workspace: 'net-prod', stage: 'post_plan', state: 'dispatched', verdict: null, done_at: null },
    ]);
    const one = await ask(`/v1/deliveries/${payload.id}`);
    expect(recordedDeliverySchema.parse(JSON.parse(one.text))).toMatchObject({
      id: payload.id,
      facts: { stage: 'post_plan' },
      problem: null,
    });
    const ticket = 'ticket' in payload ? payload.ticket : '';
    for (const { text } of [list, one]) for (const secret of [ticket, 'atlasv1', '/api/v2/']) expect(text).not.toContain(secret);
    expect(await ask('/v1/deliveries/none')).toMatchObject({ status: 404 });
    for (const limit of ['0', '-1', 'x', '501']) expect(await ask(`/v1/deliveries?limit=${limit}`)).toMatchObject({ status: 400 });
    expect(JSON.parse((await ask(`/v1/deliveries?before=${payload.id}`)).text)).toEqual({ deliveries: [] });
  });

  it('ends with the relay', async () => {
    world = await createWorld();
    const { url } = await world.relay.admin.listen(LOOPBACK);
    await world.relay.close();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it('says that the store is in trouble, and not what the trouble is', async () => {
    world = await createWorld({
      started: false,
      wrapStore: (store) => ({ ...store, count: () => Promise.reject(Object.assign(new Error('disk /secret/path is gone'))) }),
    });
    const response = await world.relay.admin.fetch(new Request('http://127.0.0.1/metrics'));
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('/secret/path');
    expect(world.event('unexpected error')?.fields).toMatchObject({ error: expect.stringContaining('/secret/path') });
  });
});
