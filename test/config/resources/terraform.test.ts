// The resources as Terraform's protocol drives them, and not our file: one object at a time, from a state, with a configuration that is not
// wholly known when it is planned, and planned a second time when it is.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/base/clock.ts';
import { applyChange } from '../../../src/config/engine/apply.ts';
import { checkDefinition } from '../../../src/config/engine/definition.ts';
import { importObject } from '../../../src/config/engine/import.ts';
import type { Change, Deps } from '../../../src/config/engine/operations.ts';
import { planChange } from '../../../src/config/engine/plan.ts';
import type { Problem } from '../../../src/config/engine/problem.ts';
import { readData } from '../../../src/config/engine/read-data.ts';
import { readObject } from '../../../src/config/engine/read.ts';
import type { AnyResource } from '../../../src/config/engine/resource.ts';
import { reviewChanges } from '../../../src/config/engine/review.ts';
import type { Schema } from '../../../src/config/engine/schema.ts';
import { validateConfig } from '../../../src/config/engine/validate.ts';
import { UNKNOWN, valueMap, type Value, type ValueMap } from '../../../src/config/engine/values.ts';
import type { Clients } from '../../../src/config/resources/clients.ts';
import { DATA_SOURCES, RESOURCES } from '../../../src/config/resources/index.ts';
import { planErrors, spelledObject, stateErrors } from '../engine/random/witness.ts';
import { HMAC_KEY, ORGANIZATION, REPOSITORY, startMatrixWorld, type MatrixWorld } from '../matrix/support/matrix-world.ts';

type Given = Readonly<Record<string, Value>>;
let world: MatrixWorld;
beforeAll(async () => {
  world = await startMatrixWorld();
});
afterAll(() => world.close());

/** Terraform starts its provider anew for each command. */
const newDeps = (): Deps<Clients> => ({
  clients: world.deps(world.load()).clients,
  clock: systemClock,
  signal: new AbortController().signal,
  progress: () => {},
});
const obj = (given: Given): ValueMap => valueMap(Object.entries(given));

/** PlanResourceChange: what is planned is what Terraform accepts as a plan. */
async function plan(resource: AnyResource<Clients>, prior: ValueMap | null, given: Given, deps: Deps<Clients>) {
  const { config, problems: wrong } = validateConfig(resource, obj(given));
  expect(wrong).toEqual([]);
  const { value, problems } = await planChange(resource, { config, prior }, deps);
  if (value === null || value.planned === null) throw new Error(JSON.stringify(problems));
  const invalid = planErrors(resource.schema as Schema, config, value.action === 'replace' ? null : prior, value.planned);
  // What `derive` knows is allowed where the API decides.
  expect(invalid.filter((text) => !text.includes('was made up'))).toEqual([]);
  return { change: value, config, problems: [...problems, ...(await reviewChanges(resource, [value], [config], deps))] };
}

/** plan, plan again with everything known, ApplyResourceChange, ReadResource, and a plan that has nothing to do. */
async function apply(resource: AnyResource<Clients>, prior: ValueMap | null, early: Given, late: Given) {
  const schema = resource.schema as Schema;
  const first = await plan(resource, prior, early, newDeps());
  const deps = newDeps();
  const second = await plan(resource, prior, late, deps);
  expect(second.change.action).toBe(first.change.action);
  // Terraform knows no action of ours: it has a prior state or none.
  const change: Change = { ...second.change, action: prior === null ? 'create' : 'update', replacePaths: [] };
  const { state, problems } = await applyChange(resource, change, second.config, deps);
  expect(problems).toEqual([]);
  if (state === null) throw new Error('no state');
  expect(stateErrors({ kind: 'object', attributes: schema }, second.change.planned, state)).toEqual([]);
  const read = await readObject(resource, state, newDeps());
  expect(spelledObject(schema, read.value)).toBe(spelledObject(schema, state));
  expect((await plan(resource, state, late, newDeps())).change.action).toBe('no-op');
  return { state, action: first.change.action };
}

const CASES: { readonly [name in keyof typeof RESOURCES]: { readonly id: string; readonly given: Given; readonly change: Given } } = {
  repository_variable: {
    id: `${REPOSITORY}/V`,
    given: { repository: REPOSITORY, name: 'V', value: 'one' },
    change: { value: 'two' },
  },
  repository_secret: {
    id: `${REPOSITORY}/S`,
    given: { repository: REPOSITORY, name: 'S', value: 'a-secret-value', value_version: 1 },
    change: { value: 'another-secret-value', value_version: 2 },
  },
  repository_workflow: {
    id: `${REPOSITORY}:.github/workflows/gate.yml`,
    given: {
      ...{ repository: REPOSITORY, path: '.github/workflows/gate.yml', action: 'org/runtask-action@v1', checkout: 'actions/checkout@v6' },
      ...{ version_comment: null, via: 'commit', relay_url: 'https://relay.example.com', inputs: obj({ policy: 'policies/' }) },
      ...{ runs_on: 'ubuntu-latest', event_type: 'runtask' },
    },
    change: { runs_on: 'ubuntu-24.04', via: 'pull_request' },
  },
  organization_run_task: {
    id: `${ORGANIZATION}/gate`,
    given: {
      ...{ organization: ORGANIZATION, name: 'gate', url: null, description: 'Checks', enabled: true, agent_pool: null },
      ...{ hmac_key: HMAC_KEY, hmac_key_version: 1 },
      global: obj({ stages: ['pre_apply', 'post_plan'], enforcement_level: 'advisory' }),
    },
    change: { description: '', global: obj({ stages: ['post_plan'], enforcement_level: 'mandatory' }) },
  },
  workspace_run_task: {
    id: `${ORGANIZATION}/net-prod/gate`,
    given: {
      ...{ organization: ORGANIZATION, workspace: 'net-prod', run_task: 'gate' },
      ...{ stages: ['pre_apply', 'post_plan'], enforcement_level: 'mandatory' },
    },
    change: { stages: ['pre_plan'] },
  },
};

describe.each(Object.keys(CASES) as (keyof typeof RESOURCES)[])('%s', (name) => {
  const resource = RESOURCES[name] as AnyResource<Clients>;
  const { id, change } = CASES[name];
  const given = (): Given => (name === 'organization_run_task' ? { ...CASES[name].given, url: world.hook.url } : CASES[name].given);

  it('is a definition that works', () => {
    expect(checkDefinition(resource)).toEqual([]);
  });

  it('can be planned and looked at before any one thing, or everything, is known', async () => {
    const deps = newDeps();
    const blamed: Record<string, readonly Problem[]> = {};
    const unknown = (names: readonly string[]): Given => ({ ...given(), ...Object.fromEntries(names.map((one) => [one, UNKNOWN])) });
    const all = Object.keys(given());
    for (const names of [...all.map((one) => [one]), all]) {
      const { problems, change: planned } = await plan(resource, null, unknown(names), deps);
      if (problems.some(({ severity }) => severity === 'error')) blamed[names.join()] = problems;
      expect(planned.action).toBe('create');
    }
    expect(blamed).toEqual({});
  });

  it('is made and changed from what was unknown, has nothing to do the second time, and is imported as it is', async () => {
    const open = (one: Given): Given => Object.fromEntries(Object.keys(one).map((key) => [key, UNKNOWN]));
    const key = new Set(resource.key as readonly string[]);
    const rest = Object.fromEntries(Object.entries(given()).filter(([attribute]) => !key.has(attribute)));
    const made = await apply(resource, null, { ...given(), ...open(rest) }, given());
    expect(made.action).toBe('create');
    const changed = await apply(resource, made.state, { ...given(), ...open(change) }, { ...given(), ...change });
    expect(changed.action).toBe('update');

    const imported = await importObject(resource, id, newDeps());
    expect(imported.problems).toEqual([]);
    const schema = resource.schema as Schema;
    const forgotten = (state: ValueMap | null): ValueMap =>
      obj(Object.fromEntries(Object.entries(state ?? {}).map(([one, value]) => [one, schema[one]?.remembered ? null : value])));
    expect(spelledObject(schema, forgotten(imported.value?.state ?? null))).toBe(spelledObject(schema, forgotten(changed.state)));
  });
});

it('plans a workflow of a repository that Terraform is about to make, and says that it is not there', async () => {
  const given = { ...CASES.repository_workflow.given, repository: 'acme/later' };
  const { change, problems } = await plan(RESOURCES.repository_workflow, null, given, newDeps());
  expect(change).toMatchObject({ action: 'create', planned: { branch: UNKNOWN, in_effect: true } });
  expect(problems).toMatchObject([{ severity: 'error', path: ['repository'] }]);
});

it('reads its data sources, and waits for what is unknown', async () => {
  for (const source of Object.values(DATA_SOURCES)) expect(checkDefinition(source)).toEqual([]);
  const read = async (given: Given) =>
    readData(DATA_SOURCES.workspaces, validateConfig(DATA_SOURCES.workspaces, obj(given)).config, newDeps());
  const { value, problems } = await read({ organization: ORGANIZATION, names: ['net-*'], exclude: ['net-sandbox'] });
  expect(problems).toEqual([]);
  expect(value?.['workspaces']).toMatchObject([{ name: 'net-dev' }, { name: 'net-prod' }]);
  expect((await read({ organization: ORGANIZATION, names: ['net-*', UNKNOWN] })).value?.['workspaces']).toBe(UNKNOWN);
});
