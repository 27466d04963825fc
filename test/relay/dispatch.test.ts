// Starting workflows on a GitHub with bad weather.
import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { jwtVerify } from 'jose';
import { sealedPayloadSchema } from '../../src/contracts/client-payload.ts';
import { createRelayKey, createSealKey, readKey } from '../../src/sealed/keys.ts';
import { openTask } from '../../src/sealed/open.ts';
import { createWorld, type World } from './support/world.ts';
import { until } from './support/until.ts';

let world: World;
afterEach(() => world.close());

const MINUTE = 60_000;
const weather = (answer: World['github']['script'][number]['answer'], path = /dispatches$/): void =>
  void world.github.script.push({ path, answer });
const appConfig = (): { config: NonNullable<Parameters<typeof createWorld>[0]>['config']; publicKey: string } => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKeyPem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    config: (config) => ({ ...config, github: { ...config.github, identity: { kind: 'app', appId: '12', privateKeyPem } } }),
  };
};

describe('a dispatch', () => {
  it('comes through a GitHub that answers 500 for a while', async () => {
    world = await createWorld();
    for (const status of [500, 502, 503]) weather({ status });
    await world.post(world.request());
    await world.pass(30_000);
    expect(world.github.dispatches).toHaveLength(1);
    expect(await world.store.count()).toEqual({ dispatched: 1 });
  });

  it('comes through a GitHub that hangs, and one that resets', async () => {
    world = await createWorld();
    weather('hang');
    weather('reset');
    await world.post(world.request());
    await world.pass(30_000);
    expect(world.github.dispatches).toHaveLength(1);
  });

  it('waits as long as GitHub asks, and all others of that installation with it', async () => {
    world = await createWorld();
    weather({ status: 403, headers: { 'retry-after': '90' }, message: 'You have exceeded a secondary rate limit' });
    await world.post(world.request());
    await until(() => world.event('dispatch refused'), 'the refusal');
    await world.post(world.request());
    await world.pass(85_000);
    expect(world.github.dispatches).toEqual([]);
    expect(world.hcp.running().at(-1)?.message).toMatch(/^Starting|^Waiting/);
    await world.pass(15_000);
    expect(world.github.dispatches).toHaveLength(2);
  });

  it('reads the reset time of the primary rate limit', async () => {
    world = await createWorld();
    const reset = String(Math.floor(world.clock.now() / 1000) + 120);
    weather({ status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset } });
    await world.post(world.request());
    await world.pass(115_000);
    expect(world.github.dispatches).toEqual([]);
    await world.pass(10_000);
    expect(world.github.dispatches).toHaveLength(1);
  });

  it('that cannot happen two minutes before the deadline fails for GitHub’s rate limit, in time', async () => {
    world = await createWorld();
    weather({ status: 429, headers: { 'retry-after': '3600' } });
    await world.post(world.request());
    await world.pass(7 * MINUTE - 10_000);
    expect(world.hcp.verdicts()).toEqual([]);
    await world.pass(15_000);
    expect(world.hcp.verdicts()).toMatchObject([
      { status: 'failed', message: expect.stringMatching(/^GitHub's rate limit/), answered: 200 },
    ]);
    expect(world.event('verdict on record')?.fields).toMatchObject({ by: 'github' });
    await world.pass(60 * MINUTE, MINUTE);
    expect(world.github.dispatches).toEqual([]);
  });

  it('that GitHub refuses for seven minutes fails with GitHub’s last word', async () => {
    world = await createWorld();
    for (let n = 0; n < 50; n++) weather({ status: 503, message: 'Unicorn' });
    await world.post(world.request());
    await world.pass(7.5 * MINUTE);
    expect(world.hcp.verdicts()).toMatchObject([{ message: expect.stringContaining('503') }]);
    // At most one every minute in the end: a GitHub that lies down is not beaten.
    const tries = world.github.seen.filter(({ url }) => url.endsWith('/dispatches')).length;
    expect(tries).toBeGreaterThan(5);
    expect(tries).toBeLessThan(25);
  });

  it.each([
    ['the repository is not there', /repos\/acme\/terraform-gate$/, { status: 404 }, /does not show the repository acme\/terraform-gate/],
    ['the relay may not write', /dispatches$/, { status: 403, message: 'Resource not accessible by integration' }, /contents: write/],
    [
      'GitHub finds the event invalid',
      /dispatches$/,
      { status: 422, message: 'No more than 10 properties are allowed' },
      /No more than 10 properties/,
    ],
    ['GitHub hides the repository at the dispatch', /dispatches$/, { status: 404 }, /may a personal access token write contents/],
  ])('fails at once, with the remedy, when %s', async (_name, path, answer, message) => {
    world = await createWorld();
    weather(answer, path);
    await world.post(world.request());
    await until(() => world.hcp.verdicts().length === 1, 'the verdict');
    expect(world.hcp.verdicts()).toMatchObject([{ status: 'failed', message: expect.stringMatching(message) }]);
    expect(world.event('verdict on record')?.fields).toMatchObject({ by: 'github' });
  });

  it('tries a 401 three times before it believes it', async () => {
    world = await createWorld();
    for (let n = 0; n < 3; n++) weather({ status: 401, message: 'Bad credentials' }, /repos\/acme\/terraform-gate$/);
    await world.post(world.request());
    await world.pass(20_000);
    expect(world.hcp.verdicts()).toMatchObject([{ message: expect.stringMatching(/credentials.*personal access token/) }]);
  });

  it('does not follow a repository that was renamed or transferred', async () => {
    world = await createWorld();
    weather({ status: 301, headers: { location: `${world.github.apiUrl}/repos/evil/terraform-gate` } }, /repos\/acme\/terraform-gate$/);
    world.github.repository = { ...world.github.repository, fullName: 'evil/terraform-gate' };
    await world.post(world.request());
    await until(() => world.hcp.verdicts().length === 1, 'the verdict');
    expect(world.hcp.verdicts()).toMatchObject([{ message: expect.stringContaining('acme/terraform-gate is now evil/terraform-gate') }]);
    expect(world.github.dispatches).toEqual([]);
  });

  it('goes to the workspace’s own repository when its owner is allowed', async () => {
    world = await createWorld({
      task: { routes: [{ from: 'vcs', owners: ['ACM*'], workflow: 'run-task.yml', event_type: 'e', observe: false }] },
    });
    world.github.repository = { ...world.github.repository, fullName: 'acme/net' };
    await world.dispatched({ vcs_repo_url: `${world.github.url}/acme/net.git` });
    expect(world.github.seen.at(-1)?.url).toBe('/api/v3/repos/acme/net/dispatches');
  });

  it.each([
    ['another owner', () => `${world.github.url}/evil/net`, /belongs to "evil".*owners \(acme\)/],
    ['another host', () => 'https://github.com/acme/net', /is not on 127\.0\.0\.1/],
    ['no repository', () => null, /connected to none/],
    ['a trick', () => `${world.github.url}/../../acme/net`.replace('/../..', '/..%2f..'), /is not on|belongs to/],
  ])('fails with the reason for a workspace with %s', async (_name, url, message) => {
    world = await createWorld({
      task: { routes: [{ from: 'vcs', owners: ['acme'], workflow: 'run-task.yml', event_type: 'e', observe: false }] },
    });
    await world.post(world.request({ vcs_repo_url: url() }));
    await until(() => world.hcp.verdicts().length === 1, 'the verdict');
    expect(world.hcp.verdicts()).toMatchObject([{ status: 'failed', message: expect.stringMatching(message) }]);
    expect(world.github.dispatches).toEqual([]);
  });

  it.each([
    ['fail', 'failed', /No route of task "gate".*workspace "net-prod" in stage post_plan.*Add one/],
    ['pass', 'passed', /^Not checked: No route/],
  ] as const)('is not made for an unrouted run: unrouted: %s', async (unrouted, status, message) => {
    const route = { repository: 'acme/terraform-gate', workflow: 'run-task.yml', event_type: 'e', observe: false };
    world = await createWorld({
      task: {
        unrouted,
        routes: [
          { ...route, workspaces: ['db-*'] },
          { ...route, stages: ['pre_apply'] },
        ],
      },
    });
    await world.post(world.request());
    await until(() => world.hcp.verdicts().length === 1, 'the verdict');
    expect(world.hcp.verdicts()).toMatchObject([{ status, message: expect.stringMatching(message) }]);
  });

  it('carries only names that a workflow may paste anywhere', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched({
      workspace_name: 'net"; rm -rf ~ #',
      run_message: '$(evil)',
      run_id: 'run-1',
    });
    expect(payload.task).toMatchObject({ workspace: null, run: 'run-1', organization: 'acme' });
    expect(JSON.stringify(payload)).not.toMatch(/evil|rm -rf/);
    expect((await world.claim(payload)).body.run.workspace).toBe('net"; rm -rf ~ #');
  });

  it('spreads a burst: sixty at once, then forty a minute', async () => {
    world = await createWorld();
    for (let n = 0; n < 70; n++) await world.post(world.request());
    await world.pass(5000, 1000);
    const atOnce = world.github.dispatches.length;
    expect(atOnce).toBeGreaterThanOrEqual(60);
    expect(atOnce).toBeLessThan(66);
    await world.pass(20_000, 1000);
    expect(world.github.dispatches).toHaveLength(70);
  });
});

describe('a run task that moves on while GitHub is asked for its repository', () => {
  const REPOSITORY = /\/repos\/acme\/terraform-gate$/;

  /** The first event is out and its answer lost; `meanwhile` happens when GitHub is asked again, before its answer is read. */
  async function dispatchAgain(meanwhile: () => Promise<unknown>) {
    let [asked, moved, released] = [0, false, false];
    world = await createWorld({
      // The row is held by the step that asks: its release is that step's end.
      wrapStore: (store) => ({ ...store, release: (...args) => store.release(...args).then(() => void (released ||= moved)) }),
      deps: {
        fetch: async (...args) => {
          const response = await fetch(...args);
          if (REPOSITORY.test(String(args[0])) && ++asked === 2) {
            await meanwhile();
            moved = true;
          }
          return response;
        },
      },
    });
    weather('eaten');
    await world.post(world.request());
    await until(() => world.event('dispatch refused'), 'the lost answer');
    expect(await world.store.count()).toEqual({ dispatching: 1 });
    await world.pass(10_000);
    await until(() => released, 'the end of the second try');
    expect(asked).toBe(2);
  }
  const payload = () => world.github.dispatches[0]!.client_payload;

  it('to a claim is not dispatched again, and the claim stands', async () => {
    let session = '';
    await dispatchAgain(async () => (session = (await world.claim(payload())).body.session_token));
    expect(world.github.dispatches).toHaveLength(1);
    expect(await world.store.count()).toEqual({ claimed: 1 });
    expect(world.log.filter(({ event }) => event === 'step failed')).toEqual([]);
    const result = await world.call('PATCH', `/v1/run-tasks/${payload().id}/result`, session, {
      status: 'passed',
      message: 'x',
      outcomes: [],
    });
    expect(result.body).toMatchObject({ accepted: true, delivery: { state: 'delivered' } });
  });

  it('to a verdict is not dispatched again, and the verdict is the one that HCP gets', async () => {
    await dispatchAgain(() => world.claim(payload(), { version: 2 }));
    expect(world.github.dispatches).toHaveLength(1);
    await until(() => world.event('result delivered'), 'the delivery');
    expect(world.log.filter(({ event }) => event === 'step failed')).toEqual([]);
    expect(world.hcp.verdicts()).toMatchObject([{ status: 'failed', message: expect.stringContaining('version 2'), answered: 200 }]);
  });
});

describe('a GitHub App', () => {
  it('signs in with a short JWT, and dispatches with a token for one repository and one permission', async () => {
    const { config, publicKey } = appConfig();
    world = await createWorld({ ...(config === undefined ? {} : { config }) });
    await world.dispatched();
    await world.dispatched();
    const calls = world.github.seen.filter(({ method }) => method === 'POST').map(({ url, body }) => [url, JSON.parse(body) as object]);
    expect(calls.filter(([url]) => String(url).endsWith('access_tokens'))).toEqual([
      ['/api/v3/app/installations/77/access_tokens', { repositories: ['terraform-gate'], permissions: { metadata: 'read' } }],
      ['/api/v3/app/installations/77/access_tokens', { repository_ids: [4711], permissions: { contents: 'write' } }],
    ]);
    const jwt = world.github.seen.find(({ url }) => url.endsWith('/installation'))!.headers.authorization!.replace(/^bearer /i, '');
    const { createPublicKey } = await import('node:crypto');
    const verified = await jwtVerify(jwt, createPublicKey(publicKey), {
      issuer: '12',
      algorithms: ['RS256'],
      currentDate: new Date(world.clock.now()),
    });
    expect(verified.payload.exp! - verified.payload.iat!).toBeLessThanOrEqual(600);
  });

  it('gets new tokens before the hour is over', async () => {
    const { config } = appConfig();
    world = await createWorld({ ...(config === undefined ? {} : { config }) });
    await world.dispatched();
    await world.pass(56 * MINUTE, MINUTE);
    await world.dispatched();
    expect(world.github.seen.filter(({ url }) => url.endsWith('/access_tokens'))).toHaveLength(5); // two, one for asking about runs, two again
  });

  it('finds its installation again after it was installed anew', async () => {
    const { config } = appConfig();
    world = await createWorld({ ...(config === undefined ? {} : { config }) });
    await world.dispatched();
    await world.pass(56 * MINUTE, MINUTE);
    weather({ status: 404 }, /access_tokens$/);
    await world.dispatched();
    expect(world.github.seen.filter(({ url }) => url.endsWith('/installation'))).toHaveLength(2);
  });
});

describe('the sealed transport', () => {
  const clientPayload = (payload: unknown) => sealedPayloadSchema.parse(payload);

  async function sealedWorld() {
    const [relayKey, sealKey] = await Promise.all([createRelayKey(), createSealKey()]);
    world = await createWorld({
      task: { transport: 'sealed', sealPublicKey: JSON.stringify(sealKey.publicJwk) },
      config: (config) => ({ ...config, signingKey: JSON.stringify(relayKey.privateJwk) }),
    });
    return { relayKey, sealKey };
  }

  it('hands the whole request over, sealed, and forgets it', async () => {
    const { relayKey, sealKey } = await sealedWorld();
    const request = world.request();
    const accepted = world.clock.now();
    await world.post(request);
    await until(async () => (await world.store.count())['handed-over'] === 1, 'the hand-over');
    const { client_payload: payload } = world.github.dispatches[0]!;
    expect(Object.keys(payload).sort()).toEqual(['id', 'sealed', 'task', 'version']);
    expect(JSON.stringify(payload)).not.toContain(request.access_token);
    const relayPublic = await readKey(JSON.stringify(relayKey.publicJwk), { form: 'relay', half: 'public' });
    const sealPrivate = await readKey(JSON.stringify(sealKey.privateJwk), { form: 'seal', half: 'private' });
    if (!relayPublic.ok || !sealPrivate.ok) throw new Error('the keys cannot be read');
    const opened = await openTask(
      { payload: clientPayload(payload), relayKey: relayPublic.value, sealKey: sealPrivate.value, repositoryId: '4711' },
      world.clock.now(),
    );
    expect(opened).toEqual({
      ok: true,
      value: { request, observe: false, issuer: 'http://relay.test', deadlineAt: accepted + 9 * MINUTE },
    });
    const changed = await world.store.change(payload.id, (task) => ({ answer: task.secrets }));
    expect(changed).toEqual({ kind: 'done', answer: null });
    await world.pass(10 * MINUTE);
    expect(world.hcp.verdicts()).toEqual([]);
    expect((await world.claim({ version: 1, id: payload.id, ticket: 'A'.repeat(43), task: payload.task })).status).toBe(404);
  });

  it('still gives the verdict when the dispatch fails', async () => {
    await sealedWorld();
    weather({ status: 404 });
    await world.post(world.request());
    await until(() => world.hcp.verdicts().length === 1, 'the verdict');
    expect(world.hcp.verdicts()).toMatchObject([{ status: 'failed' }]);
  });
});
