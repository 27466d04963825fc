// A record that somebody wrote by hand, and a world that changes between a plan and its apply: nothing is done but what was shown, and it is
// shown as what it is.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/base/clock.ts';
import { applyPlan } from '../../../src/config/driver-yaml/apply-plan.ts';
import { planConfig } from '../../../src/config/driver-yaml/plan-config.ts';
import { readSavedPlan } from '../../../src/config/driver-yaml/plan-file.ts';
import { acquireLock } from '../../../src/config/driver-yaml/record/lock.ts';
import { readRecord } from '../../../src/config/driver-yaml/record/record-store.ts';
import { actionsOf, ORGANIZATION, startMatrixWorld, type MatrixWorld } from './support/matrix-world.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- JSON of an API or a record, to be spoiled
type Body = any;

let world: MatrixWorld;
beforeEach(async () => {
  world = await startMatrixWorld();
  world.config.repositories = {};
});
afterEach(() => world.close());

function forge(change: (attachments: Body) => void): void {
  const file = join(world.folder, 'managed.json');
  const record: Body = JSON.parse(readFileSync(file, 'utf8'));
  change(record.objects.runtask_workspace_run_task);
  writeFileSync(file, JSON.stringify(record));
}

describe('a record written by hand', () => {
  it('names what is deleted as what it is, each by itself', async () => {
    world.config.attachments[0].workspaces = ['net-dev', 'net-prod', 'app-prod'];
    await world.apply();
    forge((attachments) => {
      attachments['acme/net-prod/gate'].index = 'net-dev';
      attachments['acme/app-prod/gate'].name = 'other';
      attachments['acme/app-prod/gate'].index = 'net-sandbox';
    });
    world.config.attachments = [];
    expect(actionsOf(await world.plan())).toEqual({
      'runtask_workspace_run_task.gate["acme/net-dev/gate"]': 'delete',
      'runtask_workspace_run_task.gate["acme/net-prod/gate"]': 'delete',
      'runtask_workspace_run_task.other["acme/app-prod/gate"]': 'delete',
    });
    expect(await world.apply()).toMatchObject({ destroyed: 3 });
    expect(world.hcp.attachments(ORGANIZATION)).toEqual([]);
  });

  it.each(['pipe', 'device'])('is not read, nor a lock, nor a plan, when it is a %s', async (kind) => {
    const file = join(world.folder, 'managed.json');
    for (const one of [file, `${file}.lock`]) {
      if (kind === 'pipe') execFileSync('mkfifo', [one]);
      else symlinkSync('/dev/zero', one);
    }
    const refusal = { ok: false, error: { detail: 'it is no plain file.' } };
    expect(await readRecord(file)).toMatchObject(refusal);
    expect(await readSavedPlan(file)).toMatchObject(refusal);
    expect(await acquireLock(file, { clock: systemClock })).toMatchObject({
      ok: false,
      error: { summary: 'Another apply is at work here: somebody who did not say so' },
    });
    for (const one of [file, `${file}.lock`]) rmSync(one);
  });
});

describe('workspaces that change their names between a plan and its apply', () => {
  const swap = (): void => {
    const names: Readonly<Record<string, string>> = { 'net-dev': 'net-prod', 'net-prod': 'net-dev' };
    world.fetch = async (...args) => {
      const response = await fetch(...args);
      if (!/\/workspaces\?/.test(String(args[0]))) return response;
      const body = (await response.json()) as Body;
      for (const { attributes } of body.data) attributes.name = names[attributes.name] ?? attributes.name;
      return Response.json(body);
    };
  };
  async function applySwapped(): Promise<string[]> {
    const loaded = world.load();
    const plan = await planConfig(loaded, { destroy: false }, world.deps(loaded));
    swap();
    const lock = await acquireLock(join(world.folder, 'managed.json'), { clock: systemClock });
    if (!lock.ok) throw new Error(lock.error.summary);
    const { failed } = await applyPlan(loaded, plan, lock.value, world.deps(loaded));
    await lock.value.release();
    return failed.map(
      ({ address, diagnostics }) => `${address}: ${diagnostics.map(({ summary, detail }) => `${summary}. ${detail}`).join()}`,
    );
  }

  it('get no run task that was planned for another', async () => {
    world.config.attachments[0].workspaces = ['net-dev'];
    expect(await applySwapped()).toEqual([
      expect.stringContaining('The plan does not fit any more. Other than planned: workspace_id. Nothing was done: plan again.'),
    ]);
    expect(world.hcp.attachments(ORGANIZATION)).toEqual([]);
  });

  it('have no attachment changed that was not planned for', async () => {
    world.config.attachments[0].workspaces = ['net-dev', 'net-prod'];
    await world.apply();
    const [both] = world.config.attachments;
    world.config.attachments = [
      { ...both, workspaces: ['net-dev'], enforcement_level: 'advisory' },
      { ...both, workspaces: ['net-prod'] },
    ];
    expect(await applySwapped()).toEqual([expect.stringContaining('Other than planned: workspace_id. Nothing was done')]);
    expect(world.hcp.attachments(ORGANIZATION).map(({ enforcementLevel }) => enforcementLevel)).toEqual(['mandatory', 'mandatory']);
  });
});
