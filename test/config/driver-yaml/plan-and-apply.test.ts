// One plan of many objects, and its apply: what is ours, what is taken over, what goes, and what waits for what.
import { writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { applyPlan } from '../../../src/config/driver-yaml/apply-plan.ts';
import { planConfig } from '../../../src/config/driver-yaml/plan-config.ts';
import { ProblemError, problem } from '../../../src/config/engine/problem.ts';
import { UNKNOWN } from '../../../src/config/engine/values.ts';
import { actionsOf, createBench, DONE, gate, link, type Bench } from './support/declare.ts';
import { createWorld, type StoredGate, type World } from './support/world.ts';

let world: World;
let bench: Bench;
beforeEach(() => {
  world = createWorld();
  bench = createBench(world);
});

const foreignGate: StoredGate = { id: 'id-0', size: 1, color: null, secret: null, ours: false };
const NOTHING = { added: 0, changed: 0, destroyed: 0, imported: 0, ...DONE };

describe('a first apply', () => {
  it('plans to create, with what is not known yet, and then there is nothing to do', async () => {
    const declared = [gate('a', { size: 2 }), link('x', 'a', { byId: true })];
    const plan = await bench.plan(declared);
    expect(plan.diagnostics).toEqual([]);
    expect(plan.items.map(({ id, change, dependsOn }) => ({ id, change, dependsOn }))).toEqual([
      {
        id: 'gates/a',
        change: {
          ...{ action: 'create', prior: null, replacePaths: [] },
          planned: expect.objectContaining({ name: 'a', size: 2, color: null, secret: null, id: UNKNOWN }),
        },
        dependsOn: [],
      },
      {
        id: 'links/x',
        change: { action: 'create', prior: null, planned: expect.objectContaining({ gate: 'a', gate_id: UNKNOWN }), replacePaths: [] },
        dependsOn: ['runtask_gate.a'],
      },
    ]);
    expect(await bench.carryOut(declared, plan)).toEqual({ ...NOTHING, added: 2 });
    expect(world.links.get('x')).toEqual({ gate: 'a', gateId: world.gates.get('a')?.id });
    expect(bench.record().objects).toEqual({
      runtask_gate: { 'gates/a': { name: 'a', digest: expect.stringMatching(/^[0-9a-f]{64}$/) } },
      runtask_link: { 'links/x': { name: 'a', index: 'x', digest: expect.any(String) } },
    });
    expect(actionsOf(await bench.plan(declared))).toEqual(['no-op runtask_gate.a', 'no-op runtask_link.a["x"]']);
    expect(await bench.apply(declared)).toEqual(NOTHING);
  });

  it('tells what begins, what is done, and every ten seconds what still runs', async () => {
    let go = (): void => {};
    world.hold = (call) => (call === 'create gate a' ? new Promise<void>((resolve) => (go = resolve)) : Promise.resolve());
    const applying = bench.apply([gate('a')]);
    while (world.calls.at(-1) !== 'create gate a') await new Promise((resolve) => setImmediate(resolve));
    await bench.clock.advance(25_000);
    go();
    await applying;
    expect(bench.events.filter(({ type }) => type !== 'reading')).toEqual([
      { type: 'started', address: 'runtask_gate.a', action: 'create' },
      { type: 'progress', address: 'runtask_gate.a', text: '', elapsedMs: 10_000 },
      { type: 'progress', address: 'runtask_gate.a', text: '', elapsedMs: 20_000 },
      { type: 'done', address: 'runtask_gate.a', action: 'create', id: 'gates/a', elapsedMs: 25_000 },
    ]);
    expect(bench.clock.waiting).toBe(0);
  });

  it('has the intent of a create on the disk before its call', async () => {
    const seen: unknown[] = [];
    world.hold = async (call) => void (call.startsWith('create') && seen.push(bench.record().objects['runtask_gate']?.['gates/a']));
    await bench.apply([gate('a')]);
    expect(seen).toEqual([{ name: 'a', creating: true }]);
  });

  it('makes nothing that it cannot write down', async () => {
    const plan = await bench.plan([gate('a')]);
    world.hold = null;
    const broken = { ...bench.loaded([gate('a')]) };
    const lock = { recordFile: `${bench.folder}/not-there/managed.json`, release: async () => {} };
    const result = await applyPlan(broken, plan, lock, bench.deps());
    expect(result.failed.map(({ address }) => address)).toEqual(['runtask_gate.a']);
    expect(result.failed[0]?.diagnostics[0]?.summary).toContain('could not be written');
    expect(world.gates.size).toBe(0);
  });
});

describe('what is there already', () => {
  it('is imported, with the changes that follow, and is ours from then on', async () => {
    world.gates.set('a', foreignGate);
    world.links.set('x', { gate: 'a', gateId: null });
    const declared = [gate('a', { size: 5 }), link('x', 'a')];
    expect(actionsOf(await bench.plan(declared))).toEqual(['import+update runtask_gate.a', 'import+no-op runtask_link.a["x"]']);
    expect(await bench.apply(declared)).toEqual({ ...NOTHING, changed: 1, imported: 2 });
    expect(bench.events).toContainEqual({ type: 'done', address: 'runtask_link.a["x"]', action: 'import', id: 'links/x', elapsedMs: 0 });
    expect(actionsOf(await bench.plan(declared))).toEqual(['no-op runtask_gate.a', 'no-op runtask_link.a["x"]']);
    expect(actionsOf(await bench.plan([]))).toEqual(['delete runtask_link.a["x"]', 'delete runtask_gate.a']);
  });

  it('is told apart from what was changed or deleted outside', async () => {
    const declared = [gate('a'), gate('b'), gate('c')];
    await bench.apply(declared);
    world.gates.set('a', { ...foreignGate, ours: true, size: 7 });
    world.gates.delete('b');
    const plan = await bench.plan(declared);
    expect(plan.items.map(({ change, changedOutside }) => [change.action, changedOutside])).toEqual([
      ['update', true],
      ['create', true],
      ['no-op', false],
    ]);
    expect(await bench.apply(declared)).toEqual({ ...NOTHING, added: 1, changed: 1 });
  });

  it('is ours by its own mark when the record is lost, and an import where there is no mark', async () => {
    const declared = [gate('a'), link('x', 'a')];
    await bench.apply(declared);
    await writeFile(bench.recordFile, '{"version":1,"objects":{}}');
    expect(actionsOf(await bench.plan(declared))).toEqual(['no-op runtask_gate.a', 'import+no-op runtask_link.a["x"]']);
    expect(actionsOf(await bench.plan([]))).toEqual([]);
    await bench.apply(declared);
    expect(Object.keys(bench.record().objects)).toEqual(['runtask_gate', 'runtask_link']);
  });

  it('is found again when only the case of its name was corrected: nothing is deleted', async () => {
    const declared = [gate('a'), link('X', 'a')];
    await bench.apply(declared);
    // An API that does not tell the cases apart.
    world.links.set('x', { gate: 'a', gateId: null });
    world.links.delete('X');
    const corrected = [gate('a'), link('x', 'a')];
    expect(actionsOf(await bench.plan(corrected))).toEqual(['no-op runtask_gate.a', 'no-op runtask_link.a["x"]']);
    await bench.apply(corrected);
    expect(Object.keys(bench.record().objects['runtask_link'] ?? {})).toEqual(['links/x']);
  });
});

describe('what is remembered', () => {
  it('is in the record, and its change sends the secret again, which stands nowhere', async () => {
    const withSecret = (secret: string, version: number) => [gate('a', { secret, secret_version: version })];
    await bench.apply(withSecret('first-secret-value', 1));
    expect(bench.record().objects['runtask_gate']?.['gates/a']?.['remembered']).toEqual({ secret_version: 1 });
    expect(actionsOf(await bench.plan(withSecret('other-secret-value', 1)))).toEqual(['no-op runtask_gate.a']);
    expect(await bench.apply(withSecret('other-secret-value', 2))).toEqual({ ...NOTHING, changed: 1 });
    expect(world.gates.get('a')?.secret).toBe('other-secret-value');
    const plan = await bench.plan(withSecret('third-secret-value', 3));
    const everything = JSON.stringify([bench.record(), bench.events, plan.items.map(({ change }) => change)]);
    expect(everything).not.toMatch(/-secret-value/);
  });
});

describe('what is no longer declared', () => {
  it('is deleted after everything new of its kind is there, what uses it first', async () => {
    await bench.apply([gate('a'), link('x', 'a'), gate('b')]);
    const renamed = [gate('c'), link('y', 'c'), gate('b')];
    expect(actionsOf(await bench.plan(renamed))).toEqual([
      'create runtask_gate.c',
      'create runtask_link.c["y"]',
      'no-op runtask_gate.b',
      'delete runtask_link.a["x"]',
      'delete runtask_gate.a',
    ]);
    world.calls.length = 0;
    expect(await bench.apply(renamed)).toEqual({ ...NOTHING, added: 2, destroyed: 2 });
    expect(world.calls.filter((call) => !call.startsWith('find'))).toEqual([
      'create gate c',
      'create link y',
      'delete link x',
      'delete gate a',
    ]);
    expect(Object.keys(bench.record().objects['runtask_gate'] ?? {})).toEqual(['gates/b', 'gates/c']);
  });

  it('is deleted only when what was made after it is gone: the record has no references', async () => {
    await bench.apply([gate('a'), link('x', 'a')]);
    const running: string[] = [];
    world.hold = async (call) => {
      running.push(call);
      if (call === 'delete link x') for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
      if (call === 'delete link x') running.push('deleted');
    };
    await bench.apply([]);
    expect(running.filter((call) => !call.startsWith('find'))).toEqual(['delete link x', 'deleted', 'delete gate a']);
  });

  it('stays while what takes its place cannot be made: a gate is not left open', async () => {
    await bench.apply([gate('a'), link('x', 'a')]);
    world.weather = (call) => (call === 'create gate c' ? 'before' : null);
    const result = await bench.apply([gate('c'), link('y', 'c')]);
    expect(result.skipped).toEqual([
      { address: 'runtask_link.c["y"]', reason: 'runtask_gate.c failed' },
      { address: 'runtask_link.a["x"]', reason: 'runtask_link.c["y"] is not there yet' },
      { address: 'runtask_gate.a', reason: 'runtask_link.c["y"] is not there yet' },
    ]);
    expect([...world.links.keys(), ...world.gates.keys()]).toEqual(['x', 'a']);
  });

  it('is forgotten when it is gone already', async () => {
    await bench.apply([gate('a'), gate('b')]);
    world.gates.delete('a');
    const plan = await bench.plan([gate('b')]);
    expect([actionsOf(plan), plan.forgotten]).toEqual([['no-op runtask_gate.b'], [{ type: 'runtask_gate', id: 'gates/a' }]]);
    await bench.carryOut([gate('b')], plan);
    expect(bench.record().objects).toEqual({ runtask_gate: { 'gates/b': expect.anything() } });
  });

  it('is left alone when its mark says that it is not ours any more', async () => {
    await bench.apply([gate('a')]);
    world.gates.set('a', foreignGate);
    const plan = await bench.plan([]);
    expect(actionsOf(plan)).toEqual([]);
    expect(plan.diagnostics).toEqual([
      {
        ...{ severity: 'warning', path: '', file: bench.recordFile },
        summary: 'Left alone: it is in the record, but no longer marked as ours',
        detail: 'Delete it by hand if it is to go. This is about runtask_gate.a.',
      },
    ]);
    await bench.carryOut([], plan);
    expect(world.gates.has('a')).toBe(true);
    expect(bench.record().objects).toEqual({});
  });

  it('keeps its own address where another object has got it', async () => {
    await bench.apply([gate('a')]);
    const [other] = [{ ...gate('b'), name: 'a' }];
    expect(actionsOf(await bench.plan([other]))).toEqual(['create runtask_gate.a', 'delete runtask_gate.a["gates/a"]']);
  });
});

describe('destroy', () => {
  it('deletes what is ours, what uses it first, and names what is not', async () => {
    const declared = [gate('a'), link('x', 'a'), gate('b')];
    await bench.apply([gate('a'), link('x', 'a'), gate('old')]);
    world.gates.set('b', foreignGate);
    const plan = await bench.plan(declared, true);
    expect(actionsOf(plan)).toEqual(['delete runtask_gate.a', 'delete runtask_link.a["x"]', 'delete runtask_gate.old']);
    expect(plan.diagnostics).toEqual([
      {
        ...{ severity: 'warning', path: 'gate.b', file: 'config.yml' },
        summary: 'Left alone: it was not made by this configuration',
        detail: 'Delete it by hand if it is to go.',
      },
    ]);
    expect(await bench.carryOut(declared, plan)).toEqual({ ...NOTHING, destroyed: 3 });
    expect([...world.gates.keys(), ...world.links.keys()]).toEqual(['b']);
    expect(bench.record().objects).toEqual({});
  });

  it('needs no more of the file than which objects they are', async () => {
    await bench.apply([gate('a')]);
    expect(actionsOf(await bench.plan([gate('a', { size: 13 })], true))).toEqual(['delete runtask_gate.a']);
  });

  it('does not delete what something that could not be deleted needs', async () => {
    const declared = [gate('a'), link('x', 'a'), gate('b')];
    await bench.apply(declared);
    world.weather = (call) => (call === 'delete link x' ? 'before' : null);
    const result = await bench.apply(declared, { destroy: true });
    expect(result).toMatchObject({ destroyed: 1, skipped: [{ address: 'runtask_gate.a', reason: 'runtask_link.a["x"] failed' }] });
    world.weather = () => null;
    expect(await bench.apply(declared, { destroy: true })).toEqual({ ...NOTHING, destroyed: 2 });
  });
});

describe('a replacement', () => {
  it('gives what refers to it the values of the new one', async () => {
    const declared = (color: string) => [gate('a', { color }), link('x', 'a', { byId: true })];
    await bench.apply(declared('red'));
    world.links.clear(); // the API refuses to delete a gate that is linked
    const plan = await bench.plan(declared('blue'));
    expect(plan.items.map(({ change }) => [change.action, change.replacePaths])).toEqual([
      ['replace', [['color']]],
      ['create', []],
    ]);
    expect(await bench.carryOut(declared('blue'), plan)).toEqual({ ...NOTHING, added: 2, destroyed: 1 });
    expect(world.links.get('x')?.gateId).toBe(world.gates.get('a')?.id);
    expect(world.gates.get('a')?.id).toBe('id-2');
  });

  it('updates what refers to it in a second apply when the first stopped in the middle', async () => {
    const declared = (color: string) => [gate('a', { color })];
    await bench.apply(declared('red'));
    world.weather = (call) => (call === 'create gate a' ? 'before' : null);
    expect((await bench.apply(declared('blue'))).failed.length).toBe(1);
    world.weather = () => null;
    expect(await bench.apply(declared('blue'))).toEqual({ ...NOTHING, added: 1 });
    expect(world.gates.get('a')?.color).toBe('blue');
  });
});

describe('what is not in effect', () => {
  it('holds back what depends on it, however far, and nothing else', async () => {
    world.gates.set('a', { ...foreignGate, ours: true, pending: true });
    const declared = [gate('a'), gate('m', {}, ['runtask_gate.a']), link('x', 'm'), gate('b')];
    world.gates.set('m', { ...foreignGate, ours: true });
    const result = await bench.apply(declared);
    const reason = 'runtask_gate.a waits: somebody has to say yes';
    expect(result).toEqual({
      ...NOTHING,
      added: 1,
      skipped: [{ address: 'runtask_link.m["x"]', reason }],
      pending: [{ address: 'runtask_gate.a', reason: 'somebody has to say yes' }],
    });
    world.gates.set('a', { ...foreignGate, ours: true });
    expect(await bench.apply(declared)).toEqual({ ...NOTHING, added: 1 });
  });
});

describe('a failure', () => {
  it('holds back what depends on it; the rest goes on, and the next apply finishes', async () => {
    const declared = [gate('a'), link('x', 'a'), gate('b'), link('y', 'b')];
    world.weather = (call) => (call === 'create gate a' ? 'after' : null);
    const result = await bench.apply(declared);
    expect(result).toEqual({
      ...NOTHING,
      added: 2,
      skipped: [{ address: 'runtask_link.a["x"]', reason: 'runtask_gate.a failed' }],
      failed: [
        {
          address: 'runtask_gate.a',
          diagnostics: [
            { severity: 'error', summary: 'create gate a: the answer was lost', detail: '', path: 'gate.a', file: 'config.yml' },
          ],
        },
      ],
    });
    expect(bench.events).toContainEqual({ type: 'skipped', address: 'runtask_link.a["x"]', reason: 'runtask_gate.a failed' });
    world.weather = () => null;
    expect(await bench.apply(declared)).toEqual({ ...NOTHING, added: 1 });
    expect(world.conflicts).toEqual([]);
  });

  it('of a create whose answer was lost leaves an object that is ours: no import, and gone when it is no longer declared', async () => {
    await bench.apply([gate('a')]);
    world.weather = (call) => (call === 'create link x' ? 'after' : null);
    await bench.apply([gate('a'), link('x', 'a')]);
    world.weather = () => null;
    expect(actionsOf(await bench.plan([gate('a'), link('x', 'a')]))).toEqual(['no-op runtask_gate.a', 'no-op runtask_link.a["x"]']);
    await bench.apply([gate('a')]);
    expect([...world.links.keys()]).toEqual([]);
  });
});

describe('Ctrl-C', () => {
  it('begins nothing new, finishes what runs and writes it down', async () => {
    const controller = new AbortController();
    const declared = [gate('a'), gate('b', {}, ['runtask_gate.a']), gate('c', {}, ['runtask_gate.b'])];
    world.hold = async (call) => void (call === 'create gate b' && controller.abort(new Error('SIGINT')));
    const result = await bench.apply(declared, { signal: controller.signal });
    expect(result).toEqual({
      ...NOTHING,
      ...{ added: 2, interrupted: true },
      skipped: [{ address: 'runtask_gate.c', reason: 'interrupted' }],
    });
    expect(bench.record().objects['runtask_gate']).toEqual({
      'gates/a': { name: 'a', digest: expect.any(String) },
      'gates/b': { name: 'b', digest: expect.any(String) },
    });
  });

  it('ends a plan without one', async () => {
    const plan = await planConfig(bench.loaded([gate('a')]), { destroy: false }, bench.deps(AbortSignal.abort(new Error('SIGINT'))));
    expect(plan.diagnostics.map(({ summary }) => summary)).toEqual(['Interrupted']);
  });
});

describe('a thousand objects', () => {
  it('are planned and applied in moments, looked for once each', async () => {
    const names = Array.from({ length: 1_000 }, (_, i) => `w${i}`);
    const declared = [gate('a'), ...names.map((name) => link(name, 'a'))];
    const startedAt = performance.now();
    const plan = await bench.plan(declared);
    const result = await applyPlan(bench.loaded(declared), plan, { recordFile: bench.recordFile, release: async () => {} }, bench.deps());
    expect(result).toEqual({ ...NOTHING, added: 1_001 });
    expect(world.calls.length).toBe(2_002);
    // A second on an idle machine. Far beyond it: something has become quadratic.
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    expect(bench.events.filter(({ type }) => type === 'reading').at(-1)).toEqual({
      ...{ type: 'reading', done: 1_001, total: 1_001, what: 'objects' },
    });
    const [first] = plan.items;
    expect([first?.address, plan.items.at(-1)?.address]).toEqual(['runtask_gate.a', 'runtask_link.a["w999"]']);
  });
});

describe('mistakes and trouble', () => {
  it('are told all at once: none hides another', async () => {
    world.weather = (call) => (call === 'find gate b' ? 'before' : null);
    const plan = await bench.plan([gate('a', { size: 13 }), gate('b'), link('x', 'a'), gate('d', { colour: 'red' })]);
    expect(plan.diagnostics.map(({ summary, path }) => [path, summary])).toEqual([
      ['gate.a.size', 'Not 13'],
      ['gate.d.colour', 'There is no attribute "colour"'],
      ['gate.b', 'find gate b: refused'],
    ]);
    await expect(bench.carryOut([], plan)).rejects.toThrow('A plan with errors cannot be applied');
  });

  it('that concern many objects are told once, with their number', async () => {
    world.hold = async (call) => {
      if (call.startsWith('find link')) throw new ProblemError([problem([], 'The token may not read links', 'It needs Read.')]);
    };
    const plan = await bench.plan([gate('a'), ...['u', 'v', 'w', 'x', 'y'].map((name) => link(name, 'a'))]);
    expect(plan.diagnostics.map(({ summary, detail }) => [summary, detail])).toEqual([
      [
        'The token may not read links',
        'It needs Read. This is about runtask_link.a["u"], runtask_link.a["v"], runtask_link.a["w"] and 2 more.',
      ],
    ]);
  });

  it.each([
    ['a circle', [gate('a', {}, ['runtask_gate.b']), gate('b', {}, ['runtask_gate.a'])], 'These wait for each other'],
    ['what is not declared', [link('x', 'nowhere')], 'runtask_link.nowhere["x"] refers to what is not declared'],
    ['the same object twice', [gate('a'), { ...gate('a'), name: 'b' }], 'Declared twice: runtask_gate.b'],
  ])('of structure: %s', async (_, declared, summary) => {
    expect((await bench.plan(declared)).diagnostics.map((found) => found.summary)).toContain(summary);
  });

  it('of the record stop the apply, and nothing is overwritten', async () => {
    await writeFile(bench.recordFile, '<<<<<<< HEAD\n');
    const plan = await bench.plan([gate('a')]);
    expect(plan.diagnostics.map(({ summary }) => summary)).toEqual(['The record has conflict markers of a merge']);
    const good = { ...plan, diagnostics: [] };
    const result = await bench.carryOut([gate('a')], good);
    expect([result.added, result.diagnostics.map(({ summary }) => summary)]).toEqual([0, ['The record has conflict markers of a merge']]);
    expect(world.gates.size).toBe(0);
  });

  it('of the record: a kind and an id that are none', async () => {
    await writeFile(
      bench.recordFile,
      JSON.stringify({ version: 1, objects: { runtask_gate: { x: { name: 'x' } }, other: { y: { name: 'y' } } } }),
    );
    expect((await bench.plan([])).diagnostics.map(({ severity, summary }) => [severity, summary])).toEqual([
      ['error', 'The record has an id that is none: "x"'],
      ['error', 'The record has a kind that is not known: "other"'],
    ]);
  });

  it('of the world: workspaces that cannot be listed leave nothing to plan', async () => {
    bench = createBench(world, { listWorkspaces: () => Promise.reject(new Error('no way')) });
    expect(await bench.plan([gate('a')])).toEqual({
      ...{ items: [], forgotten: [] },
      diagnostics: [{ severity: 'error', summary: 'The workspaces cannot be listed', detail: 'no way', path: 'hcp', file: 'config.yml' }],
    });
  });
});
