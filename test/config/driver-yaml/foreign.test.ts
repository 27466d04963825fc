// Attachments of our run tasks by other hands: told, with their names, and never touched.
import { describe, expect, it } from '@jest/globals';
import { tellForeign } from '../../../src/config/driver-yaml/foreign.ts';
import type { PlannedItem } from '../../../src/config/driver-yaml/plan.ts';
import { valueMap } from '../../../src/config/engine/values.ts';
import { RESOURCES } from '../../../src/config/resources/index.ts';
import { createBench } from './support/declare.ts';
import { createWorld } from './support/world.ts';

const common = {
  name: 'gate',
  index: null,
  importing: false,
  changedOutside: null,
  deleteReason: null,
  item: null,
  dependsOn: [],
  pending: null,
};
const task = (action: 'no-op' | 'delete'): PlannedItem => ({
  ...common,
  ...{ address: 'runtask_organization_run_task.gate', resource: RESOURCES.organization_run_task, id: 'acme/gate' },
  change: { action, prior: valueMap(Object.entries({ organization: 'acme', name: 'gate' })), planned: null, replacePaths: [] },
});
const attachment: PlannedItem = {
  ...common,
  ...{ address: 'runtask_workspace_run_task.gate["net"]', resource: RESOURCES.workspace_run_task, id: 'acme/net/gate' },
  change: { action: 'no-op', prior: null, planned: null, replacePaths: [] },
};

const told = async (items: readonly PlannedItem[], listAttached: () => Promise<readonly string[]>): Promise<string[]> => {
  const bench = createBench(createWorld(), { listAttached });
  const found = await tellForeign(bench.loaded([]), 'managed.json', items, bench.deps());
  return found.map(({ severity, summary, detail, file }) => `${file}: ${severity}: ${summary}. ${detail}`);
};

describe('tellForeign', () => {
  it('says nothing when all of them are in the plan', async () =>
    expect(await told([task('no-op'), attachment], async () => ['net'])).toEqual([]));

  it('names the first of many', async () =>
    expect(await told([task('no-op'), attachment], async () => ['net', 'a', 'b', 'c', 'd', 'e', 'f'])).toEqual([
      'managed.json: warning: Others have attached gate to 6 workspaces that this file does not declare. Found: a, b, c, d, e and 1 more. They are left alone.',
    ]));

  it('says on a destroy why the run task will not go', async () =>
    expect(await told([task('delete')], async () => ['a'])).toEqual([
      'managed.json: warning: Others have attached gate to 1 workspace that this file does not declare. Found: a. HCP Terraform does not delete a run task that is attached: detach it there first, or declare them here.',
    ]));

  it('says when it cannot know', async () =>
    expect(await told([task('no-op')], () => Promise.reject(new Error('no permission')))).toEqual([
      'managed.json: warning: Where gate is attached cannot be listed. no permission',
    ]));
});
