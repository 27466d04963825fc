// The relay goes away and comes back, or ends in the middle of a step: no verdict is lost, none is given twice, none is `failed`
// because of it. Kills at every durable step are in test/relay/crash.test.ts; here the action is part of it.
import { afterEach, describe, expect, it } from '@jest/globals';
import { CHECKS, startFlow, type Flow } from '../support/flow.ts';

let flow: Flow;
afterEach(() => flow.close());

const MINUTE = 60_000;
const SLOW = `${CHECKS}  - name: slow\n    run: { command: [sleep, "1"] }\n`;

describe('a relay that is down for three minutes', () => {
  it('while a claimed task is being checked: the action waits with its verdict, and it is delivered', async () => {
    flow = await startFlow({ checks: SLOW });
    const run = await flow.begin();
    await flow.jobSays('slow');
    await flow.stopRelay();
    await flow.clock.jump(3 * MINUTE);
    await flow.startRelay();
    expect(await run.stage('post_plan')).toMatchObject({ status: 'passed', terminalCount: 1 });
    await flow.github.idle();
    expect(flow.github.runs[0]?.conclusion).toBe('success');
  });

  it('between pre and main: the quiet claim is still good', async () => {
    flow = await startFlow();
    flow.github.hooks.push({
      step: 'run task',
      phase: 'main',
      before: async () => {
        await flow.stopRelay();
        await flow.clock.jump(3 * MINUTE);
        await flow.startRelay();
      },
    });
    expect((await flow.run()).result).toMatchObject({ status: 'passed', terminalCount: 1 });
  });

  it('after the verdict and before HCP has it: delivered after the start', async () => {
    flow = await startFlow();
    const run = await flow.begin();
    await flow.logged('plan handed over');
    flow.hcp.failNext({ path: /\/callback/, status: 503, times: 2 });
    await flow.logged('verdict on record');
    await flow.stopRelay();
    await flow.clock.jump(1 * MINUTE);
    await flow.startRelay();
    expect(await run.stage('post_plan')).toMatchObject({ status: 'passed', terminalCount: 1 });
  });
});

describe('an action that does not come to its end', () => {
  it('is killed from inside by a check: post says so', async () => {
    flow = await startFlow({ checks: `${CHECKS}  - name: hostile\n    run: { command: [sh, -c, "kill -9 $PPID"] }\n` });
    const { result, workflowRun } = await flow.run();
    expect(workflowRun?.jobs[0]?.steps.find((step) => step.phase === 'main' && step.name === 'run task')?.signal).toBe('SIGKILL');
    expect(result).toMatchObject({ status: 'failed', terminalCount: 1, message: expect.stringContaining('ended before the checks did') });
  });

  it('loses the answer to its claim: asks again with a new token and goes on', async () => {
    let lost = 0;
    flow = await startFlow();
    // The relay's own answers cannot be lost on loopback, so the connection is cut by stopping it right after the claim is durable.
    void flow.logged('run task claimed').then(async () => {
      lost++;
      await flow.stopRelay();
      await flow.startRelay();
    });
    expect((await flow.run()).result).toMatchObject({ status: 'passed', terminalCount: 1 });
    expect(lost).toBe(1);
  });
});

describe('the same post again', () => {
  it('while it runs and after its end: the same 200, and no effect', async () => {
    flow = await startFlow();
    const { result } = await flow.run();
    const sent = flow.hcp.sent.at(-1)!;
    for (let i = 0; i < 3; i++) {
      const again = await fetch(flow.hookUrl, { method: 'POST', headers: { ...sent.headers }, body: sent.bytes });
      expect(again.status).toBe(200);
    }
    await flow.clock.jump(10 * MINUTE);
    expect(flow.github.runs).toHaveLength(1);
    expect(result.terminalCount).toBe(1);
    expect(flow.log.filter((line) => line.event === 'dispatch sent')).toHaveLength(1);
  });
});
