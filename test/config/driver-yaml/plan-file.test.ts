// A saved plan: what it holds, and that an apply of it is refused when anything is not as it was.
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { checkPlanFile, readSavedPlan, toSavedPlan, writePlanFile } from '../../../src/config/driver-yaml/plan-file.ts';
import { createBench, gate, link, type Bench, type Declared } from './support/declare.ts';
import { createWorld, type World } from './support/world.ts';

const FACTS = { destroy: false, version: '1.2.3' };
const declared = [gate('a', { size: 2, secret: 'a-secret-of-mine', secret_version: 1 }), link('x', 'a', { byId: true })];

let world: World;
let bench: Bench;
let file: string;
beforeEach(() => {
  world = createWorld();
  bench = createBench(world);
  file = path.join(bench.folder, 'plan.json');
});

/** Saves the plan of `declared`, then compares it with the plan of `now`. */
async function differences(
  now: readonly Declared[],
  change: () => void | Promise<unknown> = () => {},
  version = '1.2.3',
): Promise<string[]> {
  await writePlanFile(file, await bench.plan(declared), bench.loaded(declared), FACTS);
  await change();
  const saved = await readSavedPlan(file);
  if (!saved.ok) throw new Error(saved.error.summary);
  const found = checkPlanFile(saved.value, await bench.plan(now), bench.loaded(now), version);
  return found.map(({ summary, detail }) => `${summary}. ${detail.replace(' Plan again, and look at what is new.', '')}`);
}

describe('a saved plan', () => {
  it('holds no secret, and is for its owner', async () => {
    await writePlanFile(file, await bench.plan(declared), bench.loaded(declared), FACTS);
    const text = await readFile(file, 'utf8');
    expect(text).not.toMatch(/a-secret-of-mine|token-of-hcp/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(text)).toEqual({
      ...{ runtask_plan: 1, tool_version: '1.2.3', config_file: path.join(bench.folder, 'config.yml') },
      ...{ hcp: 'https://app.terraform.io', github: null, destroy: false, forgotten: [] },
      items: [
        {
          ...{ address: 'runtask_gate.a', type: 'runtask_gate', id: 'gates/a', action: 'create', importing: false, depends_on: [] },
          before: null,
          after: { name: 'a', size: 2, color: null, secret: null, secret_version: 1 },
          ...{ after_unknown: { id: true }, replace_paths: [] },
        },
        {
          ...{ address: 'runtask_link.a["x"]', type: 'runtask_link', id: 'links/x', action: 'create', importing: false },
          ...{ depends_on: ['runtask_gate.a'], before: null, after: { name: 'x', gate: 'a' }, after_unknown: { gate_id: true } },
          replace_paths: [],
        },
      ],
    });
  });

  it('fits while nothing has changed, before and after an apply', async () => {
    expect(await differences(declared)).toEqual([]);
    await bench.apply(declared);
    expect(await differences(declared)).toEqual([]);
  });

  it.each<[string, readonly Declared[], () => void | Promise<unknown>, string[]]>([
    [
      'something that has come into being',
      declared,
      () => world.gates.set('a', { id: 'id-9', size: 2, color: null, secret: null, ours: false }) && undefined,
      [
        'The plan does not fit any more: runtask_gate.a. It is to be updated, and was to be created.',
        'The plan does not fit any more: runtask_link.a["x"]. The configuration wants something else: gate_id.',
      ],
    ],
    [
      'another value in the file',
      [gate('a', { size: 3, secret: 'a-secret-of-mine', secret_version: 1 }), declared[1] as Declared],
      () => {},
      ['The plan does not fit any more: runtask_gate.a. The configuration wants something else: size.'],
    ],
    [
      'more and less in the file',
      [declared[0] as Declared, gate('b')],
      () => {},
      [
        'The plan does not fit any more: runtask_gate.b. It is to be created, and was not part of the plan.',
        'The plan does not fit any more: runtask_link.a["x"]. It was to be created, and is not part of the plan any more.',
      ],
    ],
  ])('is refused for %s', async (_, now, change, expected) => expect(await differences(now, change)).toEqual(expected));

  it('is refused for a change outside that leads to the same action', async () => {
    await bench.apply([gate('a', { size: 9 })]);
    const change = () => world.gates.set('a', { id: 'id-1', size: 8, color: null, secret: null, ours: true }) && undefined;
    expect(await differences(declared, change)).toContain(
      'The plan does not fit any more: runtask_gate.a. It was changed meanwhile: size.',
    );
  });

  it('is refused for another version of runtask', async () =>
    expect(await differences(declared, undefined, '1.2.4')).toEqual([
      'The plan does not fit any more. It was made by runtask 1.2.3, this is 1.2.4.',
    ]));

  it('is refused for another host', async () => {
    const plan = await bench.plan(declared);
    const loaded = bench.loaded(declared);
    const elsewhere = { ...loaded, settings: { ...loaded.settings, hcp: { ...loaded.settings.hcp, url: 'https://tfe.example.com' } } };
    expect(checkPlanFile(toSavedPlan(plan, loaded, FACTS), plan, elsewhere, '1.2.3').map(({ detail }) => detail)).toEqual([
      'It was made for https://app.terraform.io. Plan again, and look at what is new.',
    ]);
  });

  it('is refused for what would be forgotten', async () => {
    await bench.apply([gate('old')]);
    expect(await differences(declared, () => world.gates.clear())).toEqual([
      'The plan does not fit any more: runtask_gate.old. It was to be deleted, and is not part of the plan any more.',
    ]);
  });

  it.each([
    ['no JSON', 'x', 'This is no saved plan'],
    ['something else', '{}', 'This is no saved plan'],
  ])('is not %s', async (_, text, summary) => {
    await writeFile(file, text);
    const saved = await readSavedPlan(file);
    expect(!saved.ok && saved.error.summary).toBe(summary);
  });

  it('says when it is not there, or cannot be', async () => {
    const saved = await readSavedPlan(path.join(bench.folder, 'none'));
    expect(!saved.ok && saved.error.summary).toBe('There is no such file');
    const aFolder = await readSavedPlan(bench.folder);
    expect(!aFolder.ok && aFolder.error.summary).toBe('The saved plan cannot be read');
    const write = writePlanFile(path.join(bench.folder, 'none', 'plan'), await bench.plan(declared), bench.loaded(declared), FACTS);
    await expect(write).rejects.toMatchObject({ code: 'E_PLAN_FILE' });
  });
});
