// The whole thread once: HCP posts, GitHub gets the event, the job claims, asks for the plan, gives its verdict, HCP has it.
import { afterEach, describe, expect, it } from '@jest/globals';
import { createWorld, type World } from './support/world.ts';
import { until } from './support/until.ts';

let world: World;
afterEach(() => world.close());

describe('a relay', () => {
  it('carries a run task from the post to the delivered verdict', async () => {
    world = await createWorld();
    const dispatch = await world.dispatched();
    expect(dispatch).toEqual({
      event_type: 'hcp-terraform-run-task',
      client_payload: {
        version: 1,
        id: expect.stringMatching(/^rt_/),
        ticket: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
        task: {
          stage: 'post_plan',
          organization: 'acme',
          workspace: 'net-prod',
          run: 'run-example',
          enforcement: 'mandatory',
          speculative: false,
        },
      },
    });
    const claimed = await world.claim(dispatch.client_payload);
    expect(claimed.status).toBe(200);
    expect(claimed.body).toMatchObject({ version: 1, observe: false, verdict: null, delivery: null, renew_every_ms: 30_000 });
    expect(claimed.body.run.workspace).toBe('net-prod');

    const { id } = dispatch.client_payload;
    const session = claimed.body.session_token;
    const plan = await world.call('POST', `/v1/run-tasks/${id}/plan`, session, {});
    expect(plan).toEqual({ status: 200, body: { kind: 'presigned', url: `${world.hcp.url}/store/plan?secret=abcdefgh` } });

    const answer = await world.call('PATCH', `/v1/run-tasks/${id}/result`, session, {
      status: 'passed',
      message: 'All good',
      outcomes: [],
    });
    expect(answer).toEqual({
      status: 200,
      body: { accepted: true, verdict: { status: 'passed', message: 'All good', decided_by: 'action' }, delivery: { state: 'delivered' } },
    });
    expect(world.hcp.verdicts()).toEqual([
      {
        status: 'passed',
        message: 'All good',
        url: `${world.github.url}/acme/terraform-gate/actions/runs/900/attempts/1`,
        outcomes: 0,
        answered: 200,
      },
    ]);
    await until(() => world.event('result delivered'), 'the log line');
    const events = world.log.map(({ event }) => event);
    expect(events.filter((event) => !event.startsWith('running'))).toEqual([
      'run task received',
      'dispatch sent',
      'run task claimed',
      'plan handed over',
      'verdict on record',
      'result delivered',
    ]);
  });
});
