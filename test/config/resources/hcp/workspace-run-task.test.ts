// A run task attached to a workspace: by names, order of stages no difference, nothing twice, the edition's limits told first.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { workspaceRunTask as definition } from '../../../../src/config/resources/workspace-run-task.ts';
import { UNKNOWN } from '../../../../src/config/engine/values.ts';
import { arrange, KEY, type Scene } from '../../../hcp/management/arrange.ts';
import { contextOf } from './context.ts';

const KEYS = { organization: 'acme', workspace: 'net-prod', run_task: 'gate' };

let scene: Scene;
const prepare = async (options: Parameters<typeof arrange>[0] = {}) => {
  scene = await arrange(options);
  for (const name of ['net-prod', 'net-dev', 'app']) scene.emulator.createWorkspace({ organization: 'acme', name });
  await scene.emulator.createRunTask({ organization: 'acme', name: 'gate', url: scene.relayUrl, hmacKey: KEY });
};
beforeEach(() => prepare());
afterEach(() => scene.close());

const config = (changes: object = {}) => ({
  ...KEYS,
  stages: ['post_plan', 'pre_plan'],
  enforcement_level: 'mandatory',
  id: null,
  workspace_id: null,
  task_id: null,
  ...changes,
});
const planned = (changes: object = {}) => ({ ...config(changes), id: undefined, workspace_id: undefined, task_id: undefined });
const create = (changes: object = {}, context = contextOf(scene)) => definition.create(planned(changes), config(changes), context);
const find = async () => (await definition.find(KEYS, null, contextOf(scene)))?.state ?? null;
type State = Omit<ReturnType<typeof config>, 'id' | 'workspace_id' | 'task_id'> & { id: string; workspace_id: string; task_id: string };
const stateNow = async (): Promise<State> => ({ ...config(), ...(await find()) }) as State;
const update = async (changes: object) => definition.update(planned(changes), await stateNow(), config(changes), contextOf(scene));
const there = () =>
  scene.emulator
    .attachments('acme')
    .map(({ workspace, task, stages, enforcementLevel }) => ({ workspace, task, stages, enforcementLevel }));
const problems = (...expected: object[]) => ({ name: 'ProblemError', problems: expected.map((one) => expect.objectContaining(one)) });
const writes = () => scene.emulator.seen.filter(({ method }) => method !== 'GET').map(({ method }) => method);
const ATTACHED = { workspace: 'net-prod', task: 'gate', stages: ['pre_plan', 'post_plan'], enforcementLevel: 'mandatory' };

describe('create', () => {
  it('attaches, and finds it as planned', async () => {
    const state = await create();
    expect(state).toEqual({
      ...KEYS,
      stages: ['pre_plan', 'post_plan'],
      enforcement_level: 'mandatory',
      id: expect.stringMatching(/^wstask-/),
      workspace_id: expect.stringMatching(/^ws-/),
      task_id: expect.stringMatching(/^task-/),
    });
    expect(there()).toEqual([ATTACHED]);
    expect(await definition.find(KEYS, null, contextOf(scene))).toEqual({ state, managed: null });
    expect(await definition.read(state as State, contextOf(scene))).toEqual(state);
  });

  it('takes the answer without a body, too', async () => {
    await scene.close();
    await prepare({ attachAnswer: 204 });
    expect(await create()).toMatchObject({ id: expect.stringMatching(/^wstask-/) });
  });

  it('attaches nothing twice when the answer is lost', async () => {
    scene.emulator.failNext({ method: 'POST', reset: true, after: true });
    expect(await create()).toMatchObject({ enforcement_level: 'mandatory' });
    expect([there(), writes()]).toEqual([[ATTACHED], ['POST']]);
  });

  it('does not take a lost request for a lost answer', async () => {
    scene.emulator.failNext({ method: 'POST', reset: true });
    await expect(create()).rejects.toMatchObject(problems({ path: ['workspace'], detail: expect.stringContaining('Apply again') }));
    expect(there()).toEqual([]);
  });

  it('makes what was attached since the plan what is planned', async () => {
    const context = contextOf(scene);
    await definition.find(KEYS, null, context);
    scene.emulator.attachRunTask({
      organization: 'acme',
      workspace: 'net-prod',
      task: 'gate',
      stages: ['pre_apply'],
      enforcementLevel: 'advisory',
    });
    expect(await create({}, context)).toMatchObject({ stages: ['pre_plan', 'post_plan'] });
    expect(there()).toEqual([ATTACHED]);
  });

  it.each([
    [
      { workspace: 'net-prd' },
      ['workspace'],
      'There is no workspace net-prd in the organization acme',
      'Did you mean "net-prod"? The token sees 3 workspaces; to see others it needs the permission Read on them',
    ],
    [
      { run_task: 'gat' },
      ['run_task'],
      'There is no run task gat in the organization acme',
      'It has to be made first. Declare it, or correct the name',
    ],
  ])('names what is not there: %j', async (change, path, summary, detail) => {
    await expect(create(change)).rejects.toMatchObject(problems({ path, summary, detail }));
  });

  it('names the permission that is missing', async () => {
    await scene.close();
    await prepare({ tokens: { 'reads-only-token': ['read-workspaces', 'manage-run-tasks'] } });
    const context = contextOf(scene, scene.connect({ token: 'reads-only-token' }));
    await expect(create({}, context)).rejects.toMatchObject(
      problems({
        path: ['workspace'],
        summary: `${scene.client.host} does not show this token the run task gate of the workspace net-prod`,
        detail: expect.stringContaining('"Manage Workspace Run Tasks"? It is needed to attach the run task'),
      }),
    );
  });
});

describe('find', () => {
  it('finds nothing where the workspace, the task or the attachment is missing', async () => {
    const at = (key: object) => definition.find({ ...KEYS, ...key }, null, contextOf(scene));
    expect([await at({}), await at({ workspace: 'nowhere' }), await at({ run_task: 'nothing' })]).toEqual([null, null, null]);
  });

  it('asks nothing twice for more than a hundred workspaces', async () => {
    // Not a full page of attachments: that one is looked at again.
    const names = Array.from({ length: 101 }, (_, i) => `w-${i}`);
    for (const name of names) {
      scene.emulator.createWorkspace({ organization: 'acme', name });
      scene.emulator.attachRunTask({ organization: 'acme', workspace: name, task: 'gate', enforcementLevel: 'advisory' });
    }
    const context = contextOf(scene);
    scene.emulator.seen.length = 0;
    const found = await Promise.all(names.map((workspace) => definition.find({ ...KEYS, workspace }, null, context)));
    expect(found.every((one) => one?.state.enforcement_level === 'advisory')).toBe(true);
    // Two pages of workspaces, the tasks, the task with its attachments.
    expect(scene.emulator.seen).toHaveLength(4);
  });

  it('knows the id of the workspace before anything is made', async () => {
    const [workspace] = await scene.client.workspaces('acme');
    expect(await definition.derive!(config({ workspace: workspace!.name }), contextOf(scene))).toEqual({ workspace_id: workspace!.id });
    expect(await definition.derive!(config({ workspace: 'nowhere' }), contextOf(scene))).toEqual({});
  });
});

describe('update', () => {
  beforeEach(async () => void (await create()));

  it.each([
    [{ stages: ['pre_apply'] }, { stages: ['pre_apply'] }],
    [{ enforcement_level: 'advisory' }, { enforcementLevel: 'advisory' }],
  ])('changes %j', async (change, expected) => {
    const state = await update(change);
    expect(there()).toEqual([{ ...ATTACHED, ...expected }]);
    expect(await find()).toEqual(state);
  });

  it('looks when the answer is lost, and is content when the change is there', async () => {
    scene.emulator.failNext({ method: 'PATCH', reset: true, after: true });
    expect(await update({ enforcement_level: 'advisory' })).toMatchObject({ enforcement_level: 'advisory' });
    scene.emulator.failNext({ method: 'PATCH', reset: true });
    await expect(update({ enforcement_level: 'mandatory' })).rejects.toMatchObject(
      problems({ detail: expect.stringContaining('Apply again') }),
    );
    expect(writes().filter((method) => method === 'PATCH')).toHaveLength(2);
  });

  it('leaves alone what has the name by now', async () => {
    await create();
    const prior = await stateNow();
    scene.emulator.otherHands.changeWorkspace('acme', 'net-prod', { name: 'renamed' });
    scene.emulator.otherHands.changeWorkspace('acme', 'net-dev', { name: 'net-prod' });
    scene.emulator.attachRunTask({ organization: 'acme', workspace: 'net-prod', task: 'gate', enforcementLevel: 'mandatory' });
    const before = there();
    const change = definition.update(planned({ enforcement_level: 'advisory' }), prior, config(), contextOf(scene));
    await expect(change).rejects.toMatchObject(problems({ summary: 'The run task gate is no longer attached to net-prod' }));
    expect(there()).toEqual(before);
  });

  it('says that it is gone', async () => {
    const prior = await stateNow();
    scene.emulator.otherHands.deleteAttachment('acme', 'net-prod', 'gate');
    await expect(definition.update(planned(), prior, config(), contextOf(scene))).rejects.toMatchObject(
      problems({ summary: 'The run task gate is no longer attached to net-prod' }),
    );
  });
});

describe('delete', () => {
  it('detaches, and ends well when it, the workspace or the task is gone', async () => {
    await create();
    const state = await stateNow();
    scene.emulator.failNext({ method: 'DELETE', reset: true, after: true });
    await definition.delete(state, contextOf(scene));
    expect(there()).toEqual([]);
    scene.emulator.otherHands.deleteWorkspace('acme', 'net-prod');
    await definition.delete(state, contextOf(scene));
    scene.emulator.otherHands.deleteTask('acme', 'gate');
    await definition.delete(state, contextOf(scene));
    // Known by its names only.
    await definition.delete(config(), contextOf(scene));
  });

  it('finds a workspace that has another name by now', async () => {
    await create();
    const state = await stateNow();
    scene.emulator.otherHands.changeWorkspace('acme', 'net-prod', { name: 'renamed' });
    await definition.delete(state, contextOf(scene));
    expect(there()).toEqual([]);
  });
});

describe('review', () => {
  const change = (workspace: string, more: object = {}, prior: object | null = null, action: 'create' | 'update' = 'create') => ({
    action,
    prior: prior === null ? null : ({ ...config({ workspace, ...prior }), id: 'a', workspace_id: 'b', task_id: 'c' } as State),
    planned: planned({ workspace, ...more }),
  });
  const review = (...changes: ReturnType<typeof change>[]) =>
    definition.review!(
      changes,
      changes.map(() => null),
      contextOf(scene),
    );

  it('has nothing to say where all is well', async () => expect(await review(change('net-prod'), change('net-dev'))).toEqual([]));

  it('names every workspace that is not there', async () => {
    expect(await review(change('net-prd'), change('net-dev'), change('zzz'))).toEqual([
      expect.objectContaining({ severity: 'error', path: ['workspace'], summary: expect.stringContaining('no workspace net-prd') }),
      expect.objectContaining({ summary: expect.stringContaining('no workspace zzz') }),
    ]);
  });

  it('counts the mandatory ones of other tasks, too, and those that stop being it', async () => {
    await scene.emulator.createRunTask({ organization: 'acme', name: 'other', url: scene.relayUrl });
    scene.emulator.attachRunTask({ organization: 'acme', workspace: 'app', task: 'other', enforcementLevel: 'mandatory' });
    scene.emulator.attachRunTask({ organization: 'acme', workspace: 'net-dev', task: 'gate', enforcementLevel: 'mandatory' });
    scene.emulator.otherHands.changeEntitlements('acme', { runTaskMandatoryLimit: 2 });
    expect(await review(change('net-prod'))).toEqual([
      expect.objectContaining({
        path: ['enforcement_level'],
        summary: 'The edition of the organization acme takes 2 mandatory attachments, and it would have 3',
      }),
    ]);
    expect(await review(change('net-prod'), change('net-dev', { enforcement_level: 'advisory' }, {}, 'update'))).toEqual([]);
    const gone = { action: 'delete' as const, prior: change('net-dev', {}, {}).prior, planned: null };
    expect(await definition.review!([change('net-prod'), gone], [null, null], contextOf(scene))).toEqual([
      expect.objectContaining({
        path: ['enforcement_level'],
        summary: expect.stringContaining('takes 2 mandatory attachments, and for a moment it would have 3'),
      }),
    ]);
    expect(await definition.review!([gone], [null], contextOf(scene))).toEqual([]);
    scene.emulator.otherHands.changeEntitlements('acme', { runTaskMandatoryLimit: 1 });
    expect(await review(change('net-prod'))).toEqual([
      expect.objectContaining({ summary: 'The edition of the organization acme takes 1 mandatory attachment, and it would have 3' }),
    ]);
    // It was too much before: not this plan's doing.
    expect(await review(change('net-dev', { stages: ['pre_plan'] }, {}, 'update'))).toEqual([]);
  });

  it('counts workspaces once', async () => {
    await scene.emulator.createRunTask({ organization: 'acme', name: 'other', url: scene.relayUrl });
    scene.emulator.attachRunTask({ organization: 'acme', workspace: 'app', task: 'other', enforcementLevel: 'advisory' });
    scene.emulator.otherHands.changeEntitlements('acme', { runTaskWorkspaceLimit: 2 });
    expect(await review(change('app'), change('net-dev'))).toEqual([]);
    expect(await review(change('net-prod'), change('net-dev'))).toEqual([
      expect.objectContaining({
        path: ['workspace'],
        summary: expect.stringContaining('takes 2 workspaces with a run task, and it would have 3'),
      }),
    ]);
  });

  it('tells that an old Terraform Enterprise takes one stage', async () => {
    await scene.close();
    await prepare({ tfeVersion: 'v202309-1' });
    expect(await review(change('net-prod'), change('net-dev', { stages: ['pre_plan'] }))).toEqual([
      expect.objectContaining({ path: ['stages'], summary: `${scene.client.host} takes one stage for each workspace, and here are 2` }),
    ]);
  });

  it.each([
    ['1.0.11', true],
    ['1.1.8', true],
    ['0.15.5', true],
    ['1.1.9', false],
    ['1.2.0', false],
    ['2.0.0', false],
    ['~> 1.0', false],
    ['latest', false],
  ])('warns of a Terraform that calls no run tasks: %s %s', async (version, old) => {
    const attributes = { 'name': 'net-prod', 'terraform-version': version };
    scene.emulator.failNext({ path: '/workspaces', status: 200, body: JSON.stringify({ data: [{ id: 'ws-1', attributes }] }) });
    const warned = {
      severity: 'warning',
      summary: expect.stringContaining('no run task will run'),
      detail: expect.stringContaining(`net-prod (${version})`),
    };
    expect(await review(change('net-prod'))).toEqual(old ? [expect.objectContaining(warned)] : []);
  });

  it('leaves alone what is not known yet', async () => expect(await review(change('x', { workspace: undefined }))).toEqual([]));
});

describe('the schema', () => {
  const check = (name: 'stages' | 'enforcement_level', value: unknown) =>
    (definition.schema[name].validate as (value: unknown) => unknown)(value);

  it.each([
    ['stages', ['pre_plan', 'post_apply'], []],
    ['stages', [], [{ summary: 'No stage', detail: 'Write at least one of: pre_plan, post_plan, pre_apply, post_apply' }]],
    ['stages', ['post_plan', 'pre-apply'], [{ path: [1], summary: 'Unknown stage "pre-apply"', detail: 'Did you mean "pre_apply"?' }]],
    ['enforcement_level', 'advisory', []],
    [
      'enforcement_level',
      'soft-mandatory-ish',
      [{ summary: 'Unknown enforcement level "soft-mandatory-ish"', detail: 'Use one of: advisory, mandatory' }],
    ],
  ] as const)('%s %j', (name, value, expected) => expect(check(name, value)).toEqual(expected));

  it('refuses what is mandatory after the apply, with the reason', () => {
    const validate = (changes: object) => definition.validate!(config(changes));
    expect(validate({ stages: ['post_plan', 'post_apply'] })).toEqual([
      {
        severity: 'error',
        path: ['enforcement_level'],
        summary: 'A run task cannot be mandatory at post_apply',
        detail: expect.stringContaining('a failure stops nothing'),
      },
    ]);
    expect(validate({ stages: ['post_apply'], enforcement_level: 'advisory' })).toEqual([]);
    expect(definition.validate!({ ...config(), stages: UNKNOWN })).toEqual([]);
  });

  it.each([
    ['acme/net-prod/gate', KEYS],
    ['acme/gate', null],
    ['acme/net-prod/gate/x', null],
  ])('reads the import id %j', (id, key) => {
    expect(definition.import.toKey(id)).toEqual(key);
    if (key !== null) expect(definition.import.toId(key)).toBe(id);
  });
});
