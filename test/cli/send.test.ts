import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { play, type PlaySpec, type Step } from '../../src/cli/send/play.ts';
import { createTimelinePrinter, printable } from '../../src/cli/send/timeline.ts';
import { sign } from '../../src/emulators/hcp-terraform/signature.ts';
import { get, KEY, patch, startRunTaskServer, type RunTaskServer } from '../emulators/hcp-terraform/arrange.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';

const spec = (change: Partial<PlaySpec> & { url: string }): PlaySpec => ({
  hmacKey: KEY,
  testOnly: false,
  stage: 'post_plan',
  organization: 'acme',
  workspace: 'network-prod',
  enforcementLevel: 'mandatory',
  speculative: true,
  message: 'hello',
  vcs: null,
  plan: null,
  configuration: null,
  beta: false,
  timeoutMs: 15 * 60_000,
  port: 0,
  storePort: 0,
  publicUrl: undefined,
  publicStoreUrl: undefined,
  ...change,
});

describe('runtask send, the play', () => {
  let relay: RunTaskServer;
  let clock: ManualClock;
  beforeEach(async () => {
    relay = await startRunTaskServer();
    clock = createManualClock();
  });
  afterEach(() => relay.close());

  const start = (change: Partial<PlaySpec> = {}) => {
    const steps: Step[] = [];
    return { steps, outcome: play(spec({ url: relay.url, ...change }), { clock, onStep: (step) => void steps.push(step) }) };
  };
  const tell = (status: string, more: Record<string, unknown> = {}, outcomes?: unknown[]) => {
    const { payload } = relay.received.at(-1)!;
    return patch(String(payload['task_result_callback_url']), String(payload['access_token']), {
      data: {
        type: 'task-results',
        attributes: { status, message: `it ${status}`, ...more },
        ...(outcomes === undefined ? {} : { relationships: { outcomes: { data: outcomes } } }),
      },
    });
  };

  it('ends with 0 when the run task passes, and told every step on the way, without a secret', async () => {
    const { outcome, steps } = start({ plan: Buffer.from('{"a":1}'), configuration: Buffer.from('tgz') });
    await relay.arrived(1);
    const { payload, headers, text } = relay.received[0]!;
    expect(headers['x-tfc-task-signature']).toBe(sign(Buffer.from(text), KEY));
    const token = String(payload['access_token']);
    await tell('running', { url: 'https://ci.example.com/1' });
    const redirect = await get(String(payload['plan_json_api_url']), token);
    expect(await (await get(redirect.headers.get('location')!)).text()).toBe('{"a":1}');
    await tell('passed', {}, [{ type: 'task-result-outcomes', attributes: { 'outcome-id': 'A', 'description': 'fine' } }]);
    expect(await outcome).toMatchObject({
      status: 'passed',
      exitCode: 0,
      message: 'it passed',
      url: 'https://ci.example.com/1',
      outcomes: [{ outcomeId: 'A', description: 'fine' }],
    });
    expect(steps.map(({ kind, text: line }) => [kind, line.replace(/\d+ ms|:\d+$/, '')])).toEqual([
      ['listening', 'HCP Terraform emulator on http://127.0.0.1'],
      ['registration', 'registration test: answered 200 in '],
      ['post', 'run task, try 1: answered 200 in '],
      ['running', 'it running'],
      ['plan', 'asked for the plan: 307'],
      ['download', 'downloaded 7 bytes'],
      ['passed', 'it passed (1 outcome)'],
    ]);
    const told = JSON.stringify([steps, await outcome]);
    for (const secret of [token, KEY, String(payload['task_result_callback_url']).split('/').at(-2)!, redirect.headers.get('location')!])
      expect(told).not.toContain(secret);
  });

  it('ends with 1 when it fails', async () => {
    const { outcome } = start();
    await relay.arrived(1);
    await tell('failed');
    expect(await outcome).toMatchObject({ status: 'failed', exitCode: 1, message: 'it failed' });
  });

  it('shows a refused callback with its reason, and waits on', async () => {
    const { outcome, steps } = start();
    await relay.arrived(1);
    await tell('skipped');
    await tell('passed');
    expect((await outcome).exitCode).toBe(0);
    expect(steps.filter(({ kind }) => kind === 'refused')).toEqual([
      expect.objectContaining({ text: expect.stringMatching(/^callback answered 422: \/data\/attributes\/status /) }),
    ]);
  });

  it('ends with 3 when the run task falls silent', async () => {
    const { outcome } = start();
    await relay.arrived(1);
    await clock.advance(10 * 60_000);
    expect(await outcome).toMatchObject({
      status: 'errored',
      exitCode: 3,
      message: 'The run task did not report progress within 10 minutes',
    });
  });

  it('ends with 3 after its own time limit, and says what was heard last', async () => {
    const { outcome } = start({ timeoutMs: 2 * 60_000 });
    await relay.arrived(1);
    await tell('running');
    await clock.advance(2 * 60_000);
    expect(await outcome).toMatchObject({ status: 'timeout', exitCode: 3, message: 'No verdict within 2 minutes; last heard: it running' });
  });

  it('sends nothing but the registration test on request', async () => {
    const { outcome } = start({ testOnly: true });
    expect(await outcome).toMatchObject({ status: 'passed', exitCode: 0 });
    expect(relay.received).toEqual([]);
  });

  it.each<[number, RegExp]>([
    [401, /HMAC key is not the one/],
    [404, /No such path/],
    [202, /exactly 200/],
  ])('ends with 1 when the registration test is answered %i', async (status, message) => {
    relay.answers.push(status);
    expect(await start().outcome).toMatchObject({ status: 'refused', exitCode: 1, message: expect.stringMatching(message) });
    expect(relay.received).toEqual([]);
  });

  it('ends with 3 when nobody is there', async () => {
    await relay.close();
    expect(await start().outcome).toMatchObject({ status: 'no-answer', exitCode: 3, message: expect.stringContaining('ECONNREFUSED') });
    relay = await startRunTaskServer();
  });

  it('tells an unsigned post that it needs a key', async () => {
    relay.answers.push(401);
    expect(await start({ hmacKey: null, testOnly: true }).outcome).toMatchObject({
      status: 'refused',
      message: expect.stringMatching(/signed posts only.*instead of --unsigned/),
    });
  });

  it('ends with 1 when the relay refuses the run task, with what the relay says of it', async () => {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const isTest = Buffer.concat(chunks).includes('"stage":"test"');
        response.writeHead(isTest ? 200 : 422).end(JSON.stringify({ error: { code: 'x', message: 'No \u201callowed\u201d host.' } }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { outcome, steps } = start({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/gate` });
      let ended = false;
      void outcome.finally(() => (ended = true));
      while (!ended) await clock.advance(1000); // its tries are seconds apart
      expect(await outcome).toMatchObject({
        status: 'refused',
        exitCode: 1,
        message: expect.stringMatching(/HTTP 422 after \d attempts\. Is 127\.0\.0\.1:\d+ among the hcp_hosts of the task\?$/),
      });
      const posts = steps.filter(({ kind }) => kind === 'post').map(({ text: line }) => line.replace(/\d+ ms/, 'n ms'));
      expect(posts[0]).toBe('run task, try 1: answered 422 in n ms: No \u201callowed\u201d host.');
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('plays the form of 2021', async () => {
    const { outcome } = start({ beta: true });
    await relay.arrived(1);
    expect(relay.received[0]!.payload).toMatchObject({ payload_version: '1' });
    expect(relay.received[0]!.payload).not.toHaveProperty('stage');
    await tell('passed');
    expect((await outcome).exitCode).toBe(0);
  });
});

describe('runtask send, the timeline', () => {
  const print = (colour: boolean): string => {
    let out = '';
    const printer = createTimelinePrinter({ colour, write: (text) => void (out += text) });
    printer.step({ atMs: 1234, kind: 'failed', text: 'no\u001b[2J\nway', url: 'https://x.y' });
    printer.end({
      status: 'failed',
      exitCode: 1,
      message: 'no way',
      url: null,
      steps: [],
      outcomes: [{ outcomeId: 'A', description: 'tags', tags: { Status: [{ label: 'Denied' }] } }],
    });
    return out;
  };

  it('is plain text without a terminal, and nothing from outside moves the cursor', () => {
    expect(print(false)).toBe(
      '    1.23s ✗ failed        no [2J way\n                          https://x.y\n            A  tags  [Status: Denied]\n\nfailed: no way\n',
    );
  });

  it('has colours on a terminal', () => {
    expect(print(true)).toContain('\u001b[31m✗ failed       \u001b[0m');
  });

  it('leaves ordinary text as it is', () => {
    expect(printable('Größe 😀 — ok')).toBe('Größe 😀 — ok');
    expect(printable('a\u202eb\u2066c\u009bd')).toBe('a b c d');
  });
});

describe('runtask send, the command', () => {
  let relay: RunTaskServer;
  beforeEach(async () => void (relay = await startRunTaskServer()));
  afterEach(() => relay.close());

  const run = async (args: readonly string[], env: Record<string, string> = {}) => {
    const root = path.resolve(import.meta.dirname, '../..');
    const script = `
      import { Command } from 'commander';
      import { addSendCommand } from ${JSON.stringify(`${root}/src/cli/send.ts`)};
      const program = new Command('runtask').exitOverride((e) => process.exit(e.exitCode === 1 ? 2 : e.exitCode));
      addSendCommand(program);
      await program.parseAsync(['send', ...JSON.parse(process.argv[1])], { from: 'user' });`;
    const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', script, JSON.stringify(args)], {
      cwd: root,
      env: { PATH: process.env['PATH'], ...env },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const code = await new Promise((resolve) => child.on('close', resolve));
    return { code, stdout, stderr };
  };

  it('reads the key from the environment and prints JSON on request', async () => {
    const { code, stdout, stderr } = await run(['--url', relay.url, '--port', '0', '--test', '--json'], { RUNTASK_HMAC_KEY: KEY });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ status: 'passed', exitCode: 0, steps: [{ kind: 'listening' }, { kind: 'registration' }] });
    expect(stdout).not.toContain(KEY);
  });

  it('ends with 2 without a key, and says how to give one', async () => {
    expect(await run(['--url', relay.url, '--port', '0'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('RUNTASK_HMAC_KEY holds no key'),
    });
  });

  it('ends with 2 when a file cannot be read, and with 2 when its port is taken', async () => {
    const [noFile, taken] = await Promise.all([
      run(['--url', relay.url, '--unsigned', '--plan', '/nowhere/plan.json']),
      run(['--url', relay.url, '--unsigned', '--port', new URL(relay.url).port]),
    ]);
    expect(noFile).toMatchObject({ code: 2, stderr: expect.stringContaining('/nowhere/plan.json cannot be read') });
    expect(taken).toMatchObject({ code: 2, stderr: expect.stringContaining('is taken') });
  });
});
