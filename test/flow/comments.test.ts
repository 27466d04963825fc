// The comment for one workspace over the life of a pull request: found again, on any page, ours only, newest run wins, no write without
// a change. The one for all workspaces is in combined-comment.test.ts.
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { destructivePlan, REPOSITORY, startFlow, workflow, type Flow } from '../support/flow.ts';

let flow: Flow;
afterEach(() => flow.close());

const PER_WORKSPACE = workflow({ inputs: '          relay-url: ${{ vars.RUNTASK_RELAY_URL }}\n          comment: per-workspace\n' });

const writes = (flow: Flow): string[] =>
  flow.github.seen.filter((one) => /\/comments/.test(one.path) && one.method !== 'GET').map((one) => one.method);

describe('the comment', () => {
  it('is written once and then updated, behind 250 others, some of which claim to be ours', async () => {
    flow = await startFlow({ workflow: PER_WORKSPACE });
    await flow.run();
    const [ours] = flow.github.comments(REPOSITORY, 7);
    const token = flow.github.createPersonalToken({
      login: 'mallory',
      permissions: { pull_requests: 'write', issues: 'write' },
      repositories: [REPOSITORY],
    });
    for (let i = 0; i < 250; i++) {
      const answer = await fetch(`${flow.github.apiUrl}/repos/${REPOSITORY}/issues/7/comments`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ body: i % 50 === 0 ? ours!.body : `comment ${i}` }),
      });
      expect(answer.status).toBe(201);
    }
    await flow.run({ plan: destructivePlan() });
    const comments = flow.github.comments(REPOSITORY, 7);
    expect(comments).toHaveLength(251);
    expect(comments.find((one) => one.id === ours!.id)?.body).toContain('❌');
    expect(comments.filter((one) => one.author.login === 'mallory' && one.body.includes('❌'))).toEqual([]);
  });

  it('is made again when somebody deleted it', async () => {
    flow = await startFlow({ workflow: PER_WORKSPACE });
    await flow.run();
    flow.github.getRepository(REPOSITORY).comments.length = 0;
    await flow.run();
    expect(flow.github.comments(REPOSITORY, 7)).toHaveLength(1);
  });

  it('of an older run never overwrites the one of a newer, whichever workflow ends last', async () => {
    flow = await startFlow({ workflow: PER_WORKSPACE });
    await flow.run();
    const [before] = flow.github.comments(REPOSITORY, 7);
    const shown = before!.body;
    const hourAgo = new Date(flow.clock.now() - 3_600_000).toISOString();
    const { result, workflowRun } = await flow.run({
      plan: destructivePlan(),
      mutatePayload: (payload) => ({ ...payload, run_created_at: hourAgo }),
    });
    expect(result.status).toBe('failed');
    expect(flow.github.comments(REPOSITORY, 7).map((one) => one.body)).toEqual([shown]);
    expect(workflowRun?.jobs[0]?.log).toContain('a newer run has written it');
  });

  it('is not written a second time when nothing in it changed', async () => {
    flow = await startFlow({ workflow: PER_WORKSPACE });
    const { workflowRun } = await flow.run();
    expect(writes(flow)).toEqual(['POST']);
    expect(workflowRun?.jobs[0]?.steps.find((step) => step.phase === 'main' && step.outputs['comment-url'])?.outputs).toMatchObject({
      'result': 'passed',
      'add': '1',
      'destroy': '0',
      'comment-url': expect.stringContaining('/pull/7#issuecomment-'),
    });
  });

  it('waits as long as GitHub asks when it limits comments, and makes no second one', async () => {
    flow = await startFlow({ workflow: PER_WORKSPACE });
    flow.github.failNext({
      method: 'POST',
      path: /\/comments/,
      status: 429,
      headers: { 'retry-after': '1' },
      body: { message: 'You have exceeded a secondary rate limit.' },
    });
    await flow.run();
    expect(writes(flow)).toEqual(['POST', 'POST']);
    expect(flow.github.comments(REPOSITORY, 7)).toHaveLength(1);
  });

  it('is left alone with `comment: none`, and the status with `commit-status: false`', async () => {
    flow = await startFlow({
      workflow: workflow({
        inputs: '          relay-url: ${{ vars.RUNTASK_RELAY_URL }}\n          comment: none\n          commit-status: false\n',
      }),
    });
    const { comment } = await flow.run();
    expect(comment).toBeUndefined();
    expect(flow.github.statuses(REPOSITORY, flow.sha)).toEqual([]);
  });

  it('with `fail-job: on-failed` the job is red for a failed verdict, with `raw-plan: true` later steps have the plan until the job ends', async () => {
    flow = await startFlow({
      workflow: workflow({
        inputs: '          relay-url: ${{ vars.RUNTASK_RELAY_URL }}\n          fail-job: on-failed\n          raw-plan: true\n',
        step: '        id: task\n',
        after:
          '      - if: always()\n        run: test -s "${{ steps.task.outputs.plan-json-raw }}" && test -s "${{ steps.task.outputs.plan-json }}" && stat -c %a "${{ steps.task.outputs.plan-json-raw }}"\n',
      }),
    });
    const { workflowRun } = await flow.run({ plan: destructivePlan() });
    expect(workflowRun?.conclusion).toBe('failure');
    const later = workflowRun?.jobs[0]?.steps.find((step) => step.name.includes('test -s') && step.phase === 'main');
    expect(later?.conclusion).toBe('success');
    expect(workflowRun?.jobs[0]?.log).toMatch(/^600$/m);
    const raw = workflowRun!.jobs[0]!.steps.find((step) => step.outputs['plan-json-raw'])!.outputs['plan-json-raw']!;
    expect(existsSync(raw)).toBe(false);
  });
});
