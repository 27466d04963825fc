// The kind `run` on real child processes: how each end is judged, what a tool gets and does not get, and that nothing is left running.
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock, type Clock } from '../../../src/base/clock.ts';
import { createChildEnv } from '../../../src/checks/run/child-env.ts';
import { runChecks } from '../../../src/checks/run-checks.ts';
import { toCheckSet } from '../../../src/checks/check-set.ts';
import { checksFileSchema } from '../../../src/contracts/checks-file.ts';
import type { CheckResult } from '../../../src/findings/finding.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { aChange, aPlan, aRun } from '../builders.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-tool-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Options {
  readonly env?: NodeJS.ProcessEnv;
  readonly mask?: (text: string) => string;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  readonly check?: object;
  readonly onExplain?: (check: string, subject: string, saw: string) => void;
}

async function runTool(
  spec: object,
  { env = {}, mask, clock = systemClock, signal, check = {}, onExplain }: Options = {},
): Promise<CheckResult> {
  const { results } = await runChecks({
    set: toCheckSet(checksFileSchema.parse({ version: 1, checks: [{ name: 'tool', run: spec, ...check }] }), folder),
    run: aRun(),
    plan: aPlan([aChange('aws_s3_bucket.b', 'create')]),
    planProblem: null,
    planPath: join(folder, 'plan.json'),
    configurationDir: null,
    workspaceDir: folder,
    masker: { text: mask ?? ((text) => text) },
    env: { PATH: process.env['PATH'], HOME: '/home/u', ...env },
    clock,
    signal: signal ?? new AbortController().signal,
    ...(onExplain === undefined ? {} : { onExplain }),
  });
  const [result] = results;
  if (result === undefined) throw new Error('no result');
  return result;
}

const NODE = process.execPath;
const script = (code: string): string[] => [NODE, '-e', code];
const shell = (code: string): string[] => ['sh', '-c', code];
const said = (result: CheckResult): string => result.reason ?? result.findings.map((finding) => finding.message).join(' | ');
const sarif = (level: string, n = 1): string =>
  JSON.stringify({
    version: '2.1.0',
    $schema: 'sarif',
    runs: [
      {
        tool: { driver: { name: 't' } },
        results: Array.from({ length: n }, (_, i) => ({ ruleId: `R${i}`, level, message: { text: `found ${i}` } })),
      },
    ],
  });
const NOTHING_FOUND = sarif('error', 0);

describe('by exit code', () => {
  it('0 is a pass', async () => {
    expect(await runTool({ command: shell('echo fine; echo oh >&2') })).toMatchObject({ status: 'passed', findings: [], reason: null });
  });

  it('another is a failure, with the last lines of both streams and without colours', async () => {
    const result = await runTool({ command: shell('echo one; printf "\\033[31mred\\033[0m\\n"; echo; echo last >&2; exit 3') });
    expect(result.status).toBe('failed');
    expect(said(result)).toMatch(/^sh ended with exit code 3: /);
    for (const word of ['one', 'red', 'last']) expect(said(result)).toContain(word);
    expect(said(result)).not.toContain('\u001b');
  });

  it("puts the check's own message in front", async () => {
    expect(said(await runTool({ command: shell('echo why; exit 1') }, { check: { message: 'Costs too much' } }))).toBe(
      'Costs too much: why',
    );
  });

  it.each([
    ['127: command not found in a shell', shell('no-such-tool-x'), /exit code 127/],
    ['126: not executable', shell('exit 126'), /exit code 126/],
    ['a signal', shell('kill -9 $$'), /was killed \(SIGKILL\)/],
  ])('%s is an error of the check', async (_what, command, expected) => {
    const result = await runTool({ command });
    expect([result.status, said(result)]).toEqual(['errored', expect.stringMatching(expected)]);
  });
});

describe('a tool that does not start', () => {
  it('names the step to add', async () => {
    expect(await runTool({ command: ['checkov-x', '-f', '$TF_PLAN_JSON'] })).toMatchObject({
      status: 'errored',
      reason: 'checkov-x is not installed on this runner, or not on its PATH. Add a step that installs it before this one',
    });
  });

  it('says that a file is not executable', async () => {
    await writeFile(join(folder, 'tool'), '#!/bin/sh\n', { mode: 0o644 });
    expect(await runTool({ command: ['./tool'] })).toMatchObject({ status: 'errored', reason: expect.stringContaining('chmod') });
  });

  it('says that the working directory is not there', async () => {
    await rm(folder, { recursive: true });
    expect(await runTool({ command: ['true'] })).toMatchObject({
      status: 'errored',
      reason: expect.stringContaining('Check out the repository'),
    });
  });

  it('says that an argument holds a NUL', async () => {
    expect(await runTool({ command: ['echo', 'a\0b'] })).toMatchObject({ status: 'errored' });
  });

  it('says that there is no configuration', async () => {
    expect(await runTool({ command: ['true', '$TF_CONFIGURATION'] })).toMatchObject({
      status: 'errored',
      reason: expect.stringContaining('$TF_CONFIGURATION'),
    });
  });
});

describe('SARIF on standard output', () => {
  const print = (text: string, code = 0): string[] => script(`process.stdout.write(${JSON.stringify(text)}); process.exitCode = ${code}`);

  it.each([
    ['an error, exit 1', print(sarif('error'), 1), 'failed', ['error']],
    ['an error, exit 0', print(sarif('error')), 'failed', ['error']],
    ['a warning, exit 0', print(sarif('warning')), 'passed', ['warning']],
    ['nothing, exit 0', print(NOTHING_FOUND), 'passed', []],
    ['a warning, exit 1: the tool says no', print(sarif('warning'), 1), 'failed', ['error', 'warning']],
    ['nothing, exit 1: it may have crashed', print(NOTHING_FOUND, 1), 'errored', []],
    ['cut off', print(sarif('error').slice(0, -9)), 'errored', []],
  ])('%s', async (_what, command, status, levels) => {
    const result = await runTool({ command });
    expect([result.status, result.findings.map((finding) => finding.level)]).toEqual([status, levels]);
  });

  it('is required when the format says so', async () => {
    expect(await runTool({ command: print('all is well'), format: 'sarif' })).toMatchObject({
      status: 'errored',
      reason: expect.stringContaining('not JSON'),
    });
    expect(await runTool({ command: print(''), format: 'sarif' })).toMatchObject({
      status: 'errored',
      reason: expect.stringContaining('printed no report'),
    });
  });

  it('is not taken for chatter when a warning stands in front of it', async () => {
    expect(await runTool({ command: print(`Warning: deprecated\n${sarif('error')}`) })).toMatchObject({
      status: 'errored',
      reason: expect.stringContaining('printed something else beside it'),
    });
  });

  it('is not looked at when the format is the exit code', async () => {
    expect(await runTool({ command: print(sarif('error')), format: 'exit-code' })).toMatchObject({ status: 'passed' });
  });

  it('keeps the worst thousand of many and counts the rest', async () => {
    await writeFile(join(folder, 'in.sarif'), sarif('error', 20_000));
    const result = await runTool({ command: ['cat', 'in.sarif'] });
    expect(result.findings).toHaveLength(1001);
    expect(result.findings.at(-1)?.message).toBe('19000 more findings are not listed');
  });
});

describe('a report file', () => {
  const write = (name: string, text: string): string => `require('fs').writeFileSync(${JSON.stringify(name)}, ${JSON.stringify(text)})`;

  it('is read when this run wrote it', async () => {
    expect(await runTool({ command: script(write('out.sarif', sarif('error'))), report: 'out.sarif' })).toMatchObject({
      status: 'failed',
      findings: [{ ruleId: 'R0', message: 'found 0' }],
    });
  });

  it('is read when this run wrote it over an older one of the same content', async () => {
    await writeFile(join(folder, 'out.sarif'), NOTHING_FOUND);
    expect(await runTool({ command: script(write('out.sarif', NOTHING_FOUND)), report: 'out.sarif' })).toMatchObject({ status: 'passed' });
  });

  it.each([
    ['absent', 'true', /was not written/],
    ['empty', ': > out.sarif', /is empty/],
    ['a folder', 'mkdir out.sarif', /regular file/],
    ['a pipe', 'mkfifo out.sarif', /regular file|empty/],
    ['no format that is known', 'echo hello > out.sarif', /in no format/],
    ['cut off', `printf '%s' '{"version":"2.1.0","runs":[' > out.sarif`, /not JSON/],
  ])('%s is an error of the check', async (_what, code, expected) => {
    const result = await runTool({ command: shell(code), report: 'out.sarif' });
    expect([result.status, said(result)]).toEqual(['errored', expect.stringMatching(expected)]);
  });

  it('older than the run is an error, also when its time was set back or forth', async () => {
    await writeFile(join(folder, 'out.sarif'), NOTHING_FOUND);
    await utimes(join(folder, 'out.sarif'), new Date('2030-01-01'), new Date('2030-01-01'));
    expect(await runTool({ command: ['true'], report: 'out.sarif' })).toMatchObject({
      status: 'errored',
      reason: expect.stringContaining('older than this run'),
    });
  });

  it('is not read through a link', async () => {
    await writeFile(join(folder, 'event.json'), NOTHING_FOUND);
    const result = await runTool({ command: shell('ln -s event.json out.sarif'), report: 'out.sarif' });
    expect(result).toMatchObject({ status: 'errored', reason: expect.stringContaining('cannot be opened') });
    await symlink('event.json', join(folder, 'b.sarif'));
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    const inFolder = shell(`ln -s ${outside} out && printf '%s' '${NOTHING_FOUND}' > out/r.sarif`);
    expect(await runTool({ command: inFolder, report: 'out/r.sarif' })).toMatchObject({
      status: 'errored',
      reason: expect.stringContaining('a link leads out'),
    });
    await rm(outside, { recursive: true });
    expect(await runTool({ command: ['true'], report: 'b.sarif' })).toMatchObject({ status: 'errored' });
  });
});

describe('what a tool gets', () => {
  const SECRETS = {
    'INPUT_SEAL-KEY': 'leak-1',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN': 'leak-2',
    'ACTIONS_RUNTIME_TOKEN': 'leak-3',
    'GITHUB_TOKEN': 'leak-4',
    'GITHUB_ENV': 'leak-5',
    'GITHUB_OUTPUT': 'leak-6',
    'GITHUB_STATE': 'leak-7',
    'GITHUB_STEP_SUMMARY': 'leak-8',
    'GITHUB_EVENT_PATH': 'leak-9',
    'AWS_SECRET_ACCESS_KEY': 'leak-10',
    'NODE_OPTIONS': '--no-warnings',
    'LD_PRELOAD': 'leak-11',
    'RUNTASK_SESSION': 'leak-12',
  };

  it('is a clean environment with the three paths and our mark, and nothing that speaks for the workflow', async () => {
    const dump = `require('fs').writeFileSync('env.json', JSON.stringify([process.env, process.argv.slice(1)]))`;
    await runTool(
      { command: [...script(dump), '$TF_PLAN_JSON', '--plan=${TF_PLAN_JSON}', '$HOME', '$TF_PLAN_JSONX'], env: ['REGION', 'MISSING'] },
      { env: { ...SECRETS, LANG: 'C', REGION: 'eu' } },
    );
    const [env, argv] = JSON.parse(await readFile(join(folder, 'env.json'), 'utf8')) as [Record<string, string>, string[]];
    expect(Object.keys(env).sort()).toEqual([
      'HOME',
      'LANG',
      'PATH',
      'REGION',
      'RUNTASK_TOOL',
      'RUN_FACTS_JSON',
      'TF_CONFIGURATION',
      'TF_PLAN_JSON',
    ]);
    expect(JSON.stringify([env, argv])).not.toContain('leak-');
    const plan = join(folder, 'plan.json');
    expect([env['TF_PLAN_JSON'], argv]).toEqual([plan, [plan, `--plan=${plan}`, '$HOME', '$TF_PLAN_JSONX']]);
  });

  it('is no forbidden name either when the file was not read by our reader', async () => {
    const child = createChildEnv({ ...SECRETS, PATH: '/bin' }, Object.keys(SECRETS), {});
    expect(Object.keys(child).sort()).toEqual(['AWS_SECRET_ACCESS_KEY', 'LD_PRELOAD', 'NODE_OPTIONS', 'PATH']);
  });

  it('is the facts of the run in a file that is gone afterwards', async () => {
    const copy = `const fs = require('fs'); const p = process.env.RUN_FACTS_JSON; fs.copyFileSync(p, 'facts.json'); fs.writeFileSync('where', p)`;
    const temp = join(folder, 'temp');
    await mkdir(temp);
    expect(await runTool({ command: script(copy) }, { env: { RUNNER_TEMP: temp } })).toMatchObject({ status: 'passed' });
    expect(JSON.parse(await readFile(join(folder, 'facts.json'), 'utf8'))).toEqual(aRun());
    expect(await readFile(join(folder, 'where'), 'utf8')).toContain(temp);
    expect(await readdir(temp)).toEqual([]);
  });

  it('has no input to wait for', async () => {
    expect(await runTool({ command: ['cat'] })).toMatchObject({ status: 'passed' });
  });

  it('gets its words as they are: no shell', async () => {
    const show = script('console.log(JSON.stringify(process.argv.slice(1))); process.exitCode = 1');
    expect(said(await runTool({ command: [...show, '; echo pwned', '$(id)', '`id`', '*'] }))).toContain(
      '["; echo pwned","$(id)","`id`","*"]',
    );
  });
});

describe('what a tool says', () => {
  it('is explained with the command as it is written, and without the values that the check let through', async () => {
    const explained: string[] = [];
    await runTool(
      { command: shell('echo "$TF_PLAN_JSON $API_KEY"; exit 1'), env: ['API_KEY'] },
      { env: { API_KEY: 'abcdef-123456' }, onExplain: (_check, subject, saw) => explained.push(`${subject}: ${saw}`) },
    );
    expect(explained).toEqual([
      'command: ["sh","-c","echo \\"$TF_PLAN_JSON $API_KEY\\"; exit 1"]',
      'exit code: 1',
      `last lines: ${join(folder, 'plan.json')} ***`,
      'judged by: its exit code',
    ]);
  });

  it('passes the masker before it is cut', async () => {
    const secret = 'hunter2-secret';
    const result = await runTool(
      { command: script(`console.log('x'.repeat(1990) + '${secret}'); process.exitCode = 1`) },
      { mask: (text) => text.replaceAll(secret, '(sensitive value)') },
    );
    expect(said(result)).not.toContain('hunter2');
  });

  it('does not hold the value of a variable that the check let through', async () => {
    const result = await runTool(
      { command: shell('echo "using $API_KEY"; exit 1'), env: ['API_KEY'] },
      { env: { API_KEY: 'abcdef-123456' } },
    );
    expect(said(result)).toBe('sh ended with exit code 1: using ***');
  });

  it('nor its last lines, when it has several: only the end of what a tool prints is told', async () => {
    const lines = Array.from({ length: 8 }, (_, n) => `MIIEvQIBADANBgkqhki${n}`);
    const key = ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----'].join('\n');
    for (const API_KEY of [key, JSON.stringify({ type: 'service_account', private_key: key }, null, 2)]) {
      // Its line breaks are written out in JSON; a tool prints them as such.
      const print = 'process.env.API_KEY.replaceAll(String.fromCharCode(92) + "n", String.fromCharCode(10))';
      const result = await runTool(
        { command: script(`console.log(${print}); process.exitCode = 1`), env: ['API_KEY'] },
        { env: { API_KEY } },
      );
      expect(said(result)).not.toContain('MIIE');
    }
  });
});

describe('a tool without end', () => {
  let server: Server;
  let port: number;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    sockets.length = 0;
    server = createServer((socket) => sockets.push(socket.on('error', () => {}))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const connected = async (count: number): Promise<void> => {
    while (sockets.length < count) await once(server, 'connection');
  };
  const closed = (): Promise<unknown> =>
    Promise.all(sockets.filter((socket) => !socket.destroyed).map((socket) => once(socket.resume(), 'close')));
  // Holds a connection, so that the test sees it live and die.
  const hold = (more = ''): string => `${more}; require('net').connect(${port}, '127.0.0.1'); setInterval(() => {}, 1000)`;

  it('is ended at its timeout, with everything that it started', async () => {
    const clock = createManualClock();
    const forks = hold(`require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(hold())}], { stdio: 'inherit' })`);
    const done = runTool({ command: script(forks) }, { clock, check: { timeout: '1m' } });
    await connected(2);
    await clock.advance(60_000);
    expect(await done).toMatchObject({
      status: 'errored',
      reason: 'Not finished after 1 min. Make it faster, or give it a longer `timeout`',
    });
    await closed();
  });

  it('is killed when it does not care for SIGTERM', async () => {
    const clock = createManualClock();
    const done = runTool({ command: script(hold(`process.on('SIGTERM', () => {})`)) }, { clock, check: { timeout: '1m' } });
    await connected(1);
    await clock.advance(60_000);
    await clock.advance(2000);
    expect(await done).toMatchObject({ status: 'errored' });
    await closed();
  });

  it('is ended when the whole run ends', async () => {
    const stop = new AbortController();
    const done = runTool({ command: script(hold()) }, { signal: stop.signal });
    await connected(1);
    stop.abort(new Error('cancelled'));
    expect(await done).toMatchObject({ status: 'errored', reason: expect.stringContaining('The time for all checks ended') });
    await closed();
  });

  it('takes those with it that it leaves behind', async () => {
    const fork = `const left = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(hold())}], { stdio: 'inherit' }); left.unref()`;
    const waitThenExit = `${fork}; require('net').connect(${port}, '127.0.0.1').on('data', () => process.exit(0))`;
    const done = runTool({ command: script(waitThenExit) });
    await connected(2);
    for (const socket of sockets) socket.write('go');
    expect(await done).toMatchObject({ status: 'passed' });
    await closed();
  });

  it('is ended when it prints without end', async () => {
    expect(await runTool({ command: ['yes'] })).toMatchObject({
      status: 'errored',
      reason: 'yes was ended because it printed more than 32 MiB to stdout',
    });
    expect(await runTool({ command: shell('yes >&2') })).toMatchObject({ status: 'errored', reason: expect.stringContaining('to stderr') });
  });
});
