// GitHub and HCP Terraform in bad weather: the verdict arrives in time, or it is undeliverable with its reason on record; and what
// the comment says equals what is on record.
import { afterEach, describe, expect, it } from '@jest/globals';
import { destructivePlan, startFlow, workflow, CHECKS, type Flow } from '../support/flow.ts';

let flow: Flow;
afterEach(() => flow.close());

const MINUTE = 60_000;
const DISPATCHES = /\/dispatches$/;
const CALLBACK = /\/callback/;
const terminal = (flow: Flow): number =>
  flow.hcp.seen.filter((one) => CALLBACK.test(one.path) && /"status":"(passed|failed)"/.test(one.body)).length;

describe('GitHub, when the relay dispatches', () => {
  it('500 for a while: dispatched when it is over, once', async () => {
    flow = await startFlow();
    flow.github.failNext({ path: DISPATCHES, status: 500, times: 3 });
    const run = await flow.begin();
    await flow.until(() => flow.github.seen.some((one) => DISPATCHES.test(one.path)));
    await flow.clock.jump(1 * MINUTE);
    expect(await run.stage('post_plan')).toMatchObject({ status: 'passed', terminalCount: 1 });
    expect(flow.github.runs).toHaveLength(1);
  });

  it('403 with Retry-After: waits as long as it is told', async () => {
    flow = await startFlow();
    flow.github.failNext({
      path: DISPATCHES,
      status: 403,
      headers: { 'retry-after': '90' },
      body: '{"message":"You have exceeded a secondary rate limit"}',
    });
    const run = await flow.begin();
    await flow.until(() => flow.github.seen.some((one) => DISPATCHES.test(one.path)));
    await flow.clock.jump(60_000);
    const tries = (): number => flow.github.seen.filter((one) => DISPATCHES.test(one.path)).length;
    expect(tries()).toBe(1);
    await flow.clock.jump(40_000);
    expect(await run.stage('post_plan')).toMatchObject({ status: 'passed' });
    expect(tries()).toBe(2);
  });

  it('a rate limit longer than the run task lives: failed, and says whose limit it was', async () => {
    flow = await startFlow();
    flow.github.failNext({ path: DISPATCHES, status: 403, headers: { 'retry-after': '3000' }, times: 99 });
    const run = await flow.begin();
    await flow.until(() => flow.github.seen.some((one) => DISPATCHES.test(one.path)));
    await flow.clock.jump(8 * MINUTE);
    expect(await run.stage('post_plan')).toMatchObject({
      status: 'failed',
      terminalCount: 1,
      message: expect.stringContaining("GitHub's rate limit"),
    });
  });

  it('404: failed at once, with what to look at', async () => {
    flow = await startFlow({ relayYml: (yaml) => yaml.replace('repository: acme/terraform-gate', 'repository: acme/renamed-away') });
    const run = await flow.begin();
    expect(await run.stage('post_plan')).toMatchObject({
      status: 'failed',
      terminalCount: 1,
      message: expect.stringContaining('acme/renamed-away'),
    });
  });

  it('accepts the event and the answer is lost: one verdict, whichever of the two jobs is first', async () => {
    flow = await startFlow();
    flow.github.failNext({ path: DISPATCHES, reset: true, after: true });
    const run = await flow.begin();
    await flow.until(() => flow.github.seen.some((one) => DISPATCHES.test(one.path)));
    await flow.clock.jump(1 * MINUTE);
    expect(await run.stage('post_plan')).toMatchObject({ status: 'passed', terminalCount: 1 });
    await flow.github.idle();
    expect(terminal(flow)).toBe(1);
  });

  it('hangs: tries again', async () => {
    flow = await startFlow();
    flow.github.failNext({ path: DISPATCHES, hang: true });
    const run = await flow.begin();
    await flow.until(() => flow.github.seen.some((one) => DISPATCHES.test(one.path)));
    await flow.clock.jump(1 * MINUTE);
    expect(await run.stage('post_plan')).toMatchObject({ status: 'passed', terminalCount: 1 });
  });
});

describe('GitHub, when the action tells people', () => {
  it.each([
    ['answers 500 to the comment', { path: /\/comments/, status: 500, times: 9 }],
    ['refuses the comment', { path: /\/comments/, status: 403, times: 9 }],
    ['breaks the connection', { path: /\/comments/, reset: true as const, times: 9 }],
    ['asks to wait', { path: /\/comments/, status: 403, headers: { 'retry-after': '600' }, times: 9 }],
  ])('%s: the verdict stands, the log says why there is no comment', async (_, weather) => {
    flow = await startFlow();
    flow.github.failNext(weather);
    const { result, workflowRun, comment } = await flow.run();
    expect(result).toMatchObject({ status: 'passed', terminalCount: 1 });
    expect(comment).toBeUndefined();
    expect(workflowRun?.conclusion).toBe('success');
    expect(workflowRun?.jobs[0]?.log).toMatch(/The comment (could not be written|does not tell this run yet): /);
  });

  it('takes the comment and loses the answer: the next run finds it and writes no second one', async () => {
    flow = await startFlow();
    flow.github.failNext({ method: 'POST', path: /\/issues\/7\/comments/, reset: true, after: true });
    await flow.run();
    expect(flow.github.comments('acme/net', 7)).toHaveLength(1);
    await flow.run({ plan: destructivePlan() });
    const comments = flow.github.comments('acme/net', 7);
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toContain('❌');
  });
});

describe('HCP Terraform, when the relay brings the verdict', () => {
  it('500 for a while: delivered when it is over, once', async () => {
    flow = await startFlow();
    const run = await flow.begin();
    await flow.logged('plan handed over');
    flow.hcp.failNext({ path: CALLBACK, status: 500, times: 4 });
    await flow.logged('verdict on record');
    await flow.github.idle();
    await flow.clock.jump(2 * MINUTE);
    expect(await run.stage('post_plan')).toMatchObject({ status: 'passed', terminalCount: 1 });
  });

  it('takes it and the answer is lost: the 409 of the second try means delivered', async () => {
    flow = await startFlow();
    const run = await flow.begin();
    await flow.logged('plan handed over');
    flow.hcp.failNext({ path: CALLBACK, reset: true, after: true, times: 1 });
    const result = await run.stage('post_plan');
    await flow.github.idle();
    await flow.clock.jump(1 * MINUTE);
    expect(result.terminalCount).toBe(1);
    await flow.logged('result delivered');
    expect(flow.log.filter((line) => line.event === 'result undeliverable')).toEqual([]);
  });

  it.each([
    [401, /token/],
    [404, /./],
  ])('%i on the verdict: undeliverable, with the reason in the log and in the job', async (status, reason) => {
    flow = await startFlow();
    await flow.begin();
    await flow.logged('plan handed over');
    flow.hcp.failNext({ path: CALLBACK, status, times: 50 });
    const line = await flow.logged('result undeliverable');
    expect(line.level).toBe('error');
    expect(line.fields).toMatchObject({ status: 'passed', reason: expect.stringMatching(reason) });
    await flow.github.idle();
    const [run] = flow.github.runs;
    expect(run?.conclusion).toBe('failure');
    expect(run?.jobs[0]?.log).toContain('could not be delivered to HCP Terraform');
    expect(flow.github.comments('acme/net', 7).at(-1)?.body).toMatch(/not.*deliver|undeliverable|did not take/i);
  });
});

describe('a sealed workflow in bad weather', () => {
  it('without keys says which input is missing', async () => {
    flow = await startFlow({ workflow: workflow({ inputs: '          relay-key: x\n' }), checks: CHECKS });
    await flow.begin();
    await flow.github.waitForRun((one) => one.status === 'completed');
    expect(flow.github.runs[0]?.jobs[0]?.log).toContain('input seal-key: the sealed transport needs seal-key and relay-key');
  });
});
