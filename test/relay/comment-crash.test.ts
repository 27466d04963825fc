// SIGKILL while somebody writes a combined comment: what was acknowledged is there, a call whose answer was lost can be made again, and
// nobody writes unseen.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { A_COMMENT, A_PULL_REQUEST, aSection } from './support/comment-writer.ts';
import { crashConfig, call, freePort, postUntilKept } from './support/crash-calls.ts';
import type { CrashOrder } from './support/crash-child.ts';
import { startStandInGithub, type StandInGithub } from './support/stand-in-github.ts';
import { startStandInHcp, type StandInHcp } from './support/stand-in-hcp.ts';
import { until } from './support/until.ts';
import { A_USE } from './support/world.ts';

const CHILD = path.join(import.meta.dirname, 'support/crash-child.ts');
let github: StandInGithub;
let hcp: StandInHcp;
let folder = '';
let child: ChildProcess | null = null;
/** Of relays that killed themselves. */
let deaths = 0;

beforeAll(async () => {
  github = await startStandInGithub();
});
afterEach(async () => {
  await kill();
  await hcp.close();
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => github.close());

interface Life {
  /** The same call again until there is an answer. */
  ask(what: 'section' | 'lock' | 'release', body: object): Promise<Record<string, unknown>>;
  /** The relay is gone, or will be: the next one starts as soon as it is, so many milliseconds later on its clock. */
  restart(clockAheadMs: number): Promise<void>;
}

/** A claimed run task of acme/net#7 and a relay that dies after so many changes to the comment. */
async function live(killAtComment: number): Promise<Life> {
  deaths = 0;
  hcp = await startStandInHcp();
  folder = mkdtempSync(path.join(tmpdir(), 'runtask-comment-crash-'));
  github.dispatches.length = 0;
  github.runs = [];
  const [port, adminPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const start = async (order: Pick<CrashOrder, 'killAtComment' | 'clockAheadMs'>): Promise<void> => {
    const all: CrashOrder = { config: crashConfig(url, hcp, github), folder, port, adminPort, killAtCommit: 0, killAtAnswer: 0, ...order };
    const started = spawn(process.execPath, ['--no-warnings', CHILD, JSON.stringify(all)], { stdio: ['ignore', 'pipe', 'inherit'] });
    child = started;
    started.once('exit', (_code, signal) => {
      if (signal !== 'SIGKILL' || child !== started) return;
      deaths++;
      void start({ killAtComment: 0, clockAheadMs: 0 });
    });
    await new Promise<void>((resolve) => started.stdout.once('data', () => resolve()));
  };
  await start({ killAtComment, clockAheadMs: 0 });
  await postUntilKept(url, hcp, { vcs_pull_request_url: `${github.url}/acme/net/pull/7` });
  const { client_payload: payload } = await until(() => github.dispatches[0], 'the dispatch');
  const { session_token: token } = await call(url, 'POST', `/v1/run-tasks/${payload.id}/claim`, 200, async () => ({
    token: await github.mint(Date.now(), { aud: url, run_id: '1234' }),
    body: { version: 1, payload, use: A_USE, phase: 'all', process: 'main' },
  }));
  return {
    ask: (what, body) =>
      call(url, what === 'section' ? 'PUT' : 'POST', `/v1/run-tasks/${payload.id}/comment/${what}`, 200, () =>
        Promise.resolve({ token: String(token), body: { pull_request: A_PULL_REQUEST, ...body } }),
      ),
    restart: async (ahead) => {
      await kill();
      await start({ killAtComment: 0, clockAheadMs: ahead });
    },
  };
}

async function kill(): Promise<void> {
  const dying = child;
  child = null;
  if (dying === null || dying.exitCode !== null || dying.signalCode !== null) return;
  const gone = new Promise((resolve) => dying.once('exit', resolve));
  dying.kill('SIGKILL');
  await gone;
}

const written = (revision: unknown) => ({ revision, comment: A_COMMENT });

describe('a relay that is killed', () => {
  it('between a section and its answer has the section, once', async () => {
    const { ask } = await live(1);
    const { kept, revision } = await ask('section', aSection());
    expect(kept).toBe(true);
    expect(deaths).toBe(1);
    expect(await ask('section', aSection())).toEqual({ kept, revision });
    expect(await ask('lock', { revision })).toMatchObject({
      kind: 'held',
      revision,
      sections: [{ workspace: 'net-prod', text: 'the large text' }],
    });
  });

  it('between a lock and its answer gives it to nobody else until its time is over', async () => {
    const { ask, restart } = await live(2);
    const { revision } = await ask('section', aSection());
    expect(await ask('lock', { revision })).toMatchObject({ kind: 'wait' });
    expect(deaths).toBe(1);
    await restart(21_000);
    expect(await ask('lock', { revision })).toMatchObject({ kind: 'held', revision });
  });

  it('while somebody writes: done, if that one is in time', async () => {
    const { ask, restart } = await live(0);
    const { revision } = await ask('section', aSection());
    const { lock } = await ask('lock', { revision });
    await restart(0);
    expect(await ask('lock', { revision })).toMatchObject({ kind: 'wait' });
    expect(await ask('release', { lock, written: written(revision) })).toEqual({ kind: 'done' });
    expect(await ask('lock', { revision })).toEqual({ kind: 'written', url: A_COMMENT.url });
  });

  it('while somebody writes: again, if that one is late, and nobody is told that the comment is good', async () => {
    const { ask, restart } = await live(0);
    const { revision } = await ask('section', aSection());
    const { lock } = await ask('lock', { revision });
    await restart(21_000);
    expect(await ask('release', { lock, written: written(revision) })).toEqual({ kind: 'again' });
    await restart(23_000);
    const anew = await ask('lock', { revision });
    expect(anew).toMatchObject({ kind: 'held', comment: A_COMMENT });
    expect(await ask('release', { lock: anew['lock'], written: written(revision) })).toEqual({ kind: 'done' });
    expect(await ask('lock', { revision })).toEqual({ kind: 'written', url: A_COMMENT.url });
  });

  it('between a release and its answer is done all the same', async () => {
    const { ask } = await live(3);
    const { revision } = await ask('section', aSection());
    const { lock } = await ask('lock', { revision });
    expect(await ask('release', { lock, written: written(revision) })).toEqual({ kind: 'done' });
    expect(deaths).toBe(1);
    expect(await ask('lock', { revision })).toEqual({ kind: 'written', url: A_COMMENT.url });
  });
});
