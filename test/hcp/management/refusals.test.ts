// Everything that HCP may answer instead of what was asked for: what is repeated, what is told, and that no secret is in it.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHcpManagement } from '../../../src/hcp/management/index.ts';
import { createEagerClock } from '../../support/eager-clock.ts';
import { startServer } from '../../support/http-server.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { arrange, fault, KEY, spec, TOKEN, type Scene } from './arrange.ts';

let scene: Scene;
beforeEach(async () => void (scene = await arrange({ tokens: { 'a-token-without-leave': [] } })));
afterEach(() => scene.close());

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect('no failure').toBeNull(),
    (thrown: Error) => thrown,
  );

describe('a refusal', () => {
  it('names the host whose token is not accepted', async () => {
    const thrown = await failure(scene.connect({ token: 'another-token-altogether' }).runTasks('acme'));
    expect(thrown).toEqual(
      fault('E_HCP_TOKEN', {
        summary: `${scene.client.host} does not accept the token`,
        detail: 'It is wrong, expired or revoked, or belongs to another host',
      }),
    );
  });

  it.each([
    ['runTasks', 'the run tasks of the organization acme', 'Manage Run Tasks', 'run tasks'],
    ['workspaces', 'the workspaces of the organization acme', 'View all workspaces, or Read on each workspace', null],
    ['agentPools', 'the agent pools of the organization acme', 'Manage agent pools', 'private run tasks (agent pools)'],
  ] as const)('names object, permission and feature: %s', async (method, what, permission, feature) => {
    const thrown = await failure(scene.connect({ token: 'a-token-without-leave' })[method]('acme'));
    expect(thrown).toEqual(fault('E_HCP_MISSING', { status: 404, summary: `${scene.client.host} does not show this token ${what}` }));
    expect(thrown).toHaveProperty('detail', expect.stringContaining(`"${permission}"`));
    if (feature !== null) expect(thrown).toHaveProperty('detail', expect.stringContaining(`include ${feature}?`));
  });

  it('tells which attribute HCP does not take, and never the key', async () => {
    scene.emulator.failNext({
      method: 'POST',
      status: 422,
      body: JSON.stringify({
        errors: [
          { title: 'invalid attribute', detail: `hmac-key ${KEY} is bad`, source: { pointer: '/data/attributes/hmac-key' } },
          { title: 'invalid attribute', source: { pointer: '/data/attributes/url' } },
        ],
      }),
    });
    const thrown = await failure(scene.client.createRunTask('acme', spec(scene)));
    expect(thrown).toEqual(
      fault('E_HCP_INVALID', {
        status: 422,
        errors: [
          { text: 'hmac-key *** is bad', attribute: 'hmac-key' },
          { text: 'invalid attribute', attribute: 'url' },
        ],
      }),
    );
  });

  it('does not show a changed key either', async () => {
    const task = await scene.client.createRunTask('acme', spec(scene));
    const hmacKey = 'another-key-of-enough-length';
    scene.emulator.failNext({ method: 'PATCH', status: 422, body: JSON.stringify({ errors: [{ detail: `no: ${hmacKey}, ${TOKEN}` }] }) });
    expect(await failure(scene.client.updateRunTask(task, { hmacKey }))).toEqual(fault('E_HCP_INVALID', { detail: 'no: ***, ***' }));
  });

  it('shows nothing of a page that is not the API’s', async () => {
    scene.emulator.failNext({ status: 200, body: '<html>Sign in</html>' });
    expect(await failure(scene.client.runTasks('acme'))).toEqual(
      fault('E_HCP_ANSWER', {
        summary: expect.stringContaining('is not what its API gives'),
        detail: expect.stringContaining('login page'),
      }),
    );
    scene.emulator.failNext({ status: 400, body: '<html>no</html>' });
    expect(await failure(scene.client.runTasks('acme'))).toEqual(fault('E_HCP_INVALID', { detail: 'It gave no reason' }));
  });

  it('takes a page for no deletion', async () => {
    const task = await scene.client.createRunTask('acme', spec(scene));
    scene.emulator.failNext({ method: 'DELETE', status: 200, body: '<html>Sign in</html>' });
    expect(await failure(scene.client.deleteRunTask(task))).toEqual(fault('E_HCP_ANSWER'));
    expect(scene.emulator.tasks('acme')).toHaveLength(1);
  });

  it('takes the token nowhere: a redirect is not followed', async () => {
    const elsewhere = await startServer((_, response) => response.end('{"data":[]}'));
    try {
      scene.emulator.failNext({ status: 307, headers: { location: `${elsewhere.url}/api?secret=1` } });
      const thrown = await failure(scene.client.runTasks('acme'));
      expect(thrown).toEqual(fault('E_HCP_ANSWER', { summary: `${scene.client.host} sends on to ${new URL(elsewhere.url).host}` }));
      expect(elsewhere.seen).toEqual([]);
    } finally {
      await elsewhere.close();
    }
  });

  it.each([
    ['http://app.terraform.io', 'E_HCP_UNREACHABLE'],
    ['https://user:pw@app.terraform.io', 'E_HCP_UNREACHABLE'],
    ['app.terraform.io', 'E_HCP_UNREACHABLE'],
  ])('speaks to no such address: %s', (url, code) => {
    expect(() => createHcpManagement({ url, token: TOKEN, fetch, clock: createEagerClock() })).toThrow(fault(code));
  });

  it.each(['..', '.', ''])('asks for no object whose name is a step of a path: %j', async (name) => {
    await expect(scene.client.runTasks(name)).rejects.toEqual(fault('E_HCP_INVALID'));
    expect(scene.emulator.seen).toEqual([]);
  });

  it.each(['', 'two words', 'line\nbreak', 'umläut'])('takes no such token: %j', (token) => {
    expect(() => scene.connect({ token })).toThrow(fault('E_HCP_TOKEN', { message: expect.not.stringContaining(token || 'nothing') }));
  });
});

describe('trouble', () => {
  it('is waited for when HCP says 429: all requests, as long as it asks', async () => {
    scene.emulator.failNext({ status: 429, headers: { 'retry-after': '7' } });
    scene.emulator.failNext({ status: 429, headers: { 'x-ratelimit-reset': '0.417' } });
    const waits: number[] = [];
    const client = scene.connect({ onWait: (ms) => waits.push(ms) });
    expect(await client.runTasks('acme')).toEqual([]);
    expect(waits).toEqual([7000, 417]);
    expect(scene.clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(7417);
    expect(scene.requests()).toHaveLength(3);
  });

  it('a write is repeated after 429, which was not carried out', async () => {
    scene.emulator.failNext({ method: 'POST', status: 429 });
    await scene.client.createRunTask('acme', spec(scene));
    expect(scene.emulator.tasks('acme')).toHaveLength(1);
    expect(scene.requests()).toEqual(['POST /organizations/acme/tasks', 'POST /organizations/acme/tasks']);
  });

  it('ends after two minutes of 429, and not before', async () => {
    scene.emulator.failNext({ status: 429, headers: { 'retry-after': '10' }, times: 12 });
    expect(await scene.client.runTasks('acme')).toEqual([]);
    expect(scene.requests()).toHaveLength(13);
    scene.emulator.failNext({ status: 429, headers: { 'retry-after': '10' }, times: 99 });
    const before = scene.clock.now();
    expect(await failure(scene.client.runTasks('other'))).toEqual(fault('E_HCP_RATE_LIMIT', { retryable: true }));
    expect(scene.clock.now() - before).toBeGreaterThan(120_000);
    expect(scene.clock.now() - before).toBeLessThan(140_000);
  });

  it.each([{ status: 502 }, { reset: true }, { cutAfterBytes: 5 }] as const)('reads again: %j', async (rule) => {
    scene.emulator.failNext({ ...rule, times: 3 });
    expect(await scene.client.runTasks('acme')).toEqual([]);
    expect(scene.clock.slept).toEqual(expect.arrayContaining([500, 1000, 2000]));
  });

  it('reads four times and no more', async () => {
    scene.emulator.failNext({ status: 503, times: 4 });
    expect(await failure(scene.client.runTasks('acme'))).toEqual(
      fault('E_HCP_UNREACHABLE', {
        summary: expect.stringContaining('(it answered 503)'),
        detail: expect.stringContaining('Nothing was changed'),
      }),
    );
    expect(scene.requests()).toHaveLength(4);
  });

  it('does not wait for ever', async () => {
    const clock = createManualClock();
    scene.emulator.failNext({ hang: true });
    const asked = scene.connect({ clock }).runTasks('acme');
    await scene.emulator.until(() => scene.emulator.seen.length === 1);
    await clock.advance(29_999);
    expect(scene.emulator.seen).toHaveLength(1);
    await clock.advance(600);
    expect(await asked).toEqual([]);
  });

  it('stops reading when the user interrupts, and begins no write', async () => {
    const stop = new AbortController();
    const client = scene.connect({ signal: stop.signal });
    scene.emulator.failNext({ hang: true });
    const asked = failure(client.runTasks('acme'));
    await scene.emulator.until(() => scene.emulator.seen.length === 1);
    stop.abort(new Error('interrupted by the user'));
    expect(await asked).toEqual(new Error('interrupted by the user'));
    expect(await failure(client.createRunTask('acme', spec(scene)))).toEqual(new Error('interrupted by the user'));
    expect(scene.emulator.tasks('acme')).toEqual([]);
  });

  it('finishes a write that is under way when the user interrupts', async () => {
    const stop = new AbortController();
    const client = scene.connect({ signal: stop.signal });
    scene.emulator.watch((event) => {
      if (event.type === 'arrived') stop.abort();
    });
    expect(await client.createRunTask('acme', spec(scene))).toMatchObject({ name: 'gate' });
  });
});
