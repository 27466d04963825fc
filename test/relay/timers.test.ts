import { afterEach, describe, expect, it } from '@jest/globals';
import { createWorld, type World } from './support/world.ts';
import { until } from './support/until.ts';

let world: World;
afterEach(() => world.close());

const MINUTE = 60_000;
const verdicts = () => world.hcp.verdicts();
const openRun = { id: 900, status: 'in_progress', conclusion: null };
const session = async (payload: { id: string }, process: 'pre' | 'main' = 'main'): Promise<string> =>
  (await world.claim(payload, { process })).body.session_token;
const renew = (id: string, token: string, body: unknown) => world.call('POST', `/v1/run-tasks/${id}/renew`, token, body);

/** Largest gap between `running` updates on the test's clock, and the time of the first. */
async function watchRunning(minutes: number, each: () => Promise<unknown> = () => Promise.resolve()) {
  const start = world.clock.now();
  const times: number[] = [];
  for (let s = 0; s < minutes * 60; s += 5) {
    const before = world.hcp.running().length;
    await world.pass(5000);
    await each();
    for (let n = before; n < world.hcp.running().length; n++) times.push(world.clock.now() - start);
  }
  const gaps = times.map((time, n) => time - (times[n - 1] ?? 0));
  return { first: times[0] ?? Infinity, largestGap: Math.max(...gaps), last: times.at(-1) ?? 0 };
}

describe('`running` to HCP', () => {
  it('comes within 30 seconds and at least every 4 minutes while no job claims', async () => {
    world = await createWorld();
    world.github.runs = [{ ...openRun, status: 'queued' }];
    await world.post(world.request());
    const { first, largestGap, last } = await watchRunning(8);
    expect(first).toBeLessThanOrEqual(30_000);
    expect(largestGap).toBeLessThanOrEqual(4 * MINUTE);
    expect(last).toBeGreaterThan(4 * MINUTE);
    expect(world.hcp.running().at(-1)).toMatchObject({
      message: 'Waiting for a runner: the workflow run in acme/terraform-gate is queued',
      url: `${world.github.url}/acme/terraform-gate/actions/runs/900`,
    });
  });

  it('comes at least every 4 minutes while GitHub takes no dispatch', async () => {
    world = await createWorld();
    for (let n = 0; n < 60; n++) world.github.script.push({ path: /dispatches$/, answer: { status: 502 } });
    await world.post(world.request());
    const { first, largestGap, last } = await watchRunning(6.5);
    expect(first).toBeLessThanOrEqual(30_000);
    expect(largestGap).toBeLessThanOrEqual(4 * MINUTE);
    expect(last).toBeGreaterThan(3 * MINUTE);
  });

  it('comes at least every 4 minutes while a job works, with the link to its run and what it said last', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    const token = await session(payload);
    await until(() => world.hcp.running().some(({ url }) => url !== undefined), 'the link');
    expect(world.hcp.running().at(-1)).toMatchObject({
      message: 'A workflow job in acme/terraform-gate is checking',
      url: `${world.github.url}/acme/terraform-gate/actions/runs/900/attempts/1`,
    });
    await world.call('PATCH', `/v1/run-tasks/${payload.id}/progress`, token, { message: '3 of 7 checks' });
    const { largestGap } = await watchRunning(8, () => renew(payload.id, token, { state: 'live' }));
    expect(largestGap).toBeLessThanOrEqual(4 * MINUTE);
    expect(world.hcp.running().at(-1)).toMatchObject({ message: '3 of 7 checks' });
  });

  it('is tried again soon when HCP is in trouble, also while GitHub hangs', async () => {
    world = await createWorld();
    world.hcp.script.push(500, { status: 429, headers: { 'retry-after': '3000' } }, 'hang');
    world.github.script.push({ path: /dispatches$/, answer: 'hang' });
    await world.post(world.request());
    await world.pass(2 * MINUTE);
    expect(world.hcp.running().map(({ answered }) => answered)).toEqual([500, 429, 'hang', 200]);
    expect(world.github.dispatches).toHaveLength(1);
  });

  it('said while another is on its way follows at once', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    const token = await session(payload);
    await until(() => world.hcp.running().length === 2, 'the update with the link');
    await world.pass(2000, 1000);
    world.hcp.script.push('hang');
    await world.call('PATCH', `/v1/run-tasks/${payload.id}/progress`, token, { message: 'first' });
    await until(() => world.hcp.running().length === 3, 'the first line, which hangs');
    await world.call('PATCH', `/v1/run-tasks/${payload.id}/progress`, token, { message: 'second' });
    await world.pass(25_000);
    expect(world.hcp.running().at(-1)).toMatchObject({ message: 'second', answered: 200 });
  });

  it('said while another is on its way is not lost when that one is taken', async () => {
    let taken: () => void = () => {};
    let slow: Promise<void> | null = null;
    world = await createWorld({
      deps: {
        fetch: async (...args) => {
          const response = await fetch(...args);
          if (slow !== null && String(args[0]).includes('/task-results/')) await slow;
          return response;
        },
      },
    });
    const { client_payload: payload } = await world.dispatched();
    const token = await session(payload);
    await until(() => world.hcp.running().length === 2, 'the update with the link');
    await world.pass(2000, 1000);
    slow = new Promise((resolve) => (taken = resolve));
    await world.call('PATCH', `/v1/run-tasks/${payload.id}/progress`, token, { message: 'first' });
    await until(() => world.hcp.running().length === 3, 'the first line, whose answer is slow');
    await world.call('PATCH', `/v1/run-tasks/${payload.id}/progress`, token, { message: 'second' });
    taken();
    await until(() => world.hcp.running().length === 4, 'the second line');
    expect(
      world.hcp
        .running()
        .map(({ message }) => message)
        .slice(2),
    ).toEqual(['first', 'second']);
  });

  it('that HCP calls final ends the run task without a page to anybody', async () => {
    world = await createWorld();
    world.hcp.script.push(409);
    await world.post(world.request());
    const ended = await until(() => world.event('result undeliverable'), 'the end');
    expect(ended).toMatchObject({ level: 'info', fields: { reason: expect.stringContaining('canceled') } });
    await world.pass(10 * MINUTE);
    expect(verdicts()).toEqual([]);
    expect(await world.store.count()).toEqual({ undeliverable: 1 });
  });

  it('that meets a 401 is no reason to give up the verdict', async () => {
    world = await createWorld();
    world.hcp.script.push(401);
    const { client_payload: payload } = await world.dispatched();
    const token = await session(payload);
    await world.call('PATCH', `/v1/run-tasks/${payload.id}/result`, token, { status: 'passed', message: 'ok', outcomes: [] });
    await until(() => world.event('result delivered'), 'the delivery');
  });
});

describe('a run task that no job claims', () => {
  it.each([
    ['nothing listens', () => {}, /not on the default branch.*hcp-terraform-run-task.*Actions are disabled/],
    [
      'GitHub may not be asked',
      () => world.github.script.push({ path: /actions\/runs\?/, answer: { status: 403, message: 'Resource not accessible' } }),
      /not on the default branch/,
    ],
    [
      'its run ended',
      () => world.github.runs.push({ id: 7, status: 'completed', conclusion: 'failure' }),
      /ended \(failure\) without claiming.*id-token: write/,
    ],
    [
      'only another workflow runs',
      () => world.github.runs.push({ ...openRun, path: '.github/workflows/other.yml' }),
      /not on the default branch/,
    ],
  ])('fails after five minutes when %s', async (_name, arrange, message) => {
    world = await createWorld();
    arrange();
    await world.dispatched();
    await world.pass(5 * MINUTE - 10_000);
    expect(verdicts()).toEqual([]);
    await world.pass(20_000);
    expect(verdicts()).toMatchObject([{ status: 'failed', message: expect.stringMatching(message), answered: 200 }]);
    expect(world.event('verdict on record')?.fields).toMatchObject({ by: 'never-started' });
  });

  it('names the mistake when a job was refused for it', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    await world.claim(payload, { claims: { workflow_ref: 'acme/terraform-gate/.github/workflows/gate.yml@refs/heads/main' } });
    await world.pass(5.5 * MINUTE);
    expect(verdicts()).toMatchObject([
      { message: expect.stringMatching(/gate\.yml@refs\/heads\/main asked for it.*relay\.yml names run-task\.yml/) },
    ]);
  });

  const OTHER_ADDRESS = { claims: { aud: 'http://localhost:8080' } };
  const BOTH_ADDRESSES =
    /a job of acme\/terraform-gate .*relay-url http:\/\/localhost:8080, and public_url .* http:\/\/relay\.test;.*the same/;

  it('names both addresses when a job asked with another relay-url than our public_url', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    await world.claim(payload, OTHER_ADDRESS);
    await world.pass(5.5 * MINUTE);
    expect(verdicts()).toMatchObject([{ status: 'failed', message: expect.stringMatching(BOTH_ADDRESSES) }]);
    expect(world.event('verdict on record')?.fields).toMatchObject({ by: 'never-started' });
  });

  it('names both addresses at the deadline too, when a run is still waiting', async () => {
    world = await createWorld();
    world.github.runs = [{ ...openRun, status: 'queued' }];
    const { client_payload: payload } = await world.dispatched();
    await world.claim(payload, OTHER_ADDRESS);
    await world.pass(9.2 * MINUTE);
    expect(verdicts()).toMatchObject([{ message: expect.stringMatching(BOTH_ADDRESSES) }]);
    expect(world.event('verdict on record')?.fields).toMatchObject({ by: 'deadline' });
  });

  it.each<[string, (payload: { ticket: string }) => [object, object]]>([
    ['has another ticket', (payload) => [{ ...payload, ticket: 'A'.repeat(43) }, {}]],
    ['is of another repository', (payload) => [payload, { repository_id: '1' }]],
    ['is of another owner', (payload) => [payload, { repository_owner_id: '1' }]],
  ])('says nothing of the address of a job that %s: it could be anybody', async (_name, change) => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    const [changed, claims] = change(payload);
    await world.claim(changed, { claims: { ...OTHER_ADDRESS.claims, ...claims } });
    expect(world.event('claim refused')?.fields).toMatchObject({ reason: 'other-audience' });
    await world.pass(5.5 * MINUTE);
    expect(verdicts()).toMatchObject([{ message: expect.not.stringContaining('localhost') }]);
  });

  it('is not kept waiting by the run of another run task', async () => {
    world = await createWorld();
    world.github.runs = [openRun];
    const busy = (await world.dispatched()).client_payload;
    const token = await session(busy);
    await world.dispatched();
    for (let s = 0; s < 5.5 * 60; s += 30) {
      await renew(busy.id, token, { state: 'live' });
      await world.pass(30_000, 15_000);
    }
    expect(verdicts()).toMatchObject([{ status: 'failed', message: expect.stringContaining('not on the default branch') }]);
    expect(await world.store.count()).toEqual({ claimed: 1, delivered: 1 });
  });

  it('waits while its run is queued, and may be claimed then', async () => {
    world = await createWorld();
    world.github.runs = [{ ...openRun, status: 'queued' }];
    const { client_payload: payload } = await world.dispatched();
    await world.pass(7 * MINUTE);
    expect(verdicts()).toEqual([]);
    expect((await world.claim(payload)).status).toBe(200);
  });

  it('fails at the deadline when its run is queued until then', async () => {
    world = await createWorld();
    world.github.runs = [{ ...openRun, status: 'queued' }];
    await world.dispatched();
    await world.pass(9 * MINUTE - 10_000);
    expect(verdicts()).toEqual([]);
    await world.pass(20_000);
    expect(verdicts()).toMatchObject([{ status: 'failed', message: expect.stringMatching(/within 9 minutes.*queued/) }]);
  });

  it('is asked about again when GitHub does not answer', async () => {
    world = await createWorld();
    world.github.script.push({ path: /actions\/runs\?/, answer: { status: 500 } }, { path: /actions\/runs\?/, answer: 'reset' });
    await world.dispatched();
    await world.pass(5.4 * MINUTE);
    expect(verdicts()).toEqual([]);
    await world.pass(MINUTE);
    expect(world.event('verdict on record')?.fields).toMatchObject({ by: 'never-started' });
  });

  it('tells a job that comes too late the verdict that stands', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    await world.pass(6 * MINUTE);
    const late = await world.claim(payload);
    expect(late).toMatchObject({
      status: 200,
      body: { verdict: { status: 'failed', decided_by: 'never-started' }, delivery: { state: 'delivered' } },
    });
    const result = await world.call('PATCH', `/v1/run-tasks/${payload.id}/result`, late.body.session_token, {
      status: 'passed',
      message: 'x',
      outcomes: [],
    });
    expect(result.body).toMatchObject({ accepted: false, verdict: { decided_by: 'never-started' }, delivery: { state: 'delivered' } });
    expect(verdicts()).toHaveLength(1);
  });
});

describe('a job that claimed', () => {
  it('is lost after 90 silent seconds when GitHub may not be asked', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    await session(payload);
    await world.pass(85_000);
    expect(verdicts()).toEqual([]);
    await world.pass(10_000);
    expect(verdicts()).toMatchObject([{ status: 'failed', message: expect.stringContaining('went silent') }]);
    expect(world.event('verdict on record')?.fields).toMatchObject({ by: 'lease' });
  });

  it('is lost at once when GitHub says that its run has ended', async () => {
    world = await createWorld();
    world.github.runs = [{ ...openRun, status: 'completed', conclusion: 'cancelled' }];
    const { client_payload: payload } = await world.dispatched();
    await session(payload);
    await world.pass(95_000);
    expect(verdicts()).toMatchObject([{ message: expect.stringContaining('(cancelled)'), url: expect.stringContaining('/runs/900') }]);
  });

  it('may be silent for some minutes while GitHub says that it runs, and speak again', async () => {
    world = await createWorld();
    world.github.runs = [openRun];
    const { client_payload: payload } = await world.dispatched();
    const token = await session(payload);
    await world.pass(4 * MINUTE);
    expect(verdicts()).toEqual([]);
    expect((await renew(payload.id, token, { state: 'live' })).body).toEqual({ verdict: null });
    await world.pass(80_000);
    const result = await world.call('PATCH', `/v1/run-tasks/${payload.id}/result`, token, { status: 'passed', message: 'x', outcomes: [] });
    expect(result.body).toMatchObject({ accepted: true });
  });

  it('is lost after about six silent minutes, whatever GitHub says', async () => {
    world = await createWorld();
    world.github.runs = [openRun];
    const { client_payload: payload } = await world.dispatched();
    await session(payload);
    await world.pass(5 * MINUTE);
    expect(verdicts()).toEqual([]);
    await world.pass(MINUTE);
    expect(verdicts()).toMatchObject([{ message: expect.stringContaining('went silent') }]);
  });

  it('is not lost between pre and main, nor in the quiet time that it names', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    const pre = await session(payload, 'pre');
    await world.pass(4 * MINUTE);
    expect(verdicts()).toEqual([]);
    await renew(payload.id, pre, { state: 'quiet', for_ms: 2 * MINUTE });
    await world.pass(2 * MINUTE - 10_000);
    expect(verdicts()).toEqual([]);
    await world.pass(20_000);
    expect(world.event('verdict on record')?.fields).toMatchObject({ by: 'lease' });
    expect(verdicts()).toMatchObject([{ message: expect.stringMatching(/^Other steps of the workflow, .*took longer/) }]);
  });

  it('lives as long as it renews, until the deadline', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    const token = await session(payload);
    await world.call('PATCH', `/v1/run-tasks/${payload.id}/progress`, token, { message: 'scanning' });
    for (let s = 0; s < 9 * 60 - 30; s += 30) {
      expect((await renew(payload.id, token, { state: 'live' })).body).toEqual({ verdict: null });
      await world.pass(30_000, 15_000);
    }
    expect(verdicts()).toEqual([]);
    await world.pass(40_000);
    expect(verdicts()).toMatchObject([{ status: 'failed', message: expect.stringMatching(/within 9 minutes.*scanning.*token_life/) }]);
    expect((await renew(payload.id, token, { state: 'live' })).body).toMatchObject({ verdict: { decided_by: 'deadline' } });
  });

  it('lives as long as it tells of progress', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    const token = await session(payload);
    for (let n = 0; n < 4; n++) {
      await world.pass(60_000);
      await world.call('PATCH', `/v1/run-tasks/${payload.id}/progress`, token, { message: `${n} checks` });
    }
    expect(verdicts()).toEqual([]);
  });

  it('has 55 minutes where the operator says that the token lives an hour', async () => {
    world = await createWorld({ task: { token_life: 60 * MINUTE } });
    const { client_payload: payload } = await world.dispatched();
    const { body } = await world.claim(payload);
    expect(body.deadline_at - body.now).toBe(55 * MINUTE);
  });

  it('is not failed because the relay was away for three minutes', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    const token = await session(payload);
    await world.pass(30_000);
    await world.restart(3 * MINUTE);
    await world.pass(60_000);
    expect(verdicts()).toEqual([]);
    expect((await renew(payload.id, token, { state: 'live' })).body).toEqual({ verdict: null });
    // The lease begins anew, it does not last for ever: 90 s after the last word the job is lost.
    await world.pass(100_000);
    expect(world.event('verdict on record')?.fields).toMatchObject({ by: 'lease' });
  });

  it('has no later deadline because the relay was away', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    await session(payload);
    await world.restart(9 * MINUTE);
    await world.pass(5000);
    expect(verdicts()).toMatchObject([{ status: 'failed', answered: 200 }]);
    expect(world.event('verdict on record')?.fields).toMatchObject({ by: 'deadline' });
  });

  it('keeps its claim and its sessions over a restart', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    const token = await session(payload);
    await world.restart();
    const result = await world.call('PATCH', `/v1/run-tasks/${payload.id}/result`, token, { status: 'passed', message: 'x', outcomes: [] });
    expect(result.body).toMatchObject({ accepted: true, delivery: { state: 'delivered' } });
  });

  it('begins a new lease when the database comes back', async () => {
    let broken = false;
    const check = (): void => {
      if (broken) throw Object.assign(new Error('disk is gone'), { code: 'E_STORE' });
    };
    world = await createWorld({
      wrapStore: (store) => ({
        ...store,
        take: async (...args) => (check(), store.take(...args)),
        nextDue: async () => (check(), store.nextDue()),
      }),
    });
    const { client_payload: payload } = await world.dispatched();
    await session(payload);
    broken = true;
    await world.clock.advance(3 * MINUTE);
    expect((await world.relay.fetch(new Request('http://relay.test/readyz'))).status).toBe(503);
    broken = false;
    await world.pass(80_000);
    expect(world.event('store works again')).toBeDefined();
    expect(verdicts()).toEqual([]);
    await world.pass(20_000);
    expect(world.event('verdict on record')?.fields).toMatchObject({ by: 'lease' });
  });
});

describe('done run tasks', () => {
  it('are forgotten after a day, not before', async () => {
    world = await createWorld({ task: { organizations: ['nobody'] } });
    await world.post(world.request());
    await until(() => world.event('result delivered'), 'the delivery');
    await world.pass(23 * 60 * MINUTE, 30 * MINUTE);
    expect(await world.store.count()).toEqual({ delivered: 1 });
    await world.pass(2.5 * 60 * MINUTE, 30 * MINUTE);
    expect(await world.store.count()).toEqual({});
  });
});
