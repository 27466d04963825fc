import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readCommentMarker, writeCommentMarker, type CommentMarker } from '../../src/contracts/comment-marker.ts';
import { isOlder, upsertComment, type CommentTarget } from '../../src/github/comment.ts';
import { fetchViewerLogin } from '../../src/github/viewer.ts';
import { BOT, startGithubServer, type GithubServer } from './comment-server.ts';

let github: GithubServer;
beforeEach(async () => {
  github = await startGithubServer();
});
afterEach(() => github.close());

const aMarker = (change: Partial<CommentMarker> = {}): CommentMarker => ({
  organization: 'acme',
  workspace: 'net-prod',
  run: 'run-1',
  created: '2026-11-22T10:00:00Z',
  stage: 'post_plan',
  sha: 'abc',
  ...change,
});
const bodyOf = (marker: CommentMarker, text = 'text'): string => `${writeCommentMarker(marker)}\n${text}\n`;
const target = (body: string, change: Partial<CommentTarget> = {}): CommentTarget => ({
  owner: 'acme',
  repo: 'net',
  number: 7,
  author: BOT.login,
  body,
  ...change,
});
const put = (body: string, user: { login: string; type: string } | null = BOT): void => {
  const id = github.comments.length + 1;
  github.comments.push({ id, body, user, html_url: `https://github.example/c/${id}` });
};
const writes = (): string[] => github.seen.filter(({ method }) => method !== 'GET').map(({ method }) => method);

describe('upsertComment', () => {
  it('creates one, then leaves the same text alone, then updates it', async () => {
    const first = await upsertComment(github.octokit, target(bodyOf(aMarker())));
    expect(first).toEqual({ action: 'created', url: 'https://github.example/acme/net/pull/7#issuecomment-1' });
    expect((await upsertComment(github.octokit, target(bodyOf(aMarker())))).action).toBe('unchanged');
    expect((await upsertComment(github.octokit, target(bodyOf(aMarker(), 'other')))).action).toBe('updated');
    expect(writes()).toEqual(['POST', 'PATCH']);
    expect(github.comments.map(({ body }) => body)).toEqual([bodyOf(aMarker(), 'other')]);
  });

  it('keeps what was reviewed when a run that reviews nothing writes over it, and replaces it by what is reviewed later', async () => {
    const reviewed = (run: string): Partial<CommentMarker> => ({ run, reviewed: { run, fingerprint: `1.${run}` } });
    const read = (): unknown => readCommentMarker(github.comments[0]?.body ?? '')?.reviewed?.run;
    await upsertComment(github.octokit, target(bodyOf(aMarker(reviewed('run-1')))));
    const merged = aMarker({ run: 'run-2', created: '2026-11-22T11:00:00Z' });
    expect([(await upsertComment(github.octokit, target(bodyOf(merged, 'applied')))).action, read()]).toEqual(['updated', 'run-1']);
    expect((await upsertComment(github.octokit, target(bodyOf(merged, 'applied')))).action).toBe('unchanged');
    await upsertComment(github.octokit, target(bodyOf(aMarker({ ...reviewed('run-3'), created: '2026-11-22T12:00:00Z' }))));
    expect(read()).toBe('run-3');
  });

  it('finds its comment behind 250 others', async () => {
    for (let i = 0; i < 250; i++) put('a discussion');
    put(bodyOf(aMarker()));
    expect((await upsertComment(github.octokit, target(bodyOf(aMarker(), 'new')))).action).toBe('updated');
    expect(github.comments).toHaveLength(251);
  });

  it('touches no comment of another author, another workspace, another organization, or with the marker further down', async () => {
    put(bodyOf(aMarker()), { login: 'somebody', type: 'User' });
    put(bodyOf(aMarker()), { login: 'github-actions', type: 'User' });
    put(bodyOf(aMarker()), null);
    put(bodyOf(aMarker({ workspace: 'net-dev' })));
    put(bodyOf(aMarker({ organization: 'other' })));
    put(`a quote\n${bodyOf(aMarker())}`);
    const before = github.comments.map(({ body }) => body);
    expect((await upsertComment(github.octokit, target(bodyOf(aMarker(), 'mine')))).action).toBe('created');
    expect(github.comments.slice(0, 6).map(({ body }) => body)).toEqual(before);
  });

  it('knows itself when GraphQL leaves the suffix of an App away', async () => {
    put(bodyOf(aMarker()));
    expect((await upsertComment(github.octokit, target(bodyOf(aMarker(), 'new'), { author: 'github-actions' }))).action).toBe('updated');
  });

  it.each([
    ['an older run', { run: 'run-0', created: '2026-11-22T09:00:00Z' }, 'stale'],
    ['an earlier stage of the same run', { stage: 'pre_plan' }, 'stale'],
    ['a later stage of the same run', { stage: 'pre_apply' }, 'updated'],
    ['the same stage again', {}, 'updated'],
    ['a newer run in an earlier stage', { run: 'run-2', created: '2026-11-22T11:00:00Z', stage: 'pre_plan' }, 'updated'],
  ] as const)('%s over what is there', async (_, change, action) => {
    put(bodyOf(aMarker(), 'there'));
    expect((await upsertComment(github.octokit, target(bodyOf(aMarker(change), 'new')))).action).toBe(action);
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body.includes('there')).toBe(action === 'stale');
  });

  it('keeps the newest up to date when a race left two, and lets an older run overwrite neither', async () => {
    put(bodyOf(aMarker()));
    put(bodyOf(aMarker({ run: 'run-2', created: '2026-11-22T11:00:00Z' })));
    expect((await upsertComment(github.octokit, target(bodyOf(aMarker({ run: 'run-1b', created: '2026-11-22T10:30:00Z' }))))).action).toBe(
      'stale',
    );
    const body = bodyOf(aMarker({ run: 'run-3', created: '2026-11-22T12:00:00Z' }));
    expect((await upsertComment(github.octokit, target(body))).action).toBe('updated');
    expect(github.comments[1]?.body).toBe(body);
  });

  it('makes a comment again that was deleted between reading and writing, once', async () => {
    put(bodyOf(aMarker()));
    github.intercept = ({ method }) => (method === 'PATCH' ? { status: 404, body: { message: 'Not Found' } } : null);
    expect((await upsertComment(github.octokit, target(bodyOf(aMarker(), 'new')))).action).toBe('created');
    expect(writes()).toEqual(['PATCH', 'POST']);
  });

  it('does not repeat a create whose answer was an error', async () => {
    github.intercept = ({ method }) => (method === 'POST' ? { status: 502, body: { message: 'Bad gateway' } } : null);
    await expect(upsertComment(github.octokit, target(bodyOf(aMarker())))).rejects.toMatchObject({
      code: 'E_GITHUB_ANSWER',
      retryable: true,
      status: 502,
    });
    expect(writes()).toEqual(['POST']);
  });

  it.each([
    [429, { 'retry-after': '30' }, 30_000],
    [403, { 'retry-after': '61' }, 61_000],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1795341660', 'date': 'Sun, 22 Nov 2026 10:00:00 GMT' }, 60_000],
  ])('HTTP %i with %j says how long to wait', async (status, headers, retryAfterMs) => {
    github.intercept = ({ method }) => (method === 'POST' ? { status, headers, body: { message: 'slow down' } } : null);
    await expect(upsertComment(github.octokit, target(bodyOf(aMarker())))).rejects.toMatchObject({
      code: 'E_GITHUB_RATE_LIMIT',
      retryable: true,
      retryAfterMs,
    });
    expect(writes()).toEqual(['POST']);
  });

  it('a token without the permission is told so, and not to try again', async () => {
    github.intercept = () => ({ status: 403, body: { message: 'Resource not accessible by integration' } });
    await expect(upsertComment(github.octokit, target(bodyOf(aMarker())))).rejects.toMatchObject({
      code: 'E_GITHUB_FORBIDDEN',
      retryable: false,
    });
  });

  it('refuses a text without our marker', async () => {
    await expect(upsertComment(github.octokit, target('plain'))).rejects.toMatchObject({ code: 'E_COMMENT_MARKER' });
    expect(github.seen).toEqual([]);
  });
});

describe('isOlder', () => {
  it('does not call older what it cannot compare', () => {
    expect(isOlder(aMarker({ run: 'a', created: '' }), aMarker({ run: 'b' }))).toBe(false);
  });
});

describe('fetchViewerLogin', () => {
  it('asks GraphQL, at /api/graphql of an Enterprise Server', async () => {
    expect(await fetchViewerLogin(github.octokit)).toBe(BOT.login);
    expect(github.seen.map(({ url }) => url)).toEqual(['/api/graphql']);
  });

  it('an unreachable GitHub is a fault that may pass', async () => {
    await github.close();
    await expect(fetchViewerLogin(github.octokit)).rejects.toMatchObject({ name: 'Fault', retryable: true });
    github = await startGithubServer();
  });
});
