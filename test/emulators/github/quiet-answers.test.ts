// Two things that GitHub does without a word: what a classic token may not do is not there, and a repository that was renamed is elsewhere.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createStage, type Stage } from './stage.ts';

const PATH = '.github/workflows/run-task.yml';

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
  stage.github.createRepository({ owner: 'acme', name: 'net', formerNames: ['acme/old'], files: { 'README.md': '# Net' } });
});
afterEach(() => stage.close());

const file = { message: 'm', content: Buffer.from('on: push').toString('base64') };
const call = (token: string, method: string, path: string, body?: object) =>
  stage.call(method, path, { token, ...(body === undefined ? {} : { body }) });

describe('a classic token', () => {
  it('needs the workflow scope for a workflow, and is not told so', async () => {
    const token = stage.github.createClassicToken({ login: 'mona', scopes: ['repo'] });
    expect((await call(token, 'PUT', '/repos/acme/net/contents/a.txt', file)).status).toBe(201);
    const refused = await call(token, 'PUT', `/repos/acme/net/contents/${PATH}`, file);
    expect([
      refused.status,
      refused.body,
      refused.headers.get('x-oauth-scopes'),
      refused.headers.get('x-accepted-github-permissions'),
    ]).toEqual([404, expect.objectContaining({ message: 'Not Found' }), 'repo', null]);
    const better = stage.github.createClassicToken({ login: 'mona', scopes: ['repo', 'workflow'] });
    expect((await call(better, 'PUT', `/repos/acme/net/contents/${PATH}`, file)).status).toBe(201);
  });

  it('needs an administrator for the settings of Actions', async () => {
    const path = '/repos/acme/net/actions/permissions';
    const token = stage.github.createClassicToken({ login: 'mona', scopes: ['repo'], admin: false });
    expect(await call(token, 'GET', path)).toMatchObject({ status: 403, body: { message: 'Must have admin rights to Repository.' } });
    expect((await call(stage.github.createClassicToken({ login: 'mona', scopes: ['repo'] }), 'GET', path)).status).toBe(200);
  });

  it('sees nothing of a private repository without its scope', async () => {
    const token = stage.github.createClassicToken({ login: 'mona', scopes: [] });
    expect((await call(token, 'GET', '/repos/acme/net')).status).toBe(404);
    expect((await call(token, 'GET', '/repos/acme/net/actions/secrets')).status).toBe(404);
    expect((await call(token, 'GET', '/repos/acme/net/contents/README.md')).status).toBe(404);
  });
});

describe('a repository that was renamed', () => {
  const raw = (method: string, path: string, token = stage.token) =>
    fetch(`${stage.github.apiUrl}/repos/acme/old${path}`, {
      method,
      redirect: 'manual',
      headers: { authorization: `Bearer ${token}` },
      ...(method === 'GET' ? {} : { body: JSON.stringify(file) }),
    });

  it('is found by its id, reads with 301, writes with 307', async () => {
    const { id } = stage.github.getRepository('acme/net');
    const read = await raw('GET', '/contents/README.md?ref=main');
    expect([read.status, read.headers.get('location')]).toEqual([
      301,
      `${stage.github.apiUrl}/repositories/${id}/contents/README.md?ref=main`,
    ]);
    const write = await raw('PUT', '/contents/a.txt');
    expect([write.status, write.headers.get('location')]).toEqual([307, `${stage.github.apiUrl}/repositories/${id}/contents/a.txt`]);
    expect((await stage.call('GET', '/repos/acme/old')).body).toMatchObject({ full_name: 'acme/net' });
    expect((await stage.call('PUT', '/repos/acme/old/contents/a.txt', { body: file })).status).toBe(201);
  });

  it('is nowhere for a token that does not reach it', async () => {
    stage.github.createRepository({ owner: 'acme', name: 'other' });
    const token = stage.github.createPersonalToken({ login: 'lisa', permissions: { contents: 'write' }, repositories: ['acme/other'] });
    expect((await raw('GET', '', token)).status).toBe(404);
  });
});
