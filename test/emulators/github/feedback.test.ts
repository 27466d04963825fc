// Comments, statuses, check runs: what people read, with GitHub's limits.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { createStage, type Stage } from './stage.ts';

const SHA = 'c'.repeat(40);

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
  stage.github.createRepository({ owner: 'acme', name: 'net' });
  stage.github.createPullRequest({ repository: 'acme/net', number: 7, headSha: SHA, headRef: 'topic' });
});
afterEach(() => stage.close());

const comment = (body: unknown, token?: string) =>
  stage.call('POST', '/repos/acme/net/issues/7/comments', { body: { body }, ...(token === undefined ? {} : { token }) });

describe('comments', () => {
  it('lists 250 of them oldest first, in pages linked by the repository id', async () => {
    for (let i = 1; i <= 250; i++) await comment(`number ${i}`);
    const bodies: string[] = [];
    let next: string | undefined = '/repos/acme/net/issues/7/comments?per_page=100';
    const pages: string[] = [];
    while (next !== undefined) {
      pages.push(next);
      const answer = await stage.call('GET', next);
      bodies.push(...(answer.body as { body: string }[]).map((c) => c.body));
      next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    expect(pages).toHaveLength(3);
    expect(pages[1]).toContain(`/api/v3/repositories/${stage.github.getRepository('acme/net').id}/issues/7/comments?per_page=100&page=2`);
    expect(bodies).toEqual(Array.from({ length: 250 }, (_, i) => `number ${i + 1}`));
    expect((await stage.call('GET', '/repos/acme/net/issues/7/comments')).body).toHaveLength(30);
    expect((await stage.call('GET', '/repos/acme/net/issues/7/comments?per_page=500')).body).toHaveLength(100);
  });

  it('takes 65,536 characters and refuses one more with GitHub’s words', async () => {
    expect((await comment('x'.repeat(65_536))).status).toBe(201);
    const refused = await comment('x'.repeat(65_537));
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      message: 'Validation Failed',
      errors: [
        { resource: 'IssueComment', code: 'unprocessable', field: 'data', message: 'Body is too long (maximum is 65536 characters)' },
      ],
    });
    expect((await comment(' ')).status).toBe(422);
    expect((await comment(5)).status).toBe(422);
  });

  it('updates, keeps the author, and moves updated_at', async () => {
    const made = (await comment('first')).body as { id: number };
    await stage.clock.advance(5_000);
    const patched = await stage.call('PATCH', `/repos/acme/net/issues/comments/${made.id}`, { body: { body: 'second' } });
    expect(patched.body).toMatchObject({
      body: 'second',
      user: { login: 'mona', type: 'User' },
      created_at: '2026-11-22T10:00:00Z',
      updated_at: '2026-11-22T10:00:05Z',
    });
    expect(stage.github.comments('acme/net', 7).map((c) => c.body)).toEqual(['second']);
    expect((await stage.call('GET', '/repos/acme/net/issues/comments/1')).status).toBe(404);
    expect((await stage.call('DELETE', `/repos/acme/net/issues/comments/${made.id}`)).status).toBe(204);
    expect(stage.github.comments('acme/net', 7)).toEqual([]);
  });

  it('needs issues or pull_requests: write, and says which', async () => {
    const permit = (permissions: Record<string, 'read' | 'write'>) =>
      stage.github.createPersonalToken({ login: 'p', permissions, repositories: 'all' });
    expect((await comment('a', permit({ issues: 'write' }))).status).toBe(201);
    expect((await comment('a', permit({ pull_requests: 'write' }))).status).toBe(201);
    const refused = await comment('a', permit({ pull_requests: 'read', contents: 'write' }));
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({ message: 'Resource not accessible by personal access token' });
    expect(refused.headers.get('x-accepted-github-permissions')).toBe('pull_requests=write; issues=write');
    expect((await stage.call('POST', '/repos/acme/net/issues/8/comments', { body: { body: 'a' } })).status).toBe(404);
  });
});

describe('statuses', () => {
  const status = (body: object, sha = SHA) => stage.call('POST', `/repos/acme/net/statuses/${sha}`, { body });

  it('lists them newest first and combines the latest of each context', async () => {
    expect((await status({ state: 'pending', context: 'runtask/a' })).status).toBe(201);
    await status({ state: 'success', context: 'RUNTASK/a', description: 'all is well', target_url: 'https://example.com/' });
    await status({ state: 'failure', context: 'runtask/b' });
    const listed = (await stage.call('GET', `/repos/acme/net/commits/${SHA}/statuses`)).body as {
      state: string;
      creator: { login: string };
    }[];
    expect(listed.map((s) => s.state)).toEqual(['failure', 'success', 'pending']);
    expect(listed[0]?.creator.login).toBe('mona');
    expect((await stage.call('GET', '/repos/acme/net/commits/topic/status')).body).toMatchObject({
      state: 'failure',
      total_count: 2,
      sha: SHA,
    });
  });

  it('refuses 141 characters, emoji, other schemes, unknown states and unknown commits', async () => {
    const answers = [
      await status({ state: 'success', description: 'x'.repeat(141) }),
      await status({ state: 'success', description: 'destroyed 💥' }),
      await status({ state: 'success', context: '🚀' }),
      await status({ state: 'success', target_url: 'ftp://example.com' }),
      await status({ state: 'passed' }),
      await status({ state: 'success' }, 'd'.repeat(40)),
    ];
    expect(answers.map((a) => a.status)).toEqual([422, 422, 422, 422, 422, 422]);
    expect((await status({ state: 'success', description: 'é'.repeat(140) })).status).toBe(201);
    expect(stage.github.statuses('acme/net', SHA)).toHaveLength(1);
  });
});

describe('check runs', () => {
  it('are for Apps only', async () => {
    const body = { name: 'gate', head_sha: SHA, conclusion: 'failure', output: { title: 't', summary: 's' } };
    expect((await stage.call('POST', '/repos/acme/net/check-runs', { body })).status).toBe(403);
    expect(
      (await stage.call('POST', '/repos/acme/net/check-runs', { body: { ...body, output: { summary: 'x'.repeat(65_536) } } })).status,
    ).toBe(422);
  });

  it('appends the annotations of each request, and refuses 51 or one that lacks a part', async () => {
    const app = await stage.github.createApp({ slug: 'gate', permissions: { checks: 'write' } });
    const { id } = stage.github.installApp(app.appId, { account: 'acme', repositories: 'all' });
    const octokit = new Octokit({
      baseUrl: stage.github.apiUrl,
      authStrategy: createAppAuth,
      auth: { appId: app.appId, privateKey: app.privateKeyPem, installationId: id },
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    });
    const acme = { owner: 'acme', repo: 'net' };
    const on = (line: number) => ({ path: 'a.tf', start_line: line, end_line: line, annotation_level: 'failure' as const, message: 'm' });
    const output = (...lines: number[]) => ({ title: 't', summary: 's', annotations: lines.map(on) });
    const { data } = await octokit.rest.checks.create({
      ...acme,
      name: 'gate',
      head_sha: SHA,
      conclusion: 'failure',
      output: output(1, 2),
    });
    await octokit.rest.checks.update({ ...acme, check_run_id: data.id, output: output(3) });
    await octokit.rest.checks.update({ ...acme, check_run_id: data.id, details_url: 'https://example.com/' });
    const read = await octokit.rest.checks.listAnnotations({ ...acme, check_run_id: data.id });
    expect(read.data.map((annotation) => annotation.start_line)).toEqual([1, 2, 3]);
    const many = octokit.rest.checks.update({ ...acme, check_run_id: data.id, output: output(...Array.from({ length: 51 }, () => 1)) });
    await expect(many).rejects.toMatchObject({ status: 422 });
    const half = octokit.rest.checks.update({
      ...acme,
      check_run_id: data.id,
      output: { ...output(), annotations: [{ ...on(1), message: '' }] },
    });
    await expect(half).rejects.toMatchObject({ status: 422 });
  });
});

describe('pull requests of a commit', () => {
  it('lists open and merged ones, and refuses a commit it does not know', async () => {
    stage.github.createPullRequest({ repository: 'acme/net', number: 8, headSha: SHA, headRef: 'topic', state: 'closed' });
    stage.github.createPullRequest({ repository: 'acme/net', number: 9, headSha: SHA, headRef: 'topic', state: 'merged' });
    const found = (await stage.call('GET', `/repos/acme/net/commits/${SHA}/pulls`)).body as { number: number; merged_at: string | null }[];
    expect(found.map((p) => [p.number, p.merged_at])).toEqual([
      [7, null],
      [9, '2026-11-22T10:00:00Z'],
    ]);
    expect((await stage.call('GET', `/repos/acme/net/commits/${'e'.repeat(40)}/pulls`)).status).toBe(422);
    expect((await stage.call('GET', '/repos/acme/net/pulls/7')).body).toMatchObject({
      number: 7,
      head: { sha: SHA, ref: 'topic' },
      state: 'open',
    });
    expect((await stage.call('GET', '/repos/acme/net/pulls/70')).status).toBe(404);
  });

  it('lists a merged one for the commit that it became on the branch', async () => {
    await stage.clock.advance(60_000);
    const { sha } = stage.github.mergePullRequest('acme/net', 7);
    const merged = { number: 7, state: 'closed', merged_at: '2026-11-22T10:01:00Z', merge_commit_sha: sha };
    expect((await stage.call('GET', `/repos/acme/net/commits/${sha}/pulls`)).body).toMatchObject([merged]);
    expect((await stage.call('GET', `/repos/acme/net/commits/${SHA}/pulls`)).body).toMatchObject([merged]);
    expect((await stage.call('GET', '/repos/acme/net/branches/main')).body).toMatchObject({ commit: { sha } });
  });
});
