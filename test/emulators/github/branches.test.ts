// Branches, and files on them, through REST: what a tool does that may not push to the default branch.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createStage, type Stage } from './stage.ts';

const WORKFLOW = 'on: repository_dispatch\njobs: { a: { runs-on: x, steps: [{ run: "true" }] } }\n';
const PATH = '.github/workflows/run-task.yml';

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
  stage.github.createRepository({ owner: 'acme', name: 'net', files: { 'README.md': '# Net' } });
});
afterEach(() => stage.close());

const at = (path: string) => `/repos/acme/net${path}`;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const put = (path: string, text: string, more: object = {}) =>
  stage.call('PUT', at(`/contents/${path}`), { body: { message: 'm', content: base64(text), ...more } });
const shaOf = async (path: string, branch = 'main') =>
  ((await stage.call('GET', at(`/contents/${path}?ref=${branch}`))).body as { sha: string }).sha;
const remove = (path: string, body: object, token?: string) =>
  stage.call('DELETE', at(`/contents/${path}`), { body: { message: 'm', ...body }, ...(token === undefined ? {} : { token }) });
const head = (branch = 'main') => stage.github.getRepository('acme/net').branches.get(branch) ?? '';
const message = (text: string | RegExp) => ({ message: typeof text === 'string' ? text : expect.stringMatching(text) });

describe('deleting a file', () => {
  it('needs the sha of what is deleted, and answers with the commit', async () => {
    expect(await remove('README.md', {})).toMatchObject({ status: 422, body: message(/"sha" wasn't supplied/) });
    expect(await remove('README.md', { sha: 'wrong' })).toMatchObject({ status: 409, body: message('README.md does not match wrong') });
    expect((await remove('none.md', { sha: 'x' })).status).toBe(404);
    expect(await remove('README.md', { sha: await shaOf('README.md'), branch: 'none' })).toMatchObject({
      status: 404,
      body: message('Branch none not found'),
    });
    const before = head();
    const removed = await remove('README.md', { sha: await shaOf('README.md') });
    expect(removed).toMatchObject({ status: 200, body: { content: null, commit: { sha: head(), parents: [{ sha: before }] } } });
    expect((await stage.call('GET', at('/contents/README.md'))).status).toBe(404);
  });

  it('needs the workflows permission for a workflow, as making one does', async () => {
    await put(PATH, WORKFLOW);
    const token = stage.github.createPersonalToken({ login: 'p', permissions: { contents: 'write' }, repositories: ['acme/net'] });
    const refused = await remove(PATH, { sha: await shaOf(PATH) }, token);
    expect(refused).toMatchObject({ status: 403, body: message(/without `workflows` permission/) });
    expect(refused.headers.get('x-accepted-github-permissions')).toBe('contents=write,workflows=write');
  });
});

describe('a workflow file that arrives through REST', () => {
  it('is started by the next dispatch, and no more once it is deleted', async () => {
    await stage.dispatch();
    expect(stage.github.runs).toEqual([]);
    await put(PATH, WORKFLOW);
    await stage.dispatch();
    await stage.github.idle();
    expect(stage.github.runs).toMatchObject([{ workflowPath: PATH, headSha: head(), conclusion: 'success' }]);
    await remove(PATH, { sha: await shaOf(PATH) });
    await stage.dispatch();
    expect(stage.github.runs).toHaveLength(1);
  });

  it('starts nothing while it stands on another branch only', async () => {
    await stage.call('POST', at('/git/refs'), { body: { ref: 'refs/heads/topic', sha: head() } });
    expect((await put(PATH, WORKFLOW, { branch: 'topic' })).status).toBe(201);
    await stage.dispatch();
    expect(stage.github.runs).toEqual([]);
  });
});

describe('refs', () => {
  const create = (ref: string, sha: string, token?: string) =>
    stage.call('POST', at('/git/refs'), { body: { ref, sha }, ...(token === undefined ? {} : { token }) });

  it('are made, read, moved and deleted', async () => {
    const first = head();
    const made = await create('refs/heads/runtask/set-up', first);
    expect(made).toMatchObject({ status: 201, body: { ref: 'refs/heads/runtask/set-up', object: { type: 'commit', sha: first } } });
    expect((await stage.call('GET', at('/git/ref/heads/runtask/set-up'))).body).toEqual(made.body);
    expect((await stage.call('GET', at('/git/ref/heads/none'))).status).toBe(404);
    await put('a.txt', 'a', { branch: 'runtask/set-up' });
    const second = head('runtask/set-up');
    const move = (sha: string, force?: boolean) => stage.call('PATCH', at('/git/refs/heads/runtask/set-up'), { body: { sha, force } });
    expect(await move(first)).toMatchObject({ status: 422, body: message('Update is not a fast forward') });
    expect((await move(first, true)).status).toBe(200);
    expect((await move(second)).status).toBe(200);
    expect((await stage.call('DELETE', at('/git/refs/heads/runtask/set-up'))).status).toBe(204);
    expect(await stage.call('DELETE', at('/git/refs/heads/runtask/set-up'))).toMatchObject({
      status: 422,
      body: message('Reference does not exist'),
    });
    expect((await stage.call('DELETE', at('/git/refs/heads/main'))).status).toBe(422);
  });

  it.each([
    ['main', head, 'main is not a valid ref name.', 422],
    ['refs/heads/main', head, 'Reference already exists', 422],
    ['refs/heads/main/more', head, 'Reference already exists', 422],
    ['refs/heads/a..b', head, 'refs/heads/a..b is not a valid ref name.', 422],
    ['refs/heads/new', () => 'a'.repeat(40), 'Object does not exist', 422],
  ])('are refused when wrong: %s', async (ref, sha, expected, status) => {
    const reply = await create(ref, sha());
    expect(reply.status).toBe(status);
    expect(reply.body).toMatchObject(message(expected));
  });

  it('to other workflow files than the default branch’s need the workflows permission', async () => {
    const token = stage.github.createPersonalToken({ login: 'p', permissions: { contents: 'write' }, repositories: ['acme/net'] });
    const plain = head();
    expect((await create('refs/heads/a', plain, token)).status).toBe(201);
    await put(PATH, WORKFLOW);
    expect((await create('refs/heads/b', head(), token)).status).toBe(201);
    const refused = await create('refs/heads/c', plain, token);
    expect(refused).toMatchObject({ status: 403, body: message('Resource not accessible by personal access token') });
    expect(refused.headers.get('x-accepted-github-permissions')).toBe('contents=write; contents=write,workflows=write');
  });
});

describe('a branch as GitHub shows it', () => {
  it('names its commit', async () => {
    expect(await stage.call('GET', at('/branches/main'))).toMatchObject({
      status: 200,
      body: { name: 'main', protected: false, commit: { sha: head(), commit: { message: 'Initial commit' }, parents: [] } },
    });
    expect(await stage.call('GET', at('/branches/none'))).toMatchObject({ status: 404, body: message('Branch not found') });
  });
});

describe('an empty repository', () => {
  it('gets its first commit with its first file, on its default branch only', async () => {
    stage.github.createRepository({ owner: 'acme', name: 'new', empty: true });
    const call = (method: string, path: string, body?: object) => stage.call(method, `/repos/acme/new${path}`, { body });
    expect(await call('GET', '/contents/README.md')).toMatchObject({ status: 404, body: message('This repository is empty.') });
    expect(await call('GET', '/git/ref/heads/main')).toMatchObject({ status: 409, body: message('Git Repository is empty.') });
    expect((await call('GET', '/branches/main')).status).toBe(404);
    expect((await call('POST', '/git/refs', { ref: 'refs/heads/topic', sha: 'a'.repeat(40) })).status).toBe(409);
    const file = { message: 'm', content: base64(WORKFLOW) };
    expect((await call('PUT', `/contents/${PATH}`, { ...file, branch: 'topic' })).status).toBe(404);
    expect(await call('PUT', `/contents/${PATH}`, file)).toMatchObject({ status: 201, body: { commit: { parents: [] } } });
    await call('POST', '/dispatches', { event_type: 'go' });
    await stage.github.idle();
    expect(stage.github.runs).toMatchObject([{ workflowPath: PATH, conclusion: 'success' }]);
  });
});

describe('an archived repository', () => {
  it('is read and not written', async () => {
    stage.github.getRepository('acme/net').archived = true;
    expect(await stage.call('GET', '/repos/acme/net')).toMatchObject({ status: 200, body: { archived: true } });
    const refused = { status: 403, body: message('Repository was archived so is read-only.') };
    expect(await put('a.txt', 'a')).toMatchObject(refused);
    expect(await stage.call('POST', at('/git/refs'), { body: { ref: 'refs/heads/a', sha: head() } })).toMatchObject(refused);
    expect(await stage.call('POST', at('/actions/variables'), { body: { name: 'A', value: 'a' } })).toMatchObject(refused);
    expect(await stage.call('DELETE', at('/actions/secrets/A'))).toMatchObject(refused);
  });
});
