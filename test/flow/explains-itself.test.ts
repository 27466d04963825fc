// Whatever is missing or broken: `failed`, once, with a sentence that a person can act on, the same in HCP and in the comment.
import { afterEach, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { CHECKS, harmlessPlan, startFlow, workflow, type Flow, type FlowOptions } from '../support/flow.ts';

let flow: Flow;
afterEach(() => flow.close());

const always = (command: string): string => `version: 1\nchecks:\n  - name: tool\n    run: { command: ${command} }\n`;

async function expectFailure(options: FlowOptions, spec: Parameters<Flow['run']>[0], reason: RegExp): Promise<void> {
  flow = await startFlow(options);
  const { result, comment, workflowRun } = await flow.run(spec);
  expect(result).toMatchObject({ status: 'failed', terminalCount: 1, message: expect.stringMatching(reason) });
  expect(comment?.body.split('\n')[1]).toMatch(/^### ❌ net-prod/);
  expect(workflowRun?.conclusion).toBe('success');
}

describe('the checks file', () => {
  it.each<[string, string | null, RegExp]>([
    ['is missing', null, /no checks file at \.runtask\/checks\.yml.*actions\/checkout/],
    ['is empty', '', /checks\.yml/],
    ['has an empty list', 'version: 1\nchecks: []\n', /lists none|at least one|no check/i],
    ['is no YAML', 'version: 1\nchecks: [', /checks\.yml:\d+:\d+/],
    ['has a misspelled key', `${CHECKS}    enforced: advisory\n`, /checks\.yml:5:.*enforced/],
    ['has an unknown kind', 'version: 1\nchecks:\n  - name: a\n    sentinel: { x: 1 }\n', /sentinel/],
    ['has a bad expression', 'version: 1\nchecks:\n  - name: a\n    cel: { assert: "after.x ==" }\n', /checks\.yml:4:/],
    [
      'has only checks that do not apply',
      `${CHECKS}    when: { workspace: "db-*" }\n`,
      /None of 1 check applies.*for workspace db-\*.*when_none_apply/,
    ],
    ['has only advisory checks', `${CHECKS}    enforce: advisory\n`, /Only advisory checks ran/],
  ])('%s', (_, checks, reason) => expectFailure({ checks }, {}, reason));

  it('is not there because nothing was checked out', () =>
    expectFailure(
      { workflow: workflow().replace(/ +- uses: actions\/checkout@v6\n/, '') },
      {},
      /no checks file.*check the repository out/,
    ));
});

describe('a check', () => {
  it.each<[string, string, RegExp]>([
    ['crashes', always('[sh, -c, "kill -9 $$"]'), /tool \(.*(SIGKILL|signal|killed)/],
    ['is not installed', always('[no-such-scanner]'), /no-such-scanner.*(step|installed)/],
    ['does not end', `${always('[sleep, "60"]')}    timeout: 500ms\n`, /tool \(.*500 ?ms/],
    ['leaves no report', always('["true"], format: sarif, report: out.sarif'), /out\.sarif/],
    ['cannot be evaluated', 'version: 1\nchecks:\n  - name: tags\n    cel: { assert: "after.nothing.there" }\n', /tags \(.*nothing/],
  ])('%s', (_, checks, reason) => expectFailure({ checks }, {}, reason));
});

describe('the plan', () => {
  it.each<[string, Parameters<Flow['run']>[0], RegExp]>([
    ['is not there', { plan: null }, /does not know this plan/],
    ['was made by Terraform 0.11', { planAnswer: 'unsupported-terraform' }, /Terraform 0\.12/],
    ['is not JSON', { plan: Buffer.from('Terraform will perform the following actions') }, /not JSON|JSON/],
    ['is a state', { plan: { version: 4, terraform_version: '1.11.4', serial: 3, lineage: 'a', resources: [], outputs: {} } }, /state/],
    ['was not made to its end', { plan: { ...harmlessPlan(), errored: true } }, /met an error while it planned/],
    ['is half of one', { plan: Buffer.from(JSON.stringify(harmlessPlan()).slice(0, 100)) }, /JSON/],
    [
      'is of a future format',
      { plan: { format_version: '9.0', resource_changes: [] } },
      /could not be read: Unsupported format version.*1\.x/,
    ],
  ])('%s', (_, spec, reason) => expectFailure({}, spec, reason));

  it('is read after HCP has said twice that it is not ready', async () => {
    flow = await startFlow();
    expect((await flow.run({ planAnswer: { notReadyTimes: 2 } })).result.status).toBe('passed');
  });

  it('is fetched again when it breaks off on its way', async () => {
    flow = await startFlow();
    flow.hcp.failNext({ server: 'store', cutAfterBytes: 50 });
    expect((await flow.run()).result.status).toBe('passed');
  });
});

describe('the configuration', () => {
  async function tar(name: string): Promise<Uint8Array> {
    const archive = pack();
    archive.entry({ name }, 'resource "terraform_data" "x" {}\n');
    archive.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of archive) chunks.push(chunk as Buffer);
    return gzipSync(Buffer.concat(chunks));
  }
  const lists = 'version: 1\nchecks:\n  - name: lists\n    run: { command: [test, -f, $TF_CONFIGURATION/main.tf] }\n';

  it('is unpacked outside of the workspace, where tools find it', async () => {
    flow = await startFlow({ checks: lists });
    const { result, workflowRun } = await flow.run({ configuration: await tar('main.tf') });
    expect(result).toMatchObject({ status: 'passed' });
    const [job] = workflowRun!.jobs;
    const folder = job!.steps.find((step) => step.phase === 'main' && step.outputs['configuration'])!.outputs['configuration']!;
    expect(folder.startsWith(job!.workspace)).toBe(false);
  });

  it('is refused when it wants to write elsewhere, and a check that needs it says so', async () => {
    flow = await startFlow({ checks: lists });
    const { result, workflowRun } = await flow.run({ configuration: await tar('../../evil.tf') });
    expect(result).toMatchObject({ status: 'failed', terminalCount: 1 });
    expect(workflowRun?.jobs[0]?.log).toContain('leads out of the folder');
  });
});

describe('the workflow', () => {
  it('has wrong inputs: HCP is told which, and what to write', () =>
    expectFailure(
      { workflow: workflow({ inputs: '          relay-url: ${{ vars.RUNTASK_RELAY_URL }}\n          comment: sometimes\n' }) },
      {},
      /input comment: use one of/,
    ));

  it('may not ask for an OIDC token: the log says which permission is missing, the relay that no job came', async () => {
    flow = await startFlow({ workflow: workflow({ permissions: '{ contents: read, pull-requests: write, statuses: write }' }) });
    const run = await flow.begin();
    await flow.github.waitForRun((one) => one.status === 'completed');
    expect(flow.github.runs[0]?.jobs[0]?.log).toContain('id-token: write');
    await flow.clock.jump(6 * 60_000);
    expect(await run.stage('post_plan')).toMatchObject({ status: 'failed', terminalCount: 1 });
  });

  it('reaches the relay under another address than its public_url: log, job and verdict say that the two must be the same', async () => {
    flow = await startFlow({ relayYml: (yaml) => yaml.replace('public_url: http://127.0.0.1:', 'public_url: http://localhost:') });
    const run = await flow.begin();
    const refused = await flow.logged('claim refused');
    const publicUrl = flow.relayUrl.replace('127.0.0.1', 'localhost');
    expect(refused.fields).toMatchObject({ reason: 'other-audience', relay_url: flow.relayUrl, public_url: publicUrl });
    await flow.github.waitForRun((one) => one.status === 'completed');
    expect(flow.github.runs[0]?.jobs[0]?.log).toMatch(/relay-url must be the public_url of relay\.yml, letter for letter/);
    await flow.clock.jump(6 * 60_000);
    const { message } = await run.stage('post_plan');
    expect(message).toContain(`the relay-url ${flow.relayUrl}, and public_url in relay.yml is ${publicUrl}`);
  });

  it('names another relay in no way that a payload could: only relay-url counts', async () => {
    flow = await startFlow();
    const { workflowRun } = await flow.run();
    const payload = JSON.stringify(workflowRun?.payload);
    expect(payload).not.toContain(flow.relayUrl);
    // An event that somebody else sends, with a URL in it, is not a run task: nothing is asked of that host.
    const before = flow.github.runs.length;
    const token = flow.github.createPersonalToken({
      login: 'mallory',
      permissions: { contents: 'write' },
      repositories: ['acme/terraform-gate'],
    });
    const sent = (JSON.parse(flow.github.seen.find((one) => one.path.endsWith('/dispatches'))!.body) as { client_payload: object })
      .client_payload;
    const answer = await fetch(`${flow.github.apiUrl}/repos/acme/terraform-gate/dispatches`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ event_type: 'hcp-terraform-run-task', client_payload: { ...sent, relay_url: 'http://127.0.0.1:9' } }),
    });
    expect(answer.status).toBe(204);
    await flow.github.idle();
    const forged = flow.github.runs[before];
    expect(forged?.conclusion).toBe('failure');
    expect(forged?.jobs[0]?.log).toContain('carries no run task of version 1');
  });
});
