// Reading: everything, once, in pages of a hundred.
import { afterEach, describe, expect, it } from '@jest/globals';
import { createHcpManagement } from '../../../src/hcp/management/index.ts';
import { createEagerClock } from '../../support/eager-clock.ts';
import { startServer } from '../../support/http-server.ts';
import { arrange, fault, KEY, TOKEN, type Scene } from './arrange.ts';

let scene: Scene;
afterEach(() => scene.close());

describe('workspaces', () => {
  it('come in pages of a hundred, once, however many ask', async () => {
    scene = await arrange();
    for (let i = 0; i < 205; i++) scene.emulator.createWorkspace({ organization: 'acme', name: `net-${String(i).padStart(3, '0')}` });
    const read: unknown[] = [];
    const client = scene.connect({ onRead: (...page) => read.push(page) });
    const [first, second] = await Promise.all([client.workspaces('acme'), client.workspaces('acme')]);
    expect(first.map(({ name }) => name)).toEqual(Array.from({ length: 205 }, (_, i) => `net-${String(i).padStart(3, '0')}`));
    expect(second).toBe(first);
    expect(scene.emulator.seen.map(({ path }) => new URL(path, 'http://x').searchParams.get('page[number]'))).toEqual(['1', '2', '3']);
    expect(scene.emulator.seen.every(({ path }) => path.includes('page%5Bsize%5D=100'))).toBe(true);
    expect(read).toEqual([1, 2, 3].map((page) => ['workspaces', page, 3]));
    client.forget();
    await client.workspaces('acme');
    expect(scene.emulator.seen).toHaveLength(6);
  });

  it.each([
    ['deleted', 'net-000'],
    ['made', 'aaa'],
  ])('are read again when one is %s between two pages', async (what, name) => {
    scene = await arrange();
    const { emulator } = scene;
    for (let i = 0; i < 150; i++) emulator.createWorkspace({ organization: 'acme', name: `net-${String(i).padStart(3, '0')}` });
    const stop = emulator.watch(({ type }) => {
      if (type !== 'answered') return;
      stop();
      if (what === 'deleted') emulator.otherHands.deleteWorkspace('acme', name);
      else emulator.createWorkspace({ organization: 'acme', name });
    });
    const read = (await scene.client.workspaces('acme')).map((one) => one.name).sort();
    const there = Array.from({ length: 150 }, (_, i) => `net-${String(i).padStart(3, '0')}`);
    expect(read).toEqual(what === 'deleted' ? there.slice(1) : [name, ...there]);
    expect(emulator.seen).toHaveLength(4);
  });

  it('have projects with names, flat tags, and key-value tags of their own and of the project', async () => {
    scene = await arrange();
    scene.emulator.createProject({ organization: 'acme', name: 'networking', tagBindings: { env: 'dev', team: 'net' } });
    scene.emulator.createWorkspace({
      organization: 'acme',
      name: 'net-prod',
      project: 'networking',
      tags: ['prod'],
      tagBindings: { env: 'prod', ['__proto__']: 'x' },
    });
    const [workspace] = await scene.client.workspaces('acme');
    expect(workspace).toMatchObject({
      name: 'net-prod',
      project: { name: 'networking' },
      tags: ['prod', 'env', 'team', '__proto__'].filter((tag) => workspace!.tags.includes(tag)),
    });
    expect(Object.entries(workspace!.tagBindings)).toEqual(
      expect.arrayContaining([
        ['env', 'prod'],
        ['team', 'net'],
      ]),
    );
    // Everything came with the listing.
    expect(scene.requests()).toEqual(['GET /organizations/acme/workspaces']);
  });

  it('are listed without surroundings where an old server does not know the words, and projects are asked for', async () => {
    scene = await arrange();
    const page = (data: unknown) => JSON.stringify({ data, meta: { pagination: { 'total-pages': 1 } } });
    const server = await startServer(({ url }, response) => {
      if (url.includes('include=')) return response.writeHead(400).end('{"errors":[{"title":"Invalid include parameter"}]}');
      if (url.includes('/projects')) return response.end(page([{ id: 'prj-1', type: 'projects', attributes: { name: 'networking' } }]));
      return response.end(
        page([{ id: 'ws-1', attributes: { 'name': 'net', 'tag-names': ['prod'] }, relationships: { project: { data: { id: 'prj-1' } } } }]),
      );
    });
    try {
      const client = createHcpManagement({ url: server.url, token: TOKEN, fetch, clock: createEagerClock() });
      expect(await client.workspaces('acme')).toEqual([
        { id: 'ws-1', name: 'net', project: { id: 'prj-1', name: 'networking' }, tags: ['prod'], tagBindings: {}, tagsUntold: 'values' },
      ]);
    } finally {
      await server.close();
    }
  });

  it('go on until a page is not full where the list does not say how long it is', async () => {
    scene = await arrange();
    const server = await startServer(({ url }, response) => {
      const number = Number(new URL(url, 'http://x').searchParams.get('page[number]'));
      const count = number < 3 ? 100 : 5;
      response.end(
        JSON.stringify({
          data: Array.from({ length: count }, (_, i) => ({ id: `ws-${number}-${i}`, attributes: { name: `w${number}-${i}` } })),
        }),
      );
    });
    try {
      const client = createHcpManagement({ url: server.url, token: TOKEN, fetch, clock: createEagerClock() });
      expect(await client.workspaces('acme')).toHaveLength(205);
      expect(server.seen).toHaveLength(3);
    } finally {
      await server.close();
    }
  });
});

describe('run tasks and attachments', () => {
  it('cost one request for a name and one for all attachments of a task', async () => {
    scene = await arrange();
    const workspaces = Array.from({ length: 120 }, (_, i) => scene.emulator.createWorkspace({ organization: 'acme', name: `w-${i}` }));
    await scene.emulator.createRunTask({ organization: 'acme', name: 'gate', url: scene.relayUrl, hmacKey: KEY, description: 'd' });
    for (const { name } of workspaces)
      scene.emulator.attachRunTask({
        organization: 'acme',
        workspace: name,
        task: 'gate',
        stages: ['pre_plan', 'post_plan'],
        enforcementLevel: 'mandatory',
      });
    scene.emulator.seen.length = 0;
    const task = await scene.client.runTask('acme', 'gate');
    expect(task).toEqual({
      id: expect.stringMatching(/^task-/),
      organization: 'acme',
      name: 'gate',
      url: scene.relayUrl,
      description: 'd',
      enabled: true,
      agentPoolId: null,
      legacyGlobal: 'off',
    });
    for (const workspace of workspaces)
      expect(await scene.client.attachment(task!, workspace)).toMatchObject({
        workspaceId: workspace.id,
        stages: ['pre_plan', 'post_plan'],
        enforcementLevel: 'mandatory',
      });
    expect(await scene.client.attachments(task!)).toHaveLength(120);
    expect(await scene.client.runTask('acme', 'other')).toBeNull();
    expect(scene.requests()).toEqual(['GET /organizations/acme/tasks', `GET /tasks/${task!.id}`]);
  });

  it.each([
    ['lists them', 200],
    ['asks by workspace where there is no list', 404],
  ])('does not take a full page of attachments for all of them, and %s', async (_how, listing) => {
    scene = await arrange();
    const one = (index: number): object => ({
      ...{ id: `wstask-${index}`, type: 'workspace-tasks', attributes: { 'enforcement-level': 'advisory', 'stages': ['post_plan'] } },
      relationships: { task: { data: { id: 'task-1' } }, workspace: { data: { id: `ws-${index}` } } },
    });
    const all = Array.from({ length: 25 }, (_, index) => one(index));
    const server = await startServer(({ url }, response) => {
      if (url.includes('/relationships/')) {
        response.statusCode = listing;
        return response.end(JSON.stringify(listing === 200 ? { data: all } : { errors: [{ status: '404', title: 'not found' }] }));
      }
      const workspace = /\/workspaces\/ws-(\d+)\//.exec(url)?.[1];
      if (workspace !== undefined) return response.end(JSON.stringify({ data: all.slice(Number(workspace), Number(workspace) + 1) }));
      const data = { relationships: { 'workspace-tasks': { data: all.slice(0, 20) } } };
      return response.end(JSON.stringify({ data, included: all.slice(0, 20) }));
    });
    try {
      const client = createHcpManagement({ url: server.url, token: TOKEN, fetch, clock: createEagerClock() });
      const task = { id: 'task-1', name: 'gate', organization: 'acme' };
      for (const index of [3, 24]) {
        const found = await client.attachment(task, { id: `ws-${index}`, name: 'x' });
        expect(found).toMatchObject({ id: `wstask-${index}`, workspaceId: `ws-${index}` });
      }
    } finally {
      await server.close();
    }
  });

  it('asks by workspace for what HCP names and does not tell', async () => {
    scene = await arrange();
    const attachment = { id: 'wstask-1', type: 'workspace-tasks', attributes: { 'enforcement-level': 'advisory', 'stage': 'pre_apply' } };
    const server = await startServer(({ url }, response) => {
      if (url.includes('/relationships/')) return response.end('{"data":[{"id":"wstask-1","type":"workspace-tasks"}]}');
      if (url.includes('/workspaces/ws-1/')) {
        const relationships = { task: { data: { id: 'task-1' } } };
        return response.end(JSON.stringify({ data: [{ ...attachment, relationships }] }));
      }
      if (url.includes('/workspaces/')) return response.end('{"data":[]}');
      return response.end(
        '{"data":{"relationships":{"workspace-tasks":{"data":[{"id":"wstask-1","type":"workspace-tasks"}]}}},"included":[]}',
      );
    });
    try {
      const client = createHcpManagement({ url: server.url, token: TOKEN, fetch, clock: createEagerClock() });
      const task = { id: 'task-1', name: 'gate', organization: 'acme' };
      const found = { id: 'wstask-1', taskId: 'task-1', workspaceId: 'ws-1', stages: ['pre_apply'], enforcementLevel: 'advisory' };
      expect(await client.attachment(task, { id: 'ws-1', name: 'a' })).toEqual(found);
      expect(await client.attachment(task, { id: 'ws-1', name: 'a' })).toEqual(found);
      expect(await client.attachment(task, { id: 'ws-2', name: 'b' })).toBeNull();
      expect(server.seen).toHaveLength(4);
    } finally {
      await server.close();
    }
  });
});

describe('what an organization has', () => {
  it('is entitlements and agent pools', async () => {
    scene = await arrange();
    scene.emulator.createOrganization('free', { runTaskLimit: 1, runTaskWorkspaceLimit: 10, runTaskMandatoryLimit: 1 });
    scene.emulator.createAgentPool({ organization: 'acme', name: 'inside' });
    expect(await scene.client.entitlements('free')).toEqual({
      runTasks: true,
      globalRunTasks: false,
      privateRunTasks: false,
      runTaskLimit: 1,
      runTaskWorkspaceLimit: 10,
      runTaskMandatoryLimit: 1,
    });
    expect(await scene.client.entitlements('acme')).toMatchObject({ globalRunTasks: true, runTaskLimit: null });
    expect(await scene.client.agentPools('acme')).toEqual([{ id: expect.stringMatching(/^apool-/), name: 'inside' }]);
  });

  it('a read that failed is not remembered', async () => {
    scene = await arrange();
    scene.emulator.failNext({ status: 401 });
    await expect(scene.client.runTasks('acme')).rejects.toEqual(fault('E_HCP_TOKEN'));
    expect(await scene.client.runTasks('acme')).toEqual([]);
  });
});
