import { afterEach, describe, expect, it } from '@jest/globals';
import { arrange, type Scene } from './arrange.ts';
import { expectDescribed } from './described.ts';
import { attachmentBody, callerOf, taskBody } from './call.ts';

let scene: Scene;
afterEach(async () => {
  expectDescribed(scene);
  await scene.close();
});
const call = callerOf(() => scene);

describe('tokens of the management API', () => {
  const tokens = {
    organizer: ['manage-run-tasks'],
    attacher: ['manage-workspace-run-tasks', 'read-workspaces'],
    agents: ['manage-agent-pools'],
    nobody: [],
  } as const;

  it('do what they are permitted to, and are told 404 otherwise', async () => {
    scene = await arrange({ attach: [], tokens });
    const task = await scene.hcp.createRunTask({ organization: 'acme', name: 'gate', url: scene.relay.url });
    const workspace = scene.hcp.createWorkspace({ organization: 'acme', name: 'app' }).id;
    const rows: readonly (readonly [string, string, unknown, readonly number[]])[] = [
      ['GET', '/organizations/acme/entitlement-set', undefined, [200, 200, 200, 200]],
      ['GET', '/organizations/acme/tasks', undefined, [200, 404, 404, 404]],
      ['GET', `/tasks/${task.id}`, undefined, [200, 404, 404, 404]],
      ['GET', '/organizations/acme/workspaces', undefined, [404, 200, 404, 404]],
      ['GET', '/organizations/acme/projects', undefined, [404, 200, 404, 404]],
      ['GET', '/organizations/acme/agent-pools', undefined, [404, 404, 200, 404]],
      ['GET', '/organizations/acme/task-configs', undefined, [404, 404, 404, 404]],
      ['POST', `/workspaces/${workspace}/tasks`, attachmentBody(task.id), [404, 201, 404, 404]],
      ['GET', `/workspaces/${workspace}/tasks`, undefined, [404, 200, 404, 404]],
      ['PATCH', `/workspaces/${workspace}`, { data: { type: 'workspaces', attributes: {} } }, [404, 404, 404, 404]],
      ['POST', '/organizations/acme/tasks', taskBody(scene.relay.url, { name: 'second' }), [201, 404, 404, 404]],
    ];
    for (const [method, path, body, expected] of rows) {
      const statuses: number[] = [];
      for (const token of Object.keys(tokens)) statuses.push((await call(method, path, body, token)).status);
      expect([method, path, ...statuses]).toEqual([method, path, ...expected]);
    }
    expect((await call('GET', '/organizations', undefined, 'stranger')).status).toBe(401);
    // The emulator's own routes are the admin's.
    const control = await fetch(`${scene.hcp.url}/emulator/seen`, { headers: { Authorization: 'Bearer organizer' } });
    expect(control.status).toBe(404);
  });
});

describe('the rate limit', () => {
  it('refuses what one token asks too much in a second, counts it, and says when to come again', async () => {
    scene = await arrange({ attach: [], tokens: { other: [] }, rateLimit: { perSecond: 3 } });
    const ask = async (token?: string) => (await call('GET', '/organizations', undefined, token)).status;
    expect([await ask(), await ask()]).toEqual([200, 200]);
    await scene.clock.advance(400);
    expect([await ask(), await ask('other')]).toEqual([200, 200]);
    const refused = await call('POST', '/organizations/acme/tasks', taskBody(scene.relay.url));
    expect([refused.status, refused.body.errors]).toEqual([429, [{ status: '429', title: 'Too many requests' }]]);
    expect(Object.fromEntries([...refused.headers].filter(([name]) => /^(x-ratelimit|retry)/.test(name)))).toEqual({
      'retry-after': '1',
      'x-ratelimit-limit': '3',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '0.600',
    });
    // Refused, not done.
    expect(scene.hcp.tasks('acme')).toEqual([]);
    expect(scene.hcp.rateLimited).toBe(1);

    await scene.clock.advance(599);
    expect(await ask()).toBe(429);
    await scene.clock.advance(1);
    expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429]);
    expect(scene.hcp.rateLimited).toBe(3);
    scene.hcp.reset();
    expect([await ask(), scene.hcp.rateLimited]).toEqual([200, 0]);
  });

  it('can leave retry-after away, which HashiCorp does not promise', async () => {
    scene = await arrange({ attach: [], rateLimit: { perSecond: 1, retryAfter: false } });
    await call('GET', '/organizations');
    const { status, headers } = await call('GET', '/organizations');
    expect([status, headers.get('retry-after'), headers.get('x-ratelimit-reset')]).toEqual([429, null, '1.000']);
  });
});
