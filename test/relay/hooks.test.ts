import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ResolvedTask } from '../../src/relay/config/resolved.ts';
import { createWorld, HMAC_KEY, type World } from './support/world.ts';
import { until } from './support/until.ts';

let world: World;
afterEach(() => world.close());

const refusal = (): unknown => world.event('run task refused')?.fields;
const tasks = (): Promise<unknown> => world.store.count();

describe('POST /hooks/{task}', () => {
  it('refuses a post without a signature, and says what is missing', async () => {
    world = await createWorld({ started: false });
    const response = await world.post(world.request(), { headers: { 'x-tfc-task-signature': '' } });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ error: { code: 'signature-missing', message: expect.stringContaining('HMAC key') } });
    expect(refusal()).toEqual({ task: 'gate', reason: 'signature-missing', detail: '' });
    expect(await tasks()).toEqual({});
  });

  it.each([
    ['signed with another key', { key: 'another-key-of-enough-characters' }, 401, 'signature-mismatch'],
    ['with a signature of another length', { headers: { 'x-tfc-task-signature': 'abc' } }, 401, 'signature-mismatch'],
    ['of another content type', { headers: { 'content-type': 'text/plain' } }, 415, 'wrong-content-type'],
    ['that is not JSON', { raw: Buffer.from('{"a":') }, 400, 'not-json'],
    ['that is not UTF-8', { raw: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) }, 400, 'not-json'],
    ['for an unknown task', { task: 'nobody' }, 404, 'unknown-task'],
    ['for a name of every object', { task: '__proto__' }, 404, 'unknown-task'],
    ['that is JSON but no request', { raw: Buffer.from('[1,2]') }, 422, 'no-usable-callback'],
    ['over 1 MiB', { raw: Buffer.alloc(1024 * 1024 + 1, 0x20) }, 413, 'too-large'],
  ])('refuses a post %s, without effect', async (_name, how, status, reason) => {
    world = await createWorld({ started: false });
    const response = await world.post(world.request(), how);
    expect(response.status).toBe(status);
    expect(refusal()).toMatchObject({ reason });
    expect(await tasks()).toEqual({});
  });

  it('refuses a body cut by one byte', async () => {
    world = await createWorld({ started: false });
    const body = Buffer.from(JSON.stringify(world.request()));
    const signature = createHmac('sha512', HMAC_KEY).update(body).digest('hex');
    const response = await world.post(null, { raw: body.subarray(0, -1), headers: { 'x-tfc-task-signature': signature } });
    expect(response.status).toBe(401);
  });

  it('counts the bytes of a body without a length', async () => {
    world = await createWorld({ started: false });
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({ pull: (c) => (pulled++, c.enqueue(new Uint8Array(64 * 1024))) });
    const request = new Request('http://relay.test/hooks/gate', { method: 'POST', body: endless, duplex: 'half' } as RequestInit);
    expect((await world.relay.fetch(request)).status).toBe(413);
    expect(pulled).toBeLessThan(20);
  });

  it('accepts any of several keys, a charset, and a signature in capitals', async () => {
    world = await createWorld({ started: false, task: { hmacKeys: ['the-old-key-0123456789', HMAC_KEY] } });
    const first = await world.post(world.request(), { headers: { 'content-type': 'application/json; charset=utf-8' } });
    const second = await world.post(world.request(), { key: 'the-old-key-0123456789' });
    const body = Buffer.from(JSON.stringify(world.request()));
    const signature = createHmac('sha512', HMAC_KEY).update(body).digest('hex').toUpperCase();
    const third = await world.post(null, { raw: body, headers: { 'x-tfc-task-signature': signature } });
    expect([first.status, second.status, third.status]).toEqual([200, 200, 200]);
  });

  it('answers the registration test with 200 and does nothing, whatever organization it names', async () => {
    world = await createWorld();
    const response = await world.post(world.request({ access_token: 'test-token', organization_name: 'test-org' }));
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(await tasks()).toEqual({});
    expect((await world.post({ access_token: 'test-token' }, { key: 'another-key-of-enough-characters' })).status).toBe(401);
  });

  it('answers the same post again with 200, without a second dispatch', async () => {
    world = await createWorld();
    const request = world.request();
    await world.post(request);
    await until(() => world.event('dispatch sent'), 'the dispatch');
    const again = await world.post({ ...request, run_message: 'said otherwise' });
    expect(again.status).toBe(200);
    await world.clock.advance(60_000);
    expect(world.github.dispatches).toHaveLength(1);
    expect(await tasks()).toEqual({ dispatched: 1 });
  });

  it('keeps the row before it answers: nothing is dispatched while the store does not work, and HCP is asked to come again', async () => {
    let broken = true;
    world = await createWorld({
      started: false,
      wrapStore: (store) => ({ ...store, put: (task) => (broken ? store.close().then(() => store.put(task)) : store.put(task)) }),
    });
    const response = await world.post(world.request());
    expect(response.status).toBe(503);
    expect(refusal()).toMatchObject({ reason: 'store-trouble' });
    broken = false;
  });

  it.each([
    ['an organization that is not listed', { organization_name: 'evil' }, /Organization "evil"/],
    ['an unknown stage', { stage: 'pre_everything' }, /does not understand.*stage/],
    ['an unknown enforcement level', { task_result_enforcement_level: 'harsh' }, /task_result_enforcement_level/],
    ['a plan on a foreign host', { plan_json_api_url: 'https://evil.example/plan' }, /plan_json_api_url is on evil\.example|uses|others/],
    ['a configuration on a foreign host', { configuration_version_download_url: 'https://evil.example/cv' }, /configuration_version_down/],
    ['a link to a foreign host', { run_app_url: 'https://evil.example/run' }, /run_app_url/],
    ['a workspace on a foreign host', { workspace_app_url: 'https://evil.example/workspace' }, /workspace_app_url/],
    ['a text of 9,000 characters', { run_created_by: 'x'.repeat(9000) }, /run_created_by/],
  ])('gives a signed request with %s a verdict with the reason', async (_name, change, message) => {
    world = await createWorld();
    const response = await world.post({ ...world.request(), ...change });
    expect(response.status).toBe(200);
    await until(() => world.hcp.verdicts().length === 1, 'the verdict');
    expect(world.hcp.verdicts()).toMatchObject([{ status: 'failed', message: expect.stringMatching(message) }]);
    expect(world.hcp.verdicts()[0]!.message.length).toBeLessThanOrEqual(1000);
    expect(world.github.dispatches).toEqual([]);
    expect(world.hcp.running()).toEqual([]);
  });

  it('sends the token of one allowed host to no other, though it is allowed too', async () => {
    const other = 'https://tfe.example.com';
    world = await createWorld({
      config: ({ tasks, ...rest }) => {
        const gate = tasks['gate']!;
        return { ...rest, tasks: { gate: { ...gate, hcp_hosts: [...gate.hcp_hosts, new URL(other).host] } } };
      },
    });
    await world.post(
      world.request({
        plan_json_api_url: `${other}/plan`,
        configuration_version_download_url: `${other}/cv`,
        run_app_url: `${other}/run`,
        workspace_app_url: `${other}/workspace`,
      }),
    );
    await until(() => world.hcp.verdicts().length === 1, 'the verdict');
    expect(world.hcp.verdicts()).toMatchObject([
      { status: 'failed', message: expect.stringMatching(/plan_json_api_url is on tfe\.example\.com, the others on 127/) },
    ]);
    expect(world.github.dispatches).toEqual([]);
  });

  it.each([
    ['a callback on a foreign host', { task_result_callback_url: 'https://evil.example/callback' }],
    ['a callback that is no URL', { task_result_callback_url: 'callback' }],
    ['a callback over plain http', { task_result_callback_url: 'http://app.terraform.io/callback' }],
    ['no token', { access_token: '' }],
    ['a token with a line break, which an HTTP client would quote in its error', { access_token: 'abc\ndef' }],
    ['a token that is a list', { access_token: ['a'] }],
    ['a task result id of 9,000 characters', { task_result_id: 'x'.repeat(9000) }],
  ])('answers 422 to a signed request with %s: nobody could be told', async (_name, change) => {
    // The stand-in's own host stays allowed, so that each of these is refused for what it says.
    const alsoReal = (task: ResolvedTask): ResolvedTask => ({ ...task, hcp_hosts: [...task.hcp_hosts, 'app.terraform.io'] });
    world = await createWorld({ config: (config) => ({ ...config, tasks: { gate: alsoReal(config.tasks['gate']!) } }) });
    const response = await world.post({ ...world.request(), ...change });
    expect(response.status).toBe(422);
    expect(await tasks()).toEqual({});
  });

  it('reads duplicate keys and __proto__ as one JSON document, judged as it is used', async () => {
    world = await createWorld();
    const text = JSON.stringify(world.request());
    const raw = Buffer.from(
      `{"__proto__":{"organization_name":"acme"},"organization_name":"acme",${text.slice(1, -1)},"organization_name":"evil"}`,
    );
    expect((await world.post(null, { raw })).status).toBe(200);
    await until(() => world.hcp.verdicts().length === 1, 'the verdict');
    expect(world.hcp.verdicts()).toMatchObject([{ status: 'failed', message: expect.stringContaining('"evil"') }]);
  });

  it('is not crashed by a document as deep as a body can be', async () => {
    world = await createWorld({ started: false, deps: { record: () => Promise.reject(new Error('disk full')) } });
    const raw = Buffer.from('['.repeat(500_000) + ']'.repeat(500_000));
    expect((await world.post(null, { raw })).status).toBe(422);
    expect(world.event('post not recorded')?.fields).toMatchObject({ error: 'disk full' });
  });

  it('accepts none of 10,000 mutated bodies, and lives', async () => {
    world = await createWorld({ started: false });
    const body = Buffer.from(JSON.stringify(world.request()));
    const signature = createHmac('sha512', HMAC_KEY).update(body).digest('hex');
    const mutation = fc.oneof(
      fc.tuple(fc.constant('flip' as const), fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 })),
      fc.tuple(fc.constant('cut' as const), fc.nat(body.length - 1), fc.constant(0)),
      fc.tuple(fc.constant('insert' as const), fc.nat(body.length), fc.integer({ min: 0, max: 255 })),
      fc.tuple(fc.constant('swap' as const), fc.nat(body.length - 2), fc.constant(0)),
    );
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(mutation, async ([kind, at, byte]) => {
        const raw = mutate(body, kind, at, byte);
        fc.pre(!raw.equals(body));
        const response = await world.post(null, { raw, headers: { 'x-tfc-task-signature': signature } });
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        expect(response.status).toBe(401);
      }),
      { numRuns: 10_000 },
    );
    expect([...statuses.keys()]).toEqual([401]);
    expect(statuses.get(401)).toBeGreaterThanOrEqual(10_000);
    expect(await tasks()).toEqual({});
  });

  it('gives every correctly signed mutation a 200, 400 or 422, and nothing but a verdict or a dispatch to the right repository', async () => {
    world = await createWorld({ started: false });
    const key = fc.constantFrom(...Object.keys(world.request()), '__proto__', 'constructor');
    const value = fc.oneof(fc.string(), fc.constant(null), fc.integer(), fc.boolean(), fc.webUrl(), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(key, value), { minLength: 1, maxLength: 4 }), async (changes) => {
        const raw = Buffer.from(JSON.stringify({ ...world.request(), ...Object.fromEntries(changes) }));
        const { status } = await world.post(null, { raw });
        expect([200, 400, 422]).toContain(status);
      }),
      { numRuns: 500 },
    );
  });
});

function mutate(body: Buffer, kind: 'flip' | 'cut' | 'insert' | 'swap', at: number, byte: number): Buffer {
  switch (kind) {
    case 'flip': {
      const copy = Buffer.from(body);
      copy[at] = copy[at]! ^ byte;
      return copy;
    }
    case 'cut':
      return body.subarray(0, at);
    case 'insert':
      return Buffer.concat([body.subarray(0, at), Buffer.of(byte), body.subarray(at)]);
    case 'swap':
      return Buffer.concat([body.subarray(0, at), Buffer.of(body[at + 1]!, body[at]!), body.subarray(at + 2)]);
  }
}
