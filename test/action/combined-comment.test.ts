import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tellInCombined, type CombinedDeps } from '../../src/action/combined-comment.ts';
import type { SharedComment } from '../../src/action/session.ts';
import { Fault } from '../../src/base/fault.ts';
import { err, ok } from '../../src/base/result.ts';
import { writeCombinedMarker, writeCommentMarker } from '../../src/contracts/comment-marker.ts';
import type { CommentLockResponse, CommentReleaseRequest } from '../../src/contracts/relay-api.ts';
import { BOT, startGithubServer, type GithubServer } from '../github/comment-server.ts';
import { createEagerClock } from '../support/eager-clock.ts';

const PULL_REQUEST = { owner: 'acme', repo: 'net', number: 7 };
const SECTION = { digest: 'd'.repeat(22), large: 'l', medium: 'm', small: 's', own: 'o', reviewed: null };

let github: GithubServer;
beforeEach(async () => {
  github = await startGithubServer();
});
afterEach(() => github.close());

type Held = Extract<CommentLockResponse, { kind: 'held' }>;
const held = (change: Partial<Held> = {}): Held => ({
  kind: 'held',
  lock: 'lock-1',
  expires_in_ms: 20_000,
  revision: 5,
  task: 'gate',
  comment: null,
  sections: [section('net-dev'), section('net-prod')],
  ...change,
});
const section = (workspace: string): Held['sections'][number] => ({
  organization: 'acme',
  workspace,
  run_id: `run-of-${workspace}`,
  run_url: `https://app.terraform.io/app/acme/${workspace}/runs/run-x`,
  run_created_at: '2026-11-22T10:00:00Z',
  stage: 'post_plan',
  digest: workspace.padEnd(22, '-'),
  text: 'of another version',
  own: '{}',
});
const WAIT = { kind: 'wait', retry_after_ms: 2000 } as const;
const DONE = 'done' as const;

interface Script {
  readonly put?: Awaited<ReturnType<SharedComment['put']>> | Fault;
  readonly locks?: readonly (CommentLockResponse | Fault)[];
  readonly releases?: readonly ('done' | 'again' | Fault)[];
}

/** The relay says what the script says, one answer after the other, the last for ever. */
function story({ put = ok({ kept: true, revision: 5 }), locks = [held()], releases = [DONE] }: Script) {
  const clock = createEagerClock();
  const said: string[] = [];
  const released: CommentReleaseRequest['written'][] = [];
  const nth = <T>(list: readonly T[], at: number): T => list[Math.min(at, list.length - 1)]!;
  const give = <T>(answer: T | Fault): Promise<T> => (answer instanceof Fault ? Promise.reject(answer) : Promise.resolve(answer));
  let asked = 0;
  const shared: SharedComment = {
    put: () => give(put),
    lock: async () => ok(await give(nth(locks, asked++))),
    release: async ({ written }) => {
      released.push(written);
      return ok({ kind: await give(nth(releases, released.length - 1)) });
    },
    reviewed: () => Promise.reject(new Error('not asked here')),
  };
  const deps: CombinedDeps = {
    shared,
    github: () => Promise.resolve({ octokit: github.octokit, author: BOT.login }),
    clock,
    random: () => 0.5,
    until: clock.now() + 90_000,
    info: (text) => void said.push(text),
    warning: (text) => void said.push(`warning: ${text}`),
  };
  return {
    clock,
    said,
    released,
    locksAsked: () => asked,
    run: (more: Partial<CombinedDeps> = {}) => tellInCombined(SECTION, PULL_REQUEST, { ...deps, ...more }),
  };
}

const urlOf = (id: number): string => `https://github.example/acme/net/pull/7#issuecomment-${id}`;
const writes = (): string[] =>
  github.seen.filter(({ method, url }) => method !== 'GET' && url.includes('comments')).map(({ method }) => method);
const trouble = (): Fault => new Fault('E_RELAY_UNREACHABLE', 'the relay did not answer', { retryable: true });

describe('tellInCombined', () => {
  it('writes the comment from all sections of the answer, gives the lock back with what it wrote', async () => {
    const { run, released } = story({});
    expect(await run()).toEqual({ kind: 'told', url: urlOf(1) });
    expect(github.comments[0]?.body.split('\n')[0]).toBe(writeCombinedMarker({ task: 'gate', revision: 5 }));
    for (const workspace of ['net-dev', 'net-prod']) expect(github.comments[0]?.body).toContain(workspace);
    expect(released).toEqual([{ revision: 5, comment: { id: 1, url: urlOf(1) } }]);
  });

  it('asks GitHub nothing when another job wrote this section, or a newer run has told its own', async () => {
    const written = story({ locks: [WAIT, { kind: 'written', url: urlOf(9) }] });
    expect(await written.run()).toEqual({ kind: 'told', url: urlOf(9) });
    const older = story({ put: ok({ kept: false, revision: 5 }) });
    expect(await older.run()).toEqual({ kind: 'told', url: null });
    expect(older.locksAsked()).toBe(0);
    expect(github.seen).toEqual([]);
  });

  it('waits as told, and half as long again by chance', async () => {
    const { run, clock } = story({ locks: [WAIT, WAIT, held()] });
    expect(await run()).toMatchObject({ kind: 'told' });
    expect(clock.slept).toEqual([2500, 2500]);
  });

  it('waits a little also when told not to', async () => {
    const { run, clock } = story({ locks: [{ kind: 'wait', retry_after_ms: 0 }, { kind: 'wait', retry_after_ms: -5000 }, held()] });
    expect(await run()).toMatchObject({ kind: 'told' });
    expect(clock.slept).toEqual([250, 250]);
  });

  it('stops waiting when its time is up: the relay has the section', async () => {
    const { run, clock, released } = story({ locks: [WAIT] });
    expect(await run()).toEqual({ kind: 'kept', why: 'other jobs were still writing it' });
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBe(87_500);
    expect(released).toEqual([]);
  });

  it('that stalls past its lock between reading and writing writes nothing, and begins anew', async () => {
    const { run, clock, released, locksAsked } = story({});
    let isFirst = true;
    github.intercept = ({ method, url }) => {
      // Nothing is known of the comment: it is read over all pages, and meanwhile the machine stands still.
      if (isFirst && method === 'GET' && url.includes('/7/comments')) void clock.sleep(17_500);
      isFirst = false;
      return null;
    };
    expect(await run()).toMatchObject({ kind: 'told' });
    expect(released).toEqual([null, { revision: 5, comment: { id: 1, url: urlOf(1) } }]);
    expect(locksAsked()).toBe(2);
    expect(writes()).toEqual(['POST']);
  });

  it('that has written late begins anew, with what the relay knows by then', async () => {
    const { run, released } = story({
      locks: [held(), held({ revision: 6, comment: { id: 1, url: urlOf(1) }, sections: [...held().sections, section('net-stg')] })],
      releases: ['again', DONE],
    });
    expect(await run()).toEqual({ kind: 'told', url: urlOf(1) });
    expect(released.map((written) => written?.revision)).toEqual([5, 6]);
    expect(github.comments.map(({ body }) => body.includes('net-stg'))).toEqual([true]);
    expect(writes()).toEqual(['POST', 'PATCH']);
  });

  it('leaves a comment alone that knows more, and writes over it when the next lock knows no more: the relay counts anew', async () => {
    const body = `${writeCombinedMarker({ task: 'gate', revision: 90 })}\nof a relay that has lost its disk\n`;
    github.comments.push({ id: 1, body, user: BOT, html_url: urlOf(1) });
    const { run, released } = story({});
    expect(await run()).toEqual({ kind: 'told', url: urlOf(1) });
    expect(released.map((written) => written?.revision)).toEqual([undefined, 5]);
    expect(github.comments[0]?.body).toContain('net-prod');
  });

  it('gives up after four turns, and says what was wrong with the last', async () => {
    const { run, locksAsked } = story({ releases: ['again'] });
    expect(await run()).toEqual({ kind: 'kept', why: `the comment may show an older state: ${urlOf(1)}` });
    expect(locksAsked()).toBe(4);
  });

  it('takes a lost answer to the release for done: the lock ends by itself', async () => {
    const { run, said } = story({ releases: [trouble()] });
    expect(await run()).toEqual({ kind: 'told', url: urlOf(1) });
    expect(said.join()).toContain('The relay was not told that we are done with the comment (the relay did not answer)');
  });
});

describe('tellInCombined, when GitHub does not take it', () => {
  it('a rate limit: gives the lock back, waits as asked, and begins anew', async () => {
    const { run, clock, released } = story({});
    let left = 1;
    github.intercept = ({ method, url }) =>
      method === 'POST' && url.endsWith('/comments') && left-- > 0
        ? { status: 429, headers: { 'retry-after': '40' }, body: { message: 'slow down' } }
        : null;
    expect(await run()).toEqual({ kind: 'told', url: urlOf(1) });
    expect(clock.slept).toEqual([40_000]);
    expect(released).toEqual([null, { revision: 5, comment: { id: 1, url: urlOf(1) } }]);
  });

  it('a rate limit that is longer than there is time: says so at once', async () => {
    const { run, clock, released } = story({});
    const slow = { status: 403, headers: { 'retry-after': '600' }, body: { message: 'slow down' } };
    github.intercept = ({ method, url }) => (method === 'POST' && url.endsWith('/comments') ? slow : null);
    expect(await run()).toEqual({ kind: 'kept', why: expect.stringContaining('it asks to wait 600 s') });
    expect([clock.slept, released]).toEqual([[], [null]]);
  });

  it('a change whose answer was lost: gives the lock back as one who is late, once it has ended, and begins anew', async () => {
    github.comments.push({ id: 1, body: `${writeCombinedMarker({ task: 'gate', revision: 2 })}\nold\n`, user: BOT, html_url: urlOf(1) });
    let left = 1;
    github.intercept = ({ method }) => (method === 'PATCH' && left-- > 0 ? { status: 502, body: { message: 'Bad gateway' } } : null);
    const { run, released, clock } = story({ releases: ['again', DONE] });
    expect(await run()).toMatchObject({ kind: 'told' });
    expect(writes()).toEqual(['PATCH', 'PATCH']);
    // Until then nobody else writes: what GitHub may still do with the first change, it does below the second.
    expect(clock.slept).toEqual([20_001, 2000]);
    const written = { revision: 5, comment: { id: 1, url: urlOf(1) } };
    expect(released).toEqual([written, written]);
  });

  it('a change whose answer came never: says so to the relay, also when all time is up', async () => {
    github.comments.push({ id: 1, body: `${writeCombinedMarker({ task: 'gate', revision: 2 })}\nold\n`, user: BOT, html_url: urlOf(1) });
    const { run, released, clock } = story({ releases: ['again'] });
    github.intercept = ({ method }) => {
      if (method !== 'PATCH') return null;
      void clock.sleep(91_000);
      return { status: 504, body: {} };
    };
    expect(await run()).toEqual({ kind: 'kept', why: expect.stringMatching(/^GitHub answered HTTP 504 .*\. It may have been written$/) });
    expect(released).toEqual([{ revision: 5, comment: { id: 1, url: urlOf(1) } }]);

    released.length = 0;
    const short = story({});
    github.intercept = ({ method }) => (method === 'PATCH' ? { status: 504, body: {} } : null);
    expect(await short.run({ until: short.clock.now() + 10_000 })).toMatchObject({ kind: 'kept' });
    // The lock is still ours, and ends by itself.
    expect(short.released).toEqual([]);
  });

  it('a new comment whose answer was lost is not made again', async () => {
    github.intercept = ({ method, url }) => (method === 'POST' && url.endsWith('/comments') ? { status: 502, body: {} } : null);
    const { run, released } = story({});
    await expect(run()).rejects.toMatchObject({ message: expect.stringContaining('It may have been written; the next run finds it') });
    expect([writes(), released]).toEqual([['POST'], [null]]);
  });

  it('a token that may not: the lock is given back, and the reason flies on', async () => {
    github.intercept = ({ method }) =>
      method === 'POST' ? { status: 403, body: { message: 'Resource not accessible by integration' } } : null;
    const { run, released } = story({});
    await expect(run()).rejects.toMatchObject({ code: 'E_GITHUB_FORBIDDEN' });
    expect(released).toEqual([null]);
  });
});

describe('tellInCombined, when the relay does not take it', () => {
  const refusal = (status: number, code: string) => err({ status, code, message: 'It says why.' });

  it.each([404, 405])('an older relay that answers %i: not kept, with the upgrade as remedy', async (status) => {
    expect(await story({ put: refusal(status, 'not-a-relay') }).run()).toEqual({
      kind: 'not-kept',
      why: expect.stringMatching(/keeps no sections\. Upgrade it, or set `comment: per-workspace`$/),
    });
  });

  it('silence, and any other no: not kept, with what it said', async () => {
    expect(await story({ put: trouble() }).run()).toEqual({ kind: 'not-kept', why: 'the relay did not answer' });
    expect(await story({ put: refusal(400, 'bad-request') }).run()).toEqual({
      kind: 'not-kept',
      why: 'the relay refused the section (bad-request): It says why. Relay and action are of different versions: upgrade the older of the two',
    });
  });

  it('a later attempt has taken over: that one tells', async () => {
    expect(await story({ put: refusal(409, 'fenced') }).run()).toMatchObject({ kind: 'kept' });
  });

  it('silence where the lock was asked for: the section is kept', async () => {
    expect(await story({ locks: [trouble()] }).run()).toEqual({ kind: 'kept', why: 'the relay did not answer' });
    expect(github.seen).toEqual([]);
  });

  it('a lock of another version: no place there, for no run ever gets to write', async () => {
    const version = new Fault('E_RELAY_VERSION', 'upgrade the older of the two', { retryable: false });
    expect(await story({ locks: [version] }).run()).toEqual({ kind: 'not-kept', why: 'upgrade the older of the two' });
    expect(github.seen).toEqual([]);
  });
});

describe('tellInCombined, among comments of older formats', () => {
  const old = (workspace: string, created: string, text = 'old'): string =>
    `${writeCommentMarker({ organization: 'acme', workspace, run: `run-before-${workspace}`, created, stage: 'post_plan', sha: null })}\n${text}\n`;
  const put = (body: string): void => {
    const id = github.comments.length + 1;
    github.comments.push({ id, body, user: BOT, html_url: urlOf(id) });
  };

  it('takes over the first, shrinks the others, and leaves alone what is newer than its section or has none', async () => {
    put(old('net-prod', '2026-11-22T11:00:00Z', 'newer, written while the relay was away'));
    put(old('net-dev', '2026-11-22T09:00:00Z'));
    put(old('net-dev', '2026-11-22T08:00:00Z'));
    put(old('elsewhere', '2026-11-22T09:00:00Z'));
    const { run, said } = story({});
    expect(await run()).toEqual({ kind: 'told', url: urlOf(2) });
    expect(github.comments.map(({ body }) => body.split('\n')[1])).toEqual([
      'newer, written while the relay was away',
      expect.anything(),
      `This is told in [the comment for all workspaces](${urlOf(2)}) now.`,
      'old',
    ]);
    expect(said.at(-1)).toBe('One comment of older formats shrunk to a line with a link.');
  });

  it('that cannot be shrunk are a warning, and the comment is told all the same', async () => {
    github.comments.push({ id: 1, body: `${writeCombinedMarker({ task: 'gate', revision: 2 })}\nold\n`, user: BOT, html_url: urlOf(1) });
    put(old('net-dev', '2026-11-22T09:00:00Z'));
    github.intercept = ({ url, method }) => (method === 'PATCH' && url.endsWith('/2') ? { status: 403, body: { message: 'no' } } : null);
    const { run, said } = story({});
    expect(await run()).toEqual({ kind: 'told', url: urlOf(1) });
    expect(said.at(-1)).toMatch(/^warning: Comments of older formats could not be shrunk/);
  });
});
