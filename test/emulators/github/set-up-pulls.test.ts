// Pull requests through REST: opened by a tool that may not push, merged by someone else.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createStage, type Stage } from './stage.ts';

const WORKFLOW = 'on: repository_dispatch\njobs: { a: { runs-on: x, steps: [{ run: "true" }] } }\n';
const PATH = '.github/workflows/run-task.yml';

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
  stage.github.createRepository({ owner: 'acme', name: 'net', files: { 'README.md': '# Net', 'old.txt': 'old' } });
});
afterEach(() => stage.close());

const at = (path: string) => `/repos/acme/net${path}`;
const call = (method: string, path: string, body?: object, token?: string) =>
  stage.call(method, at(path), { ...(body === undefined ? {} : { body }), ...(token === undefined ? {} : { token }) });
const repository = () => stage.github.getRepository('acme/net');
const branch = (name: string, files: Record<string, string | null> = {}) => {
  repository().branches.set(name, repository().branches.get('main') ?? '');
  if (Object.keys(files).length > 0) stage.github.createCommit({ repository: 'acme/net', branch: name, files });
};
const open = (head = 'topic', more: object = {}, token?: string) =>
  call('POST', '/pulls', { title: 'Set up', head, base: 'main', body: 'why', ...more }, token);
const files = () => [
  ...(repository()
    .commits.get(repository().branches.get('main') ?? '')
    ?.files.keys() ?? []),
];
const custom = (message: string) => ({ status: 422, body: { errors: [{ resource: 'PullRequest', code: 'custom', message }] } });

describe('opening a pull request', () => {
  it('answers with it, and lists it by its head', async () => {
    branch('topic', { [PATH]: WORKFLOW });
    branch('other', { 'a.txt': 'a' });
    const opened = await open();
    expect(opened).toMatchObject({
      status: 201,
      body: {
        number: 1,
        state: 'open',
        title: 'Set up',
        body: 'why',
        merged: false,
        mergeable: true,
        commits: 1,
        changed_files: 1,
        head: { ref: 'topic', sha: repository().branches.get('topic') },
        base: { ref: 'main' },
        user: { login: 'mona' },
      },
    });
    expect((await call('GET', '/pulls/1')).body).toEqual(opened.body);
    await open('acme:other');
    const numbers = async (query: string) => ((await call('GET', `/pulls${query}`)).body as { number: number }[]).map((p) => p.number);
    expect(await numbers('?state=open&head=acme:topic&base=main')).toEqual([1]);
    expect(await numbers('?head=acme:topic&base=release')).toEqual([]);
    expect(await numbers('?head=acme:none')).toEqual([]);
    expect(await numbers('?state=closed')).toEqual([]);
    // Without an owner GitHub takes it for no filter.
    expect(await numbers('?head=topic')).toEqual([2, 1]);
    expect((await call('GET', '/pulls?state=merged')).status).toBe(422);
  });

  it('is refused without commits, for a second time, and between branches that are not there', async () => {
    branch('topic');
    expect(await open()).toMatchObject(custom('No commits between main and topic'));
    branch('topic', { 'a.txt': 'a' });
    expect((await open()).status).toBe(201);
    expect(await open()).toMatchObject(custom('A pull request already exists for acme:topic.'));
    expect(await open('none')).toMatchObject({ status: 422, body: { errors: [{ field: 'head', code: 'invalid' }] } });
    expect(await open('topic', { base: 'none' })).toMatchObject({ status: 422, body: { errors: [{ field: 'base', code: 'invalid' }] } });
  });

  it('follows its branch', async () => {
    branch('topic', { 'a.txt': 'a' });
    await open();
    const { sha } = stage.github.createCommit({ repository: 'acme/net', branch: 'topic', files: { 'b.txt': 'b' } });
    expect((await call('GET', '/pulls/1')).body).toMatchObject({ head: { sha }, commits: 2, changed_files: 2 });
  });
});

describe('changing a pull request', () => {
  beforeEach(async () => {
    branch('topic', { 'a.txt': 'a' });
    await open();
  });

  it('renames, closes and opens it again', async () => {
    expect((await call('PATCH', '/pulls/1', { title: 'Better', body: null })).body).toMatchObject({ title: 'Better', body: null });
    expect((await call('PATCH', '/pulls/1', { state: 'closed' })).body).toMatchObject({ state: 'closed', merged: false, mergeable: null });
    expect((await call('PATCH', '/pulls/1', { state: 'open' })).body).toMatchObject({ state: 'open', closed_at: null });
    expect((await call('PATCH', '/pulls/9', { state: 'closed' })).status).toBe(404);
  });

  it('is closed with its branch, and stays closed without it', async () => {
    expect((await call('DELETE', '/git/refs/heads/topic')).status).toBe(204);
    expect((await call('GET', '/pulls/1')).body).toMatchObject({ state: 'closed', merged: false });
    expect((await call('PATCH', '/pulls/1', { state: 'open' })).status).toBe(422);
  });
});

describe('merging a pull request', () => {
  it('brings what its branch added, changed and deleted, and keeps what others did meanwhile', async () => {
    branch('topic', { [PATH]: WORKFLOW, 'old.txt': null, 'README.md': '# Changed' });
    await open();
    stage.github.setFiles('acme/net', { 'meanwhile.txt': 'm' });
    const merged = await call('PUT', '/pulls/1/merge', { merge_method: 'squash' });
    expect(merged).toMatchObject({ status: 200, body: { merged: true, sha: repository().branches.get('main') } });
    expect(files().sort()).toEqual([PATH, 'README.md', 'meanwhile.txt']);
    expect((await call('GET', '/pulls/1')).body).toMatchObject({ state: 'closed', merged: true });
    await stage.dispatch();
    await stage.github.idle();
    expect(stage.github.runs).toMatchObject([{ workflowPath: PATH, conclusion: 'success' }]);
    expect((await call('PUT', '/pulls/1/merge', {})).status).toBe(405);
    expect((await call('PATCH', '/pulls/1', { state: 'open' })).status).toBe(422);
  });

  it('by hand does the same, and can delete the branch', async () => {
    branch('topic', { 'old.txt': null });
    await open();
    stage.github.mergePullRequest('acme/net', 1, { deleteBranch: true });
    expect(files()).toEqual(['README.md']);
    expect([...repository().branches.keys()]).toEqual(['main']);
    expect(repository().pulls.get(1)).toMatchObject({ state: 'merged', mergeCommitSha: repository().branches.get('main') });
  });

  it('is refused for another head, a conflict, and a workflow without its permission', async () => {
    branch('topic', { [PATH]: WORKFLOW, 'old.txt': 'topic' });
    await open();
    expect((await call('PUT', '/pulls/1/merge', { sha: 'a'.repeat(40) })).status).toBe(409);
    const permissions = { contents: 'write', pull_requests: 'write' } as const;
    const token = stage.github.createPersonalToken({ login: 'p', permissions, repositories: ['acme/net'] });
    expect((await call('PUT', '/pulls/1/merge', {}, token)).status).toBe(403);
    stage.github.setFiles('acme/net', { 'old.txt': 'main' });
    expect(await call('PUT', '/pulls/1/merge', {})).toMatchObject({ status: 405, body: { message: 'Pull Request is not mergeable' } });
    expect((await call('GET', '/pulls/1')).body).toMatchObject({ mergeable: false, mergeable_state: 'dirty' });
  });
});
