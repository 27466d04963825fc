// How runs end when they do not simply end: cancelled, out of time, lost, run again.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { WorkflowRun } from '../../../src/emulators/github/index.ts';
import { action, createStage, type Stage, story } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const workflow = (steps: string, job = ''): string =>
  `on: repository_dispatch\njobs:\n  check:\n    runs-on: x\n${job}    steps:\n${steps.replace(/^/gm, '      ')}\n`;

const waiting = `
  const keep = setInterval(() => {}, 1000);
  process.on('SIGINT', () => { console.log('got SIGINT'); clearInterval(keep); });
  console.log('ready');
`;
const deaf = `
  for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => console.log('deaf to', name));
  setInterval(() => {}, 1000);
  console.log('ready');
`;

async function start(text: string): Promise<WorkflowRun> {
  stage.github.createRepository({ owner: 'acme', name: 'net', files: { '.github/workflows/a.yml': text } });
  await stage.dispatch();
  const run = stage.github.runs[0];
  if (run === undefined) throw new Error('nothing started');
  return run;
}

/** Awaits a line of the log; the emulator tells of steps, not of lines. */
async function logged(run: WorkflowRun, line: string): Promise<void> {
  while (!(run.jobs[0]?.rawLog.split('\n').includes(line) ?? false)) await new Promise((resolve) => setImmediate(resolve));
}

describe('cancelling', () => {
  it('interrupts the step, skips the next, and runs what is always to run and the posts', async () => {
    stage = await createStage({
      'org/a@v1': action(
        { pre: '', main: waiting, post: 'console.log("post says", process.env.INPUT_STATUS)' },
        'inputs: { status: { default: "${{ job.status }}" } }',
      ),
    });
    const run = await start(
      workflow('- { id: a, uses: org/a@v1 }\n- { id: next, run: exit 0 }\n- { id: last, run: exit 0, if: cancelled() }'),
    );
    await logged(run, 'ready');
    stage.github.cancelRun(run.id);
    await stage.github.idle();
    expect(story(run)).toEqual(['pre a: success', 'main a: cancelled', 'main next: skipped', 'main last: success', 'post a: success']);
    expect(run.jobs[0]?.rawLog).toContain('got SIGINT');
    expect(run.jobs[0]?.rawLog).toContain('post says cancelled');
    expect([run.status, run.conclusion]).toEqual(['completed', 'cancelled']);
  });

  it('sends SIGTERM to a process that is deaf to SIGINT, and kills it with its children in the end', async () => {
    stage = await createStage({
      'org/a@v1': action({
        main: `${deaf}\nimport { spawn } from 'node:child_process';\nconsole.log('child', spawn('sleep', ['600']).pid);`,
      }),
    });
    const run = await start(workflow('- { id: a, uses: org/a@v1 }'));
    await stage.github.waitForRun((r) => r.jobs[0]?.steps[0]?.status === 'in_progress');
    await logged(run, 'ready');
    while (!/^child \d+$/m.test(run.jobs[0]?.rawLog ?? '')) await new Promise((resolve) => setImmediate(resolve));
    stage.github.cancelRun(run.id);
    await stage.github.idle();
    const text = run.jobs[0]?.rawLog ?? '';
    expect(text.match(/deaf to \w+/g)).toEqual(['deaf to SIGINT', 'deaf to SIGTERM']);
    expect(run.jobs[0]?.steps[0]).toMatchObject({ exitCode: null, signal: 'SIGKILL', conclusion: 'cancelled' });
    const child = Number(/^child (\d+)$/m.exec(text)?.[1]);
    // Signal 0 asks whether the process lives; a zombie that nobody has waited for yet still answers.
    await expect(gone(child)).resolves.toBe(true);
  });

  it('lets a step go on whose condition also holds for a cancelled job', async () => {
    stage = await createStage();
    const run = await start(workflow('- { id: a, if: always(), run: "echo ready; sleep 0.3; echo done" }'));
    await logged(run, 'ready');
    stage.github.cancelRun(run.id);
    await stage.github.idle();
    expect(story(run)).toEqual(['main a: success']);
    expect(run.jobs[0]?.rawLog).toContain('done');
    expect(run.conclusion).toBe('cancelled');
  });

  it('ends at once when forced, and five minutes later at the latest', async () => {
    const slow = action({ main: waiting, post: deaf });
    stage = await createStage({ 'org/a@v1': slow });
    const run = await start(workflow('- { id: a, uses: org/a@v1 }'));
    await logged(run, 'ready');
    stage.github.cancelRun(run.id);
    await stage.github.waitForRun((r) => r.jobs[0]?.steps.at(-1)?.phase === 'post' && r.jobs[0].steps.at(-1)?.status === 'in_progress');
    await stage.clock.advance(5 * 60_000);
    await stage.github.idle();
    expect(run.conclusion).toBe('cancelled');

    stage.github.rerun(run.id);
    await logged(run, 'ready');
    stage.github.forceCancelRun(run.id);
    await stage.github.idle();
    expect(story(run)).toEqual(['main a: cancelled']);
    expect([run.attempt, run.conclusion, run.previousAttempts.length]).toEqual([2, 'cancelled', 1]);
  });

  it('of a queued run starts nothing', async () => {
    stage = await createStage({}, { runner: 'off' });
    const run = await start(workflow('- run: exit 0'));
    const path = `/repos/acme/net/actions/runs/${run.id}/cancel`;
    expect((await stage.call('POST', path)).status).toBe(202);
    expect((await stage.call('POST', path)).status).toBe(409);
    stage.github.setRunner('auto');
    await stage.github.idle();
    expect([run.conclusion, run.jobs[0]?.conclusion, story(run)]).toEqual(['cancelled', 'cancelled', []]);
  });
});

describe('time limits', () => {
  it('of a step make it fail, and its post runs', async () => {
    stage = await createStage({ 'org/a@v1': action({ main: waiting, post: '' }) });
    const run = await start(workflow('- { id: a, uses: org/a@v1, timeout-minutes: 4 }\n- { id: b, run: exit 0 }'));
    await logged(run, 'ready');
    await stage.clock.advance(4 * 60_000);
    await stage.github.idle();
    expect(story(run)).toEqual(['main a: failure', 'main b: skipped', 'post a: success']);
    expect(run.jobs[0]?.annotations[0]?.message).toBe("The action 'Run org/a@v1' has timed out after 4 minutes.");
  });

  it('of a job cancel it', async () => {
    stage = await createStage({ 'org/a@v1': action({ main: waiting, post: '' }) });
    const run = await start(workflow('- { id: a, uses: org/a@v1 }', '    timeout-minutes: 15\n'));
    await logged(run, 'ready');
    await stage.clock.advance(15 * 60_000);
    await stage.github.idle();
    expect(story(run)).toEqual(['main a: cancelled', 'post a: success']);
    expect(run.conclusion).toBe('cancelled');
    expect(run.jobs[0]?.log).toContain('The job has exceeded the maximum execution time of 15m0s');
  });
});

describe('a lost runner', () => {
  it('says nothing more; GitHub gives the job up after ten minutes', async () => {
    stage = await createStage({ 'org/a@v1': action({ main: deaf, post: '' }) });
    const run = await start(workflow('- { id: a, uses: org/a@v1 }'));
    await logged(run, 'ready');
    stage.github.killRunner(run.id);
    await stage.clock.advance(9 * 60_000);
    expect([run.status, run.jobs[0]?.status, story(run)]).toEqual(['in_progress', 'in_progress', ['main a: in_progress']]);
    await stage.clock.advance(60_000);
    await stage.github.idle();
    expect([run.conclusion, story(run)]).toEqual(['failure', ['main a: failure']]);
    expect(run.jobs[0]?.annotations[0]?.message).toContain('lost communication with the server');
  });
});

describe('running again', () => {
  it('keeps id and payload, counts the attempt, and has new jobs', async () => {
    stage = await createStage();
    const run = await start(workflow('- run: echo attempt $GITHUB_RUN_ATTEMPT of ${{ github.event.action }}'));
    expect((await stage.call('POST', `/repos/acme/net/actions/runs/${run.id}/rerun`)).status).toBe(403);
    await stage.github.idle();
    const first = run.jobs[0]?.checkRunId;
    expect((await stage.call('POST', `/repos/acme/net/actions/runs/${run.id}/rerun`)).status).toBe(201);
    await stage.github.idle();
    expect(run.attempt).toBe(2);
    expect(run.jobs[0]?.log).toContain('attempt 2 of go');
    expect(run.jobs[0]?.checkRunId).not.toBe(first);
    expect((await stage.call('GET', `/repos/acme/net/actions/runs/${run.id}`)).body).toMatchObject({
      run_attempt: 2,
      conclusion: 'success',
    });
    expect((await stage.call('GET', `/repos/acme/net/actions/runs/${run.id}/attempts/1/jobs`)).body).toMatchObject({
      jobs: [{ id: first, run_attempt: 1 }],
    });
  });
});

describe('hooks', () => {
  it('stand around the process of a phase, and never keep the emulator from closing', async () => {
    stage = await createStage({ 'org/a@v1': action({ pre: 'console.log("pre")', main: 'console.log("main")' }) });
    const seen: string[] = [];
    const note = (what: string) => async () => void seen.push(`${what} at ${stage.clock.now() - Date.parse('2026-11-22T10:00:00Z')}`);
    stage.github.hooks.push(
      { step: 'org/a@v1', phase: 'pre', after: note('after pre') },
      { step: /slow/, phase: 'main', before: () => stage.clock.advance(240_000) },
      { step: 'org/a@v1', phase: 'main', before: note('before main') },
      { step: 'forever', phase: 'main', before: () => new Promise(() => {}) },
    );
    const run = await start(workflow('- { name: a slow one, run: exit 0 }\n- uses: org/a@v1\n- { id: forever, run: exit 0 }'));
    await stage.github.waitForRun((r) => r.jobs[0]?.steps.at(-1)?.id === 'forever');
    expect(seen).toEqual(['after pre at 0', 'before main at 240000']);
    expect(run.status).toBe('in_progress');
  });
});

async function gone(pid: number): Promise<boolean> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return true; // ESRCH: there is no such process
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a concurrency group', () => {
  const grouped = (more: string): string =>
    `on: repository_dispatch\nconcurrency: { group: "net-\${{ github.event.client_payload.g }}"${more} }\njobs: { a: { runs-on: x, steps: [{ run: "true" }] } }\n`;
  const states = (): (string | null)[] => stage.github.runs.map((run) => run.conclusion ?? run.status);

  it('runs one, lets one wait, and silently cancels the older of two that wait', async () => {
    stage = await createStage({}, { runner: 'off' });
    await start(grouped(''));
    for (let i = 0; i < 2; i++) await stage.dispatch();
    await stage.dispatch({ g: 'other' });
    expect(states()).toEqual(['queued', 'cancelled', 'pending', 'queued']);
    stage.github.setRunner('auto');
    await stage.github.idle();
    expect(states()).toEqual(['success', 'cancelled', 'success', 'success']);
  });

  it('cancels the one that runs with cancel-in-progress, and none with queue: max', async () => {
    stage = await createStage({}, { runner: 'off' });
    await start(grouped(', cancel-in-progress: true'));
    await stage.dispatch();
    expect(states()).toEqual(['cancelled', 'queued']);
    stage.github.setFiles('acme/net', { '.github/workflows/a.yml': grouped(', queue: max') });
    for (let i = 0; i < 3; i++) await stage.dispatch();
    expect(states()).toEqual(['cancelled', 'queued', 'pending', 'pending', 'pending']);
    stage.github.setRunner('auto');
    await stage.github.idle();
    expect(states()).toEqual(['cancelled', ...Array.from({ length: 4 }, () => 'success')]);
  });
});
