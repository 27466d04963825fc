// The run task of an organization: one key, sent when it is new; a relay that is asked first; nothing twice.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { organizationRunTask as definition } from '../../../../src/config/resources/organization-run-task.ts';
import type { HcpManagement } from '../../../../src/hcp/management/index.ts';
import { arrange, KEY, type Scene } from '../../../hcp/management/arrange.ts';
import { contextOf } from './context.ts';

const NEW_KEY = 'another-key-that-is-long-enough';
const KEYS = { organization: 'acme', name: 'gate' };

let scene: Scene;
beforeEach(async () => void (scene = await arrange()));
afterEach(() => scene.close());

const config = (changes: object = {}) => ({
  ...KEYS,
  url: scene.relayUrl,
  description: 'Checks',
  enabled: true,
  hmac_key: KEY,
  hmac_key_version: 1,
  agent_pool: null,
  global: null,
  id: null,
  ...changes,
});
type State = Omit<ReturnType<typeof config>, 'id'> & { readonly id: string };
const create = (changes: object = {}, hcp?: HcpManagement) => {
  const wanted = config(changes);
  return definition.create({ ...wanted, hmac_key: '', id: undefined }, wanted, contextOf(scene, hcp));
};
const find = async () => (await definition.find(KEYS, null, contextOf(scene)))!;
const update = async (changes: object, hcp?: HcpManagement) => {
  const { state } = await find();
  const wanted = config(changes);
  const prior = { ...config(), ...state } as State;
  return definition.update({ ...wanted, id: prior.id }, prior, wanted, contextOf(scene, hcp));
};
const there = () => scene.emulator.tasks('acme')[0];
const keysSent = () => scene.emulator.seen.filter(({ body }) => body.includes('hmac-key')).map(({ method }) => method);
const problems = (...expected: object[]) => ({ name: 'ProblemError', problems: expected.map((one) => expect.objectContaining(one)) });

describe('create', () => {
  it('asks the relay, makes the task with a mark, and finds it as planned', async () => {
    const state = await create();
    expect(state).toEqual({
      ...KEYS,
      url: scene.relayUrl,
      description: 'Checks',
      enabled: true,
      hmac_key_version: 1,
      agent_pool: null,
      global: null,
      id: expect.stringMatching(/^task-/),
    });
    expect(there()).toMatchObject({ description: 'Checks [runtask key=1]', hmacKey: KEY });
    // Ours and HCP's own.
    expect(scene.relay.seen).toHaveLength(2);
    expect(await find()).toEqual({ state, managed: true });
  });

  it('asks HCP for nothing while the relay refuses', async () => {
    scene.relay.status = 401;
    await expect(create()).rejects.toMatchObject(
      problems({
        path: ['hmac_key'],
        severity: 'error',
        summary: expect.stringContaining('/hooks/gate answered 401'),
        detail: expect.stringContaining('relay.yml'),
      }),
    );
    expect(scene.emulator.seen.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('does not ask a relay that only agents reach', async () => {
    scene.emulator.createAgentPool({ organization: 'acme', name: 'inside' });
    expect(await create({ agent_pool: 'inside' })).toMatchObject({ agent_pool: 'inside' });
    expect(scene.relay.seen).toHaveLength(1);
    await expect(create({ name: 'other', agent_pool: 'outside' })).rejects.toMatchObject(
      problems({ path: ['agent_pool'], summary: 'There is no agent pool outside', detail: 'Known: inside' }),
    );
  });

  it.each([{ reset: true }, { status: 500 }] as const)('makes nothing twice when the answer is lost: %j', async (rule) => {
    scene.emulator.failNext({ method: 'POST', path: /tasks$/, after: true, ...rule });
    expect(await create()).toMatchObject({ name: 'gate', hmac_key_version: 1 });
    expect(scene.emulator.tasks('acme')).toHaveLength(1);
  });

  it('does not take a lost request for a lost answer', async () => {
    scene.emulator.failNext({ method: 'POST', path: /tasks$/, reset: true });
    await expect(create()).rejects.toMatchObject(
      problems({ summary: expect.stringContaining('was lost'), detail: expect.stringContaining('Apply again') }),
    );
    expect(scene.emulator.tasks('acme')).toEqual([]);
  });

  it('takes over what has the name by now, with our key', async () => {
    await scene.emulator.createRunTask({ ...KEYS, url: scene.relayUrl, hmacKey: NEW_KEY, description: 'Somebody else’s' });
    const context = contextOf(scene);
    const wanted = config();
    await definition.create({ ...wanted, id: undefined }, wanted, context);
    expect(there()).toMatchObject({ description: 'Checks [runtask key=1]', hmacKey: KEY });
    expect(context.warnings).toEqual(['The run task gate was made by other hands since the plan']);
  });

  it('does not take a key for delivered when only the key was sent, and its answer lost', async () => {
    await scene.emulator.createRunTask({ ...KEYS, url: scene.relayUrl, hmacKey: NEW_KEY, description: 'Checks [runtask key=1]' });
    scene.emulator.failNext({ method: 'PATCH', reset: true });
    await expect(create()).rejects.toMatchObject(problems({ summary: expect.stringContaining('was lost') }));
    expect(there()!.hmacKey).toBe(NEW_KEY);
    await create();
    expect(there()!.hmacKey).toBe(KEY);
  });

  it('makes it global, and says what is there when that fails', async () => {
    const global = { stages: ['post_plan', 'pre_plan'], enforcement_level: 'advisory' };
    expect(await create({ global })).toMatchObject({ global: { stages: ['pre_plan', 'post_plan'], enforcement_level: 'advisory' } });
    scene.emulator.otherHands.changeEntitlements('acme', { globalRunTasks: false });
    await expect(create({ name: 'second', global })).rejects.toMatchObject({
      ...problems({ path: ['global'], summary: expect.stringContaining('did not make the run task second global') }),
      state: { name: 'second', global: null, id: expect.stringMatching(/^task-/) },
    });
  });

  it('looks when the answer about global is lost', async () => {
    scene.emulator.failNext({ method: 'POST', path: 'task-configs', reset: true, after: true });
    expect(await create({ global: { stages: ['pre_plan'], enforcement_level: 'advisory' } })).toMatchObject({
      global: { stages: ['pre_plan'] },
    });
  });

  it('says what is there when the user interrupts after it was made', async () => {
    const stop = new AbortController();
    const context = { ...contextOf(scene, scene.connect({ signal: stop.signal })), signal: stop.signal };
    scene.emulator.watch((event) => {
      if (event.type === 'arrived' && event.request.method === 'POST') stop.abort();
    });
    const wanted = config();
    await expect(definition.create({ ...wanted, id: undefined }, wanted, context)).rejects.toMatchObject({
      ...problems({ summary: 'Interrupted', detail: 'The run task is there. The next apply does the rest.' }),
      state: { ...KEYS, hmac_key_version: 1, id: expect.stringMatching(/^task-/) },
    });
    expect(scene.emulator.tasks('acme')).toHaveLength(1);
  });

  it('puts a refusal of HCP’s at its attribute', async () => {
    scene.emulator.failNext({
      method: 'POST',
      path: /tasks$/,
      status: 422,
      body: JSON.stringify({
        errors: [{ title: 'invalid attribute', detail: 'is not nice', source: { pointer: '/data/attributes/url' } }],
      }),
    });
    await expect(create()).rejects.toMatchObject(problems({ path: ['url'], detail: 'is not nice' }));
  });
});

describe('find', () => {
  it('shows a task of other hands as not ours, its key unknown', async () => {
    await scene.emulator.createRunTask({ ...KEYS, url: scene.relayUrl, description: 'By hand' });
    expect(await find()).toMatchObject({ state: { description: 'By hand', hmac_key_version: null }, managed: false });
  });

  it('finds nothing where there is nothing', async () => expect(await definition.find(KEYS, null, contextOf(scene))).toBeNull());

  it('shows an agent pool that the token may not see by its id', async () => {
    const pool = scene.emulator.createAgentPool({ organization: 'acme', name: 'inside' });
    await scene.emulator.createRunTask({ ...KEYS, url: scene.relayUrl, agentPoolId: pool.id });
    scene.emulator.failNext({ path: 'agent-pools', status: 404 });
    expect((await find()).state.agent_pool).toBe(pool.id);
  });
});

describe('update', () => {
  beforeEach(async () => {
    await create();
    scene.emulator.seen.length = 0;
    scene.relay.seen.length = 0;
  });

  it.each<[string, object, object]>([
    ['description', { description: 'New' }, { description: 'New [runtask key=1]' }],
    ['description, to none', { description: '' }, { description: '[runtask key=1]' }],
    ['enabled', { enabled: false }, { enabled: false }],
    [
      'global',
      { global: { stages: ['pre_plan'], enforcement_level: 'mandatory' } },
      { global: { enabled: true, stages: ['pre_plan'], enforcementLevel: 'mandatory', projects: [] } },
    ],
  ])('changes %s and sends no key', async (_what, change, expected) => {
    const state = await update(change);
    expect(there()).toMatchObject({ hmacKey: KEY, ...expected });
    expect(keysSent()).toEqual([]);
    expect((await find()).state).toEqual(state);
  });

  it('asks a new URL first', async () => {
    scene.relay.status = 404;
    await expect(update({ url: `${scene.relayUrl}-2` })).rejects.toMatchObject(
      problems({ path: ['url'], summary: expect.stringContaining('/hooks/gate-2 answered 404') }),
    );
    expect(scene.emulator.seen.filter(({ method }) => method !== 'GET')).toEqual([]);
    scene.relay.status = 200;
    await update({ url: `${scene.relayUrl}-2` });
    expect(there()).toMatchObject({ url: `${scene.relayUrl}-2`, hmacKey: KEY });
    expect(keysSent()).toEqual([]);
  });

  it('rotates the key: relay with both, then HCP, then relay with the new one', async () => {
    // The relay does not know the new key yet: nothing reaches HCP.
    scene.relay.status = 401;
    await expect(update({ hmac_key: NEW_KEY, hmac_key_version: 2 })).rejects.toMatchObject(problems({ path: ['hmac_key'] }));
    expect(there()).toMatchObject({ description: 'Checks [runtask key=1]', hmacKey: KEY });
    // It knows both.
    scene.relay.status = 200;
    expect(await update({ hmac_key: NEW_KEY, hmac_key_version: 2 })).toMatchObject({ hmac_key_version: 2 });
    expect(there()).toMatchObject({ description: 'Checks [runtask key=2]', hmacKey: NEW_KEY });
    expect(keysSent()).toEqual(['PATCH']);
  });

  it('sends the key to a task whose mark somebody took out', async () => {
    scene.emulator.otherHands.changeTask('acme', 'gate', { description: 'Checks', hmacKey: 'somebody-s-own-key' });
    expect((await find()).state.hmac_key_version).toBeNull();
    await update({});
    expect(there()).toMatchObject({ description: 'Checks [runtask key=1]', hmacKey: KEY });
  });

  it('looks when the answer is lost, and is content when the change is there', async () => {
    scene.emulator.failNext({ method: 'PATCH', reset: true, after: true });
    expect(await update({ hmac_key: NEW_KEY, hmac_key_version: 2, description: 'New' })).toMatchObject({
      hmac_key_version: 2,
      description: 'New',
    });
    expect(keysSent()).toEqual(['PATCH']);
    scene.emulator.failNext({ method: 'PATCH', reset: true });
    await expect(update({ description: 'Newer' })).rejects.toMatchObject(problems({ summary: expect.stringContaining('was lost') }));
  });

  it('says that the task is gone', async () => {
    const { state } = await find();
    scene.emulator.otherHands.deleteTask('acme', 'gate');
    const prior = { ...config(), ...state, id: 'task-1' } as State;
    await expect(definition.update({ ...config(), id: 'task-1' }, prior, config(), contextOf(scene))).rejects.toMatchObject(
      problems({ summary: 'The run task gate is gone' }),
    );
  });
});

describe('delete', () => {
  const remove = async (id?: string) => {
    const state = { ...config(), ...((await definition.find(KEYS, null, contextOf(scene)))?.state ?? {}) };
    await definition.delete({ ...state, id: id ?? state.id } as State, contextOf(scene));
  };

  it('deletes it, and ends well when it is gone', async () => {
    await create();
    scene.emulator.failNext({ method: 'DELETE', reset: true, after: true });
    await remove();
    expect(scene.emulator.tasks('acme')).toEqual([]);
    await remove();
  });

  it('leaves another one of the same name alone', async () => {
    await create();
    await remove('task-of-before');
    expect(scene.emulator.tasks('acme')).toHaveLength(1);
  });

  it('says which workspaces it is still attached to', async () => {
    await create();
    scene.emulator.createWorkspace({ organization: 'acme', name: 'net-prod' });
    scene.emulator.attachRunTask({ organization: 'acme', workspace: 'net-prod', task: 'gate', enforcementLevel: 'advisory' });
    await expect(remove()).rejects.toMatchObject(
      problems({
        summary: 'The run task gate is still attached to a workspace',
        detail: expect.stringContaining('attached it to net-prod:'),
      }),
    );
  });
});

describe('review', () => {
  const review = (changes: object = {}, context = contextOf(scene)) => {
    const wanted = config(changes);
    return definition.review!([{ action: 'create', prior: null, planned: { ...wanted, hmac_key: '', id: undefined } }], [wanted], context);
  };

  it('has nothing to say where all is well', async () => expect(await review()).toEqual([]));

  it.each([
    ['run-tasks', { runTasks: false }, {}, ['organization'], /has no run tasks/],
    ['a limit', { runTaskLimit: 1 }, {}, ['organization'], /takes 1 run task, and it would have 2/],
    [
      'global',
      { globalRunTasks: false },
      { global: { stages: ['pre_plan'], enforcement_level: 'advisory' } },
      ['global'],
      /no global run tasks/,
    ],
    ['private', { privateRunTasks: false }, { agent_pool: 'inside' }, ['agent_pool'], /no private run tasks/],
    ['a pool', {}, { agent_pool: 'outside' }, ['agent_pool'], /no agent pool outside/],
  ])('tells what the edition does not take: %s', async (_what, entitlements, change, path, summary) => {
    await scene.emulator.createRunTask({ organization: 'acme', name: 'first', url: scene.relayUrl });
    scene.emulator.otherHands.changeEntitlements('acme', entitlements);
    expect(await review(change)).toEqual([expect.objectContaining({ severity: 'error', path, summary: expect.stringMatching(summary) })]);
  });

  it('does not blame a plan for what was too much before', async () => {
    for (const name of ['gate', 'second']) await scene.emulator.createRunTask({ organization: 'acme', name, url: scene.relayUrl });
    scene.emulator.otherHands.changeEntitlements('acme', { runTaskLimit: 1 });
    const same = { ...config(), id: 'task-1' };
    expect(
      await definition.review!([{ action: 'update', prior: same, planned: { ...same, description: 'x' } }], [config()], contextOf(scene)),
    ).toEqual([]);
  });

  it('tells that a new one has no room beside the one that goes', async () => {
    await scene.emulator.createRunTask({ ...KEYS, url: scene.relayUrl });
    scene.emulator.otherHands.changeEntitlements('acme', { runTaskLimit: 1 });
    const [prior, planned] = [
      { ...config(), id: 'task-1' },
      { ...config({ name: 'renamed' }), id: undefined },
    ];
    const changes = [
      { action: 'create' as const, prior: null, planned },
      { action: 'delete' as const, prior, planned: null },
    ];
    expect(await definition.review!(changes, [config(), null], contextOf(scene))).toEqual([
      expect.objectContaining({
        severity: 'error',
        summary: 'The edition of the organization acme takes 1 run task: a new one cannot be made while gate is there',
        detail: expect.stringContaining('in two steps'),
      }),
    ]);
    expect(await definition.review!(changes.slice(1), [null], contextOf(scene))).toEqual([]);
  });

  it('counts a replaced task once', async () => {
    await scene.emulator.createRunTask({ ...KEYS, url: scene.relayUrl });
    scene.emulator.otherHands.changeEntitlements('acme', { runTaskLimit: 1 });
    const [prior, planned] = [
      { ...config(), id: 'task-1' },
      { ...config({ name: 'renamed' }), id: undefined },
    ];
    expect(await definition.review!([{ action: 'replace', prior, planned }], [config()], contextOf(scene))).toEqual([]);
    expect(await definition.review!([{ action: 'create', prior: null, planned }], [config()], contextOf(scene))).toHaveLength(1);
  });

  it('warns of one that was renamed in HCP Terraform, which would run beside the new one', async () => {
    const description = 'Checks [runtask key=1]';
    await scene.emulator.createRunTask({ organization: 'acme', name: 'door', url: scene.relayUrl, description });
    await scene.emulator.createRunTask({ organization: 'acme', name: 'of-others', url: scene.relayUrl });
    expect(await review()).toEqual([
      expect.objectContaining({
        severity: 'warning',
        path: ['name'],
        summary: 'The run task door has our mark and the URL of gate, which is not there',
      }),
    ]);
    expect(await review({ url: `${scene.relayUrl}?other` })).toEqual([]);
  });

  it('warns of a relay that does not answer yet', async () => {
    scene.relay.status = 503;
    expect(await review()).toEqual([
      {
        severity: 'warning',
        change: 0,
        path: ['url'],
        summary: expect.stringContaining('answered 503'),
        detail: expect.stringContaining('Until then an apply stops here'),
      },
    ]);
  });

  it('leaves what is not known yet, and what does not change, alone', async () => {
    scene.relay.status = 503;
    expect(await review({ organization: undefined, url: undefined, agent_pool: undefined, global: undefined })).toEqual([]);
    const same = { ...config(), id: 'task-1' };
    expect(await definition.review!([{ action: 'no-op', prior: same, planned: same }], [config()], contextOf(scene))).toEqual([]);
    expect(
      await definition.review!([{ action: 'update', prior: same, planned: { ...same, description: 'x' } }], [config()], contextOf(scene)),
    ).toEqual([]);
  });
});

describe('the schema', () => {
  const check = (name: 'url' | 'description' | 'hmac_key' | 'hmac_key_version' | 'name', value: unknown) =>
    (definition.schema[name].validate as (value: unknown) => readonly { summary: string; detail: string }[])(value);

  it.each([
    ['url', 'https://relay.example.com/hooks/gate', 0],
    ['url', 'ftp://relay.example.com', 1],
    ['url', 'http://relay.example.com', 1],
    ['url', 'http://127.0.0.1:8080/hooks/gate', 0],
    ['url', 'relay.example.com', 1],
    ['url', 'https://user:pw@relay.example.com', 1],
    ['description', 'x'.repeat(280), 0],
    ['description', 'x'.repeat(281), 1],
    ['description', 'ours [runtask key=3]', 1],
    ['description', ' x', 1],
    ['hmac_key', KEY, 0],
    ['hmac_key', 'short-key', 1],
    ['hmac_key', `${KEY}\n`, 1],
    ['hmac_key_version', 1, 0],
    ['hmac_key_version', 0, 1],
    ['hmac_key_version', 1.5, 1],
    ['hmac_key_version', 100_000, 1],
    ['name', 'gate_1-a', 0],
    ['name', 'gate 1', 1],
  ] as const)('checks %s (%#), and shows no key', (name, value, count) => {
    const found = check(name, value);
    expect(found).toHaveLength(count);
    if (name === 'hmac_key') expect(JSON.stringify(found)).not.toContain(String(value).trim());
  });

  it.each([
    ['acme/gate', KEYS],
    ['acme', null],
    ['acme/gate/x', null],
    ['acme/ga te', null],
    ['/gate', null],
  ])('reads the import id %j', (id, key) => {
    expect(definition.import.toKey(id)).toEqual(key);
    if (key !== null) expect(definition.import.toId(key)).toBe(id);
  });

  it('refuses what is mandatory after the apply', () => {
    const unfinished = { ...config(), global: { stages: ['post_apply'], enforcement_level: 'mandatory' } };
    expect(definition.validate!(unfinished)).toEqual([expect.objectContaining({ path: ['global', 'enforcement_level'] })]);
  });
});
