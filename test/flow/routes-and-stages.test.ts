// Which runs reach which judge: stages, pull requests, layouts, routes, and the oldest payload there is.
import { afterEach, describe, expect, it } from '@jest/globals';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { SEALED_INPUTS, setSecret, setVariable, startSealedFlow } from '../support/sealed-flow.ts';
import { CHECKS, destructivePlan, harmlessPlan, REPOSITORY, startFlow, workflow, type Flow } from '../support/flow.ts';

let flow: Flow;
afterEach(() => flow.close());

const OWN_ROUTE = '- { from: vcs, owners: [acme] }';
const routed = (route: string) => (yaml: string) => yaml.replace(/- \{ repository: acme\/terraform-gate \}/, route);
const ownFiles = { '.github/workflows/run-task.yml': workflow(), '.runtask/checks.yml': CHECKS };

async function startOwnRepositoryFlow(route: string): Promise<Flow> {
  const started = await startFlow({ relayYml: routed(route) });
  started.github.setFiles(REPOSITORY, ownFiles);
  const { variables } = started.gate;
  for (const [name, variable] of variables) started.github.getRepository(REPOSITORY).variables.set(name, variable);
  return started;
}

const EACH_STAGE = `version: 1
checks:
  - name: the configuration is there
    when: { stage: [pre_plan, post_plan, pre_apply] }
    run: { command: [grep, -q, larger, "$TF_CONFIGURATION/main.tf"], format: exit-code }
  - name: data stores stay
    when: { stage: [post_apply] }
    protect: { addresses: ["terraform_data.database*"] }
`;

async function configuration(): Promise<Uint8Array> {
  const tar = pack();
  tar.entry({ name: 'main.tf' }, '# larger\n');
  tar.finalize();
  return gzipSync(await buffer(tar));
}

describe('stages', () => {
  it('judges the plan in post_plan, pre_apply and post_apply, and tells apart what is advisory', async () => {
    flow = await startFlow({ stages: ['post_plan', 'pre_apply', 'post_apply'] });
    const run = await flow.begin();
    const outcome = await run.finished();
    await flow.github.idle();
    expect(outcome.taskResults.map(({ stage, status, terminalCount }) => [stage, status, terminalCount])).toEqual([
      ['post_plan', 'passed', 1],
      ['pre_apply', 'passed', 1],
      ['post_apply', 'passed', 1],
    ]);
    expect(outcome.status).toBe('applied');
    // One comment, of the latest stage.
    const comments = flow.github.comments(REPOSITORY, 7);
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toContain('post-apply');
  });

  it('stops the run when a mandatory check fails before the apply', async () => {
    flow = await startFlow({ stages: ['pre_apply'] });
    const run = await flow.begin({ plan: destructivePlan(), speculative: false });
    expect(await run.finished()).toMatchObject({ status: 'errored' });
  });

  it('says in pre_plan which check needs a plan, and fails: a check that cannot run is not a pass', async () => {
    flow = await startFlow({ stages: ['pre_plan'] });
    const { result } = await flow.run();
    expect(result).toMatchObject({ status: 'failed', terminalCount: 1 });
    expect(result.message).toMatch(/data stores stay \(.*plan/);
  });

  it('goes from the configuration to the apply, and says in each stage what is at hand', async () => {
    // Sealed, because a relay passes on only what is new in each second.
    const started = await startSealedFlow({
      stages: ['pre_plan', 'post_plan', 'pre_apply', 'post_apply'],
      checks: EACH_STAGE,
      workflow: workflow({ inputs: SEALED_INPUTS }),
    });
    flow = started.flow;
    const run = await flow.begin({ configuration: await configuration(), plan: destructivePlan(), vcs: null });
    const outcome = await run.finished();
    await flow.github.idle();
    expect(outcome.status).toBe('applied');
    expect(outcome.taskResults.map(({ stage, status, message, terminalCount }) => [stage, status, terminalCount, message])).toEqual([
      ['pre_plan', 'passed', 1, expect.stringContaining('passed')],
      ['post_plan', 'passed', 1, expect.stringContaining('passed')],
      ['pre_apply', 'passed', 1, expect.stringContaining('passed')],
      [
        'post_apply',
        'failed',
        1,
        expect.stringMatching(/data stores stay .*has been applied already: after the apply a run task tells, and stops nothing\.$/),
      ],
    ]);
    const fetching = outcome.taskResults.map(({ callbacks }) => JSON.stringify(callbacks).match(/Fetching the [^.]*\./)?.[0]);
    expect(fetching).toEqual([
      'Fetching the configuration.',
      'Fetching the plan and the configuration.',
      'Fetching the plan that is about to be applied, and the configuration.',
      'Fetching the plan that was applied, and the configuration.',
    ]);
  });

  it('passes pre_plan when a check that needs no plan has run', async () => {
    flow = await startFlow({ stages: ['pre_plan'], checks: 'version: 1\nchecks:\n  - name: always\n    run: { command: ["true"] }\n' });
    expect((await flow.run()).result).toMatchObject({ status: 'passed' });
  });
});

describe('what only hcp-token tells', () => {
  const CHECKS_OF_PROJECT = `version: 1
checks:
  - name: only here
    when: { project: "Default *", destroy: true }
    protect: { addresses: ["terraform_data.database*"] }
`;
  const inputs = (more: string): string =>
    `          relay-url: \${{ vars.RUNTASK_RELAY_URL }}\n          hcp-token: \${{ secrets.HCP_TOKEN }}\n${more}`;
  const HOSTS = '          hcp-hosts: ${{ vars.HCP_HOST }}\n';

  async function start(more: string): Promise<void> {
    flow = await startFlow({ checks: CHECKS_OF_PROJECT, workflow: workflow({ inputs: inputs(more) }) });
    setSecret(flow, 'HCP_TOKEN', flow.hcp.adminToken);
    setVariable(flow, 'HCP_HOST', flow.hcp.host);
  }
  const askedWith = (): (string | undefined)[] =>
    flow.hcp.seen.filter((one) => /\/(runs|workspaces|projects)\/[^/]+$/.test(one.path)).map((one) => one.headers['authorization']);

  it('the project, and whether the run destroys everything', async () => {
    await start(HOSTS);
    expect((await flow.run({ destroy: true, plan: destructivePlan() })).result.message).toContain('only here');
    expect(askedWith()).toEqual(Array(3).fill(`Bearer ${flow.hcp.adminToken}`));
    const { result } = await flow.run({ destroy: false, plan: harmlessPlan() });
    expect(result).toMatchObject({ status: 'failed', message: expect.stringContaining('None of 1 check applies') });
  });

  it('the token goes to no host that the workflow does not list, and the check says what is not known', async () => {
    await start('');
    const { result, workflowRun } = await flow.run({ destroy: true, plan: destructivePlan() });
    expect(result).toMatchObject({ status: 'failed', message: expect.stringContaining('hcp-token') });
    expect(workflowRun?.jobs[0]?.log).toContain(`not sent to ${flow.hcp.host}, which is not among hcp-hosts (app.terraform.io)`);
    expect(askedWith()).toEqual([]);
  });

  it('is a warning where it cannot be had, asked for again first when HCP Terraform is in trouble', async () => {
    await start(HOSTS);
    flow.hcp.failNext({ path: /\/workspaces\//, status: 503, times: 1 });
    flow.hcp.failNext({ path: /\/projects\//, status: 404, times: 1 });
    const { result, workflowRun } = await flow.run({ destroy: true, plan: destructivePlan() });
    expect(result).toMatchObject({ status: 'failed', message: expect.stringContaining('`when: project` cannot be told') });
    expect(workflowRun?.jobs[0]?.log).toContain('the project of this workspace is not known');
  });
});

describe('pull requests', () => {
  it('comments nowhere when the run has no pull request, and gives its verdict all the same', async () => {
    flow = await startFlow();
    const { result, comment } = await flow.run({ vcs: null });
    expect(result.status).toBe('passed');
    expect(comment).toBeUndefined();
  });

  it('finds the open pull request by its head commit when HCP names only the commit', async () => {
    flow = await startFlow();
    const url = `${flow.github.url}/${REPOSITORY}`;
    const { comment } = await flow.run({ vcs: { commitHash: flow.sha, repositoryUrl: url, branch: 'main' } });
    expect(comment?.body).toContain('net-prod');
  });
});

describe('layouts and routes', () => {
  it("judges in the workspace's own repository with `from: vcs`, with that job's own token", async () => {
    flow = await startOwnRepositoryFlow(OWN_ROUTE);
    const { result, workflowRun, comment } = await flow.run();
    expect(result.status).toBe('passed');
    expect(workflowRun?.repository.fullName).toBe(REPOSITORY);
    expect(comment?.author.login).toBe('github-actions[bot]');
  });

  it('refuses `from: vcs` for an owner that is not listed: whoever administers a workspace names its repository', async () => {
    flow = await startOwnRepositoryFlow('- { from: vcs, owners: [somebody-else] }');
    const { result, workflowRun } = await flow.run();
    expect(result).toMatchObject({ status: 'failed', terminalCount: 1 });
    expect(result.message).toMatch(/acme/);
    expect(workflowRun).toBeUndefined();
  });

  it.each([
    ['fail', 'failed'],
    ['pass', 'passed'],
  ])('gives a run that no route takes what `unrouted: %s` says', async (unrouted, status) => {
    flow = await startFlow({
      relayYml: (yaml) =>
        routed('- { repository: acme/terraform-gate, workspaces: ["db-*"] }')(yaml).replace('unrouted: fail', `unrouted: ${unrouted}`),
    });
    const { result, workflowRun } = await flow.run();
    expect(result).toMatchObject({ status, terminalCount: 1 });
    expect(result.message).toContain('net-prod');
    expect(workflowRun).toBeUndefined();
  });

  it('only observes where the route says so: passed, and the message says what would have failed', async () => {
    flow = await startFlow({ relayYml: routed('- { repository: acme/terraform-gate, observe: true }') });
    const { result, comment } = await flow.run({ plan: destructivePlan() });
    expect(result).toMatchObject({ status: 'passed', terminalCount: 1 });
    expect(result.message).toMatch(/would have failed: .*data stores stay/);
    expect(comment?.body).toContain('Observed only');
  });

  it('streams the plan through the relay with `plan: stream`, where runners cannot reach the object store', async () => {
    flow = await startFlow({ relayYml: (yaml) => yaml.replace('unrouted: fail', 'unrouted: fail\n    plan: stream') });
    expect((await flow.run()).result.status).toBe('passed');
    expect(flow.log.find((line) => line.event === 'plan handed over')?.fields).toMatchObject({ as: 'stream' });
  });

  it('takes the first route that matches', async () => {
    flow = await startFlow({
      relayYml: routed('- { repository: acme/terraform-gate, stages: [post_plan] }\n      - { repository: acme/nowhere }'),
    });
    expect((await flow.run()).result.status).toBe('passed');
  });
});

describe('the payload of the 2021 beta', () => {
  it('goes through the whole chain: version as text, no stage, no capabilities, `.git` and `/-/commit/`', async () => {
    flow = await startFlow();
    const { result, comment } = await flow.run({ apiForm: '2021-beta', plan: harmlessPlan() });
    expect(JSON.parse(flow.hcp.sent.at(-1)!.body)).toMatchObject({ payload_version: '1' });
    expect(JSON.parse(flow.hcp.sent.at(-1)!.body)).not.toHaveProperty('stage');
    expect(result).toMatchObject({ status: 'passed', terminalCount: 1 });
    // Its pull request URL is empty: the commit is what is known.
    expect(comment?.body ?? '').toContain('net-prod');
  });
});
