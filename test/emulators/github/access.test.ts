// Tokens: who gets one, how far it reaches, how long it lives.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { createStage, type Stage } from './stage.ts';

let stage: Stage;
let app: { appId: number; slug: string; privateKeyPem: string };
let installation: { id: number };
const idOf = (name: string): number => stage.github.getRepository(name).id;

beforeEach(async () => {
  stage = await createStage();
  for (const name of ['net', 'gate', 'outside']) stage.github.createRepository({ owner: 'acme', name });
  stage.github.createRepository({ owner: 'other', name: 'net' });
  stage.github.createRepository({ owner: 'acme', name: 'open', private: false });
  app = await stage.github.createApp({ slug: 'gatekeeper', permissions: { contents: 'write', pull_requests: 'write', actions: 'read' } });
  installation = stage.github.installApp(app.appId, { account: 'acme', repositories: ['net', 'gate'] });
});
afterEach(() => stage.close());

async function jwt(claims: { iat?: number; exp?: number; iss?: string } = {}, pem = app.privateKeyPem): Promise<string> {
  const now = stage.clock.now() / 1000;
  return new SignJWT({ iat: now - 60, exp: now + 540, iss: String(app.appId), ...claims })
    .setProtectedHeader({ alg: 'RS256' })
    .sign(createPrivateKey(pem));
}

async function installationToken(body: object = {}): Promise<{ status: number; token: string; body: unknown }> {
  const answer = await stage.call('POST', `/app/installations/${installation.id}/access_tokens`, { token: await jwt(), body });
  return { status: answer.status, token: (answer.body as { token?: string }).token ?? '', body: answer.body };
}

describe('an App’s JWT', () => {
  it('opens /app and the installation of a repository', async () => {
    expect((await stage.call('GET', '/app', { token: await jwt() })).body).toMatchObject({ id: app.appId, slug: 'gatekeeper' });
    expect((await stage.call('GET', '/repos/acme/net/installation', { token: await jwt() })).body).toMatchObject({
      id: installation.id,
      app_id: app.appId,
    });
    expect((await stage.call('GET', '/repos/acme/outside/installation', { token: await jwt() })).status).toBe(404);
    expect((await stage.call('GET', '/orgs/acme/installation', { token: await jwt() })).body).toMatchObject({ id: installation.id });
    expect((await stage.call('GET', '/orgs/other/installation', { token: await jwt() })).status).toBe(404);
  });

  it('is refused when expired, too long, from the future, of an unknown App, or signed by another key', async () => {
    const now = stage.clock.now() / 1000;
    const another = await stage.github.createApp();
    const refused = [
      await jwt({ exp: now - 1 }),
      await jwt({ exp: now + 700 }),
      await jwt({ iat: now + 120 }),
      await jwt({ iss: '12' }),
      await jwt({}, another.privateKeyPem),
    ];
    const answers = await Promise.all(refused.map((token) => stage.call('GET', '/app', { token })));
    expect(answers.map((a) => a.status)).toEqual([401, 401, 401, 401, 401]);
    expect(answers[1]?.body).toMatchObject({ message: "'Expiration time' claim ('exp') is too far in the future" });
    // Clients put their clock right by this header.
    expect(answers[0]?.headers.get('date')).toBe('Sun, 22 Nov 2026 10:00:00 GMT');
  });

  it('is not a token for repositories', async () => {
    expect((await stage.call('GET', '/repos/acme/net', { token: await jwt() })).status).toBe(401);
  });
});

describe('an installation token', () => {
  it('is scoped down to one repository and one permission', async () => {
    const made = await installationToken({ repository_ids: [idOf('acme/net')], permissions: { contents: 'write' } });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      permissions: { contents: 'write', metadata: 'read' },
      repository_selection: 'selected',
      expires_at: '2026-11-22T11:00:00Z',
    });
    expect(made.token).toMatch(new RegExp(`^ghs_${app.appId}_`));
    expect(made.token.length).toBeGreaterThan(200);
    const { token } = made;
    expect((await stage.call('POST', '/repos/acme/net/dispatches', { token, body: { event_type: 'a' } })).status).toBe(204);
    expect((await stage.call('POST', '/repos/acme/gate/dispatches', { token, body: { event_type: 'a' } })).status).toBe(404);
    expect((await stage.call('GET', '/repos/acme/net/actions/runs', { token })).body).toMatchObject({
      message: 'Resource not accessible by integration',
    });
    // A public repository can be read by anybody with a token, and written by nobody without the permission.
    expect((await stage.call('GET', '/repos/acme/open', { token })).status).toBe(200);
    expect((await stage.call('POST', `/repos/acme/open/issues/1/comments`, { token, body: { body: 'x' } })).status).toBe(403);
  });

  it('sees nothing at all of a private repository that it does not reach', async () => {
    stage.github.createPullRequest({ repository: 'acme/outside', number: 1, headSha: 'a'.repeat(40), headRef: 't' });
    const { token } = await installationToken();
    const answers = [
      await stage.call('GET', '/repos/acme/outside', { token }),
      await stage.call('GET', `/repositories/${idOf('acme/outside')}`, { token }),
      await stage.call('GET', '/repos/acme/outside/pulls/1', { token }),
      await stage.call('POST', '/repos/acme/outside/issues/1/comments', { token, body: { body: 'x' } }),
      await stage.call('GET', '/repos/other/net', { token }),
    ];
    expect(answers.map((a) => a.status)).toEqual([404, 404, 404, 404, 404]);
  });

  it('is never wider than the installation', async () => {
    expect((await installationToken({ permissions: { statuses: 'write' } })).status).toBe(422);
    expect((await installationToken({ permissions: { actions: 'write' } })).status).toBe(422);
    expect((await installationToken({ repository_ids: [idOf('acme/outside')] })).status).toBe(422);
    expect((await installationToken({ repositories: ['net', 'outside'] })).status).toBe(422);
    expect((await stage.call('POST', '/app/installations/1/access_tokens', { token: await jwt(), body: {} })).status).toBe(404);
    expect((await stage.call('POST', `/app/installations/${installation.id}/access_tokens`, { body: {} })).status).toBe(401);
  });

  it('dies after an hour', async () => {
    const { token } = await installationToken();
    await stage.clock.advance(3_599_000);
    expect((await stage.call('GET', '/repos/acme/net', { token })).status).toBe(200);
    await stage.clock.advance(2_000);
    expect((await stage.call('GET', '/repos/acme/net', { token })).status).toBe(401);
  });

  it('comments as the App’s bot, and sees its repositories', async () => {
    stage.github.createPullRequest({ repository: 'acme/net', number: 1, headSha: 'a'.repeat(40), headRef: 't' });
    const { token } = await installationToken();
    const made = await stage.call('POST', '/repos/acme/net/issues/1/comments', { token, body: { body: 'hello' } });
    expect(made.body).toMatchObject({ user: { login: 'gatekeeper[bot]', type: 'Bot' } });
    expect((await stage.call('GET', '/installation/repositories', { token })).body).toMatchObject({ total_count: 2 });
  });
});

describe('every call', () => {
  it('is refused without a token, with a wrong one, and without User-Agent', async () => {
    expect((await stage.call('GET', '/repos/acme/open', { token: null })).status).toBe(401);
    expect((await stage.call('GET', '/repos/acme/net', { token: 'ghp_wrong' })).body).toMatchObject({ message: 'Bad credentials' });
    expect((await stage.call('GET', '/repos/acme/net', { headers: { 'user-agent': '' } })).status).toBe(403);
    expect((await stage.call('GET', '/nowhere')).status).toBe(404);
  });

  it('finds a repository by its id, whatever its name', async () => {
    const id = idOf('other/net');
    expect((await stage.call('GET', `/repositories/${id}`)).body).toMatchObject({
      id,
      full_name: 'other/net',
      owner: { login: 'other' },
      default_branch: 'main',
    });
    expect((await stage.call('GET', '/repositories/1')).status).toBe(404);
    expect((await stage.call('GET', '/repos/ACME/Net')).body).toMatchObject({ full_name: 'acme/net' });
  });

  it('tells GraphQL who is calling', async () => {
    const ask = async (token: string, query = '{ viewer { login } }') =>
      (await stage.call('POST', stage.github.graphqlUrl, { token, body: { query } })).body;
    expect(await ask(stage.token)).toEqual({ data: { viewer: { login: 'mona' } } });
    expect(await ask((await installationToken()).token, 'query { viewer { login } }')).toEqual({
      data: { viewer: { login: 'gatekeeper[bot]' } },
    });
    expect(await ask(stage.token, '{ repository(name: "x") { id } }')).toMatchObject({ errors: [{ type: 'NOT_EMULATED' }] });
  });
});
