// The process between two phases of a sealed run task: what it says and when, and that nobody can read from outside what it holds.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSaid } from '../../src/action/job-folder.ts';
import { keepAlive, startKeepAlive, stopKeepAlive, type KeepAliveOrders } from '../../src/action/keep-alive.ts';
import { createEagerClock } from '../support/eager-clock.ts';
import { startServer, type TestServer } from '../support/http-server.ts';

const MINUTE = 60_000;
const TOKEN = 'aaaaaaaaaaaaaa.atlasv1.S3NTINEL-token-of-the-run-task';
const ENTRY = fileURLToPath(new URL('../../src/action/entry-main.ts', import.meta.url));

let folder: string;
let server: TestServer | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runtask-keep-alive-'));
});
afterEach(async () => {
  await stopKeepAlive(folder);
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

interface Said {
  readonly status: string;
  readonly message: string;
  readonly at: number;
}

/** Lets one live to its end on a clock that costs nothing. @param answers  HTTP statuses, the last one for ever */
async function live(answers: readonly number[], orders: Partial<KeepAliveOrders> = {}, lifeMs = 15 * MINUTE): Promise<Said[]> {
  const clock = createEagerClock();
  const began = clock.now();
  const said: Said[] = [];
  server = await startServer((request, response) => {
    const { attributes } = (JSON.parse(request.body) as { data: { attributes: { status: string; message: string } } }).data;
    said.push({ status: attributes.status, message: attributes.message, at: (clock.now() - began) / MINUTE });
    response.writeHead(answers[said.length - 1] ?? answers.at(-1) ?? 200).end('{}');
  });
  await keepAlive(
    {
      callbackUrl: `${server.url}/callback`,
      accessToken: TOKEN,
      workflowUrl: 'https://github.com/acme/gate/actions/runs/1',
      message: 'Other steps are at work.',
      observe: false,
      deadline: began + lifeMs,
      folder,
      ...orders,
    },
    { fetch, clock },
  );
  return said;
}

describe('keepAlive', () => {
  it('says every four minutes that somebody is at work, and at the deadline that nobody came to an end', async () => {
    const said = await live([200]);
    expect(said).toEqual([
      { status: 'running', message: 'Other steps are at work.', at: 4 },
      { status: 'running', message: 'Other steps are at work.', at: 8 },
      { status: 'running', message: 'Other steps are at work.', at: 12 },
      { status: 'failed', message: expect.stringMatching(/^No verdict in time: .*raise token_life in relay\.yml/), at: 15 },
    ]);
    expect(await readSaid(folder)).toEqual({
      verdict: { status: 'failed', message: said[3]?.message, decided_by: 'deadline' },
      accepted: true,
      delivery: { state: 'delivered' },
    });
  });

  it('only observes where the route says so', async () => {
    const said = await live([200], { observe: true }, MINUTE);
    expect(said).toEqual([{ status: 'passed', message: expect.stringMatching(/would have failed: No verdict in time/), at: 1 }]);
  });

  it('asks again half a minute after a lost call: ten minutes of silence would cost the run', async () => {
    const said = await live([500, 200, 200, 200], {}, 9 * MINUTE);
    expect(said.map(({ status, at }) => [status, at])).toEqual([
      ['running', 4],
      ['running', 4.5],
      ['running', 8.5],
      ['failed', 9],
    ]);
  });

  it('ends when the run task has its result, or is gone', async () => {
    expect(await live([409])).toHaveLength(1);
    await server?.close();
    expect(await live([404])).toHaveLength(1);
    expect(await readSaid(folder)).toBeNull();
  });

  it('gives up on the last word a minute after the deadline, and leaves it to the steps that come', async () => {
    const said = await live([500], {}, MINUTE);
    expect(said[0]).toMatchObject({ status: 'failed', at: 1 });
    expect(said.at(-1)!.at).toBeLessThanOrEqual(2.2);
    expect(await readSaid(folder)).toBeNull();
  });
});

const pidIn = (file = join(folder, 'keep-alive.pid')): number => Number(readFileSync(file, 'utf8'));
/** A process that is ending, or is a zombie, has no memory any more, and so no arguments: nothing can be said by it. */
function isAlive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
  } catch {
    return false;
  }
}

// Elsewhere nothing shows another process's arguments and environment.
const onLinux = process.platform === 'linux' ? describe : describe.skip;
onLinux('the process (Linux: /proc shows what others could see)', () => {
  const orders = (): KeepAliveOrders => ({
    callbackUrl: 'http://127.0.0.1:9/S3NTINEL-callback',
    accessToken: TOKEN,
    workflowUrl: 'https://github.com/acme/gate/actions/runs/1',
    message: 'm',
    observe: false,
    deadline: Date.now() + 60 * MINUTE,
    folder,
  });

  it('lives on by itself, with no secret in its arguments, its environment or its files', async () => {
    await startKeepAlive(ENTRY, orders(), {
      'INPUT_SEAL-KEY': 'S3NTINEL-seal',
      'GITHUB_TOKEN': 'S3NTINEL-github',
      'RUNNER_TRACKING_ID': 'r1',
    });
    const pid = pidIn();
    expect(isAlive(pid)).toBe(true);
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toContain('keep-alive');
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain('S3NTINEL');
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    expect(environment).toContain('RUNNER_TRACKING_ID=r1');
    expect(environment.join()).not.toMatch(/S3NTINEL|INPUT_|TOKEN/);
    expect(readdirSync(folder)).toEqual(['keep-alive.pid']);
    expect(statSync(join(folder, 'keep-alive.pid')).mode & 0o777).toBe(0o600);

    await stopKeepAlive(folder);
    expect(isAlive(pid)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
    await stopKeepAlive(folder);
  });

  it('is not mistaken for another process whose number a file names', async () => {
    const other = spawn('sleep', ['60'], { stdio: 'ignore' });
    try {
      writeFileSync(join(folder, 'keep-alive.pid'), String(other.pid));
      await stopKeepAlive(folder);
      expect(isAlive(other.pid!)).toBe(true);
      for (const nonsense of ['-1', '1', '0', 'x', '1e9', '']) {
        writeFileSync(join(folder, 'keep-alive.pid'), nonsense);
        await stopKeepAlive(folder);
      }
      expect(isAlive(other.pid!)).toBe(true);
    } finally {
      const ended = once(other, 'exit');
      other.kill('SIGKILL');
      await ended;
    }
  });

  it('says so when it cannot be started', async () => {
    const broken = join(folder, 'broken.mjs');
    writeFileSync(broken, 'process.exit(3);\n');
    await expect(startKeepAlive(broken, orders(), {})).rejects.toThrow('the process that keeps the run task alive ended at once (3)');
  });
});
