// What is there, and taking one thing over.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { declarationOf } from '../../../src/config/driver-yaml/declaration.ts';
import { importConfig } from '../../../src/config/driver-yaml/import-object.ts';
import { acquireLock } from '../../../src/config/driver-yaml/record/lock.ts';
import { showConfig } from '../../../src/config/driver-yaml/show.ts';
import { completeState } from '../../../src/config/engine/complete.ts';
import type { Schema } from '../../../src/config/engine/schema.ts';
import { valueMap, type Value } from '../../../src/config/engine/values.ts';
import { RESOURCES } from '../../../src/config/resources/index.ts';
import { actionsOf, createBench, gate, link, type Bench, type Declared } from './support/declare.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
let bench: Bench;
beforeEach(() => {
  world = createWorld();
  bench = createBench(world);
});

async function take(declared: readonly Declared[], type: string, id: string) {
  const lock = await acquireLock(bench.recordFile, bench);
  if (!lock.ok) throw new Error(lock.error.summary);
  return importConfig(bench.loaded(declared), { type, id }, lock.value, bench.deps()).finally(() => lock.value.release());
}

const foreign = { id: 'id-0', size: 4, color: null, secret: null, ours: false };

describe('showConfig', () => {
  it('shows what is there, whose it is, and what only the record knows', async () => {
    await bench.apply([gate('a'), gate('old')]);
    world.gates.set('b', foreign);
    const { objects, diagnostics } = await showConfig(bench.loaded([gate('a'), gate('b'), gate('c')]), bench.deps());
    expect(diagnostics).toEqual([]);
    expect(objects.map(({ address, id, ours, declared, state }) => [address, id, ours, declared, state['size']])).toEqual([
      ['runtask_gate.a', 'gates/a', true, true, 1],
      ['runtask_gate.b', 'gates/b', false, true, 4],
      ['runtask_gate.old', 'gates/old', true, false, 1],
    ]);
  });
});

describe('importConfig', () => {
  const declared = [gate('a'), link('x', 'a')];
  beforeEach(() => {
    world.gates.set('a', foreign);
    world.links.set('x', { gate: 'a', gateId: null });
  });

  it('takes over what is declared, and says what the next apply would change', async () => {
    const { object, diagnostics } = await take(declared, 'runtask_gate', 'gates/a');
    expect(diagnostics).toEqual([]);
    expect([object?.declared?.address, object?.declared?.change.action, object?.declared?.alreadyOurs]).toEqual([
      'runtask_gate.a',
      'update',
      false,
    ]);
    expect(world.calls.every((call) => call.startsWith('find'))).toBe(true);
    expect(actionsOf(await bench.plan(declared))).toEqual(['update runtask_gate.a', 'import+no-op runtask_link.a["x"]']);
    expect((await take(declared, 'gate', 'gates/a')).object?.declared?.alreadyOurs).toBe(true);
  });

  it('reads what is not declared, and takes nothing over', async () => {
    const { object } = await take([], 'link', 'links/x');
    expect([object?.state['gate'], object?.declared, object?.declaration]).toEqual(['a', null, null]);
    expect(actionsOf(await bench.plan([]))).toEqual([]);
  });

  it.each([
    ['an unknown type', 'lnk', 'links/x', 'There is no type "lnk"'],
    ['an id of another form', 'link', 'x', 'Not an import id of runtask_link: "x"'],
    ['what is not there', 'link', 'links/y', 'There is no link "links/y"'],
  ])('refuses %s', async (_, type, id, summary) => {
    const { object, diagnostics } = await take(declared, type, id);
    expect([object, diagnostics.map((found) => found.summary)]).toEqual([null, [summary]]);
  });

  it('says of what is declared and not there that the next apply makes it', async () => {
    world.links.clear();
    const { diagnostics } = await take(declared, 'link', 'links/x');
    expect(diagnostics).toEqual([
      {
        ...{ severity: 'error', path: '', summary: 'There is no runtask_link "links/x"' },
        detail: 'runtask_link.a["x"] declares it: the next apply makes it.',
      },
    ]);
  });
});

describe('declarationOf', () => {
  it.each<[keyof typeof RESOURCES, Record<string, Value>, string]>([
    [
      'organization_run_task',
      { organization: 'acme', name: 'gate', url: 'https://r.example.com/hooks/gate', description: 'Checks', enabled: false },
      'run_tasks:\n  gate:\n    description: Checks\n    enabled: false\n    url: https://r.example.com/hooks/gate\n    hmac_key:\n      env: RUNTASK_HMAC_KEY\n    hmac_key_version: 1\n',
    ],
    [
      'workspace_run_task',
      { organization: 'acme', workspace: 'net', run_task: 'gate', stages: ['post_plan'], enforcement_level: 'mandatory' },
      'attachments:\n  - run_task: gate\n    workspaces:\n      - net\n    stages:\n      - post_plan\n    enforcement_level: mandatory\n',
    ],
    [
      'repository_workflow',
      { repository: 'acme/gate', path: '.github/workflows/run-task.yml', action: 'org/runtask-action@v1', via: 'commit' },
      'repositories:\n  acme/gate:\n    workflow:\n      path: .github/workflows/run-task.yml\n      action: org/runtask-action@v1\n      via: commit\n',
    ],
    [
      'repository_variable',
      { repository: 'acme/gate', name: 'URL', value: 'https://r.example.com' },
      'repositories:\n  acme/gate:\n    variables:\n      URL: https://r.example.com\n',
    ],
    [
      'repository_secret',
      { repository: 'acme/gate', name: 'KEY', value_version: 3 },
      'repositories:\n  acme/gate:\n    secrets:\n      KEY:\n        value:\n          env: KEY\n        version: 3\n',
    ],
  ])('of %s is what the file would say', (name, state, yaml) => {
    const resource = RESOURCES[name];
    expect(declarationOf(resource, completeState(resource.schema as Schema, valueMap(Object.entries(state))))).toBe(yaml);
  });
});
