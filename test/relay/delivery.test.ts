// Bringing a verdict to an HCP with bad weather: exactly one terminal result, never none.
import { afterEach, describe, expect, it } from '@jest/globals';
import { createWorld, type World } from './support/world.ts';
import { until } from './support/until.ts';

let world: World;
afterEach(() => world.close());

const MINUTE = 60_000;
const outcome = { outcomeId: 'a', description: 'one' };

/** A claimed task whose next PATCHes are answered by the script; returns what the action is told. */
async function finish(script: World['hcp']['script'], body: object = { status: 'failed', message: 'no', outcomes: [outcome] }) {
  world = await createWorld();
  const { client_payload: payload } = await world.dispatched();
  const { session_token: token } = (await world.claim(payload)).body;
  await until(() => world.hcp.running().length === 2, 'the running update with the link');
  await world.pass(1000, 1000);
  world.hcp.script.push(...script);
  const send = () => world.call('PATCH', `/v1/run-tasks/${payload.id}/result`, token, body);
  const answer = send();
  return { answer, again: send };
}
const answered = () => world.hcp.verdicts().map((verdict) => verdict.answered);
const end = () => world.log.find(({ event }) => event === 'result delivered' || event === 'result undeliverable');

describe('a verdict', () => {
  it('comes through an HCP that answers 500, 502 and 429 for a while', async () => {
    const { answer, again } = await finish([500, 502, { status: 429, headers: { 'retry-after': '20' } }]);
    await world.pass(5000, 1000);
    expect((await answer).body).toMatchObject({ accepted: true, delivery: { state: 'pending', reason: expect.stringContaining('HTTP') } });
    await world.pass(40_000, 1000);
    expect(answered()).toEqual([500, 502, 429, 200]);
    expect((await again()).body).toMatchObject({ accepted: true, delivery: { state: 'delivered' } });
  });

  it('comes through an HCP that hangs and one that resets', async () => {
    await finish(['hang', 'reset']);
    await world.pass(40_000, 1000);
    expect(answered()).toEqual(['hang', 'reset', 200]);
    expect(end()?.event).toBe('result delivered');
  });

  it('that HCP took without our reading its answer is delivered: the 409 says so', async () => {
    await finish(['eaten']);
    await world.pass(10_000, 1000);
    expect(answered()).toEqual(['eaten', 409]);
    expect(end()?.event).toBe('result delivered');
  });

  it('that meets a 409 at the first try is not ours: undeliverable', async () => {
    const { answer } = await finish([409]);
    expect((await answer).body).toMatchObject({ delivery: { state: 'undeliverable', reason: expect.stringContaining('409') } });
    expect(end()).toMatchObject({ level: 'error', event: 'result undeliverable' });
  });

  it.each([
    [401, /401/],
    [404, /404/],
  ])('that meets a %i is undeliverable, with an error in the log and in the metrics', async (status, reason) => {
    const { answer } = await finish([status]);
    expect((await answer).body).toMatchObject({
      accepted: true,
      delivery: { state: 'undeliverable', reason: expect.stringMatching(reason) },
    });
    expect(end()).toMatchObject({ level: 'error', fields: { reason: expect.stringMatching(reason), workspace: 'net-prod' } });
    const metrics = await (await world.relay.admin.fetch(new Request('http://127.0.0.1/metrics'))).text();
    expect(metrics).toContain('runtask_deliveries_total{result="undeliverable"} 1');
    expect(metrics).toContain('runtask_tasks{state="undeliverable"} 1');
  });

  it('that HCP calls invalid is sent once more without its details', async () => {
    const { answer } = await finish([422]);
    expect((await answer).body).toMatchObject({ delivery: { state: 'delivered' } });
    expect(world.hcp.verdicts()).toMatchObject([
      { answered: 422, outcomes: 1, message: 'no' },
      { answered: 200, outcomes: 0, message: 'no' },
    ]);
  });

  it('that HCP calls invalid twice is undeliverable', async () => {
    const { answer } = await finish([422, 422]);
    expect((await answer).body).toMatchObject({ delivery: { state: 'undeliverable', reason: expect.stringContaining('scripted') } });
  });

  it('is tried until the token is dead, and not after', async () => {
    await finish(Array.from({ length: 200 }, () => 500));
    await world.pass(9.5 * MINUTE);
    expect(end()).toBeUndefined();
    await world.pass(MINUTE);
    expect(end()).toMatchObject({
      event: 'result undeliverable',
      fields: { reason: expect.stringContaining('until its access token ended') },
    });
    const tries = answered().length;
    expect(tries).toBeGreaterThan(15);
    await world.pass(10 * MINUTE);
    expect(answered()).toHaveLength(tries);
  });

  it('of a relay that was away until the token was dead is tried once all the same', async () => {
    world = await createWorld();
    await world.dispatched();
    await world.restart(30 * MINUTE);
    await world.pass(5000);
    expect(world.hcp.verdicts()).toMatchObject([{ status: 'failed', answered: 200 }]);
  });

  it('is not followed by a running update', async () => {
    const { answer } = await finish([]);
    await answer;
    const updates = world.hcp.running().length;
    await world.pass(20 * MINUTE, MINUTE);
    expect(world.hcp.running()).toHaveLength(updates);
    expect(world.hcp.callbacks.at(-1)).toMatchObject({ status: 'failed' });
  });
});
