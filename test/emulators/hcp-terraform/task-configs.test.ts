import { afterEach, describe, expect, it } from '@jest/globals';
import { PREMIUM_EDITION, type HcpTerraformOptions } from '../../../src/emulators/hcp-terraform/index.ts';
import { arrange, type Scene } from './arrange.ts';
import { expectDescribed } from './described.ts';
import { attachmentBody, callerOf, taskBody } from './call.ts';

let scene: Scene;
afterEach(async () => {
  expectDescribed(scene);
  await scene.close();
});
const call = callerOf(() => scene);
const DEFAULTS = { 'enabled': false, 'stages': [], 'enforcement-level': null };
const everywhere = { 'enabled': true, 'stages': ['post_plan'], 'enforcement-level': 'mandatory' };
const owner = (id = 'acme') => ({ data: { type: 'organizations', id } });

async function entitled(options: Partial<HcpTerraformOptions> = {}): Promise<string> {
  scene = await arrange({ attach: [], ...options });
  scene.hcp.otherHands.changeEntitlements('acme', PREMIUM_EDITION);
  return (await scene.hcp.createRunTask({ organization: 'acme', name: 'gate', url: scene.relay.url })).id;
}
const configBody = (taskId: string, attributes: Record<string, unknown> = {}, projects?: readonly string[]) => ({
  data: {
    type: 'task-configs',
    attributes: { 'global': true, 'enforcement-level': 'mandatory', 'allowed-stages': ['pre_plan'], ...attributes },
    relationships: {
      owner: owner(),
      task: { data: { type: 'tasks', id: taskId } },
      ...(projects === undefined ? {} : { projects: { data: projects.map((id) => ({ type: 'projects', id })) } }),
    },
  },
});
const create = (taskId: string, ...rest: [Record<string, unknown>?, (readonly string[])?]) =>
  call('POST', '/organizations/acme/task-configs', configBody(taskId, ...rest));
const forOwner = (taskId: string, organization = 'acme') =>
  call('GET', `/organizations/acme/task-configs/for-owner?q[task-id]=${taskId}&q[owner-id]=${organization}&q[owner-type]=organizations`);
const globalOf = async (id: string) => (await call('GET', `/tasks/${id}`)).body.data.attributes['global-configuration'];
const changeTask = (id: string, global: unknown) =>
  call('PATCH', `/tasks/${id}`, { data: { type: 'tasks', attributes: { 'global-configuration': global } } });

describe('task-configs', () => {
  it('are made, found for their owner, changed and listed, while the run task shows legacy defaults', async () => {
    const id = await entitled();
    expect((await forOwner(id)).status).toBe(404);
    const made = await create(id);
    expect([made.status, made.body.data.attributes]).toEqual([
      201,
      { 'global': true, 'enforcement-level': 'mandatory', 'allowed-stages': ['pre_plan'] },
    ]);
    expect((await create(id)).status).toBe(422);
    expect((await forOwner(id)).body.data).toEqual(made.body.data);
    expect((await forOwner(id, 'other')).status).toBe(404);
    expect((await call('GET', '/organizations/acme/task-configs')).body.data).toEqual([made.body.data]);

    const change = (attributes: unknown) =>
      call('PATCH', `/task-configs/${made.body.data.id}`, { data: { type: 'task-configs', id: made.body.data.id, attributes } });
    const off = await change({ global: false });
    expect([off.status, off.body.data.attributes]).toEqual([
      201,
      { 'global': false, 'enforcement-level': 'mandatory', 'allowed-stages': ['pre_plan'] },
    ]);
    expect((await change({ 'allowed-stages': [] })).body.data.attributes['allowed-stages']).toEqual([]);
    expect((await change({ global: true })).status).toBe(422);
    expect(await globalOf(id)).toEqual(DEFAULTS);
    const task = (await call('GET', `/tasks/${id}`)).body.data;
    expect(task.relationships['task-configs']).toEqual({ data: [{ id: made.body.data.id, type: 'task-configs' }] });
  });

  it('are made by global-configuration, which is ignored from then on', async () => {
    const id = await entitled();
    expect((await changeTask(id, everywhere)).body.data.attributes['global-configuration']).toEqual(DEFAULTS);
    expect((await forOwner(id)).body.data.attributes).toMatchObject({ 'global': true, 'allowed-stages': ['post_plan'] });
    expect((await changeTask(id, { enabled: false })).status).toBe(200);
    expect(scene.hcp.tasks('acme')).toMatchObject([{ global: { enabled: true } }]);
  });

  it('come with a new run task', async () => {
    await entitled();
    const config = {
      type: 'task-configs',
      attributes: { 'global': true, 'enforcement-level': 'advisory', 'allowed-stages': ['pre_apply'] },
      relationships: { owner: owner() },
    };
    const body = taskBody(
      scene.relay.url,
      { 'name': 'second', 'global-configuration': everywhere },
      { 'task-configs': { data: [config] } },
    );
    const made = await call('POST', '/organizations/acme/tasks', body);
    expect((await forOwner(made.body.data.id)).body.data.attributes).toEqual(config.attributes);
  });

  it('target projects, and are listed by project', async () => {
    const id = await entitled();
    const project = scene.hcp.createProject({ organization: 'acme', name: 'networking' });
    const foreign = (scene.hcp.createOrganization('other'), scene.hcp.createProject({ organization: 'other', name: 'networking' }));
    expect((await create(id, { global: true }, [project.id])).status).toBe(422);
    expect((await create(id, { global: false }, [foreign.id])).status).toBe(404);
    const made = await create(id, { global: false }, [project.id]);
    expect(made.body.data.relationships['projects']).toEqual({ data: [{ id: project.id, type: 'projects' }] });
    const inProject = async (target: string) =>
      (await call('GET', `/organizations/acme/task-configs?filter[target_type]=project&filter[target_id]=${target}`)).body.data.length;
    expect([await inProject(project.id), await inProject('prj-other')]).toEqual([1, 0]);
    expect(scene.hcp.tasks('acme')[0]!.global).toEqual({
      enabled: false,
      stages: ['pre_plan'],
      enforcementLevel: 'mandatory',
      projects: ['networking'],
    });
  });

  it('are not there in an API of before, where the run task has its global settings itself', async () => {
    const id = await entitled({ taskConfigs: false });
    expect([(await create(id)).status, (await forOwner(id)).status]).toEqual([404, 404]);
    expect(await globalOf(id)).toEqual(DEFAULTS);
    expect((await changeTask(id, { enabled: true })).status).toBe(422);
    expect((await changeTask(id, everywhere)).body.data.attributes['global-configuration']).toEqual(everywhere);
    expect((await changeTask(id, { enabled: false })).body.data.attributes['global-configuration']).toEqual({
      ...everywhere,
      enabled: false,
    });
    expect((await call('GET', `/tasks/${id}`)).body.data.relationships).not.toHaveProperty('task-configs');
  });

  it('are 404, and global-configuration ignored without a word and null, without the entitlement', async () => {
    const id = await entitled();
    scene.hcp.otherHands.changeEntitlements('acme', { globalRunTasks: false });
    expect([(await create(id)).status, (await forOwner(id)).status]).toEqual([404, 404]);
    const changed = await changeTask(id, everywhere);
    expect([changed.status, changed.body.data.attributes['global-configuration']]).toEqual([200, null]);
    expect(scene.hcp.tasks('acme')[0]!.global).toBeNull();
  });
});

describe('a run task that is global', () => {
  it('is called in runs of every workspace, once where it is attached as well, and as the project says', async () => {
    const id = await entitled();
    await create(id, { 'allowed-stages': ['post_plan'], 'enforcement-level': 'advisory' });
    const project = scene.hcp.createProject({ organization: 'acme', name: 'networking' });
    const second = await scene.hcp.createRunTask({ organization: 'acme', name: 'second', url: scene.relay.url });
    await create(second.id, { 'global': false, 'allowed-stages': ['post_plan'] }, [project.id]);
    const attached = scene.hcp.createWorkspace({ organization: 'acme', name: 'attached', project: 'networking' });
    await call('POST', `/workspaces/${attached.id}/tasks`, attachmentBody(id));

    const calls = async (workspace: string) =>
      (await scene.start({ workspace, speculative: true })).taskResults.map(({ task, enforcementLevel }) => `${task} ${enforcementLevel}`);
    expect(await calls('net')).toEqual(['gate advisory']);
    expect(await calls('attached')).toEqual(['gate mandatory', 'second mandatory']);
    scene.hcp.otherHands.changeTask('acme', 'gate', { global: null });
    expect(await calls('net')).toEqual([]);
  });
});
