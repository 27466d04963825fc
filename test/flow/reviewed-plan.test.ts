// The run after the merge is held against the plan that its pull request showed: through both emulators, the relay (or sealed), the
// committed dist/.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { StartRun } from '../../src/emulators/hcp-terraform/types.ts';
import {
  CHECKS,
  destructivePlan,
  harmlessPlan,
  PULL_REQUEST,
  REPOSITORY,
  startFlow,
  workflow,
  type Flow,
  type Ran,
} from '../support/flow.ts';
import { SEALED_INPUTS, startSealedFlow } from '../support/sealed-flow.ts';

let flow: Flow;
afterEach(() => flow.close());

/** A run of the branch that was merged into: HCP names no pull request. */
async function runAfterMerge(plan: object, repository = REPOSITORY): Promise<Ran> {
  const { sha } = flow.github.mergePullRequest(repository, PULL_REQUEST);
  return flow.run({ plan, vcs: vcsOf(repository, sha), speculative: false });
}

function vcsOf(repository: string, sha: string, pullRequest: number | null = null): NonNullable<StartRun['vcs']> {
  const url = `${flow.github.url}/${repository}`;
  const pullRequestUrl = pullRequest === null ? null : `${url}/pull/${pullRequest}`;
  return { commitHash: sha, commitUrl: `${url}/commit/${sha}`, pullRequestUrl, branch: 'main', repositoryUrl: url };
}

const GATE = 'acme/terraform-gate';
const strict = CHECKS.replace('checks:', 'plan_changed_since_review: fail\nchecks:');
const outcomes = ({ result }: Ran): (string | undefined)[] => result.outcomes.map((one) => one.description);

describe('the plan that was reviewed', () => {
  it('is told of when the run after the merge would do something else, and nothing is said when it would not', async () => {
    flow = await startFlow();
    await flow.run();
    const same = await runAfterMerge(harmlessPlan());
    expect([same.result.status, outcomes(same)]).toEqual(['passed', ['data stores stay']]);
  });

  it('warns by itself', async () => {
    flow = await startFlow({ checks: CHECKS.replace('database', 'nothing') });
    await flow.run();
    const { result, comment } = await runAfterMerge(destructivePlan());
    expect(result.status).toBe('passed');
    expect(comment?.body).toMatch(/reviewed plan<\/b>.*2 findings.*advisory/);
    expect(comment?.body).toMatch(/`terraform_data\.database` \(delete\)|`terraform_data\.database`.*showed no change here/);
    expect(comment?.body).toContain('1 change that run-');
  });

  it.each<[string, object, 'passed' | 'failed']>([
    ['the same', harmlessPlan(), 'passed'],
    ['another', destructivePlan(), 'failed'],
  ])('gates with `fail`: %s plan', async (_name, plan, status) => {
    flow = await startFlow({ checks: strict.replace('database', 'nothing') });
    await flow.run();
    const after = await runAfterMerge(plan);
    expect(after.result.status).toBe(status);
    if (status === 'failed') expect(after.result.message).toContain('plan changed since review');
  });

  it('gates with `fail` where nothing was shown on the pull request', async () => {
    flow = await startFlow({ checks: strict });
    const { result } = await runAfterMerge(harmlessPlan());
    expect(result.status).toBe('failed');
    expect(result.message).toMatch(/reviewed plan.*No run of this workspace was shown on pull request #7/);
  });

  it('gates with `fail` where several pull requests are of the commit: who opens another makes it no run without a pull request', async () => {
    flow = await startFlow({ checks: strict });
    const sha = 'd'.repeat(40);
    for (const number of [21, 22])
      flow.github.createPullRequest({ repository: REPOSITORY, number, headSha: sha, headRef: `topic-${number}` });
    const { result } = await flow.run({ plan: harmlessPlan(), vcs: vcsOf(REPOSITORY, sha), speculative: false });
    expect([result.status, result.message]).toEqual(['failed', expect.stringMatching(/#21, #22 are all pull requests of this commit/)]);
  });

  it('is remembered by the comment itself in the sealed transport, also after a later run has written over it', async () => {
    ({ flow } = await startSealedFlow({ checks: strict.replace('database', 'nothing'), workflow: workflow({ inputs: SEALED_INPUTS }) }));
    // The job's own token writes: the workflow lives where the pull request is.
    flow.github.createPullRequest({ repository: GATE, number: PULL_REQUEST, headSha: 'e'.repeat(40), headRef: 'topic' });
    await flow.run({ vcs: vcsOf(GATE, 'e'.repeat(40), PULL_REQUEST) });
    const { sha } = flow.github.mergePullRequest(GATE, PULL_REQUEST);
    const other = await flow.run({ plan: destructivePlan(), vcs: vcsOf(GATE, sha), speculative: false });
    expect(other.result.message).toContain('plan changed since review');
    expect(flow.github.comments(GATE, PULL_REQUEST).map(({ body }) => body.includes('plan changed since review'))).toEqual([true]);
    const again = await flow.run({ vcs: vcsOf(GATE, sha), speculative: false });
    expect(again.result.status).toBe('passed');
  });
});
