import { afterEach, describe, expect, it } from '@jest/globals';
import { arrange, KEY, type Scene } from './arrange.ts';
import { expectDescribed } from './described.ts';
import { attachmentBody, callerOf } from './call.ts';

let scene: Scene;
afterEach(async () => {
  expectDescribed(scene);
  await scene.close();
});
const call = callerOf(() => scene);

async function withTask(options: Parameters<typeof arrange>[0]): Promise<{ taskId: string; workspaceId: string }> {
  scene = await arrange({ attach: [], ...options });
  const { id: taskId } = await scene.hcp.createRunTask({ organization: 'acme', name: 'gate', url: scene.relay.url, hmacKey: KEY });
  return { taskId, workspaceId: scene.hcp.createWorkspace({ organization: 'acme', name: 'app' }).id };
}

describe('releases of HCP Terraform and Terraform Enterprise', () => {
  it('answers an attachment with it, or with 204 and nothing', async () => {
    const { taskId, workspaceId } = await withTask({ attachAnswer: 204 });
    const made = await call('POST', `/workspaces/${workspaceId}/tasks`, attachmentBody(taskId));
    expect([made.status, made.body]).toEqual([204, null]);
    expect(scene.hcp.attachments('acme')).toMatchObject([{ workspace: 'app', task: 'gate', stages: ['post_plan'] }]);
  });

  it('keeps stages in the order in which they were given', async () => {
    const { taskId, workspaceId } = await withTask({});
    const stages = ['pre_apply', 'pre_plan'];
    const made = await call('POST', `/workspaces/${workspaceId}/tasks`, attachmentBody(taskId, { stages }));
    expect(made.body.data.attributes).toMatchObject({ stage: 'pre_apply', stages });
    expect(made.headers.get('x-tfe-version')).toBeNull();
  });

  it('passes over stages before v202404-1, and shows one stage', async () => {
    const { taskId, workspaceId } = await withTask({ tfeVersion: 'v202309-1' });
    const path = `/workspaces/${workspaceId}/tasks`;
    const made = await call('POST', path, attachmentBody(taskId, { stages: ['pre_plan', 'pre_apply'] }));
    expect(made.headers.get('x-tfe-version')).toBe('v202309-1');
    expect(made.body.data.attributes).toMatchObject({ stage: 'post_plan' });
    expect(made.body.data.attributes).not.toHaveProperty('stages');
    const one = `${path}/${made.body.data.id}`;
    const change = (attributes: unknown) => call('PATCH', one, { data: { type: 'workspace-tasks', attributes } });
    expect((await change({ stages: ['pre_apply'] })).body.data.attributes['stage']).toBe('post_plan');
    expect((await change({ stage: 'pre_apply' })).body.data.attributes['stage']).toBe('pre_apply');
    expect((await call('GET', '/organizations/acme/task-configs')).status).toBe(404);
  });

  it.each(['v202404-1', 'v202507-1', '1.0.0'])('has stages in Terraform Enterprise %s', async (tfeVersion) => {
    const { taskId, workspaceId } = await withTask({ tfeVersion });
    const made = await call('POST', `/workspaces/${workspaceId}/tasks`, attachmentBody(taskId, { stages: ['pre_plan', 'pre_apply'] }));
    expect(made.body.data.attributes['stages']).toEqual(['pre_plan', 'pre_apply']);
    const ping = await fetch(`${scene.hcp.url}/api/v2/ping`);
    expect([ping.headers.get('tfp-appname'), ping.headers.get('x-tfe-version')]).toEqual(['Terraform Enterprise', tfeVersion]);
  });

  it('posts the registration test at every change, or only when the URL or the key has changed', async () => {
    const { taskId } = await withTask({ verifyOnUpdate: 'when-url-or-key-changes' });
    const change = async (attributes: unknown) => {
      await call('PATCH', `/tasks/${taskId}`, { data: { type: 'tasks', attributes } });
      return scene.hcp.sent.length;
    };
    expect(await change({ description: 'new' })).toBe(1);
    expect(await change({ 'hmac-key': KEY })).toBe(1);
    expect(await change({ 'hmac-key': 'another-key-of-enough-length' })).toBe(2);
    expect(await change({ url: `${scene.relay.url}?new` })).toBe(3);
  });
});

describe('a run task', () => {
  it('keeps its key when it is not said or null, and loses it by ""', async () => {
    const { taskId } = await withTask({});
    const keyAfter = async (attributes: unknown) => {
      await call('PATCH', `/tasks/${taskId}`, { data: { type: 'tasks', attributes } });
      return scene.hcp.tasks('acme')[0]!.hmacKey;
    };
    expect(await keyAfter({ enabled: false })).toBe(KEY);
    expect(await keyAfter({ 'hmac-key': null })).toBe(KEY);
    expect(await keyAfter({ 'hmac-key': '' })).toBeNull();
  });

  it('is made once by two requests at the same time', async () => {
    await withTask({});
    scene.relay.answers.push(200, 200);
    const make = () => scene.hcp.createRunTask({ organization: 'acme', name: 'twice', url: scene.relay.url });
    const results = await Promise.allSettled([make(), make()]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(scene.hcp.tasks('acme').map(({ name }) => name)).toEqual(['gate', 'twice']);
  });

  it('keeps what another change has said while the URL was asked', async () => {
    let meanwhile = (): void => undefined;
    const { taskId } = await withTask({
      fetch: async (...request) => {
        const answer = await fetch(...request);
        meanwhile();
        return answer;
      },
    });
    const theirs = { hmacKey: 'another-key-of-enough-length', url: `${scene.relay.url}?new` };
    meanwhile = () => scene.hcp.otherHands.changeTask('acme', 'gate', theirs);
    await call('PATCH', `/tasks/${taskId}`, { data: { type: 'tasks', attributes: { description: 'ours' } } });
    expect(scene.hcp.tasks('acme')).toMatchObject([{ description: 'ours', ...theirs }]);
  });

  it('has a name of letters, digits, "-" and "_" that no other of the organization has', async () => {
    const { taskId } = await withTask({});
    await scene.hcp.createRunTask({ organization: 'acme', name: 'second', url: scene.relay.url });
    const rename = async (name: string) => {
      const { status, body } = await call('PATCH', `/tasks/${taskId}`, { data: { type: 'tasks', attributes: { name } } });
      return status === 200 ? 200 : [status, body.errors];
    };
    const refused = (detail: string) => [
      422,
      [{ status: '422', title: 'invalid attribute', detail, source: { pointer: '/data/attributes/name' } }],
    ];
    expect(await rename('second')).toEqual(refused('Name has already been taken'));
    expect(await rename('a b')).toEqual(refused('Name can only include letters, numbers, -, and _'));
    expect([await rename('gate'), await rename('third')]).toEqual([200, 200]);
    scene.hcp.createOrganization('other');
    await scene.hcp.createRunTask({ organization: 'other', name: 'third', url: scene.relay.url });
  });

  it('is attached where both are there and of one organization, once, and not deleted while it is', async () => {
    const { taskId, workspaceId } = await withTask({});
    scene.hcp.createOrganization('other');
    const foreign = scene.hcp.createWorkspace({ organization: 'other', name: 'app' }).id;
    const attach = async (workspace: string, task: string) =>
      (await call('POST', `/workspaces/${workspace}/tasks`, attachmentBody(task))).status;
    expect([await attach('ws-nobody', taskId), await attach(workspaceId, 'task-nobody'), await attach(foreign, taskId)]).toEqual([
      404, 404, 404,
    ]);
    expect([await attach(workspaceId, taskId), await attach(workspaceId, taskId)]).toEqual([201, 422]);
    expect((await call('DELETE', `/tasks/${taskId}`)).status).toBe(422);
    expect(scene.hcp.attachments('acme')).toHaveLength(1);
    // Found below its own workspace only.
    const elsewhere = scene.hcp.createWorkspace({ organization: 'acme', name: 'elsewhere' }).id;
    const { id } = scene.hcp.attachments('acme')[0]!;
    const statuses = [`/workspaces/${workspaceId}/tasks/${id}`, `/workspaces/${elsewhere}/tasks/${id}`].map((path) => call('GET', path));
    expect((await Promise.all(statuses)).map(({ status }) => status)).toEqual([200, 404]);
  });
});
