// A repository at a commit becomes a folder: against two real servers, GitHub's API and the host that it redirects archives to.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pack } from 'tar-stream';
import { createRepositoryFetcher, type CentralDeps } from '../../src/action/central-checks.ts';
import { createEagerClock } from '../support/eager-clock.ts';
import { startServer, type Seen, type TestServer } from '../support/http-server.ts';

const COMMIT = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
const TOKEN = 'ghs_secret-token-of-the-job';
const WANTED = { repository: 'acme/policies', commit: COMMIT };

let root: string;
let api: TestServer;
let store: TestServer;
let answerApi: (response: ServerResponse, request: Seen) => void;
let answerStore: (response: ServerResponse) => void;
let clock: ReturnType<typeof createEagerClock>;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'runtask-central-test-'));
  clock = createEagerClock();
  store = await startServer((_request, response) => answerStore(response));
  api = await startServer((request, response) => answerApi(response, request));
  const whole = await tarball('acme-policies-1a2b3c4');
  answerApi = (response) => redirect(response, `${store.url}/legacy.tar.gz/${COMMIT}?token=short`);
  answerStore = (response) => void response.end(whole);
});
afterEach(async () => {
  await Promise.all([api.close(), store.close()]);
  rmSync(root, { recursive: true, force: true });
});

const redirect = (response: ServerResponse, location: string, status = 302): void => void response.writeHead(status, { location }).end();
const say =
  (status: number, headers: Record<string, string> = {}): typeof answerApi =>
  (response) =>
    void response.writeHead(status, headers).end('{"message":"no"}');

async function tarball(folder: string): Promise<Buffer> {
  const tar = pack();
  tar.entry({ name: `${folder}/`, type: 'directory' });
  tar.entry({ name: `${folder}/.runtask/checks.yml` }, 'version: 1\n');
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

const fetchIt = (over: Partial<CentralDeps> = {}): ReturnType<ReturnType<typeof createRepositoryFetcher>> =>
  createRepositoryFetcher({
    apiUrl: api.url,
    token: TOKEN,
    folder: join(root, 'central'),
    fetch,
    clock,
    signal: new AbortController().signal,
    log: () => {},
    ...over,
  })(WANTED);

describe('central checks', () => {
  it('are unpacked into a folder of ours; the token goes to the API and nowhere else', async () => {
    const dir = join(root, 'central', `acme--policies--${COMMIT}`);
    expect(await fetchIt()).toEqual({ ok: true, value: { dir } });
    expect(readFileSync(join(dir, '.runtask/checks.yml'), 'utf8')).toBe('version: 1\n');
    expect(readdirSync(join(root, 'central'))).toEqual([`acme--policies--${COMMIT}`]);
    expect(statSync(join(root, 'central')).mode & 0o077).toBe(0);
    expect(api.seen.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      [`/repos/acme/policies/tarball/${COMMIT}`, `Bearer ${TOKEN}`],
    ]);
    expect(store.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('of a public repository need no token', async () => {
    expect(await fetchIt({ token: '' })).toMatchObject({ ok: true });
    expect(api.seen[0]?.headers.authorization).toBeUndefined();
  });

  it('are not fetched again when the commit is there', async () => {
    await fetchIt();
    expect(await fetchIt()).toMatchObject({ ok: true });
    expect(api.seen).toHaveLength(1);
  });

  it('are not put into, nor taken from, a folder that others may write to', async () => {
    mkdirSync(join(root, 'central'));
    chmodSync(join(root, 'central'), 0o777);
    expect(await fetchIt()).toEqual({ ok: false, error: expect.stringContaining('open to others') });
  });

  it('say why when the disk does not take them', async () => {
    writeFileSync(join(root, 'central'), 'a file');
    expect(await fetchIt()).toEqual({ ok: false, error: expect.stringMatching(/^It could not be put onto this machine: E/) });
  });

  it('are tried again after a failure that may pass', async () => {
    let times = 0;
    const good = answerApi;
    answerApi = (response, request) => (++times < 3 ? say(502)(response, request) : good(response, request));
    expect(await fetchIt()).toMatchObject({ ok: true });
    expect(clock.slept).toEqual([2000, 4000]);
  });

  it.each<[string, () => void, string, number]>([
    [
      'are not there',
      () => (answerApi = say(404)),
      'GitHub finds no commit 1a2b3c4 in acme/policies, or it cannot be read with this token (HTTP 404). ' +
        "Give a token that may read its contents: the workflow's own reads its own repository and public ones only",
      1,
    ],
    [
      'may not be read',
      () => (answerApi = say(403)),
      'GitHub does not let acme/policies be read with this token (HTTP 403). The token needs `contents: read` there',
      1,
    ],
    [
      'are asked for too often',
      () => (answerApi = say(429, { 'retry-after': '600' })),
      "GitHub's rate limit is reached with this token",
      1,
    ],
    [
      'are asked for a little too often',
      () => (answerApi = say(429, { 'retry-after': '1' })),
      "GitHub's rate limit is reached with this token",
      3,
    ],
    ['come from a GitHub that is down', () => (answerApi = say(503)), 'GitHub answered HTTP 503', 3],
    [
      'are of a repository that was renamed',
      () => (answerApi = (response) => redirect(response, `${api.url}/repositories/1/tarball/${COMMIT}`, 301)),
      'The repository was renamed or moved. Write its present name',
      1,
    ],
    [
      'are redirected without end',
      () => {
        answerStore = (response) => redirect(response, `${store.url}/again`);
      },
      'GitHub redirects to a place that is not followed',
      1,
    ],
    [
      'are redirected to a file',
      () => (answerApi = (response) => redirect(response, 'file:///etc/passwd')),
      'GitHub redirects to a place that is not followed',
      1,
    ],
    [
      'are no archive',
      () => (answerStore = (response) => void response.end('<html>')),
      'Its archive was not unpacked: incorrect header check',
      1,
    ],
  ])('that %s are refused, and nothing is left', async (_what, arrange, error, times) => {
    arrange();
    expect(await fetchIt()).toEqual({ ok: false, error });
    expect(api.seen).toHaveLength(times);
    expect(readdirSync(join(root, 'central'))).toEqual([]);
  });

  it.each(['acme-policies-ffffff0', 'policies', 'acme-policies-'])(
    'of another commit than the pinned one are refused: %s',
    async (folder) => {
      const other = await tarball(folder);
      answerStore = (response) => void response.end(other);
      expect(await fetchIt()).toEqual({ ok: false, error: `What GitHub sent is not commit 1a2b3c4: its folder is "${folder}"` });
      expect(existsSync(join(root, 'central', `acme--policies--${COMMIT}`))).toBe(false);
    },
  );

  it('that never come are given up when the job ends', async () => {
    const stop = new AbortController();
    answerStore = () => stop.abort(new Error('the job was canceled'));
    expect(await fetchIt({ signal: stop.signal })).toEqual({ ok: false, error: 'GitHub could not be reached: the job was canceled' });
  });
});
