// Repositories that can no longer be changed or seen: there is a way out, and the run task on the other side does not hang on it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hasErrors } from '../../../src/base/diagnostics.ts';
import { actionsOf, ORGANIZATION, REPOSITORY, startMatrixWorld, type MatrixWorld } from './support/matrix-world.ts';

let world: MatrixWorld;
beforeEach(async () => {
  world = await startMatrixWorld({ workspaces: ['net-prod'] });
  await world.apply();
});
afterEach(() => world.close());

const recorded = (): unknown => JSON.parse(readFileSync(join(world.folder, 'managed.json'), 'utf8')) as unknown;

describe('a repository that is archived', () => {
  beforeEach(() => {
    world.github.getRepository(REPOSITORY).archived = true;
  });

  it('can be taken out of the file: what is there stays, and that is said', async () => {
    world.config.repositories = {};
    const plan = await world.plan();
    expect(actionsOf(plan)).toEqual({
      'runtask_repository_secret.terraform_gate["API_KEY"]': 'delete',
      'runtask_repository_variable.terraform_gate["RUNTASK_RELAY_URL"]': 'delete',
      [`runtask_repository_workflow.terraform_gate[".github/workflows/run-task.yml"]`]: 'delete',
    });
    expect(plan.diagnostics.map(({ summary }) => summary)).toContain('acme/terraform-gate is archived');
    const { diagnostics } = await world.apply();
    expect(diagnostics).toMatchObject([
      { severity: 'warning', summary: 'acme/terraform-gate is archived', detail: expect.stringContaining('stays there') },
    ]);
    expect(world.github.getRepository(REPOSITORY).secrets.size).toBe(1);
    expect(actionsOf(await world.plan())).toEqual({});
  });

  it('holds no destroy back', async () => {
    await world.apply({ destroy: true });
    expect(world.hcp.tasks(ORGANIZATION)).toEqual([]);
    expect(recorded()).toMatchObject({ objects: {} });
  });
});

it('of a repository that is gone, the plan says how to get rid of its entries', async () => {
  world.config.repositories = {};
  world.env['GITHUB_TOKEN'] = world.github.createPersonalToken({ login: 'other', permissions: { metadata: 'read' }, repositories: [] });
  const { diagnostics } = await world.planAsItIs();
  expect(hasErrors(diagnostics)).toBe(true);
  for (const { severity, summary, detail, file } of diagnostics.filter((one) => one.severity === 'error'))
    expect({ severity, summary, detail, file }).toEqual({
      severity: 'error',
      summary: 'There is no repository acme/terraform-gate for this GitHub token',
      detail: expect.stringMatching(/\. If it is gone for good, take its entry out of the record\. This is about runtask_/),
      file: join(world.folder, 'managed.json'),
    });
});
