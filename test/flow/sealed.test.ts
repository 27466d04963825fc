// The sealed transport through the whole chain: the relay forgets, the action opens, checks and answers by itself.
import { afterEach, describe, expect, it } from '@jest/globals';
import { createRelayKey, createSealKey, type KeyPair } from '../../src/sealed/keys.ts';
import { destructivePlan, startFlow, workflow, type Flow, type FlowOptions } from '../support/flow.ts';

let flow: Flow;
afterEach(() => flow.close());

async function startSealed(
  options: FlowOptions = {},
  change: (keys: { relay: KeyPair; seal: KeyPair }) => Promise<{ relay: KeyPair; seal: KeyPair }> = async (keys) => keys,
): Promise<Flow> {
  const keys = { relay: await createRelayKey(), seal: await createSealKey() };
  const inWorkflow = await change(keys);
  const started = await startFlow({
    ...options,
    secrets: { SIGNING: JSON.stringify(keys.relay.privateJwk), SEAL_PUBLIC: JSON.stringify(keys.seal.publicJwk) },
    relayYml: (yaml) =>
      yaml
        .replace('tasks:', 'signing_key: { env: SIGNING }\ntasks:')
        .replace('unrouted: fail', 'unrouted: fail\n    transport: sealed\n    seal_public_key: { env: SEAL_PUBLIC }')
        .replace('acme/terraform-gate }', `acme/terraform-gate${options.enforcementLevel === 'advisory' ? ', observe: true' : ''} }`),
    workflow: workflow({
      inputs:
        '          seal-key: ${{ secrets.SEAL_KEY }}\n          relay-key: ${{ vars.RELAY_KEY }}\n          hcp-hosts: ${{ vars.HCP_HOST }}\n          comment: none\n          commit-status: false\n',
      permissions: '{ contents: read }',
    }),
  });
  const now = started.clock.now();
  const variable = (name: string, value: string): void =>
    void started.gate.variables.set(name, { name, value, createdAt: now, updatedAt: now });
  started.gate.secrets.set('SEAL_KEY', {
    name: 'SEAL_KEY',
    value: JSON.stringify(inWorkflow.seal.privateJwk),
    encrypted: null,
    createdAt: 0,
    updatedAt: 0,
  });
  variable('RELAY_KEY', JSON.stringify(inWorkflow.relay.publicJwk));
  variable('HCP_HOST', started.hcp.host);
  return started;
}

describe('a sealed run task', () => {
  it('passes and fails as in a relay session, without an OIDC token', async () => {
    flow = await startSealed();
    expect((await flow.run()).result).toMatchObject({ status: 'passed', terminalCount: 1 });
    expect((await flow.run({ plan: destructivePlan() })).result).toMatchObject({ status: 'failed', terminalCount: 1 });
    expect(flow.github.seen.some((one) => one.path.includes('idtoken'))).toBe(false);
  });

  it('only observes where the route says so', async () => {
    flow = await startSealed({ enforcementLevel: 'advisory' });
    const { result } = await flow.run({ plan: destructivePlan() });
    expect(result).toMatchObject({ status: 'passed', message: expect.stringMatching(/would have failed: .*data stores stay/) });
  });

  it('keeps trying to deliver while HCP Terraform answers 500', async () => {
    flow = await startSealed();
    const run = await flow.begin();
    await flow.jobSays('Plan fetched');
    flow.hcp.failNext({ path: /\/callback/, status: 500, times: 2 });
    expect(await run.stage('post_plan')).toMatchObject({ status: 'passed', terminalCount: 1 });
  });

  it('says in post what happened when an earlier step fails', async () => {
    flow = await startSealed();
    flow.github.setFiles('acme/terraform-gate', {
      '.github/workflows/run-task.yml': (
        flow.gate.commits.get(flow.gate.branches.get('main')!)!.files.get('.github/workflows/run-task.yml') as string
      ).replace('      - name: run task', '      - run: exit 1\n      - name: run task'),
    });
    expect((await flow.run()).result).toMatchObject({
      status: 'failed',
      terminalCount: 1,
      message: expect.stringContaining('earlier step'),
    });
  });

  it.each<[string, (keys: { relay: KeyPair; seal: KeyPair }) => Promise<{ relay: KeyPair; seal: KeyPair }>, string]>([
    ['the relay seals for another key', async (keys) => ({ ...keys, seal: await createSealKey() }), 'the relay seals for another key'],
    [
      'another relay signed',
      async (keys) => ({ ...keys, relay: await createRelayKey() }),
      'not signed by the relay of the input relay-key',
    ],
  ])('is refused when %s, and the log says what to compare', async (_, change, reason) => {
    flow = await startSealed({}, change);
    await flow.begin();
    const run = await flow.github.waitForRun((one) => one.status === 'completed');
    expect(run.conclusion).toBe('failure');
    expect(run.jobs[0]?.log).toContain(reason);
  });

  it('sends its token to no host that is not in hcp-hosts', async () => {
    flow = await startSealed();
    flow.gate.variables.set('HCP_HOST', { name: 'HCP_HOST', value: 'app.terraform.io', createdAt: 0, updatedAt: 0 });
    const before = flow.hcp.seen.length;
    await flow.begin();
    const run = await flow.github.waitForRun((one) => one.status === 'completed');
    expect(run.jobs[0]?.log).toContain('which is not among the allowed hosts (app.terraform.io)');
    expect(flow.hcp.seen.slice(before).filter((one) => one.body.includes('passed') || one.path.includes('json-output'))).toEqual([]);
  });
});
