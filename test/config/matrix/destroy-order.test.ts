// A destroy that cannot finish: what still asks a workflow keeps it.
import { afterEach, describe, expect, it } from '@jest/globals';
import { ORGANIZATION, REPOSITORY, startMatrixWorld, WORKFLOW, type MatrixWorld } from './support/matrix-world.ts';

let world: MatrixWorld;
afterEach(() => world.close());

const hasWorkflow = (): boolean => {
  const { branches, commits } = world.github.getRepository(REPOSITORY);
  return commits.get(branches.get('main') ?? '')?.files.has(WORKFLOW) ?? false;
};

describe('a run task that others have attached too', () => {
  it('stays, and with it the workflow that answers it; the next destroy finishes', async () => {
    world = await startMatrixWorld();
    await world.apply();
    world.hcp.attachRunTask({ organization: ORGANIZATION, workspace: 'app-prod', task: 'gate', enforcementLevel: 'mandatory' });

    const first = await world.applyAsItIs({ destroy: true });
    expect(first.failed.map(({ address }) => address)).toEqual(['runtask_organization_run_task.gate']);
    expect(first.skipped.map(({ address }) => address).sort()).toEqual([
      'runtask_repository_secret.terraform_gate["API_KEY"]',
      'runtask_repository_variable.terraform_gate["RUNTASK_RELAY_URL"]',
      'runtask_repository_workflow.terraform_gate[".github/workflows/run-task.yml"]',
    ]);
    expect(hasWorkflow()).toBe(true);

    world.hcp.otherHands.deleteAttachment(ORGANIZATION, 'app-prod', 'gate');
    await world.apply({ destroy: true });
    expect(world.hcp.tasks(ORGANIZATION)).toEqual([]);
    expect(hasWorkflow()).toBe(false);
  }, 30_000);
});
