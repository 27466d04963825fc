import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FREE_EDITION, PREMIUM_EDITION } from '../../../src/emulators/hcp-terraform/index.ts';
import { arrange, type Scene } from './arrange.ts';
import { expectDescribed } from './described.ts';
import { attachmentBody, callerOf, taskBody } from './call.ts';

const refusal = (detail: string, pointer?: string): unknown => ({
  status: '422',
  title: 'invalid attribute',
  detail,
  ...(pointer === undefined ? {} : { source: { pointer } }),
});

describe('what an organization is entitled to', () => {
  let scene: Scene;
  beforeEach(async () => void (scene = await arrange({ attach: [] })));
  afterEach(async () => {
    expectDescribed(scene);
    await scene.close();
  });
  const call = callerOf(() => scene);

  it('is told: unlimited unless a test says otherwise, the free edition, premium', async () => {
    scene.hcp.createOrganization('free', FREE_EDITION);
    scene.hcp.createOrganization('premium', PREMIUM_EDITION);
    const told = async (name: string) => (await call('GET', `/organizations/${name}/entitlement-set`)).body.data.attributes;
    const unlimited = {
      'run-tasks': true,
      'global-run-tasks': false,
      'private-run-tasks': false,
      'run-task-limit': null,
      'run-task-workspace-limit': null,
      'run-task-mandatory-enforcement-limit': null,
    };
    expect(await told('acme')).toEqual(unlimited);
    expect(await told('free')).toEqual({
      ...unlimited,
      'run-task-limit': 1,
      'run-task-workspace-limit': 10,
      'run-task-mandatory-enforcement-limit': 1,
    });
    expect(await told('premium')).toEqual({ ...unlimited, 'global-run-tasks': true, 'private-run-tasks': true });
  });

  it('answers 404 to every call about run tasks without the entitlement, and to nothing else', async () => {
    const task = await scene.hcp.createRunTask({ organization: 'acme', name: 'gate', url: scene.relay.url });
    const attached = scene.hcp.attachRunTask({ organization: 'acme', workspace: 'net', task, enforcementLevel: 'advisory' });
    scene.hcp.otherHands.changeEntitlements('acme', { runTasks: false });
    const calls: readonly (readonly [string, string, unknown?])[] = [
      ['POST', '/organizations/acme/tasks', taskBody(scene.relay.url, { name: 'second' })],
      ['GET', '/organizations/acme/tasks'],
      ['GET', `/tasks/${task.id}`],
      ['PATCH', `/tasks/${task.id}`, { data: { type: 'tasks', attributes: { enabled: false } } }],
      ['DELETE', `/tasks/${task.id}`],
      ['GET', `/tasks/${task.id}/relationships/workspace-tasks`],
      ['POST', `/workspaces/${attached.workspaceId}/tasks`, attachmentBody(task.id)],
      ['GET', `/workspaces/${attached.workspaceId}/tasks`],
      ['GET', `/workspaces/${attached.workspaceId}/tasks/${attached.id}`],
      ['PATCH', `/workspaces/${attached.workspaceId}/tasks/${attached.id}`, { data: { type: 'workspace-tasks', attributes: {} } }],
      ['DELETE', `/workspaces/${attached.workspaceId}/tasks/${attached.id}`],
      ['GET', '/organizations/acme/task-configs'],
    ];
    for (const [method, path, body] of calls) expect([method, path, (await call(method, path, body)).status]).toEqual([method, path, 404]);
    expect((await call('GET', '/organizations/acme/workspaces')).status).toBe(200);
    expect(scene.hcp.tasks('acme')).toMatchObject([{ name: 'gate', enabled: true }]);
    expect(scene.hcp.attachments('acme')).toHaveLength(1);
  });

  it('refuses the second run task, the eleventh workspace and the second mandatory attachment of the free edition', async () => {
    scene.hcp.createOrganization('free', FREE_EDITION);
    // Another organization's do not count.
    const other = await scene.hcp.createRunTask({ organization: 'acme', name: 'gate', url: scene.relay.url });
    scene.hcp.attachRunTask({ organization: 'acme', workspace: 'net', task: other, enforcementLevel: 'mandatory' });
    const { id } = (await call('POST', '/organizations/free/tasks', taskBody(scene.relay.url))).body.data;
    const second = await call('POST', '/organizations/free/tasks', taskBody(scene.relay.url, { name: 'second' }));
    expect([second.status, second.body.errors]).toEqual([422, [refusal('The organization may have 1 run task(s)')]]);

    const ids = Array.from({ length: 11 }, (_, index) => scene.hcp.createWorkspace({ organization: 'free', name: `w${index}` }).id);
    const attach = (index: number, level: string) =>
      call('POST', `/workspaces/${ids[index]}/tasks`, attachmentBody(id, { 'enforcement-level': level }));
    const made = await attach(0, 'mandatory');
    expect(made.status).toBe(201);
    const mandatory = refusal('The organization may have 1 mandatory run task(s)', '/data/attributes/enforcement-level');
    expect((await attach(1, 'mandatory')).body.errors).toEqual([mandatory]);
    for (let index = 1; index < 10; index++) expect((await attach(index, 'advisory')).status).toBe(201);
    const eleventh = await attach(10, 'advisory');
    expect([eleventh.status, eleventh.body.errors]).toEqual([422, [refusal('The organization may have run tasks in 10 workspace(s)')]]);

    // The one that is mandatory may be changed; another may not become it.
    const change = (workspace: string, wstask: string, attributes: unknown) =>
      call('PATCH', `/workspaces/${workspace}/tasks/${wstask}`, { data: { type: 'workspace-tasks', attributes } });
    expect((await change(ids[0]!, made.body.data.id, { stages: ['pre_plan'] })).status).toBe(200);
    const advisory = (await call('GET', `/workspaces/${ids[1]}/tasks`)).body.data[0]!.id;
    expect((await change(ids[1]!, advisory, { 'enforcement-level': 'mandatory' })).body.errors).toEqual([mandatory]);
  });

  it('takes an agent pool of the organization, and refuses it without private run tasks', async () => {
    scene.hcp.createOrganization('premium', PREMIUM_EDITION);
    const pool = scene.hcp.createAgentPool({ organization: 'premium', name: 'inside' });
    const elsewhere = scene.hcp.createAgentPool({ organization: 'acme', name: 'inside' });
    const through = (id: string) => ({ 'agent-pool': { data: { type: 'agent-pools', id } } });
    const create = (organization: string, id: string) =>
      call('POST', `/organizations/${organization}/tasks`, taskBody(scene.relay.url, {}, through(id)));
    expect((await create('acme', elsewhere.id)).body.errors).toEqual([
      refusal('The organization is not entitled to private run tasks', '/data/relationships/agent-pool'),
    ]);
    expect((await create('premium', elsewhere.id)).body.errors).toEqual([
      refusal('The provided agent pool does not exist', '/data/relationships/agent-pool'),
    ]);
    const made = await create('premium', pool.id);
    expect(made.body.data.relationships['agent-pool']).toEqual({ data: { id: pool.id, type: 'agent-pools' } });
    expect(scene.hcp.tasks('premium')).toMatchObject([{ name: 'gate', agentPool: 'inside' }]);
    const change = (attributes: unknown, relationships?: unknown) =>
      call('PATCH', `/tasks/${made.body.data.id}`, { data: { type: 'tasks', attributes, relationships } });
    expect((await change({ description: 'new' })).body.data.relationships['agent-pool']).toBeDefined();
    expect((await change({}, { 'agent-pool': { data: null } })).body.data.relationships['agent-pool']).toBeUndefined();
  });
});
