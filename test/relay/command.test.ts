// `runtask relay` as its operator starts it.
import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aRequest } from '../support/requests.ts';
import { HMAC_KEY } from './support/world.ts';
import { until } from './support/until.ts';

const RUNTASK = path.resolve(import.meta.dirname, '../../src/cli/index.ts');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'runtask-command-'));
});
/** A test that fails leaves no relay behind. */
const running = new Set<ChildProcess>();
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  await until(() => running.size === 0, 'the end of all relays');
  rmSync(folder, { recursive: true });
});

const CONFIG = `
public_url: http://127.0.0.1:9
listen: { port: 0 }
encryption_key: { file: key }
github: { token: { env: TOKEN }, api_url: "http://127.0.0.1:9/api/v3" }
tasks: { gate: { hmac_keys: [{ env: HMAC }], organizations: [nobody], hcp_hosts: ["127.0.0.1:9"], unrouted: fail } }
`;

function start(config: string, args: string[] = []) {
  writeFileSync(path.join(folder, 'relay.yml'), config);
  writeFileSync(path.join(folder, 'key'), Buffer.alloc(32, 3).toString('hex') + '\n');
  const child = spawn(process.execPath, ['--no-warnings', RUNTASK, 'relay', '--config', path.join(folder, 'relay.yml'), ...args], {
    env: { PATH: process.env['PATH'], HMAC: HMAC_KEY, TOKEN: 'github_pat_0123456789abcdefghijklmnop' },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  running.add(child);
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  void exit.then(() => running.delete(child));
  const lines = () =>
    said.out
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { child, said, exit, lines };
}

describe('runtask relay', () => {
  it('says where it listens, takes a post, records it, and ends on SIGTERM with 0', async () => {
    const relay = start(CONFIG, ['--record', path.join(folder, 'posts')]);
    const started = await until(() => relay.lines().find(({ msg }) => msg === 'relay started'), `the start (${relay.said.err})`);
    expect(started).toMatchObject({
      level: 'info',
      hooks: ['http://127.0.0.1:9/hooks/gate'],
      store: path.join(folder, 'data'),
      github: 'personal access token at http://127.0.0.1:9/api/v3',
      admin: 'off',
    });
    expect((await fetch(`${String(started['listens'])}/metrics`)).status).toBe(404);
    const request = aRequest({ task_result_callback_url: 'http://127.0.0.1:9/api/v2/task-results/cb-1234/callback' });
    const body = JSON.stringify(request);
    const response = await fetch(`${String(started['listens'])}/hooks/gate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-tfc-task-signature': createHmac('sha512', HMAC_KEY).update(body).digest('hex') },
      body,
    });
    expect(response.status).toBe(200);
    const post = readFileSync(path.join(folder, 'posts', readdirSync(path.join(folder, 'posts'))[0]!), 'utf8');
    expect(post).toContain('"workspace_name": "net-prod"');
    relay.child.kill('SIGTERM');
    expect(await relay.exit).toBe(0);
    expect(relay.lines().at(-1)).toMatchObject({ msg: 'relay ended' });
    for (const text of [post, relay.said.out, relay.said.err])
      for (const secret of [request.access_token, 'cb-1234', HMAC_KEY, 'github_pat_']) expect(text).not.toContain(secret);
  });

  it('tells everything that is wrong with its configuration, and ends with 2', async () => {
    const relay = start(CONFIG.replace('unrouted: fail', 'unrouted: maybe').replace('{ file: key }', '{ file: nokey }'));
    expect(await relay.exit).toBe(2);
    expect(relay.said.err).toMatch(/relay\.yml:4:17: The secret file nokey cannot be read/);
    expect(relay.said.err).toMatch(/relay\.yml:6:\d+: "unrouted" is not valid/);
  });

  it('only reads its configuration with --check-config', async () => {
    const relay = start(CONFIG, ['--check-config']);
    expect(await relay.exit).toBe(0);
    expect(relay.said.out).toMatch(/relay\.yml is good: 1 task/);
    expect(readdirSync(folder).sort()).toEqual(['key', 'relay.yml']);
  });

  it('has its metrics on the admin listener when relay.yml names one', async () => {
    const relay = start(`${CONFIG}admin: { port: 0 }\n`);
    const started = await until(() => relay.lines().find(({ msg }) => msg === 'relay started'), `the start (${relay.said.err})`);
    expect(started['admin']).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await (await fetch(`${String(started['admin'])}/metrics`)).text()).toContain('runtask_tasks');
    expect((await fetch(`${String(started['listens'])}/metrics`)).status).toBe(404);
    relay.child.kill('SIGTERM');
    expect(await relay.exit).toBe(0);
  });

  it('ends with 3 when another relay has the store, and with 4 when the port is taken', async () => {
    const first = start(CONFIG);
    const started = await until(() => first.lines().find(({ msg }) => msg === 'relay started'), 'the start');
    const second = start(CONFIG);
    expect(await second.exit).toBe(3);
    expect(second.lines()).toMatchObject([
      { msg: 'store opens' },
      { msg: 'store cannot be opened', error: expect.stringContaining('another relay uses it') },
    ]);
    const third = start(CONFIG.replace('port: 0 }', `port: ${new URL(String(started['listens'])).port} }\nstore: ./other`));
    expect(await third.exit).toBe(4);
    // Its admin listener is open by then, and must not keep the process alive.
    const fourth = start(
      CONFIG.replace('port: 0 }', `port: ${new URL(String(started['listens'])).port} }\nstore: ./fourth\nadmin: { port: 0 }`),
    );
    expect(await fourth.exit).toBe(4);
    first.child.kill('SIGINT');
    expect(await first.exit).toBe(0);
  });
});
