// One comment for all workspaces of a pull request: nobody's section gets lost, whoever writes when, and whatever goes away in between.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Comment } from '../../src/emulators/github/index.ts';
import { GATE, ORGANIZATION } from '../../src/cli/demo/chain.ts';
import { change, destructivePlan, planOf, PULL_REQUEST, REPOSITORY, startFlow, WORKSPACE, workflow, type Flow } from '../support/flow.ts';
import { startRelayFront, type RelayFront } from '../support/relay-front.ts';
import { SEALED_INPUTS, setSecret, setVariable, startSealedFlow } from '../support/sealed-flow.ts';

let flow: Flow;
let front: RelayFront | null = null;
afterEach(async () => {
  await flow.close();
  await front?.close();
  front = null;
});

const RELAY_INPUTS = '          relay-url: ${{ vars.RUNTASK_RELAY_URL }}\n';
const PER_WORKSPACE = workflow({ inputs: `${RELAY_INPUTS}          comment: per-workspace\n` });
const COMMENTS = /\/issues\/(\d+\/comments|comments\/\d+)/;
const SECOND = 1000;

const comments = (): Comment[] => flow.github.comments(REPOSITORY, PULL_REQUEST);
const only = (): Comment => {
  expect(comments()).toHaveLength(1);
  return comments()[0]!;
};
const writes = (): string[] =>
  flow.github.seen.filter((one) => COMMENTS.test(one.path) && one.method !== 'GET').map(({ method, status }) => `${method} ${status}`);
const logs = (): string => flow.github.runs.flatMap((run) => run.jobs.map((job) => job.log)).join('\n');

/** A plan of its own for each workspace: equal ones are told together. */
const planFor = (workspace: string): object =>
  planOf([change(`terraform_data.${workspace.replaceAll('-', '_')}`, ['create'], null, { input: workspace })]);

function addWorkspace(name: string): string {
  const url = `${flow.github.url}/${REPOSITORY}`;
  flow.hcp.createWorkspace({ organization: ORGANIZATION, name, vcs: { repositoryUrl: url, branch: 'main' } });
  flow.hcp.attachRunTask({
    organization: ORGANIZATION,
    workspace: name,
    task: 'gate',
    stages: ['post_plan'],
    enforcementLevel: 'mandatory',
  });
  return name;
}

async function runs(names: readonly string[]): Promise<void> {
  const begun = await Promise.all(names.map((workspace) => flow.begin({ workspace, plan: planFor(workspace) })));
  await Promise.all(begun.map((run) => run.stage('post_plan')));
  await flow.github.idle();
}

async function startBehindFront(): Promise<RelayFront> {
  front = await startRelayFront();
  flow = await startFlow(front.options);
  front.lead(flow);
  return front;
}

describe('the combined comment', () => {
  it('tells of two workspaces, and is the comment-url of both', async () => {
    flow = await startFlow();
    const first = await flow.run();
    const second = await flow.run({ workspace: addWorkspace('net-dev'), plan: destructivePlan() });
    expect(only().body).toMatch(/^<!-- runtask combined v1 \{"task":"gate\/127\.0\.0\.1:\d+","revision":\d+\} -->\n/);
    for (const text of [WORKSPACE, 'net-dev', 'terraform_data.database']) expect(only().body).toContain(text);
    expect(writes()).toEqual(['POST 201', 'PATCH 200']);
    const urls = [first, second].map(({ workflowRun }) =>
      workflowRun?.jobs[0]?.steps.map(({ outputs }) => outputs['comment-url']).find(Boolean),
    );
    expect(urls).toEqual(Array.from({ length: 2 }, () => expect.stringMatching(new RegExp(`/pull/7#issuecomment-${only().id}$`))));
  });

  it('holds all of twenty at the end, one of whom stalled thirty seconds between reading and writing', async () => {
    flow = await startFlow();
    const names = Array.from({ length: 20 }, (_, index) => addWorkspace(`team-${String(index + 1).padStart(2, '0')}`));
    // The first change is on its way for thirty seconds; the lock is given to somebody else after twenty.
    flow.github.failNext({ method: 'PATCH', path: COMMENTS, delayMs: 30 * SECOND });
    const all = runs(names);
    const patches = (): number[] =>
      flow.github.seen.filter((one) => one.method === 'PATCH' && COMMENTS.test(one.path)).map(({ status }) => status);
    await flow.until(() => patches().length === 1);
    await flow.clock.jump(21 * SECOND);
    await flow.until(() => flow.github.runs.filter((run) => run.status === 'completed').length === 19);
    expect(names.filter((name) => !only().body.includes(name))).toEqual([]);
    // Now it arrives: it was rendered from a few sections, and is the last that was written.
    expect(patches()[0]).toBe(0);
    await flow.clock.jump(9 * SECOND);
    await flow.until(() => patches()[0] === 200);
    await all;

    const { body } = only();
    expect(names.filter((name) => !body.includes(name))).toEqual([]);
    expect(logs()).toContain('It is written once more, from all sections');
    // Nineteen of the twenty wait for somebody; few of them have to write.
    expect(writes().length).toBeLessThan(20);
    expect(flow.github.runs.map((run) => run.conclusion)).toEqual(names.map(() => 'success'));
  }, 120_000);

  it('is made again when a person has deleted it', async () => {
    flow = await startFlow();
    await flow.run();
    const token = flow.github.createPersonalToken({ login: 'mona', permissions: { pull_requests: 'write' }, repositories: [REPOSITORY] });
    const deleted = await fetch(`${flow.github.apiUrl}/repos/${REPOSITORY}/issues/comments/${only().id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(deleted.status).toBe(204);
    await flow.run({ workspace: addWorkspace('net-dev'), plan: planFor('net-dev') });
    expect(only().body).toContain(WORKSPACE);
    expect(only().body).toContain('net-dev');
  });

  it('of a newer run stays when an older one of the same workspace ends later', async () => {
    flow = await startFlow();
    await flow.run();
    const shown = only().body;
    const hourAgo = new Date(flow.clock.now() - 3_600_000).toISOString();
    const { result, workflowRun } = await flow.run({
      plan: destructivePlan(),
      mutatePayload: (payload) => ({ ...payload, run_created_at: hourAgo }),
    });
    expect(result.status).toBe('failed');
    expect(only().body).toBe(shown);
    expect(workflowRun?.jobs[0]?.log).toContain('a newer run of this workspace');
  });

  it('takes the place of the first comment of the older kind, and shrinks the others to a line; and back again', async () => {
    flow = await startFlow({ workflow: PER_WORKSPACE });
    await flow.run();
    await flow.run({ workspace: addWorkspace('net-dev') });
    const [prod, dev] = comments().map(({ id }) => id);

    flow.github.setFiles(GATE, { '.github/workflows/run-task.yml': workflow() });
    await flow.run();
    expect(comments().map(({ id, body }) => [id, body.startsWith('<!-- runtask combined v1 ')])).toEqual([
      [prod, true],
      [dev, false],
    ]);
    await flow.run({ workspace: 'net-dev' });
    expect(comments()[0]?.body).toContain('net-dev');
    expect(comments()[1]?.body).toMatch(
      /^<!-- runtask v1 .*"workspace":"net-dev".* -->\nThis is told in \[the comment for all workspaces\]\(http:[^)]*\/pull\/7#issuecomment-\d+\) now\.\n$/,
    );

    flow.github.setFiles(GATE, { '.github/workflows/run-task.yml': PER_WORKSPACE });
    await flow.run({ workspace: 'net-dev', plan: destructivePlan() });
    expect(comments()).toHaveLength(2);
    expect(comments()[1]?.body).toContain('terraform_data.database');
  });

  it('waits as long as GitHub asks when it limits comments, and makes no second one', async () => {
    flow = await startFlow();
    flow.github.failNext({
      method: 'POST',
      path: COMMENTS,
      status: 403,
      headers: { 'retry-after': '1' },
      body: { message: 'You have exceeded a secondary rate limit and have been temporarily blocked from content creation.' },
    });
    const { workflowRun } = await flow.run();
    expect(workflowRun?.conclusion).toBe('success');
    expect(only().body).toContain(WORKSPACE);
    expect(writes()).toEqual(['POST 403', 'POST 201']);
  });

  it('is one for each workspace with the sealed transport: twenty of them', async () => {
    const started = await startSealedFlow({ workflow: workflow({ inputs: SEALED_INPUTS }) });
    flow = started.flow;
    // The job's own token writes: the workflow lives where the pull request is.
    flow.github.createPullRequest({ repository: GATE, number: PULL_REQUEST, headSha: 'e'.repeat(40), headRef: 'topic' });
    const names = Array.from({ length: 20 }, (_, index) => addWorkspace(`team-${String(index + 1).padStart(2, '0')}`));
    const url = `${flow.github.url}/${GATE}`;
    const vcs = {
      commitHash: 'e'.repeat(40),
      commitUrl: `${url}/commit/${'e'.repeat(40)}`,
      pullRequestUrl: `${url}/pull/7`,
      branch: 'main',
      repositoryUrl: url,
    };
    const begun = await Promise.all(names.map((workspace) => flow.begin({ workspace, plan: planFor(workspace), vcs })));
    await Promise.all(begun.map((run) => run.stage('post_plan')));
    await flow.github.idle();
    const made = flow.github.comments(GATE, PULL_REQUEST).map(({ body }) => /^<!-- runtask v1 .*"workspace":"([^"]*)"/.exec(body)?.[1]);
    expect(made.sort()).toEqual(names);
  }, 120_000);
});

describe('a relay that is not as it should be', () => {
  it('is older and keeps no sections: a comment for this workspace, and a warning that names the upgrade', async () => {
    const relay = await startBehindFront();
    relay.intercept = ({ path }) => (path.includes('/comment/') ? 404 : 'pass');
    const { workflowRun } = await flow.run();
    expect(only().body).toMatch(/^<!-- runtask v1 /);
    const [warning] = workflowRun?.jobs[0]?.annotations.filter(({ message }) => message.includes('No place in the comment')) ?? [];
    expect(warning).toMatchObject({ kind: 'warning', message: expect.stringContaining('Upgrade it, or set `comment: per-workspace`') });
    expect(workflowRun?.conclusion).toBe('success');
  });

  it('goes away between lock and release: the comment is there, and the next run goes on in it', async () => {
    const relay = await startBehindFront();
    relay.intercept = async ({ path }) => {
      if (!path.endsWith('/comment/release')) return 'pass';
      await flow.stopRelay();
      return 'cut';
    };
    const { workflowRun } = await flow.run();
    expect(workflowRun?.conclusion).toBe('success');
    expect(workflowRun?.jobs[0]?.log).toContain('The relay was not told that we are done with the comment');
    const { id } = only();

    relay.intercept = () => 'pass';
    await flow.startRelay();
    await flow.clock.jump(30 * SECOND);
    await flow.run({ workspace: addWorkspace('net-dev'), plan: planFor('net-dev') });
    expect(only()).toMatchObject({ id, body: expect.stringContaining('net-dev') });
    expect(only().body).toContain(WORKSPACE);
  });

  it('keeps the lock with somebody who is gone: it is waited for, and the comment comes', async () => {
    const relay = await startBehindFront();
    let isFirst = true;
    relay.intercept = ({ path }) => {
      const isGone = isFirst && path.endsWith('/comment/release');
      if (isGone) isFirst = false;
      return isGone ? 404 : 'pass';
    };
    await flow.run();
    const second = flow.run({ workspace: addWorkspace('net-dev'), plan: planFor('net-dev') });
    await flow.until(
      () => relay.passed.filter(({ path, answer }) => path.endsWith('/comment/lock') && answer.includes('"wait"')).length > 0,
    );
    await flow.clock.jump(25 * SECOND);
    await second;
    expect(only().body).toContain('net-dev');
  });
});

describe('a run that HCP Terraform names no pull request for', () => {
  const STAGES = ['post_plan', 'post_apply'] as const;

  async function applyAfterMerge(inputs: string, applyEnds: 'finished' | 'errored'): Promise<string> {
    flow = await startFlow({ stages: STAGES, workflow: workflow({ inputs: `${RELAY_INPUTS}${inputs}` }) });
    setSecret(flow, 'HCP_TOKEN', flow.hcp.adminToken);
    setVariable(flow, 'HCP_HOST', flow.hcp.host);
    await flow.run({ speculative: true });
    const { sha } = flow.github.mergePullRequest(REPOSITORY, PULL_REQUEST);
    const url = `${flow.github.url}/${REPOSITORY}`;
    await flow.run({
      stage: 'post_apply',
      speculative: false,
      applyEnds,
      vcs: { commitHash: sha, commitUrl: `${url}/commit/${sha}`, pullRequestUrl: null, branch: 'main', repositoryUrl: url },
    });
    return only().body;
  }

  it.each([
    ['finished', /net-prod: applied /],
    ['errored', /net-prod: apply failed /],
  ] as const)('finds the one that was merged as its commit, and says how the apply ended: %s', async (applyEnds, word) => {
    const token = '          hcp-token: ${{ secrets.HCP_TOKEN }}\n          hcp-hosts: ${{ vars.HCP_HOST }}\n';
    expect(await applyAfterMerge(token, applyEnds)).toMatch(word);
  });

  it('claims no success where nobody told it', async () => {
    const body = await applyAfterMerge('', 'errored');
    expect(body).toMatch(/net-prod: apply over, how it ended is not known /);
    expect(body).not.toMatch(/\bapplied\b/i);
  });
});
