// Every call of setting up a repository: which permission it asks for, and that a lost answer does not undo its work.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Repository } from '../../../src/emulators/github/index.ts';
import { createStage, seal, type Stage } from './stage.ts';

const PATH = '.github/workflows/run-task.yml';
const base64 = (text: string) => Buffer.from(text).toString('base64');

let stage: Stage;
let repository: Repository;
let known: { readonly readme: string; readonly head: string; readonly sealed: string };
beforeEach(async () => {
  stage = await createStage();
  repository = stage.github.createRepository({
    owner: 'acme',
    name: 'net',
    files: { 'README.md': '# Net', [PATH]: 'on: push' },
    variables: { OLD: 'old' },
    secrets: { OLD: 'old' },
    actionsPolicy: { allowed: 'selected' },
  });
  const head = repository.branches.get('main') ?? '';
  stage.github.createCommit({ repository: 'acme/net', branch: 'topic', files: { 'a.txt': 'a' } });
  stage.github.createCommit({ repository: 'acme/net', branch: 'more', files: { 'b.txt': 'b' } });
  stage.github.createPullRequest({ repository: 'acme/net', headRef: 'more', headSha: repository.branches.get('more') ?? '' });
  const readme = (await stage.call('GET', '/repos/acme/net/contents/README.md')).body as { sha: string };
  known = { readme: readme.sha, head, sealed: await seal('v', repository.sealingKey.key) };
});
afterEach(() => stage.close());

interface SetUpCall {
  readonly method: string;
  readonly path: string;
  readonly body?: () => object;
  /** As GitHub names it in the header of its refusal. */
  readonly needs: string;
  readonly status: number;
  /** Did it happen? Only of calls that change something. */
  readonly done?: () => unknown;
}

const file = () => ({ message: 'm', content: base64('x') });
const secret = () => ({ encrypted_value: known.sealed, key_id: repository.sealingKey.id });
const tree = (branch = 'main') => [...(repository.commits.get(repository.branches.get(branch) ?? '')?.files.keys() ?? [])];

const CALLS: readonly SetUpCall[] = [
  { method: 'GET', path: '/contents/README.md', needs: 'contents=read', status: 200 },
  { method: 'GET', path: '/git/ref/heads/main', needs: 'contents=read', status: 200 },
  { method: 'GET', path: '/branches/main', needs: 'contents=read', status: 200 },
  { method: 'GET', path: '/pulls', needs: 'pull_requests=read', status: 200 },
  { method: 'GET', path: '/pulls/1', needs: 'pull_requests=read', status: 200 },
  { method: 'GET', path: '/actions/secrets', needs: 'secrets=read', status: 200 },
  { method: 'GET', path: '/actions/secrets/OLD', needs: 'secrets=read', status: 200 },
  { method: 'GET', path: '/actions/secrets/public-key', needs: 'secrets=read', status: 200 },
  { method: 'GET', path: '/actions/variables', needs: 'actions_variables=read', status: 200 },
  { method: 'GET', path: '/actions/variables/OLD', needs: 'actions_variables=read', status: 200 },
  { method: 'GET', path: '/actions/permissions', needs: 'administration=read', status: 200 },
  { method: 'GET', path: '/actions/permissions/selected-actions', needs: 'administration=read', status: 200 },
  { method: 'PUT', path: '/contents/new.txt', body: file, needs: 'contents=write', status: 201, done: () => tree().includes('new.txt') },
  {
    method: 'DELETE',
    path: '/contents/README.md',
    body: () => ({ message: 'm', sha: known.readme }),
    needs: 'contents=write',
    status: 200,
    done: () => !tree().includes('README.md'),
  },
  {
    method: 'POST',
    path: '/git/refs',
    body: () => ({ ref: 'refs/heads/new', sha: known.head }),
    needs: 'contents=write',
    status: 201,
    done: () => repository.branches.has('new'),
  },
  {
    method: 'PATCH',
    path: '/git/refs/heads/main',
    body: () => ({ sha: repository.branches.get('topic') }),
    needs: 'contents=write',
    status: 200,
    done: () => tree().includes('a.txt'),
  },
  {
    method: 'DELETE',
    path: '/git/refs/heads/topic',
    needs: 'contents=write',
    status: 204,
    done: () => !repository.branches.has('topic'),
  },
  {
    method: 'POST',
    path: '/pulls',
    body: () => ({ title: 't', head: 'topic', base: 'main' }),
    needs: 'pull_requests=write',
    status: 201,
    done: () => repository.pulls.has(2),
  },
  {
    method: 'PATCH',
    path: '/pulls/1',
    body: () => ({ state: 'closed' }),
    needs: 'pull_requests=write',
    status: 200,
    done: () => repository.pulls.get(1)?.state === 'closed',
  },
  {
    method: 'PUT',
    path: '/pulls/1/merge',
    body: () => ({}),
    needs: 'contents=write',
    status: 200,
    done: () => tree().includes('b.txt'),
  },
  {
    method: 'PUT',
    path: '/actions/secrets/NEW',
    body: secret,
    needs: 'secrets=write',
    status: 201,
    done: () => repository.secrets.has('NEW'),
  },
  { method: 'DELETE', path: '/actions/secrets/OLD', needs: 'secrets=write', status: 204, done: () => !repository.secrets.has('OLD') },
  {
    method: 'POST',
    path: '/actions/variables',
    body: () => ({ name: 'NEW', value: 'v' }),
    needs: 'actions_variables=write',
    status: 201,
    done: () => repository.variables.has('NEW'),
  },
  {
    method: 'PATCH',
    path: '/actions/variables/OLD',
    body: () => ({ value: 'new' }),
    needs: 'actions_variables=write',
    status: 204,
    done: () => repository.variables.get('OLD')?.value === 'new',
  },
  {
    method: 'DELETE',
    path: '/actions/variables/OLD',
    needs: 'actions_variables=write',
    status: 204,
    done: () => !repository.variables.has('OLD'),
  },
];

const send = ({ method, path, body }: SetUpCall, token = stage.token) =>
  stage.call(method, `/repos/acme/net${path}`, { token, ...(body === undefined ? {} : { body: body() }) });

describe.each(CALLS.map((call) => [`${call.method} ${call.path}`, call] as const))('%s', (_, call) => {
  const [permission = '', level = ''] = call.needs.split('=');
  const tokenWith = (permissions: Readonly<Record<string, 'read' | 'write'>>) =>
    stage.github.createPersonalToken({ login: 'lisa', permissions, repositories: ['acme/net'] });

  it(`asks for ${call.needs} and no more`, async () => {
    expect((await send(call, tokenWith({ [permission]: level === 'read' ? 'read' : 'write' }))).status).toBe(call.status);
  });

  it('says which permission is missing', async () => {
    const lesser = level === 'write' ? { [permission]: 'read' as const } : {};
    const refused = await send(call, tokenWith(lesser));
    expect(refused).toMatchObject({ status: 403, body: { message: 'Resource not accessible by personal access token' } });
    expect(refused.headers.get('x-accepted-github-permissions')).toBe(call.needs);
    expect(call.done?.() ?? false).toBe(false);
  });

  it('is not there for a token that does not reach the repository', async () => {
    stage.github.createRepository({ owner: 'acme', name: 'other' });
    const token = stage.github.createPersonalToken({ login: 'lisa', permissions: { [permission]: 'write' }, repositories: ['acme/other'] });
    expect((await send(call, token)).status).toBe(404);
    expect(call.done?.() ?? false).toBe(false);
  });

  if (call.done !== undefined)
    it('has happened although its answer was lost', async () => {
      stage.github.failNext({ method: call.method, after: true, reset: true });
      await expect(send(call)).rejects.toThrow('fetch failed');
      expect(call.done?.()).toBe(true);
    });
});
