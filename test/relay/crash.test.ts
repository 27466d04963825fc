// SIGKILL at every durable step, and after every answer from outside (so also between verdict and PATCH, and between PATCH and the
// note that it was taken): at most one more dispatch, whose claim is refused, and exactly one terminal result at HCP.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { crashConfig, call, freePort, metrics, postUntilKept } from './support/crash-calls.ts';
import type { CrashOrder } from './support/crash-child.ts';
import { startStandInGithub, type StandInGithub } from './support/stand-in-github.ts';
import { startStandInHcp, type StandInHcp } from './support/stand-in-hcp.ts';
import { until } from './support/until.ts';
import { A_USE } from './support/world.ts';

const CHILD = path.join(import.meta.dirname, 'support/crash-child.ts');
let hcp: StandInHcp | null = null;
let github: StandInGithub;
let folder = '';
let child: ChildProcess | null = null;
/** The test is through with this relay: it is not started again. */
let over = false;
let lives = 0;

beforeAll(async () => {
  github = await startStandInGithub();
});
afterEach(cleanUp);
afterAll(() => github.close());

interface Life {
  /** How many points there were to die at. */
  readonly commits: number;
  readonly answers: number;
  readonly died: boolean;
  readonly dispatches: number;
  /** Answers of HCP to the verdict. */
  readonly answered: readonly unknown[];
}

/** One run task from the post to the delivered verdict, with a relay that dies once. */
async function live(kill: { commit?: number; answer?: number }): Promise<Life> {
  const world = await startStandInHcp();
  hcp = world;
  folder = mkdtempSync(path.join(tmpdir(), 'runtask-crash-'));
  github.dispatches.length = 0;
  github.runs = [];
  const [port, adminPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const order = (first: boolean): CrashOrder => ({
    config: crashConfig(url, world, github),
    folder,
    port,
    adminPort,
    killAtCommit: first ? (kill.commit ?? 0) : 0,
    killAtAnswer: first ? (kill.answer ?? 0) : 0,
    killAtComment: 0,
    clockAheadMs: 0,
  });
  let died = false;
  over = false;
  const startChild = async (first: boolean): Promise<void> => {
    const started = spawn(process.execPath, ['--no-warnings', CHILD, JSON.stringify(order(first))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = started;
    started.once('exit', (_code, signal) => {
      if (signal !== 'SIGKILL' || over) return;
      died = true;
      void startChild(false);
    });
    await new Promise<void>((resolve) => started.stdout.once('data', () => resolve()));
  };
  await startChild(true);

  await postUntilKept(url, world);
  const { client_payload: payload } = await until(() => github.dispatches[0], 'the dispatch');
  const runId = String(1000 + ++lives);
  const session = await call(url, 'POST', `/v1/run-tasks/${payload.id}/claim`, 200, async () => ({
    token: await github.mint(Date.now(), { aud: url, run_id: runId }),
    body: { version: 1, payload, use: A_USE, phase: 'all', process: 'main' },
  }));
  const result = await call(url, 'PATCH', `/v1/run-tasks/${payload.id}/result`, 200, () =>
    Promise.resolve({ token: String(session['session_token']), body: { status: 'failed', message: 'no tags', outcomes: [] } }),
  );
  expect(result).toMatchObject({ accepted: true, verdict: { status: 'failed', message: 'no tags', decided_by: 'action' } });
  const taken = () => world.verdicts().filter(({ answered }) => answered === 200);
  await until(() => taken().length > 0, 'the verdict at HCP');

  // The job of a second dispatch comes too late for anything but a refusal.
  const second = github.dispatches[1];
  expect(github.dispatches.length).toBeLessThanOrEqual(2);
  if (second !== undefined) {
    expect(second.client_payload).toEqual(payload);
    await call(url, 'POST', `/v1/run-tasks/${payload.id}/claim`, 409, async () => ({
      token: await github.mint(Date.now(), { aud: url, run_id: `${runId}0` }),
      body: { version: 1, payload, use: A_USE, phase: 'all', process: 'main' },
    }));
  }
  await until(
    async () => (await metrics(`http://127.0.0.1:${adminPort}`)).includes('runtask_tasks{state="delivered"} 1'),
    'delivered on record',
  );
  expect(taken()).toHaveLength(1);
  expect(world.verdicts().map(({ message }) => message)).toEqual(world.verdicts().map(() => 'no tags'));

  const ended = child!;
  const said = new Promise<string>((resolve) => ended.stdout!.once('data', (chunk: Buffer) => resolve(chunk.toString())));
  over = true;
  ended.kill('SIGTERM');
  const points = JSON.parse(await said) as { commits: number; answers: number };
  return { ...points, died, dispatches: github.dispatches.length, answered: world.verdicts().map(({ answered }) => answered) };
}

describe('a relay that is killed', () => {
  it('at any durable step, or after any answer from outside, brings one verdict all the same', async () => {
    const points = await live({});
    await cleanUp();
    expect(points).toMatchObject({ died: false, dispatches: 1, answered: [200] });
    expect(points.commits).toBeGreaterThan(8);
    expect(points.answers).toBeGreaterThan(3);
    const lives: Life[] = [];
    for (let commit = 1; commit <= points.commits; commit++) {
      const life = await live({ commit });
      // How running updates and claims interleave differs by a step or two from run to run.
      if (!life.died) expect(commit).toBeGreaterThan(points.commits - 4);
      lives.push(life);
      await cleanUp();
    }
    for (let answer = 1; answer <= points.answers; answer++) {
      const life = await live({ answer });
      if (!life.died) expect(answer).toBeGreaterThan(points.answers - 2);
      lives.push(life);
      await cleanUp();
    }
    // The two worst moments were among them: GitHub had the event and HCP had the verdict, and the relay did not know.
    expect(lives.some(({ dispatches }) => dispatches === 2)).toBe(true);
    expect(lives.some(({ answered }) => String(answered) === '200,409')).toBe(true);
  }, 120_000);
});

async function cleanUp(): Promise<void> {
  over = true;
  if (child !== null && child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child?.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
  child = null;
  await hcp?.close();
  hcp = null;
  rmSync(folder, { recursive: true, force: true });
}
