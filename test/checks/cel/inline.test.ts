// Evaluation in this process: nothing that a rule does to a plan holds up anything else for long, and time and memory have their ends.
import { describe, expect, it } from '@jest/globals';
import { evaluateInline, INLINE_LIMITS } from '../../../src/checks/cel/inline.ts';
import { evaluateCel } from '../../../src/checks/cel/evaluate.ts';
import { startWorkerFile } from '../../../src/checks/cel/host.ts';
import { createCel } from '../../../src/checks/cel/kind.ts';
import { CelPlan } from '../../../src/checks/cel/subjects.ts';
import type { CheckTask, KindContext, StartWorker } from '../../../src/checks/kind.ts';
import type { CelSpec } from '../../../src/contracts/check-kinds.ts';
import { checkSchema } from '../../../src/contracts/checks-file.ts';
import { scriptProgramFile } from '../../../src/checks/script/program.ts';
import { systemClock } from '../../../src/base/clock.ts';
import type { Plan } from '../../../src/plan/model.ts';
import { aChange, aPlan, aRun } from '../builders.ts';
import { aQuestion } from './judge.ts';

const many = (count: number): Plan =>
  aPlan(Array.from({ length: count }, (_, n) => aChange(`aws_x.a[${n}]`, 'update', { after: { list: [1, 2, 3], n } })));
const inline = (spec: object, plan: Plan, signal: AbortSignal, limits = INLINE_LIMITS): ReturnType<typeof evaluateInline> =>
  evaluateInline(aQuestion(spec), new CelPlan(plan, aRun()), signal, limits);
const never = new AbortController().signal;

/** How long, at most, nothing else had its turn; milliseconds. */
async function longestBlock(work: Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  await work.catch(() => null);
  clearInterval(timer);
  return Math.max(longest, performance.now() - last);
}

const LIST = Array.from({ length: 3000 }, (_, n) => n);
const NESTED = 'after.list.all(a, after.list.all(b, after.list.all(c, a + b + c >= 0)))';
const BOMBS: readonly (readonly [string, string, object])[] = [
  ['loops in loops', NESTED, { list: LIST }],
  ['loops whose errors are swallowed', 'after.list.exists(a, after.list.exists(b, after.list.exists(c, c.nope == 1)))', { list: LIST }],
  [
    'a JSON text that is read again and again',
    'after.list.all(a, jsonParse(after.text) != a)',
    { list: LIST, text: JSON.stringify(Array.from({ length: 200_000 }, () => 1)) },
  ],
];

describe('a rule that does not end', () => {
  it.each(BOMBS)('is given up on for one resource: %s', async (_what, assert, after) => {
    const plan = aPlan([aChange('aws_x.a', 'update', { after: after as never })]);
    const evaluated = inline({ assert }, plan, never, { ...INLINE_LIMITS, stuckMs: 200 });
    expect(await longestBlock(evaluated)).toBeLessThan(1500);
    expect(await evaluated).toBeNull();
  });

  it('stops between two resources when its time is up, and nothing is held up meanwhile', async () => {
    const stop = new AbortController();
    const evaluated = inline({ assert: 'plan.resource_changes.all(c, c.change.after.n >= 0)' }, many(20_000), stop.signal);
    const blocked = longestBlock(evaluated);
    const reason = new Error('time is up');
    setImmediate(() => stop.abort(reason));
    await expect(evaluated).rejects.toBe(reason);
    expect(await blocked).toBeLessThan(1500);
  });

  it('is not begun when its time is up already', async () => {
    await expect(inline({ assert: 'true' }, many(1), AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  });

  it('leaves nothing behind for the next', async () => {
    const plan = aPlan([aChange('aws_x.a', 'update', { after: { list: LIST } })]);
    const celPlan = new CelPlan(plan, aRun());
    expect(await evaluateInline(aQuestion({ assert: NESTED }), celPlan, never, { ...INLINE_LIMITS, stuckMs: 50 })).toBeNull();
    const next = aQuestion({ assert: 'after.list.all(a, a < 2999)' });
    expect(await evaluateInline(next, celPlan, never, INLINE_LIMITS)).toEqual(evaluateCel(next, new CelPlan(plan, aRun())));
  });
});

describe('a rule that takes memory', () => {
  const doubled = (times: number, form: (inner: string) => string): string =>
    Array.from({ length: times }).reduce<string>((inner) => form(inner), 'after.list');
  it.each([
    ['by names in names', (inner: string) => `cel.bind(l, ${inner}, l + l)`],
    ['by loops of one', (inner: string) => `[${inner}].map(l, l + l)[0]`],
    ['by lists of lists', (inner: string) => `[${inner}].map(l, [l, l].flatten())[0]`],
  ])('is not begun when it could explode: %s', async (_what, form) => {
    const plan = aPlan([aChange('aws_x.a', 'update', { after: { list: LIST } })]);
    const ask = (times: number, over: object = {}): ReturnType<typeof inline> =>
      inline({ assert: `size(${doubled(times, form)}) > 0`, ...over }, plan, never);
    expect(await ask(40)).toBeNull();
    expect(await ask(9)).toBeNull();
    expect(await ask(1, { when: `size(${doubled(9, form)}) > 0` })).toBeNull();
    expect(await ask(1, { message: `\${size(${doubled(9, form)})}` })).toBeNull();
    expect(await ask(3)).toMatchObject({ findings: [], problems: [] });
  });

  it('is given up on', async () => {
    const grow = { assert: 'after.list.map(a, after.list.map(b, [a, b])).size() == 300' };
    const plan = aPlan(Array.from({ length: 10 }, (_, n) => aChange(`aws_x.a[${n}]`, 'update', { after: { list: LIST.slice(0, 300) } })));
    expect(await inline(grow, plan, never, { sliceMs: 0, stuckMs: 5000, maxGrowthBytes: 1 })).toBeNull();
    expect(await inline(grow, plan, never, { ...INLINE_LIMITS, stuckMs: 5000 })).toMatchObject({ findings: [], problems: [] });
  });
});

it('slices do not change what is found', async () => {
  const spec = { assert: 'after.n % 3 != 0', message: '${address}' };
  const plan = many(1000);
  const whole = evaluateCel(aQuestion(spec), new CelPlan(plan, aRun()));
  expect(whole.findings).toHaveLength(334);
  expect(await inline(spec, plan, never, { ...INLINE_LIMITS, sliceMs: 0 })).toEqual(whole);
});

describe('the kind', () => {
  function open(plan: Plan): {
    run: (spec: object, signal?: AbortSignal) => Promise<unknown>;
    close: () => Promise<void>;
    threads: () => number;
  } {
    let threads = 0;
    const startWorker: StartWorker = (role, options) => {
      threads++;
      return startWorkerFile(role, options);
    };
    const context: KindContext = {
      run: aRun(),
      plan,
      planPath: null,
      configurationDir: null,
      workspaceDir: '.',
      jobStartedAt: null,
      env: {},
      clock: systemClock,
      startWorker,
      scriptProgram: scriptProgramFile(),
    };
    const opened = createCel({ ...INLINE_LIMITS, stuckMs: 30 }).open(context);
    const run = (spec: object, signal = never): Promise<unknown> => {
      const check = checkSchema.parse({ name: 'c', cel: spec, message: 'the check says ${address}' });
      const task: CheckTask<CelSpec> = {
        check,
        spec: check.cel!,
        params: { max: 2 },
        baseDir: '.',
        isExcepted: () => false,
        explain: null,
        signal,
      };
      return opened.run(task);
    };
    return { run, close: () => opened.close(), threads: () => threads };
  }

  it('starts no thread for what behaves, and one for what does not, with the same answer', async () => {
    const after = { list: LIST.slice(0, 1000), n: 3 };
    const { run, close, threads } = open(aPlan([aChange('aws_x.a', 'update', { after })]));
    expect([await run({ assert: 'after.n <= params.max', message: '${after.n}' }), threads()]).toEqual([
      { findings: [{ message: '3', address: 'aws_x.a', action: 'update', attribute: 'n' }], reason: null },
      0,
    ]);
    const slow = 'after.list.all(a, after.list.all(b, a + b >= 0)) && after.n <= params.max';
    expect([await run({ assert: slow, message: 'x' }), threads()]).toEqual([
      { findings: [{ message: 'x', address: 'aws_x.a', action: 'update' }], reason: null },
      1,
    ]);
    await close();
  });

  it('takes the plain words of the check where the rule has none of its own, and never for an expression', async () => {
    const { run, close } = open(aPlan([aChange('aws_x.a', 'update')]));
    expect(await run({ assert: 'false' })).toMatchObject({ findings: [{ message: 'the check says ${address}' }] });
    expect(await run({ assert: 'false', message: '$${ ${address}' })).toMatchObject({ findings: [{ message: '${ aws_x.a' }] });
    await close();
  });

  it('ends the thread too when the time is up', async () => {
    const stop = new AbortController();
    const { run, close, threads } = open(aPlan([aChange('aws_x.a', 'update', { after: { list: LIST } })]));
    const judged = run({ assert: NESTED }, stop.signal);
    const reason = new Error('time is up');
    const timer = setInterval(() => threads() === 1 && stop.abort(reason), 20);
    await expect(judged).rejects.toBe(reason);
    clearInterval(timer);
    await close();
  });
});
