// Of several of a kind, what is found out about one is told at its place in the file.
import { afterEach, describe, expect, it } from '@jest/globals';
import { ORGANIZATION, startMatrixWorld, type MatrixWorld } from './support/matrix-world.ts';

let world: MatrixWorld;
afterEach(() => world.close());

const told = async (): Promise<string[]> =>
  (await world.planAsItIs()).diagnostics.map(({ severity, path, summary, detail }) => `${severity} ${path}: ${summary}. ${detail}`);

describe('what a plan says of one among several', () => {
  it('a run task whose relay does not know it, and one whose agent pool is not there', async () => {
    world = await startMatrixWorld();
    Object.assign(world.config.run_tasks, {
      cost: { url: `${world.hook.url}-cost`, hmac_key: { env: 'RUNTASK_HMAC_KEY' }, hmac_key_version: 1 },
      inner: { url: `${world.hook.url}-inner`, hmac_key: { env: 'RUNTASK_HMAC_KEY' }, hmac_key_version: 1, agent_pool: 'none' },
    });
    expect(await told()).toEqual([
      'error run_tasks.inner.agent_pool: There is no agent pool none. Known to this token: none',
      expect.stringMatching(/^warning run_tasks\.cost\.url: .* answered 404\. The relay has no such task/),
    ]);
  });

  it('the attachments of one selection, once, where a release takes one stage', async () => {
    world = await startMatrixWorld({ hcp: { tfeVersion: 'v202309-1' } });
    world.config.attachments.push({
      run_task: 'gate',
      workspaces: ['app-prod'],
      stages: ['pre_plan', 'post_plan'],
      enforcement_level: 'advisory',
    });
    world.config.attachments[0].stages = ['post_plan', 'pre_apply'];
    const said = (place: string, whom: string): string =>
      `error ${place}: ${world.hcp.host} takes one stage for each workspace, and here are 2. It is a Terraform Enterprise before v202404-1. Write one stage, or upgrade it. This is about ${whom}.`;
    const address = (workspace: string): string => `runtask_workspace_run_task.gate["${workspace}"]`;
    expect(await told()).toEqual([
      said('attachments[0].stages', [address('net-dev'), address('net-prod'), address('app-prod')].join(', ')),
    ]);
  });

  it('a repository that is archived', async () => {
    world = await startMatrixWorld();
    world.github.createRepository({ owner: ORGANIZATION, name: 'old-gate', files: { 'README.md': '# old\n' } });
    world.github.getRepository(`${ORGANIZATION}/old-gate`).archived = true;
    world.config.repositories['acme/old-gate'] = { variables: { A: 'b' } };
    expect(await told()).toEqual([expect.stringMatching(/^error repositories\.acme\/old-gate: .*archived/)]);
  });
});
