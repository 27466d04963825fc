import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { arrange, type Scene } from './arrange.ts';
import { expectDescribed } from './described.ts';
import { attachmentBody, callerOf } from './call.ts';

describe('workspaces, projects and tags', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await arrange({ attach: [] });
    const { hcp } = scene;
    hcp.createProject({ organization: 'acme', name: 'networking', tagBindings: { team: 'net', env: 'any' } });
    const make = (name: string, more: object = {}) => hcp.createWorkspace({ organization: 'acme', name, ...more });
    make('net-prod', { project: 'networking', tags: ['prod', 'eu'], tagBindings: { env: 'prod' } });
    make('net-stage', { project: 'networking', tags: ['stage'], tagBindings: { tier: '' } });
    make('app-prod', { tags: ['prod'], tagBindings: { env: 'prod' } });
    hcp.createOrganization('other');
    hcp.createWorkspace({ organization: 'other', name: 'net-prod', project: 'networking' });
  });
  afterEach(async () => {
    expectDescribed(scene);
    await scene.close();
  });
  const call = callerOf(() => scene);
  const list = async (query: string) => {
    const { status, body } = await call('GET', `/organizations/acme/workspaces${query === '' ? '' : `?${query}`}`);
    return status === 200 ? body.data.map(({ attributes }) => attributes['name']) : status;
  };
  const idOf = async (name: string) => (await call('GET', `/organizations/acme/workspaces/${name}`)).body.data.id;

  it.each<[string, unknown]>([
    ['', ['net', 'net-prod', 'net-stage', 'app-prod']],
    ['search[name]=prod', ['net-prod', 'app-prod']],
    ['search[wildcard-name]=net-*', ['net-prod', 'net-stage']],
    ['search[wildcard-name]=*-prod', ['net-prod', 'app-prod']],
    ['search[wildcard-name]=net', ['net']],
    ['search[tags]=prod', ['net-prod', 'app-prod']],
    ['search[tags]=prod,eu', ['net-prod']],
    ['search[exclude-tags]=eu,stage', ['net', 'app-prod']],
    ['filter[tagged][0][key]=env', ['net-prod', 'net-stage', 'app-prod']],
    ['filter[tagged][0][key]=env&filter[tagged][0][value]=prod', ['net-prod', 'app-prod']],
    ['filter[tagged][0][key]=env&filter[tagged][1][key]=team', ['net-prod', 'net-stage']],
    ['filter[tagged][0][key]=tier&filter[tagged][1][key]=eu', []],
    ['filter[tagged][0][key]=tier&filter[tagged][1][key]=eu&filter[tag-union]=true', ['net-prod', 'net-stage']],
    ['filter[tagged][0][key]=env&filter[tag-value-default-null]=true', []],
    ['filter[project][id]=prj-nobody', []],
    ['sort=-name', ['net-stage', 'net-prod', 'net', 'app-prod']],
    ['page[size]=2&page[number]=2', ['net-stage', 'app-prod']],
    // HCP would give everything.
    ['search[nmae]=prod', 400],
    ['filter[tagged]=env', 400],
    ['include=projects', 400],
    ['filter[tag-union]=yes', 400],
  ])('lists by %s', async (query, expected) => {
    expect(await list(query)).toEqual(expected);
  });

  it('lists the workspaces of a project, which is found by its name', async () => {
    const { body } = await call('GET', '/organizations/acme/projects?filter[names]=networking,nobody');
    expect(body.data.map(({ attributes }) => attributes['name'])).toEqual(['networking']);
    expect(await list(`filter[project][id]=${body.data[0]!.id}`)).toEqual(['net-prod', 'net-stage']);
    expect((await call('GET', `/projects/${body.data[0]!.id}`)).body.data).toEqual(body.data[0]);
    expect((await call('GET', '/organizations/acme/projects')).body.data).toHaveLength(2);
    const made = await call('POST', '/organizations/acme/projects', { data: { type: 'projects', attributes: { name: 'new one' } } });
    expect([made.status, made.body.data.attributes['name']]).toEqual([201, 'new one']);
    const again = await call('POST', '/organizations/acme/projects', { data: { type: 'projects', attributes: { name: 'new one' } } });
    expect(again.status).toBe(422);
  });

  it('includes projects and effective tags, a project’s being inherited unless the workspace has its own', async () => {
    const { body } = await call('GET', '/organizations/acme/workspaces?search[name]=net-&include=project,effective_tag_bindings');
    const included = body.included!.map(({ type, attributes, relationships }) => [
      type,
      attributes['name'] ?? `${String(attributes['key'])}=${String(attributes['value'])}`,
      relationships['inherited-from'] !== undefined,
    ]);
    expect(included).toEqual([
      ['projects', 'networking', false],
      ['effective-tag-bindings', 'team=net', true],
      ['effective-tag-bindings', 'env=prod', false],
      ['effective-tag-bindings', 'team=net', true],
      ['effective-tag-bindings', 'env=any', true],
      ['effective-tag-bindings', 'tier=', false],
    ]);
    const ids = body.included!.slice(1).map(({ id, type }) => ({ id, type }));
    expect(body.data.flatMap(({ relationships }) => relationships['effective-tag-bindings']!.data)).toEqual(ids);
    expect(body.data.map(({ attributes }) => attributes['tag-names'])).toEqual([['prod', 'eu'], ['stage']]);
    expect((await call('GET', '/organizations/acme/workspaces')).body.included).toBeUndefined();
    // Of the page, not of the whole list.
    const page = await call('GET', '/organizations/acme/workspaces?search[name]=net-&include=project,effective_tag_bindings&page[size]=1');
    expect(page.body.included).toHaveLength(3);
    expect((await call('GET', `/workspaces/${body.data[0]!.id}?include=project`)).body.included).toHaveLength(1);
  });

  it('renames a workspace, which is found by the new name only, and keeps its id and attachments', async () => {
    const task = await scene.hcp.createRunTask({ organization: 'acme', name: 'gate', url: scene.relay.url });
    const id = await idOf('net-prod');
    await call('POST', `/workspaces/${id}/tasks`, attachmentBody(task.id));
    const rename = (name: string) => call('PATCH', `/workspaces/${id}`, { data: { type: 'workspaces', attributes: { name } } });
    expect((await rename('app-prod')).status).toBe(422);
    expect((await rename('net-production')).body.data).toMatchObject({ id, attributes: { name: 'net-production' } });
    expect((await call('GET', '/organizations/acme/workspaces/net-prod')).status).toBe(404);
    expect(await idOf('net-production')).toBe(id);
    expect(scene.hcp.attachments('acme')).toMatchObject([{ workspace: 'net-production', task: 'gate' }]);
  });

  it('deletes a workspace with its attachments, so that the run task is free', async () => {
    const task = await scene.hcp.createRunTask({ organization: 'acme', name: 'gate', url: scene.relay.url });
    const [id, other] = [await idOf('net-prod'), await idOf('net-stage')];
    await call('POST', `/workspaces/${id}/tasks`, attachmentBody(task.id));
    await call('POST', `/workspaces/${other}/tasks`, attachmentBody(task.id));
    expect((await call('DELETE', `/workspaces/${id}`)).status).toBe(204);
    expect((await call('GET', `/workspaces/${id}`)).status).toBe(404);
    expect((await call('DELETE', `/tasks/${task.id}`)).status).toBe(422);
    expect((await call('DELETE', '/organizations/acme/workspaces/net-stage')).status).toBe(204);
    expect((await call('DELETE', `/tasks/${task.id}`)).status).toBe(204);
  });

  it('changes tags, key-value tags and the project', async () => {
    const id = await idOf('net-prod');
    const tag = (name: string) => ({ type: 'tags', attributes: { name } });
    expect((await call('POST', `/workspaces/${id}/relationships/tags`, { data: [tag('new'), tag('eu')] })).status).toBe(204);
    const tags = (await call('GET', `/workspaces/${id}/relationships/tags`)).body.data;
    expect(tags.map(({ attributes }) => attributes['name'])).toEqual(['prod', 'eu', 'new']);
    await call('DELETE', `/workspaces/${id}/relationships/tags`, { data: [{ type: 'tags', id: tags[0]!.id }] });
    expect((await call('GET', `/workspaces/${id}`)).body.data.attributes['tag-names']).toEqual(['eu', 'new']);

    const binding = { type: 'tag-bindings', attributes: { key: '__proto__', value: 'x' } };
    expect((await call('PATCH', `/workspaces/${id}/relationships/tag-bindings`, { data: [binding] })).status).toBe(204);
    const effective = (await call('GET', `/workspaces/${id}/effective-tag-bindings`)).body.data;
    expect(effective.map(({ attributes }) => attributes)).toEqual([
      { key: 'team', value: 'net' },
      { key: 'env', value: 'any' },
      { key: '__proto__', value: 'x' },
    ]);
    const { body } = await call('GET', '/organizations/acme/projects?filter[names]=Default%20Project');
    const moved = await call('PATCH', '/organizations/acme/workspaces/net-prod', {
      data: { type: 'workspaces', relationships: { project: { data: { type: 'projects', id: body.data[0]!.id } } } },
    });
    expect(moved.body.data.relationships['project']).toEqual({ data: { type: 'projects', id: body.data[0]!.id } });
    expect((await call('GET', `/workspaces/${id}/effective-tag-bindings`)).body.data).toHaveLength(1);
  });

  it('is made with tags and a project, but not another organization’s', async () => {
    const projectOf = async (organization: string) =>
      (await call('GET', `/organizations/${organization}/projects?filter[names]=networking`)).body.data[0]!.id;
    const create = (name: string, project: string) =>
      call('POST', '/organizations/acme/workspaces', {
        data: {
          type: 'workspaces',
          attributes: { name },
          relationships: {
            'project': { data: { type: 'projects', id: project } },
            'tag-bindings': { data: [{ type: 'tag-bindings', attributes: { key: 'env', value: 'test' } }] },
          },
        },
      });
    expect((await create('a', await projectOf('other'))).status).toBe(404);
    expect((await create('a', await projectOf('acme'))).status).toBe(201);
    expect(await list('filter[tagged][0][key]=env&filter[tagged][0][value]=test')).toEqual(['a']);
  });

  it('lists agent pools by name', async () => {
    const make = (name: string) => call('POST', '/organizations/acme/agent-pools', { data: { type: 'agent-pools', attributes: { name } } });
    expect([(await make('inside')).status, (await make('inside')).status, (await make('edge')).status]).toEqual([200, 422, 200]);
    const { body } = await call('GET', '/organizations/acme/agent-pools?q=ins');
    expect(body.data.map(({ attributes }) => attributes['name'])).toEqual(['inside']);
    expect((await call('GET', `/agent-pools/${body.data[0]!.id}`)).body.data).toEqual(body.data[0]);
  });
});
