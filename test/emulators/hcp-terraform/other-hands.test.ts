import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PREMIUM_EDITION } from '../../../src/emulators/hcp-terraform/index.ts';
import { arrange, KEY, type Scene } from './arrange.ts';
import { callerOf } from './call.ts';

describe('what a test sees, and other hands change', () => {
  let scene: Scene;
  beforeEach(async () => void (scene = await arrange()));
  afterEach(() => scene.close());
  const call = callerOf(() => scene);

  it('shows run tasks with their keys, and attachments by name', () => {
    expect(scene.hcp.tasks('acme')).toEqual([
      {
        id: expect.stringMatching(/^task-/),
        name: 'gate',
        url: scene.relay.url,
        description: '',
        enabled: true,
        hmacKey: KEY,
        agentPool: null,
        global: null,
      },
    ]);
    expect(scene.hcp.attachments('acme')).toEqual([
      { id: expect.stringMatching(/^wstask-/), workspace: 'net', task: 'gate', stages: ['post_plan'], enforcementLevel: 'mandatory' },
    ]);
    expect([scene.hcp.tasks('other'), scene.hcp.attachments('other')]).toEqual([[], []]);
  });

  it('changes without a request and without a registration test, and the API shows it', async () => {
    const { otherHands, sent, seen } = scene.hcp;
    const posted = sent.length;
    otherHands.changeEntitlements('acme', PREMIUM_EDITION);
    otherHands.changeTask('acme', 'gate', {
      ...{ name: 'renamed', url: 'https://elsewhere.example.com', description: 'theirs', hmacKey: null, enabled: false },
      global: { enabled: true, stages: ['pre_plan'], enforcementLevel: 'advisory' },
    });
    otherHands.changeAttachment('acme', 'net', 'renamed', { stages: ['pre_apply'], enforcementLevel: 'advisory' });
    otherHands.changeWorkspace('acme', 'net', { name: 'network', tags: ['prod'], tagBindings: { env: 'prod' }, project: 'new' });
    expect([sent.length, seen.length]).toEqual([posted, 0]);
    const [task] = (await call('GET', '/organizations/acme/tasks')).body.data;
    expect(task!.attributes).toMatchObject({
      name: 'renamed',
      url: 'https://elsewhere.example.com',
      description: 'theirs',
      enabled: false,
    });
    expect(scene.hcp.tasks('acme')).toMatchObject([{ hmacKey: null, global: { enabled: true, stages: ['pre_plan'], projects: [] } }]);
    expect(scene.hcp.attachments('acme')).toMatchObject([{ workspace: 'network', stages: ['pre_apply'], enforcementLevel: 'advisory' }]);
    expect((await call('GET', '/organizations/acme/workspaces/network')).body.data.attributes['tag-names']).toEqual(['prod']);
  });

  it('deletes attachments, workspaces and run tasks, attached or not', async () => {
    const { otherHands } = scene.hcp;
    otherHands.deleteAttachment('acme', 'net', 'gate');
    expect(scene.hcp.attachments('acme')).toEqual([]);
    scene.hcp.attachRunTask({ organization: 'acme', workspace: 'net', task: 'gate', enforcementLevel: 'advisory' });
    otherHands.deleteTask('acme', 'gate');
    expect([scene.hcp.tasks('acme'), scene.hcp.attachments('acme')]).toEqual([[], []]);
    otherHands.deleteWorkspace('acme', 'net');
    expect((await call('GET', '/organizations/acme/workspaces/net')).status).toBe(404);
    expect(() => otherHands.deleteTask('acme', 'gate')).toThrow('The HCP Terraform emulator has no run task acme/gate');
  });
});

describe('a run task with attachments', () => {
  let scene: Scene;
  beforeEach(async () => void (scene = await arrange()));
  afterEach(() => scene.close());
  const call = callerOf(() => scene);

  it('comes with them, and with their workspaces, when asked, and refuses what cannot be included', async () => {
    const included = async (query: string) => {
      const { status, body } = await call('GET', `/organizations/acme/tasks${query}`);
      return status === 200 ? body.included?.map(({ type }) => type) : status;
    };
    expect(await included('')).toBeUndefined();
    expect(await included('?include=workspace_tasks')).toEqual(['workspace-tasks']);
    expect(await included('?include=workspace_tasks,workspace_tasks.workspace')).toEqual(['workspace-tasks', 'workspaces']);
    expect(await included('?include=workspace_tasks.workspace')).toEqual(['workspace-tasks', 'workspaces']);
    expect([await included('?include=workspaces'), await included('?filter[name]=gate')]).toEqual([400, 400]);
    const [task] = (await call('GET', '/organizations/acme/tasks')).body.data;
    expect((await call('GET', `/tasks/${task!.id}?include=workspace_tasks`)).body.included).toMatchObject([
      { relationships: { task: { data: { id: task!.id } } } },
    ]);
  });

  it('has a thousand of them in pages of a hundred, found without looking at each', async () => {
    const { hcp } = scene;
    for (let index = 0; index < 1000; index++) {
      hcp.createWorkspace({ organization: 'acme', name: `w${index}` });
      hcp.attachRunTask({ organization: 'acme', workspace: `w${index}`, task: 'gate', enforcementLevel: 'advisory' });
    }
    const started = performance.now();
    const [task] = (await call('GET', '/organizations/acme/tasks?include=workspace_tasks.workspace')).body.data;
    const ids = new Set<string>();
    for (let page = 1; page <= 11; page++) {
      const { body } = await call('GET', `/tasks/${task!.id}/relationships/workspace-tasks?page[size]=100&page[number]=${page}`);
      for (const { id } of body.data) ids.add(id);
      await call('GET', `/organizations/acme/workspaces?page[size]=100&page[number]=${page}&include=project,effective_tag_bindings`);
    }
    expect(ids.size).toBe(1001);
    // 23 requests. What scanned all for each took seconds; the bound leaves a busy machine twenty times what it needs.
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
