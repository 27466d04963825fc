// What GitHub and its jobs may do to a run task: in each case the right verdict, in time, with its reason.
import { afterEach, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { change, CHECKS, planOf, ROOT, startFlow, workflow, type Flow } from '../support/flow.ts';

let flow: Flow;
afterEach(() => flow.close());

const MINUTE = 60_000;
const bodies = (flow: Flow): string =>
  JSON.stringify(flow.hcp.seen.filter((one) => one.path.includes('/callback')).map((one) => JSON.parse(one.body)));

describe('a job that never comes', () => {
  it.each([
    ['there is no workflow file', null],
    ['the workflow listens to another event', workflow({ types: 'something-else' })],
  ])('%s: failed after five minutes, with the likely reasons', async (_, text) => {
    flow = await startFlow({ workflow: text });
    const run = await flow.begin();
    await flow.logged('dispatch sent');
    await flow.clock.jump(5.5 * MINUTE);
    const result = await run.stage('post_plan');
    expect(result).toMatchObject({ status: 'failed', terminalCount: 1 });
    expect(result.message).toMatch(/default branch/);
    expect(result.message).toMatch(/hcp-terraform-run-task/);
  });

  it('waits for a queued job, and says at the deadline what it waited for', async () => {
    flow = await startFlow();
    flow.github.setRunner('off');
    const run = await flow.begin();
    await flow.logged('dispatch sent');
    await flow.clock.jump(6 * MINUTE);
    expect(run.taskResults[0]?.status).toBe('running');
    await flow.clock.jump(3.5 * MINUTE);
    const result = await run.stage('post_plan');
    expect(result).toMatchObject({ status: 'failed', terminalCount: 1 });
    expect(result.message).toMatch(/queue/);
  });

  it('goes on when the queue moves after six minutes', async () => {
    flow = await startFlow();
    flow.github.setRunner('off');
    const run = await flow.begin();
    await flow.logged('dispatch sent');
    await flow.clock.jump(6 * MINUTE);
    flow.github.setRunner('auto');
    expect(await run.stage('post_plan')).toMatchObject({ status: 'passed', terminalCount: 1 });
  });

  it('tells HCP at least every four minutes that it is still running', async () => {
    flow = await startFlow({
      relayYml: (yaml) => yaml.replace('unrouted: fail', 'unrouted: fail\n    token_life: 60m'),
      hcp: { tokenLife: 'fixed-60m' },
    });
    flow.github.setRunner('off');
    const run = await flow.begin();
    await flow.logged('dispatch sent');
    for (let minutes = 0; minutes < 50; minutes += 5) await flow.clock.jump(5 * MINUTE);
    const times = run.taskResults[0]!.callbacks.map((callback) => callback.at);
    const gaps = times.slice(1).map((at, index) => at - times[index]!);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(4 * MINUTE);
    await flow.clock.jump(6 * MINUTE);
    expect(await run.stage('post_plan')).toMatchObject({ status: 'failed', terminalCount: 1 });
  });
});

describe('a job that ends too early', () => {
  it('an earlier step fails: post says so', async () => {
    flow = await startFlow({ workflow: workflow({ before: '      - run: exit 3\n' }) });
    const { result, workflowRun } = await flow.run();
    expect(result).toMatchObject({
      status: 'failed',
      terminalCount: 1,
      message: expect.stringContaining('earlier step of the job failed'),
    });
    expect(workflowRun?.conclusion).toBe('failure');
  });

  it('`if:` skips our step: post says so', async () => {
    flow = await startFlow({ workflow: workflow({ step: "        if: github.event.client_payload.task.stage == 'pre_apply'\n" }) });
    const { result } = await flow.run();
    expect(result).toMatchObject({ status: 'failed', terminalCount: 1, message: expect.stringContaining('`if:` skipped') });
  });

  it('the job is canceled while a check runs: the verdict says so before GitHub kills the process', async () => {
    flow = await startFlow({ checks: `${CHECKS}  - name: slow\n    run: { command: [sleep, "60"] }\n` });
    const run = await flow.begin();
    await flow.logged('plan handed over');
    const started = await flow.jobSays('slow');
    flow.github.cancelRun(started.id);
    const result = await run.stage('post_plan');
    expect(result).toMatchObject({ status: 'failed', terminalCount: 1, message: expect.stringMatching(/canceled/) });
    await flow.github.idle();
    expect(started.conclusion).toBe('cancelled');
    expect(started.jobs[0]?.steps.filter((step) => step.signal === 'SIGKILL')).toEqual([]);
  });

  it('the runner dies after the claim: the relay says so when the claim runs out', async () => {
    flow = await startFlow({ checks: `${CHECKS}  - name: slow\n    run: { command: [sleep, "60"] }\n` });
    const run = await flow.begin();
    await flow.logged('plan handed over');
    const started = await flow.jobSays('slow');
    flow.github.killRunner(started.id);
    await flow.clock.jump(8.5 * MINUTE);
    const result = await run.stage('post_plan');
    expect(result).toMatchObject({ status: 'failed', terminalCount: 1, message: expect.stringMatching(/runner|job/i) });
    expect(flow.log.find((line) => line.event === 'verdict on record')?.fields).toMatchObject({
      by: expect.stringMatching(/lease|deadline/),
    });
  });

  it('the relay has decided while a check still ran: comment, summary and log show the verdict on record, not the one of the job', async () => {
    flow = await startFlow({ checks: `${CHECKS}  - name: slow\n    run: { command: [sleep, "2"] }\n` });
    const run = await flow.begin();
    await flow.jobSays('slow');
    // To the relay the job is silent for as long as the clock jumps.
    await flow.clock.jump(8.5 * MINUTE);
    const result = await run.stage('post_plan');
    expect(result).toMatchObject({ status: 'failed', terminalCount: 1, message: expect.stringContaining('went silent') });
    await flow.github.idle();
    const [job] = flow.github.runs[0]!.jobs;
    expect(job?.log).toContain('The verdict on record is not the one of this job');
    expect(job?.summary.join()).toContain('went silent');
    expect(flow.github.comments('acme/net', 7).at(-1)?.body).toContain('went silent');
    expect(flow.github.runs[0]?.conclusion).toBe('failure');
  });
});

describe('jobs of another form', () => {
  it('waits quietly through a four-minute step before ours', async () => {
    flow = await startFlow({ workflow: workflow({ before: '      - name: scanner set-up\n        run: echo set up\n' }) });
    flow.github.hooks.push({ step: 'scanner set-up', phase: 'main', before: () => flow.clock.jump(4 * MINUTE) });
    expect((await flow.run()).result).toMatchObject({ status: 'passed', terminalCount: 1 });
  });

  it('works with `uses: ./`, where pre never runs', async () => {
    const dist = readdirSync(join(ROOT, 'dist'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const files = dist
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(ROOT.length), readFileSync(path, 'utf8')] as const);
    flow = await startFlow({
      workflow: workflow({ uses: './' }),
      gateFiles: { 'action.yml': readFileSync(join(ROOT, 'action.yml'), 'utf8'), ...Object.fromEntries(files) },
    });
    const { result, workflowRun } = await flow.run();
    expect(workflowRun?.jobs[0]?.steps.some((step) => step.phase === 'pre')).toBe(false);
    expect(result).toMatchObject({ status: 'passed', terminalCount: 1 });
  });

  it('fails when one job uses the action twice: each would judge on half of the checks', async () => {
    const second =
      '      - uses: org/runtask-action@v1\n        with:\n          relay-url: ${{ vars.RUNTASK_RELAY_URL }}\n          checks-file: other.yml\n';
    flow = await startFlow({ workflow: workflow({ after: second }), gateFiles: { 'other.yml': CHECKS } });
    const { result, workflowRun } = await flow.run();
    expect(result).toMatchObject({ status: 'failed', terminalCount: 1, message: expect.stringMatching(/twice|two/i) });
    expect(workflowRun?.conclusion).toBe('failure');
  });

  it('lets a re-run take over a task whose first attempt was force-canceled and said nothing', async () => {
    flow = await startFlow();
    // Between pre, which has claimed, and main: a main that still hears the first signal has the time for a verdict.
    flow.github.hooks.push({ step: 'run task', phase: 'main', before: async () => flow.github.forceCancelRun(flow.github.runs[0]!.id) });
    const run = await flow.begin();
    const first = await flow.github.waitForRun((one) => one.status === 'completed');
    expect(first).toMatchObject({ attempt: 1, conclusion: 'cancelled' });
    expect(flow.log.map((line) => line.event)).toContain('run task claimed');
    expect(run.taskResults[0]?.status).toBe('running');
    flow.github.hooks.length = 0;
    flow.github.rerun(first.id);
    expect(await run.stage('post_plan')).toMatchObject({ status: 'passed', terminalCount: 1 });
    await flow.github.idle();
    expect(first).toMatchObject({ attempt: 2, conclusion: 'success' });
  });

  it('says of a re-run after the verdict that it is over, and changes nothing', async () => {
    flow = await startFlow();
    const { workflowRun } = await flow.run();
    flow.github.rerun(workflowRun!.id);
    await flow.github.idle();
    expect(workflowRun?.attempt).toBe(2);
    expect(workflowRun?.jobs[0]?.log).toContain('There is a verdict on record already: passed');
    expect(workflowRun?.conclusion).toBe('success');
    expect(bodies(flow).match(/"status":"passed"/g)).toHaveLength(1);
  });

  it('a re-run does not obey the address that the verdict on record names', async () => {
    flow = await startFlow();
    const address = 'terraform_data.database["##[error]obeyed"]';
    const { workflowRun } = await flow.run({ plan: planOf([change(address, ['delete'], { input: 'a' }, null)]) });
    flow.github.rerun(workflowRun!.id);
    await flow.github.idle();
    expect(workflowRun?.jobs[0]?.log).toContain('obeyed');
    expect(workflowRun?.jobs[0]?.annotations.filter(({ message }) => message.startsWith('obeyed'))).toEqual([]);
  });
});
