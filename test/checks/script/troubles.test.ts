// Every way in which a script can fail to judge: each is an error of the check with its reason, never a pass, and what it had found counts.
import { describe, expect, it } from '@jest/globals';
import { hasModuleHooks } from '../../../src/checks/script/kind.ts';
import { aChange, aPlan } from '../builders.ts';
import { judging, runScript, type ScriptRun } from './run-script.ts';

const found = (text: string): string => `fail(null, ${JSON.stringify(text)});`;

const TROUBLES: readonly [what: string, run: ScriptRun, reason: RegExp][] = [
  ['it throws', { files: judging("throw new Error('boom');") }, /^\.runtask\/check\.ts:4:7: Error: boom$/],
  ['it throws no Error', { files: judging("throw 'boom';") }, /^\.runtask\/check\.ts: It threw boom, which is no Error$/],
  [
    'a function of another file throws',
    {
      files: {
        ...judging('help();', "import { help } from './lib/help.ts';"),
        '.runtask/lib/help.ts': '\nexport const help = (): never => {\n  throw new RangeError("far");\n};',
      },
    },
    /^\.runtask\/lib\/help\.ts:3:9: RangeError: far$/,
  ],
  [
    'a promise that nobody awaits is rejected',
    { files: judging('void Promise.reject(new Error("late"));') },
    /^\.runtask\/check\.ts:4:21: Error: late$/,
  ],
  [
    'a timer throws',
    { files: judging('setTimeout(() => { throw new Error("later"); }, 1);') },
    /^\.runtask\/check\.ts:4:26: Error: later$/,
  ],
  [
    'a network call fails',
    { files: judging("await fetch('http://127.0.0.1:8080/');") },
    /fetch failed: A check has no network\. Hand it what it needs in `params`/,
  ],
  [
    'it waits forever',
    { files: judging('await new Promise(() => {});') },
    /^\.runtask\/check\.ts: It waits for something that never comes/,
  ],
  [
    'its module waits forever',
    { files: { '.runtask/check.ts': 'await new Promise(() => {});' } },
    /^\.runtask\/check\.ts: It waits for something that never comes/,
  ],
  [
    'it ends itself with 0',
    { files: judging('process.exit(0);') },
    /^\.runtask\/check\.ts: Its process ended \(exit code 0\) before the check had come to its end/,
  ],
  ['it ends itself as if by a signal', { files: judging('process.abort();') }, /^\.runtask\/check\.ts: Its process was killed \(SIGABRT\)/],
  [
    'it says no by its exit code',
    { files: judging('process.exitCode = 1;') },
    /^\.runtask\/check\.ts: It ended with exit code 1\. What is wrong is said with fail/,
  ],
  ['it ends when it has been judged', { files: judging("process.on('exit', () => process.exit(3));") }, /exit code 3/],
  [
    'a syntax error in TypeScript',
    { files: { '.runtask/check.ts': 'const a: number = 1;\nconst b = = 2;\n' } },
    /^\.runtask\/check\.ts:2: SyntaxError: Expression expected/,
  ],
  [
    'a syntax error in JavaScript',
    { file: '.runtask/check.mjs', files: { '.runtask/check.mjs': 'const a = 1;\n\nconst b = = 2;\n' } },
    /^\.runtask\/check\.mjs:3: SyntaxError: Expression expected/,
  ],
  [
    'an import that is not there',
    { files: judging('', "import './nothing.ts';") },
    /^\.runtask\/check\.ts: Error: Cannot find module '\.runtask\/nothing\.ts' imported from \.runtask\/check\.ts\. Imports name files with their endings/,
  ],
  [
    'an export that is not there',
    { files: { ...judging('', "import { x } from './other.ts';\nx;"), '.runtask/other.ts': 'export const y = 1;' } },
    /^\.runtask\/check\.ts:2: SyntaxError: The requested module '\.\/other\.ts' does not provide an export named 'x'$/,
  ],
  [
    'no default export',
    { files: { '.runtask/check.ts': 'export const check = 1;' } },
    /^\.runtask\/check\.ts: Error: It has no check as its default export\. Write: import \{ check \}/,
  ],
  ['a function that is no check', { files: { '.runtask/check.ts': 'export default () => {};' } }, /has no check as its default export/],
  ['no such file', { files: { '.runtask/other.ts': '' } }, /^There is no file \.runtask\/check\.ts in the checkout$/],
  ['no such folder', { files: {} }, /^There is no \.runtask in the checkout$/],
  ['a folder in its place', { files: { '.runtask/check.ts/x': '' } }, /^There is no file \.runtask\/check\.ts in the checkout$/],
  [
    'a file of another folder',
    { files: judging("await import('node:fs').then((fs) => fs.readFileSync('/etc/hostname'));") },
    /Access to this API has been restricted.*A check can read the top folder that it is in/,
  ],
  [
    'too many objects',
    { memoryMb: 64, files: judging('const all: number[][] = []; for (;;) all.push(new Array(1000).fill(Math.random()));') },
    /^\.runtask\/check\.ts: It needed more than 64 MB of memory\. Let it keep less at once, or write a larger `memory_mb`$/,
  ],
  [
    'too many bytes',
    {
      memoryMb: 64,
      files: judging(
        'const all: Buffer[] = []; for (;;) { all.push(Buffer.alloc(8e6, 1)); await new Promise((go) => setTimeout(go, 1)); }',
      ),
    },
    /^\.runtask\/check\.ts: It needed more than 64 MB of memory\./,
  ],
  ['endless output', { files: judging("for (;;) console.log('x'.repeat(1e5));") }, /^\.runtask\/check\.ts: It printed more than 8 MiB/],
  [
    'something else on the descriptor of its findings',
    { files: judging("fs.writeSync(3, 'hello\\n');", "import fs from 'node:fs';") },
    /^\.runtask\/check\.ts: Something that is no finding was written to the descriptor of its findings \(3\)/,
  ],
  [
    'an end that it says itself',
    {
      files: judging(
        "fs.writeSync(3, JSON.stringify({ done: 'guessed', unlisted: [] }) + '\\n'); process.exit(0);",
        "import fs from 'node:fs';",
      ),
    },
    /^\.runtask\/check\.ts: Its process ended \(exit code 0\) before the check had come to its end/,
  ],
  [
    'more findings than fit',
    { files: judging("for (let i = 0; ; i++) fs.writeSync(3, 'x'.repeat(1e6));", "import fs from 'node:fs';") },
    /^\.runtask\/check\.ts: Its findings have more than 64 MiB/,
  ],
];

describe('a script errs when', () => {
  it.each(TROUBLES)('%s', async (_what, run, reason) => {
    const outcome = await runScript(run);
    expect(outcome.reason).toMatch(reason);
    expect(outcome.findings).toEqual([]);
  });

  it('there is no plan', async () =>
    expect(await runScript({ files: judging(''), context: { plan: null } })).toEqual({
      findings: [],
      reason: 'Needs the plan, and there is none',
    }));

  it('its time ends: the process is gone, and the reason is that of the signal', async () => {
    const timeout = new Error('no more time');
    const abort = new AbortController();
    setTimeout(() => abort.abort(timeout), 300);
    await expect(runScript({ files: judging('for (;;);'), signal: abort.signal })).rejects.toBe(timeout);
  });

  it('a timer of its own never ends', async () => {
    const timeout = new Error('no more time');
    const abort = new AbortController();
    setTimeout(() => abort.abort(timeout), 300);
    await expect(runScript({ files: judging('setInterval(() => {}, 1000);'), signal: abort.signal })).rejects.toBe(timeout);
  });
});

describe('what it had found before it broke', () => {
  it.each([
    ['an error', `${found('first')} throw new Error('boom');`, /boom/],
    ['its own end', `${found('first')} process.exit(0);`, /Its process ended/],
    ['a crash', `${found('first')} process.abort();`, /was killed/],
    ['an error that comes later', `${found('first')} setTimeout(() => { throw new Error('after'); }, 1);`, /after/],
  ])('counts: %s', async (_what, body, reason) => {
    const outcome = await runScript({ files: judging(body) });
    expect(outcome.findings.map(({ message, level }) => [message, level])).toEqual([['first', 'error']]);
    expect(outcome.reason).toMatch(reason);
  });

  it('and the last lines that it printed are told, without the place of the copy', async () => {
    const body = "for (let i = 1; i <= 7; i++) console.log('line', i, import.meta.filename); throw new Error('boom');";
    const { reason } = await runScript({ files: judging(body) });
    expect(reason).toBe(
      `.runtask/check.ts:4:82: Error: boom. It printed: ${[3, 4, 5, 6, 7].map((line) => `line ${line} .runtask/check.ts`).join('\n')}`,
    );
  });

  it('a long line is told in whole or not at all: half a secret is not recognised', async () => {
    const { reason } = await runScript({ files: judging("console.log('s'.repeat(40_000)); throw new Error('boom');") });
    expect(reason).toBe('.runtask/check.ts:4:40: Error: boom');
  });
});

describe('too many findings', () => {
  const message = (n: number): unknown => expect.objectContaining({ message: `${n} more findings are not listed`, standsFor: n });

  it('are counted, by level', async () => {
    const body = "for (let i = 0; i < 3000; i++) { fail(null, 'e' + i); warn(null, 'w' + i); }";
    const { findings, reason } = await runScript({ files: judging(body) });
    expect(reason).toBeNull();
    expect(findings.length).toBe(1002);
    expect(findings.slice(1000)).toEqual([message(2000), message(3000)]);
    expect(findings.slice(1000).map(({ level }) => level)).toEqual(['error', 'warning']);
  });

  it('a grave one is not hidden behind a thousand mild ones', async () => {
    const body = "for (let i = 0; i < 1500; i++) warn(null, 'mild', { severity: 'low' }); warn(null, 'grave', { severity: 'critical' });";
    const { findings } = await runScript({ files: judging(body) });
    expect(findings[0]).toMatchObject({ message: 'grave', severity: 'critical' });
    const many = "for (let i = 0; i < 1500; i++) fail(null, 'mild', { severity: 'low' }); warn(null, 'grave', { severity: 'critical' });";
    const more = await runScript({ files: judging(many) });
    expect(more.findings.slice(1000)).toEqual([
      { message: '500 more findings are not listed', standsFor: 500, level: 'error', severity: 'low' },
      { message: '1 more finding is not listed', standsFor: 1, level: 'warning', severity: 'critical' },
    ]);
  });

  it('a text that is too long is withheld, and its finding counts', async () => {
    const { findings, reason } = await runScript({ files: judging("fail(null, 'x'.repeat(20_000), { help: 'y'.repeat(20_000) });") });
    expect(reason).toBeNull();
    expect(findings).toEqual([
      expect.objectContaining({
        message: '(a message of 20000 characters is withheld; write a shorter one)',
        help: '(a help of 20000 characters is withheld; write a shorter one)',
      }),
    ]);
  });

  it('an address in `except` is not counted', async () => {
    const plan = aPlan([aChange('a_b.one', 'create'), aChange('a_b.two', 'create')]);
    const body = 'for (const change of plan.changes) for (let i = 0; i < 1001; i++) fail(change, "x");';
    const { findings } = await runScript({ files: judging(body), plan, except: ['a_b.two'] });
    expect(findings.map(({ address }) => address ?? null).filter((address) => address !== 'a_b.one')).toEqual([null]);
    expect(findings.at(-1)).toMatchObject({ standsFor: 1 });
  });
});

it('needs registerHooks', () =>
  expect(['20.19.0', '22.14.0', '22.15.0', '23.4.0', '23.5.0', '24.0.0', '26.1.0'].map(hasModuleHooks)).toEqual([
    false,
    false,
    true,
    false,
    true,
    true,
    true,
  ]));
