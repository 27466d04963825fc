// Files of a repository.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
  stage.github.createRepository({
    owner: 'acme',
    name: 'net',
    files: { 'README.md': '# Net', 'deep/a.txt': 'a' },
  });
});
afterEach(() => stage.close());

const contents = (path: string) => `/repos/acme/net/contents/${path}`;
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('contents', () => {
  it('are read as a file, a folder, or raw, at a branch or a commit', async () => {
    // git hash-object of "# Net" without a newline.
    expect((await stage.call('GET', contents('README.md'))).body).toMatchObject({
      type: 'file',
      encoding: 'base64',
      sha: 'b2b9335eef759f4eaed57cd313b62849a965205f',
      size: 5,
    });
    expect((await stage.call('GET', contents(''))).body).toMatchObject([
      { name: 'README.md', type: 'file' },
      { name: 'deep', type: 'dir' },
    ]);
    expect((await stage.call('GET', contents('deep/a.txt'), { headers: { accept: 'application/vnd.github.raw+json' } })).text).toBe('a');
    const { sha } = stage.github.createCommit({
      repository: 'acme/net',
      branch: 'topic',
      files: { 'deep/a.txt': 'changed', 'README.md': null },
    });
    for (const ref of ['topic', sha]) {
      expect((await stage.call('GET', `${contents('deep/a.txt')}?ref=${ref}`)).body).toMatchObject({ content: base64('changed') });
      expect((await stage.call('GET', `${contents('README.md')}?ref=${ref}`)).status).toBe(404);
    }
    expect((await stage.call('GET', `${contents('README.md')}?ref=none`)).status).toBe(404);
  });

  it('are written with the sha of what they replace', async () => {
    const put = (body: object, path = 'new.txt') =>
      stage.call('PUT', contents(path), { body: { message: 'm', content: base64('one'), ...body } });
    const made = await put({});
    expect(made.status).toBe(201);
    expect((await put({})).status).toBe(422);
    expect((await put({ sha: 'wrong' })).status).toBe(409);
    const { sha } = (made.body as { content: { sha: string } }).content;
    expect((await put({ sha, content: base64('two') })).status).toBe(200);
    expect((await stage.call('GET', contents('new.txt'))).body).toMatchObject({ content: base64('two') });
    expect((await put({ branch: 'none' })).status).toBe(404);
  });

  it('under .github/workflows need the workflows permission too', async () => {
    const token = stage.github.createPersonalToken({ login: 'p', permissions: { contents: 'write' }, repositories: ['acme/net'] });
    const body = { message: 'm', content: base64('on: push') };
    const refused = await stage.call('PUT', contents('.github/workflows/a.yml'), { token, body });
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({ message: expect.stringContaining('without `workflows` permission') });
    expect((await stage.call('PUT', contents('.github/other.yml'), { token, body })).status).toBe(201);
  });
});
