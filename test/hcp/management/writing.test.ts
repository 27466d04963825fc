// Writing: what goes over the wire, what is remembered of it, and what happens when the answer is lost.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { RunTask } from '../../../src/hcp/management/index.ts';
import { takesSeveralStages } from '../../../src/hcp/management/attachments.ts';
import { arrange, fault, KEY, spec, type Scene } from './arrange.ts';

let scene: Scene;
afterEach(() => scene.close());

const bodies = () =>
  scene.emulator.seen.filter(({ body }) => body !== '').map(({ method, body }) => [method, (JSON.parse(body) as { data: unknown }).data]);
const made = async (): Promise<RunTask> => {
  await scene.client.runTasks('acme');
  return scene.client.createRunTask('acme', spec(scene));
};

describe('run tasks', () => {
  it('are made, changed and deleted, and are known without asking again', async () => {
    scene = await arrange();
    const pool = scene.emulator.createAgentPool({ organization: 'acme', name: 'inside' });
    const task = await made();
    expect(await scene.client.runTask('acme', 'gate')).toEqual(task);
    const changed = await scene.client.updateRunTask(task, {
      enabled: false,
      agentPoolId: pool.id,
      hmacKey: 'another-key-of-enough-length',
    });
    expect(await scene.client.runTask('acme', 'gate')).toEqual(changed);
    expect(changed).toEqual({ ...task, enabled: false, agentPoolId: pool.id });
    await scene.client.updateRunTask(changed, { agentPoolId: null });
    expect(scene.emulator.tasks('acme')[0]).toMatchObject({ enabled: false, agentPool: null, hmacKey: 'another-key-of-enough-length' });
    await scene.client.deleteRunTask(changed);
    expect(await scene.client.runTask('acme', 'gate')).toBeNull();
    expect(scene.requests()).toEqual([
      'GET /organizations/acme/tasks',
      'POST /organizations/acme/tasks',
      `PATCH /tasks/${task.id}`,
      `PATCH /tasks/${task.id}`,
      `DELETE /tasks/${task.id}`,
    ]);
    expect(bodies()).toEqual([
      [
        'POST',
        {
          type: 'tasks',
          attributes: {
            'name': 'gate',
            'category': 'task',
            'url': scene.relayUrl,
            'description': 'Checks',
            'enabled': true,
            'hmac-key': KEY,
          },
          relationships: { 'agent-pool': { data: null } },
        },
      ],
      [
        'PATCH',
        {
          type: 'tasks',
          attributes: { 'enabled': false, 'hmac-key': 'another-key-of-enough-length' },
          relationships: { 'agent-pool': { data: { type: 'agent-pools', id: pool.id } } },
        },
      ],
      ['PATCH', { type: 'tasks', attributes: {}, relationships: { 'agent-pool': { data: null } } }],
    ]);
  });

  it.each([{ reset: true }, { status: 502 }] as const)(
    'are in doubt when the answer is lost, and then asked for anew: %j',
    async (rule) => {
      scene = await arrange();
      await scene.client.runTasks('acme');
      scene.emulator.failNext({ method: 'POST', after: true, ...rule });
      await expect(scene.client.createRunTask('acme', spec(scene))).rejects.toEqual(fault('E_HCP_IN_DOUBT', { retryable: true }));
      expect(await scene.client.runTask('acme', 'gate')).toMatchObject({ name: 'gate' });
      expect(scene.requests()).toEqual([
        'GET /organizations/acme/tasks',
        'POST /organizations/acme/tasks',
        'GET /organizations/acme/tasks',
      ]);
    },
  );

  it('are in doubt when the answer is cut off', async () => {
    scene = await arrange();
    scene.emulator.failNext({ method: 'POST', status: 201, body: '{"data":', after: true });
    await expect(scene.client.createRunTask('acme', spec(scene))).rejects.toEqual(fault('E_HCP_IN_DOUBT'));
    expect(scene.emulator.tasks('acme')).toHaveLength(1);
  });

  it('are not in doubt when no connection was made', async () => {
    scene = await arrange();
    const client = scene.connect();
    await scene.emulator.close();
    await expect(client.createRunTask('acme', spec(scene))).rejects.toEqual(
      fault('E_HCP_UNREACHABLE', { detail: expect.stringContaining('Nothing was changed') }),
    );
  });

  it('are gone when deleting them answers 404, and only then', async () => {
    scene = await arrange({ tokens: { 'a-token-without-leave': [] } });
    const task = await made();
    await expect(scene.connect({ token: 'a-token-without-leave' }).deleteRunTask(task)).rejects.toEqual(fault('E_HCP_MISSING'));
    scene.emulator.failNext({ method: 'DELETE', status: 404 });
    await expect(scene.client.deleteRunTask(task)).rejects.toEqual(fault('E_HCP_MISSING'));
    scene.emulator.failNext({ method: 'DELETE', reset: true, after: true });
    await scene.client.deleteRunTask(task);
    expect(scene.emulator.tasks('acme')).toEqual([]);
  });
});

describe('attachments', () => {
  const attached = async () => {
    const workspace = scene.emulator.createWorkspace({ organization: 'acme', name: 'net' });
    const task = await made();
    return { task, workspace };
  };
  const settings = { stages: ['pre_plan', 'post_plan'], enforcementLevel: 'mandatory' };

  it.each([201, 204] as const)('are made with an answer of %i, changed and removed', async (attachAnswer) => {
    scene = await arrange({ attachAnswer });
    const { task, workspace } = await attached();
    expect(await scene.client.attachment(task, workspace)).toBeNull();
    const one = await scene.client.attach(task, workspace, settings);
    expect(one).toEqual({ id: expect.stringMatching(/^wstask-/), taskId: task.id, workspaceId: workspace.id, ...settings });
    const changed = await scene.client.updateAttachment(task, workspace, one, { stages: ['pre_apply'], enforcementLevel: 'advisory' });
    expect(await scene.client.attachment(task, workspace)).toEqual(changed);
    expect(scene.emulator.attachments('acme')).toEqual([
      { id: one.id, workspace: 'net', task: 'gate', stages: ['pre_apply'], enforcementLevel: 'advisory' },
    ]);
    await scene.client.detach(task, workspace, one.id);
    expect([await scene.client.attachment(task, workspace), scene.emulator.attachments('acme')]).toEqual([null, []]);
    const reads = scene.requests().filter((request) => request.startsWith('GET') && !request.includes('organizations'));
    expect(reads).toHaveLength(attachAnswer === 201 ? 1 : 2);
  });

  it.each(['POST', 'PATCH'])('of which the answer to a %s was lost are asked for again, and no others', async (method) => {
    scene = await arrange();
    const { task, workspace } = await attached();
    const other = scene.emulator.createWorkspace({ organization: 'acme', name: 'other' });
    await scene.client.attachment(task, workspace);
    const one = method === 'PATCH' ? await scene.client.attach(task, workspace, { ...settings, stages: ['post_plan'] }) : null;
    scene.emulator.failNext({ method, reset: true, after: true });
    const write =
      one === null ? scene.client.attach(task, workspace, settings) : scene.client.updateAttachment(task, workspace, one, settings);
    await expect(write).rejects.toEqual(fault('E_HCP_IN_DOUBT'));
    scene.emulator.seen.length = 0;
    expect(await scene.client.attachment(task, workspace)).toMatchObject(settings);
    expect(await scene.client.attachment(task, other)).toBeNull();
    expect(scene.requests()).toEqual([`GET /workspaces/${workspace.id}/tasks`]);
  });

  it('are read anew after an answer without a body, whatever was seen before', async () => {
    scene = await arrange({ attachAnswer: 204 });
    const { task, workspace } = await attached();
    scene.emulator.failNext({ method: 'POST', path: '/workspaces/', status: 500 });
    await expect(scene.client.attach(task, workspace, settings)).rejects.toEqual(fault('E_HCP_IN_DOUBT'));
    expect(await scene.client.attachment(task, workspace)).toBeNull();
    expect(await scene.client.attach(task, workspace, settings)).toMatchObject(settings);
  });

  it('are gone when deleting them answers 404 because they are, or because the workspace is', async () => {
    scene = await arrange();
    const { task, workspace } = await attached();
    const one = await scene.client.attach(task, workspace, settings);
    scene.emulator.failNext({ method: 'DELETE', status: 404 });
    await expect(scene.client.detach(task, workspace, one.id)).rejects.toEqual(fault('E_HCP_MISSING'));
    scene.emulator.otherHands.deleteAttachment('acme', 'net', 'gate');
    await scene.client.detach(task, workspace, one.id);
    scene.emulator.otherHands.deleteWorkspace('acme', 'net');
    await scene.client.detach(task, workspace, one.id);
    expect(await scene.client.attachment(task, workspace)).toBeNull();
  });

  it('have one stage on an old Terraform Enterprise', async () => {
    scene = await arrange({ tfeVersion: 'v202309-1' });
    const { task, workspace } = await attached();
    expect(scene.client.severalStages()).toBe(false);
    await expect(scene.client.attach(task, workspace, settings)).rejects.toEqual(
      fault('E_HCP_INVALID', { errors: [expect.objectContaining({ attribute: 'stages' })] }),
    );
    const one = await scene.client.attach(task, workspace, { ...settings, stages: ['pre_apply'] });
    expect(one.stages).toEqual(['pre_apply']);
    expect(bodies().at(-1)).toEqual([
      'POST',
      expect.objectContaining({ attributes: { 'enforcement-level': 'mandatory', 'stage': 'pre_apply' } }),
    ]);
  });

  it.each([
    [null, true],
    ['', true],
    ['v202309-2', false],
    ['v202404-1', true],
    ['v202507-1', true],
    ['1.0.0', true],
    ['2.0.1', true],
  ])('may have several on release %j: %s', (version, several) => expect(takesSeveralStages(version)).toBe(several));
});

describe('global settings', () => {
  const settings = { stages: ['pre_plan', 'post_plan'], enforcementLevel: 'advisory' };
  const steps = async (task: RunTask) => {
    const current = async () => scene.client.globalSettings((await scene.client.runTask('acme', 'gate')) ?? task);
    const said = [await current()];
    for (const next of [settings, { ...settings, stages: ['pre_apply'] }, null, null, settings]) {
      await scene.client.setGlobalSettings(task, next);
      said.push(await current());
    }
    return said;
  };
  const expected = [null, settings, { ...settings, stages: ['pre_apply'] }, null, null, settings];

  it('stand in task-configs where the API has them; what the task itself says is old', async () => {
    scene = await arrange();
    const task = await made();
    expect(await steps(task)).toEqual(expected);
    expect(scene.emulator.tasks('acme')[0]!.global).toEqual({ enabled: true, ...settings, projects: [] });
    // Nothing was written where nothing was to change, and the list was read once.
    expect(
      scene
        .requests()
        .slice(2)
        .map((request) => request.replace(/taskcfg-.*/, 'ID')),
    ).toEqual([
      'GET /organizations/acme/task-configs',
      'POST /organizations/acme/task-configs',
      ...['PATCH', 'PATCH', 'PATCH'].map((method) => `${method} /task-configs/ID`),
    ]);
  });

  it('stand in the task where the API has no task-configs', async () => {
    scene = await arrange({ taskConfigs: false });
    expect(await steps(await made())).toEqual(expected);
    expect(scene.emulator.tasks('acme')[0]!.global).toMatchObject({ enabled: true, ...settings });
  });

  it.each([true, false])('are no secret failure in an edition without them (task-configs: %s)', async (taskConfigs) => {
    scene = await arrange({ taskConfigs });
    const task = await made();
    scene.emulator.otherHands.changeEntitlements('acme', { globalRunTasks: false });
    expect(await scene.client.globalSettings(task)).toBeNull();
    await expect(scene.client.setGlobalSettings(task, settings)).rejects.toEqual(
      fault('E_HCP_NOT_ENTITLED', { detail: expect.stringContaining('does not include global run tasks') }),
    );
  });

  it('are no secret failure where a task-config is made and stays without effect', async () => {
    scene = await arrange();
    const task = await made();
    scene.emulator.failNext({
      method: 'POST',
      path: 'task-configs',
      status: 201,
      body: JSON.stringify({ data: { id: 'taskcfg-1', type: 'task-configs', attributes: { global: false } } }),
    });
    await expect(scene.client.setGlobalSettings(task, settings)).rejects.toEqual(fault('E_HCP_NOT_ENTITLED'));
  });

  it('are in doubt when the answer is lost', async () => {
    scene = await arrange();
    const task = await made();
    await scene.client.globalSettings(task);
    scene.emulator.failNext({ method: 'POST', path: 'task-configs', reset: true, after: true });
    await expect(scene.client.setGlobalSettings(task, settings)).rejects.toEqual(fault('E_HCP_IN_DOUBT'));
    expect(await scene.client.globalSettings(task)).toEqual(settings);
  });
});
