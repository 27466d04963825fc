// Files, secrets and variables of a repository.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
  stage.github.createRepository({
    owner: 'acme',
    name: 'net',
    files: { 'README.md': '# Net', 'deep/a.txt': 'a' },
    variables: { place: 'here' },
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

describe('variables and secrets', () => {
  it('have no upsert for variables', async () => {
    const path = '/repos/acme/net/actions/variables';
    expect((await stage.call('GET', `${path}/PLACE`)).body).toMatchObject({ name: 'PLACE', value: 'here' });
    expect((await stage.call('POST', path, { body: { name: 'place', value: 'there' } })).status).toBe(409);
    expect((await stage.call('POST', path, { body: { name: 'GITHUB_X', value: 'a' } })).status).toBe(422);
    expect((await stage.call('PATCH', `${path}/NONE`, { body: { value: 'a' } })).status).toBe(404);
    expect((await stage.call('PATCH', `${path}/PLACE`, { body: { value: 'there' } })).status).toBe(204);
    expect((await stage.call('GET', path)).body).toMatchObject({ total_count: 1, variables: [{ name: 'PLACE', value: 'there' }] });
    expect((await stage.call('DELETE', `${path}/PLACE`)).status).toBe(204);
    expect((await stage.call('GET', `${path}/PLACE`)).status).toBe(404);
  });

  it('take secrets only for the repository’s own key, and never give one back', async () => {
    const path = '/repos/acme/net/actions/secrets';
    const { key_id } = (await stage.call('GET', `${path}/public-key`)).body as { key_id: string };
    const put = (body: object) => stage.call('PUT', `${path}/key`, { body: { encrypted_value: base64('sealed'), key_id, ...body } });
    expect([(await put({})).status, (await put({})).status, (await put({ key_id: '1' })).status]).toEqual([201, 204, 422]);
    expect(stage.github.getRepository('acme/net').secrets.get('KEY')).toEqual({ name: 'KEY', value: null, encrypted: base64('sealed') });
    expect((await stage.call('GET', `${path}/KEY`)).status).toBe(404);
  });
});
