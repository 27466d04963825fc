// The runner: one result per check whatever happens inside one, each within its time, and nothing said that is not masked.
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/base/clock.ts';
import { toCheckSet } from '../../src/checks/check-set.ts';
import { startWorkerFile } from '../../src/checks/cel/host.ts';
import type { StartWorker } from '../../src/checks/kind.ts';
import { runChecks, type RunChecksInput } from '../../src/checks/run-checks.ts';
import { checksFileSchema } from '../../src/contracts/checks-file.ts';
import type { CheckResult } from '../../src/findings/finding.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { aChange, aPlan, aRun } from './builders.ts';

const PLAN = aPlan([aChange('aws_db_instance.a', 'delete'), aChange('aws_x.b', 'update', { after: { n: 1, secret: 'hunter2-secret' } })]);
const PROTECT = { name: 'protect', protect: { types: ['aws_db_instance'] } };

const run = async (checks: readonly object[], over: Partial<RunChecksInput> = {}): Promise<readonly CheckResult[]> => {
  const { results } = await runChecks({
    set: toCheckSet(checksFileSchema.parse({ version: 1, checks }), tmpdir()),
    run: aRun(),
    plan: PLAN,
    planProblem: null,
    planPath: '/nowhere/plan.json',
    configurationDir: null,
    workspaceDir: tmpdir(),
    masker: { text: (text) => text },
    env: { PATH: process.env['PATH'] },
    clock: systemClock,
    signal: new AbortController().signal,
    ...over,
  });
  return results;
};
const cel = (name: string, spec: object, more: object = {}): object => ({ name, cel: spec, ...more });
// Ten to the eighteenth: no machine comes to the end of it.
const TEN = '[1,2,3,4,5,6,7,8,9,10]';
const ENDLESS = Array.from({ length: 18 }, (_, n) => `${TEN}.all(v${n}, `).join('') + 'true' + ')'.repeat(18);

describe('runChecks', () => {
  it('gives one result per check in the order of the file', async () => {
    const checks = [
      PROTECT,
      cel(
        'cel',
        { assert: 'after.n == 2', message: '${address} has ${after.n}' },
        { severity: 'low', help: 'Set it to 2', enforce: 'advisory' },
      ),
      { name: 'other workspace', when: { workspace: 'app-*' }, protect: { types: ['*'] } },
      { name: 'tool', run: { command: ['true'] } },
    ];
    const results = await run(checks, { clock: createManualClock() });
    const none = { ruleId: null, file: null, line: null, url: null };
    expect(results).toEqual([
      {
        check: 'protect',
        kind: 'protect',
        enforcement: 'mandatory',
        status: 'failed',
        durationMs: 0,
        reason: null,
        findings: [
          {
            ...none,
            check: 'protect',
            level: 'error',
            severity: 'high',
            message: 'aws_db_instance.a would be destroyed',
            help: null,
            address: 'aws_db_instance.a',
            action: 'delete',
          },
        ],
      },
      {
        check: 'cel',
        kind: 'cel',
        enforcement: 'advisory',
        status: 'failed',
        durationMs: 0,
        reason: null,
        findings: [
          {
            ...none,
            check: 'cel',
            level: 'error',
            severity: 'low',
            message: 'aws_x.b has 1',
            help: 'Set it to 2',
            address: 'aws_x.b',
            action: 'update',
          },
        ],
      },
      {
        check: 'other workspace',
        kind: 'protect',
        enforcement: 'mandatory',
        status: 'not-applicable',
        durationMs: 0,
        findings: [],
        reason: 'the check is for workspace app-*',
      },
      { check: 'tool', kind: 'run', enforcement: 'mandatory', status: 'passed', durationMs: 0, findings: [], reason: null },
    ]);
  });

  it.each([
    [{ stage: ['pre_plan'] }, 'stage is post_plan, the check is for pre_plan'],
    [{ organization: ['other', 'ac'] }, 'organization is acme, the check is for other, ac'],
    [{ workspace: 'net' }, 'the check is for workspace net'],
    [{ speculative: true }, 'the run is not speculative, the check is for runs that are'],
    [{ stage: ['post_plan'], organization: 'ac*', workspace: ['x', '*-prod'], speculative: false }, null],
  ])('when %j: %s', async (when, reason) => {
    const [result] = await run([{ ...PROTECT, when }]);
    expect(result?.reason).toBe(reason);
    expect(result?.status).toBe(reason === null ? 'failed' : 'not-applicable');
  });

  it('errs where nobody knows whether a check concerns the run', async () => {
    const [result] = await run([{ ...PROTECT, when: { project: 'x' } }]);
    expect(result).toMatchObject({ status: 'errored', findings: [], reason: expect.stringContaining('hcp-token') });
  });

  it('tells the progress before each check', async () => {
    const seen: unknown[] = [];
    await run([PROTECT, { ...PROTECT, name: 'two' }], { onProgress: (...step) => seen.push(step) });
    expect(seen).toEqual([
      [0, 2, 'protect'],
      [1, 2, 'two'],
    ]);
  });

  it('errs where a plan is needed and there is none, and runs what needs none', async () => {
    const checks = [
      PROTECT,
      cel('cel', { for: 'plan', assert: 'true' }),
      { name: 'scan', run: { command: ['true', '$TF_PLAN_JSON'] } },
      { name: 'lint', run: { command: ['true'] } },
    ];
    const results = await run(checks, {
      plan: null,
      masker: null,
      planPath: null,
      planProblem: 'HCP Terraform has no plan for this run (404).',
    });
    expect(results.map((result) => [result.status, result.reason])).toEqual([
      ...Array.from({ length: 3 }, () => ['errored', 'Needs the plan, and there is none: HCP Terraform has no plan for this run (404)']),
      ['passed', null],
    ]);
    const [early] = await run([PROTECT], {
      plan: null,
      masker: null,
      planProblem: 'there is none in pre_plan',
      run: aRun({ stage: 'pre_plan' }),
    });
    expect(early?.reason).toContain('write `when: { stage: [post_plan, pre_apply] }`');
  });

  it('a script does not scan the checkout instead of a configuration that was refused', async () => {
    // Without `$`: the command does not name it, the script in it does.
    const script = (name: string): object => ({
      name,
      run: { command: ['sh', '-c', `p=$(printenv ${name}) && test -n "$p" && test ! -e "$p"`] },
    });
    const byName = { name: 'by name', run: { command: ['ls', '$TF_CONFIGURATION'] } };
    const empty = {
      plan: null,
      masker: null,
      planPath: null,
      env: { PATH: process.env['PATH'] },
    };
    expect((await run([script('TF_CONFIGURATION'), script('TF_PLAN_JSON'), byName], empty)).map(({ status }) => status)).toEqual([
      'passed',
      'passed',
      'errored',
    ]);
  });

  it('withholds a credential that a tool prints where there is no plan', async () => {
    const token = `ghp_${'aB3dE6gH9jK2'.repeat(3)}`;
    const check = { name: 'lint', run: { command: ['sh', '-c', `echo "used ${token}" >&2; exit 1`] } };
    const [result] = await run([check], { plan: null, masker: null, planPath: null });
    expect(JSON.stringify(result)).toContain('used (withheld: looks like a GitHub token)');
    expect(JSON.stringify(result)).not.toContain(token);
  });

  it('says nothing at all about a plan without a masker', async () => {
    expect(await run([PROTECT], { masker: null })).toMatchObject([
      { status: 'errored', findings: [], reason: expect.stringContaining('nothing that masks') },
    ]);
  });

  it('withholds findings that could not be masked', async () => {
    const masker = {
      text: (text: string): string => {
        throw new Error(`cannot mask ${text}`);
      },
    };
    const [result] = await run([PROTECT], { masker });
    expect(result).toMatchObject({ status: 'errored', findings: [] });
    expect(result?.reason).not.toContain('aws_db_instance');
  });

  it('masks each text that a check gives', async () => {
    const masker = { text: (text: string): string => text.replaceAll('hunter2-secret', '***') };
    const results = await run(
      [
        cel('finding', { assert: 'false', message: 'is ${after.secret}' }),
        cel('reason', { when: 'has(after.secret)', assert: '{"a": 1}[after.secret] == 1' }),
      ],
      { masker },
    );
    expect(results[0]?.findings.map((finding) => finding.message)).toContain('is ***');
    expect(results[1]?.status).toBe('errored');
    expect(JSON.stringify(results)).not.toContain('hunter2');
  });

  it('masks a secret that a tool has coloured in the middle', async () => {
    const report = { message: { text: 'found hunter2-\u001b[31msecret\u001b[0m here' }, level: 'error' };
    const sarif = JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 't' } }, results: [report] }] });
    const masker = { text: (text: string) => text.replaceAll('hunter2-secret', '***') };
    const [result] = await run([{ name: 'tool', run: { command: ['printf', '%s', sarif] } }], { masker });
    expect(result?.findings.map(({ message }) => message)).toEqual([expect.stringMatching(/^found \*\*\*/)]);
  });

  it('makes one paragraph of a message', async () => {
    const [result] = await run([{ ...PROTECT, message: 'line\none\r\n\t two \u001b[31mred' }]);
    expect(result?.findings[0]?.message).toBe('line one two red');
  });

  it('errs on a check of a kind that it does not know', async () => {
    const spec = { name: 'new', enforce: 'mandatory' as const, severity: 'high' as const };
    const set = {
      whenNoneApply: 'fail' as const,
      planChangedSinceReview: 'ignore' as const,
      checks: [{ spec, params: {}, baseDir: tmpdir(), origin: null }],
      waivers: [],
      sources: [],
    };
    expect(await run([], { set })).toMatchObject([
      { status: 'errored', kind: 'unknown', reason: expect.stringContaining('knows no kind') },
    ]);
  });
});

describe('time', () => {
  const doubled = (times: number): string => Array.from({ length: times }).reduce<string>((inner) => `cel.bind(l, ${inner}, l + l)`, TEN);
  /** Harmless, and of a form that is not evaluated in this process. */
  const IN_THREAD = `size(${doubled(10)}) > 0`;

  /** Starts the thread as ever, and lets the test wait until it lives. */
  function watched(): { startWorker: StartWorker; online: () => Promise<unknown>; threads: Worker[] } {
    const threads: Worker[] = [];
    const first = Promise.withResolvers<unknown>();
    const startWorker: StartWorker = (role, options) => {
      const worker = startWorkerFile(role, options);
      threads.push(worker);
      first.resolve(once(worker, 'online'));
      return worker;
    };
    return { startWorker, threads, online: () => first.promise };
  }

  it('an expression without end is ended at its timeout; the others go on', async () => {
    const clock = createManualClock();
    const { startWorker, online, threads } = watched();
    const done = run([cel('endless', { for: 'plan', assert: ENDLESS }), PROTECT, cel('after', { for: 'plan', assert: 'true' })], {
      clock,
      startWorker,
    });
    await online();
    await clock.advance(120_000);
    const results = await done;
    expect(results.map((result) => [result.check, result.status, result.reason])).toEqual([
      ['endless', 'errored', 'Not finished after 2 min. Make it faster, or give it a longer `timeout`'],
      ['protect', 'failed', null],
      ['after', 'passed', null],
    ]);
    expect(threads.map((thread) => thread.threadId)).toEqual([-1]);
  });

  it('all is ended when the run ends, with a reason for each check that did not', async () => {
    const stop = new AbortController();
    const { startWorker, online } = watched();
    const done = run([PROTECT, cel('endless', { for: 'plan', assert: ENDLESS }), { ...PROTECT, name: 'never began' }], {
      signal: stop.signal,
      startWorker,
    });
    await online();
    stop.abort(new Error('cancelled'));
    const ended = 'The time for all checks ended before this one did. Make checks faster, or give them shorter timeouts';
    expect((await done).map((result) => [result.status, result.reason])).toEqual([
      ['failed', null],
      ['errored', ended],
      ['errored', ended],
    ]);
  });

  it('an expression that needs too much memory is ended, and the next one works', async () => {
    const startWorker: StartWorker = (role, options) =>
      startWorkerFile(role, { ...options, resourceLimits: { maxOldGenerationSizeMb: 32 } });
    const [bomb, next] = await run(
      [cel('bomb', { for: 'plan', assert: `size(${doubled(40)}) > 0` }), cel('next', { for: 'plan', assert: 'true' })],
      { startWorker },
    );
    expect(bomb).toMatchObject({ status: 'errored', reason: expect.stringContaining('memory') });
    expect(next).toMatchObject({ status: 'passed' });
  });

  it('a thread that does not start is an error of the check alone', async () => {
    const startWorker: StartWorker = () => {
      throw new Error('no thread for you');
    };
    expect(await run([cel('cel', { for: 'plan', assert: IN_THREAD }), PROTECT], { startWorker })).toMatchObject([
      { status: 'errored', reason: 'The check broke: no thread for you' },
      { status: 'failed' },
    ]);
  });

  it('a thread that ends without an answer is an error of the check', async () => {
    const startWorker: StartWorker = (role, options) => {
      const worker = startWorkerFile(role, options);
      worker.once('online', () => void worker.terminate());
      return worker;
    };
    expect(await run([cel('cel', { for: 'plan', assert: ENDLESS })], { startWorker })).toMatchObject([
      { status: 'errored', reason: expect.stringContaining('ended by itself') },
    ]);
  });

  it('checks of one kind share a thread, and none is left', async () => {
    const { startWorker, threads } = watched();
    const results = await run([cel('a', { for: 'plan', assert: IN_THREAD }), cel('b', { for: 'plan', assert: IN_THREAD })], {
      startWorker,
    });
    expect(results.map(({ status }) => status)).toEqual(['passed', 'passed']);
    expect(threads.map((thread) => thread.threadId)).toEqual([-1]);
  });
});
