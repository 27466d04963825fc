import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeCombinedMarker, writeCommentMarker, type CommentMarker } from '../../src/contracts/comment-marker.ts';
import { writeCombinedComment, type CombinedTarget } from '../../src/github/combined-comment.ts';
import { retireComments } from '../../src/github/retire-comments.ts';
import { createEagerClock } from '../support/eager-clock.ts';
import { BOT, startGithubServer, type GithubServer, type StoredComment } from './comment-server.ts';

let github: GithubServer;
beforeEach(async () => {
  github = await startGithubServer();
});
afterEach(() => github.close());

const PLACE = { owner: 'acme', repo: 'net', number: 7 };
const combined = (revision: number, text = 'all', task = 'gate'): string => `${writeCombinedMarker({ task, revision })}\n${text}\n`;
const single = (workspace: string, text = 'one', change: Partial<CommentMarker> = {}): string => {
  const marker = { organization: 'acme', run: 'run-1', created: '2026-11-22T10:00:00Z', stage: 'post_plan', sha: null, ...change } as const;
  return `${writeCommentMarker({ workspace, ...marker })}\n${text}\n`;
};
const target = (change: Partial<CombinedTarget> = {}): CombinedTarget => ({
  ...PLACE,
  author: BOT.login,
  body: combined(5),
  remembered: null,
  isReplaced: () => false,
  mayWrite: () => true,
  overwriteNewer: false,
  ...change,
});
const put = (body: string, change: Partial<StoredComment> = {}): number => {
  const id = github.comments.length + 1;
  github.comments.push({ id, body, user: BOT, html_url: `https://github.example/acme/net/pull/7#issuecomment-${id}`, ...change });
  return id;
};
const bodies = (): string[] => github.comments.map(({ body }) => body);
const calls = (): string[] =>
  github.seen.map(({ method, url }) => `${method} ${url.replace(/^.*acme\/net\/issues/, '').replace(/\?.*/, '')}`);

describe('writeCombinedComment', () => {
  it('updates the one that is remembered, without reading any other', async () => {
    for (let i = 0; i < 150; i++) put('a discussion');
    const id = put(combined(4, 'before'));
    expect(await writeCombinedComment(github.octokit, target({ remembered: { id } }))).toEqual({
      kind: 'updated',
      comment: { id, url: `https://github.example/acme/net/pull/7#issuecomment-${id}`, body: combined(5) },
      note: null,
    });
    expect(calls()).toEqual([`GET /comments/${id}`, `PATCH /comments/${id}`]);
  });

  it('makes one where there is none', async () => {
    put('a discussion');
    expect(await writeCombinedComment(github.octokit, target())).toMatchObject({ kind: 'created', comment: { id: 2 }, note: null });
    expect(bodies()).toEqual(['a discussion', combined(5)]);
  });

  it('makes it again when a person deleted the one that is remembered', async () => {
    expect(await writeCombinedComment(github.octokit, target({ remembered: { id: 44 } }))).toMatchObject({ kind: 'created', note: null });
    expect(calls()).toEqual(['GET /comments/44', 'GET /7/comments', 'POST /7/comments']);
  });

  it('finds it by its marker when nobody remembers it, behind 250 others and among those of other run tasks', async () => {
    put(combined(9, 'theirs', 'another-task'));
    for (let i = 0; i < 250; i++) put('a discussion');
    const id = put(combined(4));
    expect(await writeCombinedComment(github.octokit, target({ body: combined(5, 'new') }))).toMatchObject({
      kind: 'updated',
      comment: { id },
    });
    expect(github.comments).toHaveLength(252);
    expect(bodies()[0]).toBe(combined(9, 'theirs', 'another-task'));
  });

  it('makes it again when it is deleted between reading and writing', async () => {
    const id = put(combined(4));
    github.intercept = ({ method }) => (method === 'PATCH' ? { status: 404, body: { message: 'Not Found' } } : null);
    expect(await writeCombinedComment(github.octokit, target({ remembered: { id }, body: combined(5, 'new') }))).toMatchObject({
      kind: 'created',
    });
    expect(calls()).toEqual([`GET /comments/${id}`, `PATCH /comments/${id}`, 'POST /7/comments']);
  });

  it('does not write what stands there already, whatever the count of sections', async () => {
    const id = put(combined(4).replaceAll('\n', '\r\n'));
    expect(await writeCombinedComment(github.octokit, target({ remembered: { id } }))).toMatchObject({
      kind: 'unchanged',
      comment: { id },
    });
    expect(calls()).toEqual([`GET /comments/${id}`]);
  });

  it('leaves alone what knows more, and writes over it once that is known to be no race', async () => {
    const id = put(combined(6, 'more'));
    expect(await writeCombinedComment(github.octokit, target({ remembered: { id } }))).toEqual({ kind: 'newer' });
    expect(bodies()).toEqual([combined(6, 'more')]);
    expect(await writeCombinedComment(github.octokit, target({ remembered: { id }, overwriteNewer: true }))).toMatchObject({
      kind: 'updated',
    });
  });

  it('writes nothing when the time of the lock is up, neither a change nor a new one', async () => {
    expect(await writeCombinedComment(github.octokit, target({ mayWrite: () => false }))).toEqual({ kind: 'late' });
    const id = put(combined(4, 'before'));
    expect(await writeCombinedComment(github.octokit, target({ mayWrite: () => false, remembered: { id } }))).toEqual({ kind: 'late' });
    expect(bodies()).toEqual([combined(4, 'before')]);
  });

  it('goes on in a new comment when the token writes under another name than before, and says so', async () => {
    const id = put(combined(4), { user: { login: 'acme-gate[bot]', type: 'Bot' } });
    const outcome = await writeCombinedComment(github.octokit, target({ remembered: { id } }));
    expect(outcome).toMatchObject({
      kind: 'created',
      note: expect.stringContaining('was written by acme-gate[bot], and this token writes as'),
    });
    expect(bodies()).toEqual([combined(4), combined(5)]);
  });

  it.each<[string, () => number]>([
    ['is of a person who copied our first line', () => put(combined(4), { user: { login: 'mallory', type: 'User' } })],
    ['has lost our first line', () => put('edited by hand')],
    ['is of another run task', () => put(combined(4, 'theirs', 'other'))],
    ['stands on another pull request', () => put(combined(4), { issue_url: 'https://github.example/api/v3/repos/acme/net/issues/17' })],
  ])('never changes a remembered comment that %s', async (_, arrange) => {
    const id = arrange();
    const before = bodies()[0];
    // The list below the pull request does not hold comments of another one.
    github.intercept = ({ method, url }) => (method === 'GET' && url.includes('/7/comments') ? { status: 200, body: [] } : null);
    expect(await writeCombinedComment(github.octokit, target({ remembered: { id } }))).toMatchObject({ kind: 'created' });
    expect(bodies()).toEqual([before, combined(5)]);
  });

  it('turns the first comment about one of its workspaces into the combined one, where there is none yet', async () => {
    put(single('net-other'));
    put(single('net-prod'), { user: { login: 'mallory', type: 'User' } });
    const id = put(single('net-prod'));
    put(single('net-dev'));
    const isReplaced = ({ workspace }: CommentMarker): boolean => workspace === 'net-prod' || workspace === 'net-dev';
    expect(await writeCombinedComment(github.octokit, target({ isReplaced }))).toMatchObject({ kind: 'updated', comment: { id } });
    expect(bodies()).toEqual([single('net-other'), single('net-prod'), combined(5), single('net-dev')]);
  });

  it('does not make it a second time when the first answer was lost, and says that it may be there', async () => {
    github.intercept = ({ method }) => (method === 'POST' ? { status: 502, body: { message: 'Bad gateway' } } : null);
    await expect(writeCombinedComment(github.octokit, target())).rejects.toMatchObject({
      code: 'E_GITHUB_ANSWER',
      retryable: false,
      message: expect.stringContaining('the next run finds it'),
    });
    expect(calls().filter((call) => call.startsWith('POST'))).toHaveLength(1);
  });

  it('what the rate limit refused may be done again, after the wait', async () => {
    github.intercept = ({ method }) =>
      method === 'POST' ? { status: 403, headers: { 'retry-after': '7' }, body: { message: 'slow' } } : null;
    await expect(writeCombinedComment(github.octokit, target())).rejects.toMatchObject({
      code: 'E_GITHUB_RATE_LIMIT',
      retryable: true,
      retryAfterMs: 7000,
    });
  });

  it('refuses a text without our marker', async () => {
    await expect(writeCombinedComment(github.octokit, target({ body: 'plain' }))).rejects.toMatchObject({ code: 'E_COMMENT_MARKER' });
    expect(github.seen).toEqual([]);
  });
});

describe('retireComments', () => {
  const retire = (keptId: number, clock = createEagerClock(), until = clock.now() + 60_000): Promise<number> => {
    const isReplaced = ({ workspace }: CommentMarker): boolean => workspace.startsWith('net-');
    return retireComments(
      github.octokit,
      { ...PLACE, author: BOT.login, task: 'gate', keptId, isReplaced, line: 'Moved.' },
      { clock, until },
    );
  };

  it('shrinks what is told elsewhere to one line below its marker, once', async () => {
    const marker = (body: string): string => body.split('\n')[0]!;
    const kept = put(combined(5));
    put(single('net-prod'));
    put(single('other'));
    put(single('net-prod'), { user: { login: 'mallory', type: 'User' } });
    put(combined(2, 'a twin'));
    put(combined(2, 'of another task', 'other'));
    expect(await retire(kept)).toBe(2);
    expect(bodies()).toEqual([
      combined(5),
      `${marker(single('net-prod'))}\nMoved.\n`,
      single('other'),
      single('net-prod'),
      `${marker(combined(2))}\nMoved.\n`,
      combined(2, 'of another task', 'other'),
    ]);
    expect(await retire(kept)).toBe(0);
  });

  it('goes at one a second, at most twenty in one run, and stops when the time is up', async () => {
    const kept = put(combined(5));
    for (let i = 0; i < 30; i++) put(single(`net-${i}`));
    const clock = createEagerClock();
    expect(await retire(kept, clock)).toBe(20);
    expect(clock.slept).toEqual(Array.from({ length: 20 }, () => 1000));
    expect(await retire(kept, clock, clock.now() + 3500)).toBe(3);
    expect(await retire(kept, clock)).toBe(7);
  });
});
