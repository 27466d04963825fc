import { afterEach, describe, expect, it } from '@jest/globals';
import { destructivePlan, startFlow, type Flow } from '../support/flow.ts';

let flow: Flow;
afterEach(() => flow.close());

describe('a posted run task', () => {
  it('becomes a verdict in HCP Terraform, a comment on the pull request and a status on the planned commit', async () => {
    flow = await startFlow();
    const { result, workflowRun, comment } = await flow.run();
    expect(result).toMatchObject({ status: 'passed', terminalCount: 1, message: 'The only check passed' });
    expect(workflowRun).toMatchObject({ conclusion: 'success', displayTitle: 'net-prod · post_plan' });
    expect(comment?.body.split('\n')[1]).toBe('### ✅ net-prod: 1 check passed · 1 to create');
    expect(comment?.author.login).toBe('acme-gate[bot]');
    expect(flow.github.statuses('acme/net', flow.sha).map(({ context, state }) => [context, state])).toEqual([
      ['runtask/net-prod/post_plan', 'success'],
      ['runtask', 'success'],
    ]);
  });

  it('fails when the plan destroys what a check protects, and the job stays green', async () => {
    flow = await startFlow();
    const { result, workflowRun, comment } = await flow.run({ plan: destructivePlan() });
    expect(result).toMatchObject({ status: 'failed', terminalCount: 1 });
    expect(result.message).toContain('data stores stay');
    expect(result.outcomes).toHaveLength(1);
    expect(workflowRun?.conclusion).toBe('success');
    expect(comment?.body).toContain('terraform_data.database');
  });
});
