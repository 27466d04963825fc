import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { arrange, KEY, type Scene } from './arrange.ts';

describe('the emulator’s own control routes', () => {
  let scene: Scene;
  beforeEach(async () => void (scene = await arrange({ attach: [] })));
  afterEach(() => scene.close());

  const call = async (method: string, path: string, body?: unknown, token = scene.hcp.adminToken) => {
    const response = await fetch(`${scene.hcp.url}${path}`, {
      method,
      // As curl -d sends it; only the management API insists on JSON:API's type.
      headers: { 'Authorization': `Bearer ${token}`, 'Content-Type': path.startsWith('/api') ? 'application/vnd.api+json' : 'text/plain' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as Record<string, never> };
  };

  it('set the scene from outside: organization, workspace, run task, run', async () => {
    const organization = { data: { type: 'organizations', attributes: { name: 'other' } } };
    expect((await call('POST', '/api/v2/organizations', organization)).status).toBe(201);
    const workspace = { data: { type: 'workspaces', attributes: { 'name': 'w', 'vcs-repo': { identifier: 'acme/net' } } } };
    expect((await call('POST', '/api/v2/organizations/other/workspaces', workspace)).status).toBe(201);
    expect((await call('POST', '/api/v2/organizations/other/workspaces', workspace)).status).toBe(422);
    const task = { organization: 'other', workspaces: ['w'], name: 'gate', url: scene.relay.url, hmac_key: KEY };
    expect((await call('POST', '/emulator/run-tasks', task)).status).toBe(201);
    const started = await call('POST', '/emulator/runs', {
      organization: 'other',
      workspace: 'w',
      plan: { a: 1 },
      speculative: true,
      vcs: { commitHash: 'ab12' },
      configuration: Buffer.from('tgz').toString('base64'),
    });
    expect(started).toMatchObject({ status: 201, body: { task_results: [{ stage: 'post_plan' }] } });
    await scene.relay.arrived(1);
    const { payload } = scene.relay.received[0]!;
    expect(payload).toMatchObject({ vcs_commit_url: 'https://github.com/acme/net/commit/ab12', workspace_name: 'w' });
    expect(payload['configuration_version_download_url']).not.toBeNull();
    expect(JSON.stringify(started.body)).not.toContain(payload['access_token']);

    const id = String(started.body['id']);
    expect((await call('POST', `/emulator/runs/${id}/cancel`)).body).toMatchObject({ status: 'canceled' });
    expect((await call('GET', `/emulator/runs/${id}`)).body).toMatchObject({ status: 'canceled', task_results: [{ status: 'canceled' }] });
    expect((await call('GET', '/emulator/sent')).body).toMatchObject([{ kind: 'registration' }, { kind: 'run-task' }]);
  });

  it('make bad weather, show the log, and start anew', async () => {
    expect((await call('POST', '/emulator/weather', { path: 'ping', status: 503 })).status).toBe(204);
    expect((await call('GET', '/api/v2/ping')).status).toBe(503);
    expect((await call('GET', '/emulator/seen')).body).toMatchObject([{ status: 204 }, { path: '/api/v2/ping', status: 503 }, {}]);
    expect((await call('POST', '/emulator/reset')).status).toBe(204);
    expect((await call('GET', '/api/v2/organizations/acme')).status).toBe(404);
  });

  it('are for the administrator, and say what is wrong', async () => {
    expect((await call('GET', '/emulator/seen', undefined, 'nobody')).status).toBe(401);
    expect(await call('POST', '/emulator/runs', { organization: 'acme', workspase: 'net' })).toMatchObject({
      status: 422,
      body: { errors: [{ detail: expect.stringContaining('workspase') }] },
    });
    expect((await call('POST', '/emulator/runs', { organization: 'acme', workspace: 'none' })).status).toBe(404);
    expect((await call('POST', '/emulator/nothing')).status).toBe(404);
  });
});
