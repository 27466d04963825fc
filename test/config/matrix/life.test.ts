// Created, planned again, changed, changed by others, deleted by others, taken over, destroyed: each attribute of everything that the tool
// manages, against both emulators.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  actionsOf,
  API_KEY,
  HMAC_KEY,
  NEXT_API_KEY,
  NEXT_HMAC_KEY,
  ORGANIZATION,
  REPOSITORY,
  startMatrixWorld,
  WORKFLOW,
  type ConfigData,
  type MatrixWorld,
} from './support/matrix-world.ts';
import { factsOf } from './support/world-facts.ts';

let world: MatrixWorld;
afterEach(() => world.close());

const TASK = 'runtask_organization_run_task.gate';
const attachment = (workspace: string): string => `runtask_workspace_run_task.gate["${workspace}"]`;
const FLOW = `runtask_repository_workflow.terraform_gate["${WORKFLOW}"]`;
const SECRET = 'runtask_repository_secret.terraform_gate["API_KEY"]';
const VARIABLE = 'runtask_repository_variable.terraform_gate["RUNTASK_RELAY_URL"]';
const EVERYTHING = [TASK, attachment('net-dev'), attachment('net-prod'), VARIABLE, SECRET, FLOW];
const all = (action: string): Record<string, string> => Object.fromEntries(EVERYTHING.map((address) => [address, action]));

describe('from nothing', () => {
  it('creates all, plans nothing more, and destroys to nothing', async () => {
    world = await startMatrixWorld();
    const before = factsOf(world);
    expect(actionsOf(await world.plan())).toEqual(all('create'));
    // A plan changes nothing.
    expect(factsOf(world)).toEqual(before);

    expect(await world.apply()).toMatchObject({ added: 6, changed: 0, destroyed: 0, imported: 0 });
    expect(factsOf(world)).toEqual({
      tasks: [
        {
          name: 'gate',
          url: world.hook.url,
          description: 'Checks in acme/terraform-gate [runtask key=1]',
          enabled: true,
          hmacKey: HMAC_KEY,
          agentPool: null,
          global: null,
        },
      ],
      attachments: ['net-dev', 'net-prod'].map((workspace) => ({
        workspace,
        task: 'gate',
        stages: ['post_plan'],
        enforcementLevel: 'mandatory',
      })),
      files: { 'README.md': '# gate\n', [WORKFLOW]: expect.stringContaining('uses: org/runtask-action@v1') },
      branches: ['main'],
      openPulls: 0,
      variables: { RUNTASK_RELAY_URL: 'https://relay.example.com' },
      secrets: { API_KEY },
    });

    const calls = world.hcp.seen.length + world.github.seen.length;
    const writes = writesOf(world);
    const again = await world.plan();
    expect(actionsOf(again)).toEqual({});
    expect(again.diagnostics).toEqual([]);
    expect(await world.apply()).toMatchObject({ added: 0, changed: 0, destroyed: 0, imported: 0 });
    expect(writesOf(world)).toEqual(writes);
    expect(world.hcp.seen.length + world.github.seen.length).toBeGreaterThan(calls);

    expect(actionsOf(await world.plan({ destroy: true }))).toEqual(all('delete'));
    expect(await world.apply({ destroy: true })).toMatchObject({ added: 0, changed: 0, destroyed: 6, imported: 0 });
    expect(factsOf(world)).toEqual(before);
    expect(JSON.parse(readFileSync(join(world.folder, 'managed.json'), 'utf8'))).toMatchObject({ objects: {} });
    expect(existsSync(join(world.folder, 'managed.json.lock'))).toBe(false);
  });

  it('attaches only when the relay, the run task, the settings and the workflow are there, and destroys the other way round', async () => {
    world = await startMatrixWorld();
    await world.apply();
    const done = (): string[] => world.events.flatMap((event) => (event.type === 'done' ? [event.address] : []));
    const created = done();
    expect(created.indexOf(FLOW)).toBeGreaterThan(Math.max(created.indexOf(SECRET), created.indexOf(VARIABLE)));
    expect(created.indexOf(attachment('net-dev'))).toBeGreaterThan(Math.max(created.indexOf(FLOW), created.indexOf(TASK)));
    // The plan asks, then the apply, then HCP Terraform itself.
    expect(world.hook.answers).toEqual([200, 200, 200]);
    world.events.length = 0;
    await world.apply({ destroy: true });
    const destroyed = done();
    expect(destroyed.indexOf(TASK)).toBeGreaterThan(
      Math.max(destroyed.indexOf(attachment('net-dev')), destroyed.indexOf(attachment('net-prod'))),
    );
    expect(destroyed.indexOf(FLOW)).toBeGreaterThan(destroyed.indexOf(attachment('net-prod')));
  });
});

const writesOf = ({ hcp, github }: MatrixWorld): string[] =>
  [...hcp.seen, ...github.seen].filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);

type Change = readonly [what: string, change: (config: ConfigData, world: MatrixWorld) => void, actions: Record<string, string>];

const firstAttachment = (config: ConfigData): ConfigData => config.attachments[0];
const workflow = (config: ConfigData): ConfigData => config.repositories[REPOSITORY].workflow;

const CHANGES: readonly Change[] = [
  ['description', (config) => void (config.run_tasks.gate.description = 'Other words'), { [TASK]: 'update' }],
  ['no description', (config) => void delete config.run_tasks.gate.description, { [TASK]: 'update' }],
  ['enabled', (config) => void (config.run_tasks.gate.enabled = false), { [TASK]: 'update' }],
  [
    'url',
    (config) => void (config.run_tasks.gate.url = `${config.relay.url}?`.slice(0, -1).replace('127.0.0.1', 'localhost')),
    { [TASK]: 'update' },
  ],
  [
    'key',
    (config, { env, hook }) => {
      hook.keys.add(NEXT_HMAC_KEY);
      env['RUNTASK_HMAC_KEY'] = NEXT_HMAC_KEY;
      config.relay.hmac_key_version = 2;
    },
    { [TASK]: 'update' },
  ],
  [
    'global settings',
    (config) => void (config.run_tasks.gate.global = { stages: ['pre_plan', 'post_plan'], enforcement_level: 'advisory' }),
    { [TASK]: 'update' },
  ],
  [
    'agent pool',
    (config, { hcp }) => {
      hcp.createAgentPool({ organization: ORGANIZATION, name: 'inside' });
      config.run_tasks.gate.agent_pool = 'inside';
    },
    { [TASK]: 'update' },
  ],
  [
    'stages',
    (config) => void (firstAttachment(config).stages = ['pre_apply', 'post_plan']),
    { [attachment('net-dev')]: 'update', [attachment('net-prod')]: 'update' },
  ],
  [
    'enforcement level',
    (config) => void (firstAttachment(config).enforcement_level = 'advisory'),
    { [attachment('net-dev')]: 'update', [attachment('net-prod')]: 'update' },
  ],
  ['one workspace more', (config) => void delete firstAttachment(config).workspaces.exclude, { [attachment('net-sandbox')]: 'create' }],
  [
    'one workspace less',
    (config) => void (firstAttachment(config).workspaces.exclude = ['net-sandbox', 'net-dev']),
    { [attachment('net-dev')]: 'delete' },
  ],
  ['action', (config) => void (workflow(config).action = 'org/runtask-action@v2'), { [FLOW]: 'update' }],
  ['runner', (config) => void (workflow(config).runs_on = 'self-hosted'), { [FLOW]: 'update' }],
  ['inputs', (config) => void (workflow(config).inputs = { 'fail-job': 'on-failed' }), { [FLOW]: 'update' }],
  ['event type', (config) => void (workflow(config).event_type = 'gate'), { [FLOW]: 'update' }],
  ['relay in the workflow', (config) => void (workflow(config).relay_url = 'https://relay.example.com'), { [FLOW]: 'update' }],
  [
    'path of the workflow',
    (config) => void (workflow(config).path = '.github/workflows/gate.yml'),
    { [FLOW]: 'delete', [FLOW.replace('run-task.yml', 'gate.yml')]: 'create' },
  ],
  [
    'variable',
    (config) => void (config.repositories[REPOSITORY].variables.RUNTASK_RELAY_URL = 'https://other.example.com'),
    { [VARIABLE]: 'update' },
  ],
  [
    'secret',
    (config, { env }) => {
      env['API_KEY'] = NEXT_API_KEY;
      config.repositories[REPOSITORY].secrets.API_KEY.version = 2;
    },
    { [SECRET]: 'update' },
  ],
  [
    'nothing on GitHub any more',
    (config) => void (config.repositories = {}),
    { [VARIABLE]: 'delete', [SECRET]: 'delete', [FLOW]: 'delete' },
  ],
  [
    'another name for the run task',
    (config) => {
      config.run_tasks = { other: config.run_tasks.gate };
      firstAttachment(config).run_task = 'other';
    },
    {
      [TASK]: 'delete',
      [attachment('net-dev')]: 'delete',
      [attachment('net-prod')]: 'delete',
      ...Object.fromEntries(['net-dev', 'net-prod'].map((one) => [attachment(one).replace('gate', 'other'), 'create'])),
      [TASK.replace('gate', 'other')]: 'create',
    },
  ],
];

describe('a change in the file', () => {
  it.each(CHANGES)('%s: planned, applied, and then nothing is left to do', async (_what, change, actions) => {
    world = await startMatrixWorld();
    await world.apply();
    const before = factsOf(world);
    change(world.config, world);
    expect(actionsOf(await world.plan())).toEqual(actions);
    await world.apply();
    expect(actionsOf(await world.plan())).toEqual({});
    const changed = factsOf(world);
    expect(changed).not.toEqual(before);
    // What a world looks like into which the changed file is applied at once.
    const fresh = await startMatrixWorld();
    try {
      fresh.config.hcp = world.config.hcp;
      change(fresh.config, fresh);
      fresh.config.hcp = { ...world.config.hcp, hostname: fresh.hcp.url };
      await fresh.apply();
      expect(JSON.parse(JSON.stringify(changed).replaceAll(portOf(world), 'PORT'))).toEqual(
        JSON.parse(JSON.stringify(factsOf(fresh)).replaceAll(portOf(fresh), 'PORT')),
      );
    } finally {
      await fresh.close();
    }
    expect(await world.apply({ destroy: true })).toMatchObject({ added: 0, changed: 0 });
    expect(factsOf(world)).toMatchObject({ tasks: [], attachments: [], files: { 'README.md': '# gate\n' }, variables: {}, secrets: {} });
  });
});

const portOf = ({ hook }: MatrixWorld): string => new URL(hook.url).port;

type Drift = readonly [what: string, by: (world: MatrixWorld) => void | Promise<void>, actions: Record<string, string>];

const gateTask = (world: MatrixWorld, change: Parameters<MatrixWorld['hcp']['otherHands']['changeTask']>[2]): void =>
  world.hcp.otherHands.changeTask(ORGANIZATION, 'gate', change);
const asAdmin = async ({ github, env }: MatrixWorld, method: string, path: string, body?: object): Promise<void> => {
  const answer = await fetch(`${github.apiUrl}/repos/${REPOSITORY}${path}`, {
    method,
    headers: { 'authorization': `Bearer ${env['GITHUB_TOKEN']}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
};

const DRIFTS: readonly Drift[] = [
  ['url', (world) => gateTask(world, { url: 'https://evil.example.com/hooks/gate' }), { [TASK]: 'update' }],
  ['description', (world) => gateTask(world, { description: 'mine now [runtask key=1]' }), { [TASK]: 'update' }],
  ['enabled', (world) => gateTask(world, { enabled: false }), { [TASK]: 'update' }],
  [
    'version of the key',
    (world) => gateTask(world, { description: 'Checks in acme/terraform-gate [runtask key=7]' }),
    { [TASK]: 'update' },
  ],
  ['the mark is gone', (world) => gateTask(world, { description: 'Checks in acme/terraform-gate' }), { [TASK]: 'update' }],
  [
    'global settings',
    (world) => gateTask(world, { global: { enabled: true, stages: ['post_plan'], enforcementLevel: 'mandatory' } }),
    { [TASK]: 'update' },
  ],
  [
    'agent pool',
    (world) => gateTask(world, { agentPoolId: world.hcp.createAgentPool({ organization: ORGANIZATION, name: 'theirs' }).id }),
    { [TASK]: 'update' },
  ],
  [
    'run task deleted',
    (world) => world.hcp.otherHands.deleteTask(ORGANIZATION, 'gate'),
    { [TASK]: 'create', [attachment('net-dev')]: 'create', [attachment('net-prod')]: 'create' },
  ],
  [
    'stages',
    ({ hcp }) => hcp.otherHands.changeAttachment(ORGANIZATION, 'net-prod', 'gate', { stages: ['pre_plan'] }),
    { [attachment('net-prod')]: 'update' },
  ],
  [
    'enforcement level',
    ({ hcp }) => hcp.otherHands.changeAttachment(ORGANIZATION, 'net-prod', 'gate', { enforcementLevel: 'advisory' }),
    { [attachment('net-prod')]: 'update' },
  ],
  ['detached', ({ hcp }) => hcp.otherHands.deleteAttachment(ORGANIZATION, 'net-prod', 'gate'), { [attachment('net-prod')]: 'create' }],
  [
    'workflow changed',
    ({ github }) => void github.setFiles(REPOSITORY, { [WORKFLOW]: '# Managed by runtask config, and edited\non: push\njobs: {}\n' }),
    { [FLOW]: 'update' },
  ],
  ['workflow deleted', ({ github }) => void github.setFiles(REPOSITORY, { [WORKFLOW]: null }), { [FLOW]: 'create' }],
  [
    'variable changed',
    (world) => asAdmin(world, 'PATCH', '/actions/variables/RUNTASK_RELAY_URL', { value: 'https://evil.example.com' }),
    { [VARIABLE]: 'update' },
  ],
  ['variable deleted', (world) => asAdmin(world, 'DELETE', '/actions/variables/RUNTASK_RELAY_URL'), { [VARIABLE]: 'create' }],
  ['secret deleted', (world) => asAdmin(world, 'DELETE', '/actions/secrets/API_KEY'), { [SECRET]: 'create' }],
];

describe('a change by other hands', () => {
  it.each(DRIFTS)('%s: seen, and made undone', async (_what, drift, actions) => {
    world = await startMatrixWorld();
    await world.apply();
    const wanted = factsOf(world);
    await drift(world);
    expect(factsOf(world)).not.toEqual(wanted);
    const plan = await world.plan();
    expect(actionsOf(plan)).toEqual(actions);
    await world.apply();
    expect(factsOf(world)).toEqual(wanted);
    expect(actionsOf(await world.plan())).toEqual({});
  });

  it('an order of stages, and nothing else, is no change', async () => {
    world = await startMatrixWorld();
    world.config.attachments[0].stages = ['pre_plan', 'post_plan'];
    await world.apply();
    world.hcp.otherHands.changeAttachment(ORGANIZATION, 'net-prod', 'gate', { stages: ['post_plan', 'pre_plan'] });
    expect(actionsOf(await world.plan())).toEqual({});
  });

  it('a workspace that matches from now on shows in the next plan', async () => {
    world = await startMatrixWorld();
    await world.apply();
    world.hcp.createWorkspace({ organization: ORGANIZATION, name: 'net-new', vcs: null });
    expect(actionsOf(await world.plan())).toEqual({ [attachment('net-new')]: 'create' });
  });
});

describe('a workflow by pull request', () => {
  it('that is no longer declared waits to go, is asked after again, and is forgotten when somebody has merged', async () => {
    world = await startMatrixWorld();
    world.config.repositories[REPOSITORY].workflow.via = 'pull_request';
    await world.applyAsItIs();
    world.github.mergePullRequest(REPOSITORY, 1, { deleteBranch: true });
    await world.apply();
    delete world.config.repositories[REPOSITORY].workflow;
    for (let round = 0; round < 2; round++) {
      expect(actionsOf(await world.plan())).toEqual({ [FLOW]: 'delete' });
      expect(await world.applyAsItIs()).toMatchObject({
        destroyed: 0,
        failed: [],
        pending: [{ address: FLOW, reason: expect.stringContaining('/pull/2') }],
      });
      expect(factsOf(world)).toMatchObject({ openPulls: 1, files: { [WORKFLOW]: expect.anything() } });
    }
    world.github.mergePullRequest(REPOSITORY, 2, { deleteBranch: true });
    expect(await world.apply()).toMatchObject({ destroyed: 0, pending: [] });
    expect(factsOf(world)).toMatchObject({ openPulls: 0, branches: ['main'], files: { 'README.md': '# gate\n' } });
    expect(readFileSync(join(world.folder, 'managed.json'), 'utf8')).not.toContain('repository_workflow');
  });
});

describe('what others made', () => {
  it('is taken over, not fought over', async () => {
    world = await startMatrixWorld();
    await world.hcp.createRunTask({ organization: ORGANIZATION, name: 'gate', url: world.hook.url, hmacKey: HMAC_KEY });
    world.hcp.attachRunTask({ organization: ORGANIZATION, workspace: 'net-prod', task: 'gate', enforcementLevel: 'mandatory' });
    world.hcp.attachRunTask({ organization: ORGANIZATION, workspace: 'net-dev', task: 'gate', enforcementLevel: 'advisory' });
    await asAdmin(world, 'POST', '/actions/variables', { name: 'RUNTASK_RELAY_URL', value: 'https://relay.example.com' });
    world.github.setFiles(REPOSITORY, { [WORKFLOW]: 'on: push\njobs: {}\n' });
    expect(actionsOf(await world.plan())).toEqual({
      [TASK]: 'import update',
      [attachment('net-prod')]: 'import no-op',
      [attachment('net-dev')]: 'import update',
      [VARIABLE]: 'import no-op',
      [SECRET]: 'create',
      [FLOW]: 'import update',
    });
    expect(await world.apply()).toMatchObject({ added: 1, changed: 3, imported: 5 });
    expect(actionsOf(await world.plan())).toEqual({});
  });

  it('and nobody declares stays, also when we destroy, and is told', async () => {
    world = await startMatrixWorld();
    await world.apply();
    world.hcp.attachRunTask({ organization: ORGANIZATION, workspace: 'app-prod', task: 'gate', enforcementLevel: 'advisory' });
    const plan = await world.plan();
    expect(actionsOf(plan)).toEqual({});
    expect(plan.diagnostics).toEqual([expect.objectContaining({ severity: 'warning', detail: expect.stringContaining('app-prod') })]);
    const result = await world.applyAsItIs({ destroy: true });
    expect(result.failed.map(({ address }) => address)).toEqual([TASK]);
    // What app-prod is still judged by stays with the run task.
    expect(result.destroyed).toBe(2);
    expect(result.skipped.map(({ address }) => address).sort()).toEqual([SECRET, VARIABLE, FLOW]);
    expect(factsOf(world).files).toHaveProperty([WORKFLOW]);
    expect(factsOf(world).attachments).toEqual([expect.objectContaining({ workspace: 'app-prod' })]);
    world.hcp.otherHands.deleteAttachment(ORGANIZATION, 'app-prod', 'gate');
    expect(await world.apply({ destroy: true })).toMatchObject({ destroyed: 4 });
  });

  it('is left alone by destroy when we never took it over', async () => {
    world = await startMatrixWorld();
    await world.hcp.createRunTask({ organization: ORGANIZATION, name: 'gate', url: world.hook.url, hmacKey: HMAC_KEY });
    const plan = await world.plan({ destroy: true });
    expect(actionsOf(plan)).toEqual({});
    expect(plan.diagnostics.map(({ severity }) => severity)).toContain('warning');
  });

  it('a lost record deletes nothing: what is there is taken over again', async () => {
    world = await startMatrixWorld();
    await world.apply();
    const before = factsOf(world);
    const { rmSync } = await import('node:fs');
    rmSync(join(world.folder, 'managed.json'));
    const plan = await world.plan();
    // The run task and the workflow say themselves whose they are. GitHub tells no value of a secret: it is sent again.
    expect(actionsOf(plan)).toEqual({
      [attachment('net-dev')]: 'import no-op',
      [attachment('net-prod')]: 'import no-op',
      [VARIABLE]: 'import no-op',
      [SECRET]: 'import update',
    });
    await world.apply();
    expect(factsOf(world)).toEqual(before);
    expect(actionsOf(await world.plan())).toEqual({});
  });
});
