// A run as HCP Terraform tells it to a user's own token: read from the emulator, whose answers hold against the published description.
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  fetchApplyStatus,
  fetchProjectName,
  fetchRunDetails,
  fetchWorkspace,
  openRunConfiguration,
  openRunPlan,
  readRunUrl,
  type RunAddress,
} from '../../src/hcp/run.ts';
import { startHcpTerraform } from '../../src/emulators/hcp-terraform/index.ts';
import type { HcpTerraform, StartRun } from '../../src/emulators/hcp-terraform/types.ts';
import { loadConformance, missingDescriptions } from '../conformance/openapi.ts';
import { createJumpClock } from '../support/jump-clock.ts';

let hcp: HcpTerraform;
let running = false;
const PAGE = '<html>';
const clock = createJumpClock();
afterEach(async () => {
  if (!running) return;
  running = false;
  await hcp.close();
  // What a test made it say is no answer of HCP Terraform's.
  const seen = hcp.seen.filter((one) => one.responseBody !== PAGE);
  if (missingDescriptions === null) expect(loadConformance().checkSeen('hcp', seen)).toMatchObject({ violations: [], unknown: [] });
});

async function started(spec: Partial<StartRun> = {}): Promise<{ address: RunAddress; token: string }> {
  hcp = await startHcpTerraform({ clock });
  running = true;
  hcp.createOrganization('acme');
  hcp.createWorkspace({ organization: 'acme', name: 'net', workingDirectory: 'envs/prod', project: 'Payments' });
  const run = await hcp.startRun({ organization: 'acme', workspace: 'net', plan: { format_version: '1.2' }, confirmed: false, ...spec });
  await run.finished();
  const address = readRunUrl(`${hcp.url}/app/acme/workspaces/net/runs/${run.id}`);
  if (!address.ok) throw new Error(address.error);
  return { address: address.value, token: hcp.adminToken };
}
const textOf = async (body: ReadableStream<Uint8Array>): Promise<string> => new Response(body).text();

describe('readRunUrl', () => {
  const expected = {
    origin: 'https://app.terraform.io',
    host: 'app.terraform.io',
    organization: 'acme',
    workspace: 'net',
    runId: 'run-i3Df5to9ELvibKpQ',
  };

  it.each([
    'https://app.terraform.io/app/acme/workspaces/net/runs/run-i3Df5to9ELvibKpQ',
    'https://app.terraform.io/app/acme/net/runs/run-i3Df5to9ELvibKpQ',
    'https://app.terraform.io/app/acme/workspaces/net/runs/run-i3Df5to9ELvibKpQ/plan?x=1#y',
  ])('reads %s', (url) => expect(readRunUrl(url)).toEqual({ ok: true, value: expected }));

  it('takes a workspace that is called "workspaces"', () =>
    expect(readRunUrl('https://app.terraform.io/app/acme/workspaces/runs/run-i3Df5to9ELvibKpQ')).toMatchObject({
      value: { workspace: 'workspaces' },
    }));

  it.each([
    ['run-i3Df5to9ELvibKpQ', 'not a URL'],
    ['http://app.terraform.io/app/acme/net/runs/run-1', 'only https'],
    ['https://user:pw@app.terraform.io/app/acme/net/runs/run-1', 'user name or password'],
    ['https://app.terraform.io/app/acme/net', 'not the address of a run'],
    ['https://app.terraform.io/app/acme/net/runs/run-..%2f..', 'not the address of a run'],
    ['https://app.terraform.io/app/../net/runs/run-1', 'not the address of a run'],
  ])('refuses %s', (url, why) => expect(readRunUrl(url)).toEqual({ ok: false, error: expect.stringContaining(why) }));
});

describe('a run, with a token of the user', () => {
  it('tells what no run task carries: whether it destroys everything, and the project', async () => {
    const { address, token } = await started({ destroy: true, speculative: true, message: 'away with it' });
    const details = await fetchRunDetails(address, token, { fetch });
    expect(details).toEqual({
      ok: true,
      value: {
        message: 'away with it',
        createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
        status: 'planned_and_finished',
        destroy: true,
        speculative: true,
        workspaceId: expect.stringMatching(/^ws-/),
        configurationVersionId: expect.stringMatching(/^cv-/),
        applyId: expect.stringMatching(/^apply-/),
      },
    });
    if (!details.ok) return;
    const { workspaceId } = details.value;
    const workspace = await fetchWorkspace(address.origin, workspaceId, token, { fetch });
    expect(workspace).toEqual({
      ok: true,
      value: { name: 'net', workingDirectory: 'envs/prod', projectId: expect.stringMatching(/^prj-/) },
    });
    if (!workspace.ok) return;
    expect(await fetchProjectName(address.origin, workspace.value, token, { fetch })).toEqual({ ok: true, value: 'Payments' });
  });

  it('gives plan and configuration, and the object store never sees the token', async () => {
    const { address, token } = await started({ configuration: Buffer.from('a tar') });
    const plan = await openRunPlan(address, token, { fetch });
    expect(plan.kind === 'stream' ? JSON.parse(await textOf(plan.body)) : plan).toEqual({ format_version: '1.2' });
    const details = await fetchRunDetails(address, token, { fetch });
    const cv = details.ok ? details.value.configurationVersionId! : '';
    const configuration = await openRunConfiguration(address.origin, cv, token, { fetch });
    expect(configuration.kind === 'stream' ? await textOf(configuration.body) : configuration).toBe('a tar');
    const store = hcp.seen.filter((one) => one.server === 'store');
    expect(store.map((one) => one.headers['authorization'])).toEqual([undefined, undefined]);
  });

  it.each(['finished', 'errored'] as const)('tells how the apply ended: %s', async (applyEnds) => {
    const { address, token } = await started({ confirmed: true, applyEnds });
    const details = await fetchRunDetails(address, token, { fetch });
    const applyId = details.ok ? details.value.applyId! : '';
    expect(details).toMatchObject({ value: { status: applyEnds === 'finished' ? 'applied' : 'errored' } });
    expect(await fetchApplyStatus(address.origin, applyId, token, { fetch })).toEqual({ ok: true, value: applyEnds });
  });

  it('says in words what it may not, without the token', async () => {
    const { address, token } = await started({ plan: null });
    const other = { ...address, runId: 'run-nobody' };
    const answers = [
      await fetchRunDetails(address, 'not-a-token', { fetch }),
      await fetchRunDetails(other, token, { fetch }),
      await openRunPlan(address, token, { fetch }),
      await openRunPlan(address, 'not-a-token', { fetch }),
      await openRunConfiguration(address.origin, 'cv-none', token, { fetch }),
    ];
    expect(answers).toEqual([
      { ok: false, error: { detail: 'HCP Terraform refused the token: it is wrong, expired or revoked', retryable: false } },
      { ok: false, error: { detail: 'HCP Terraform does not know the run run-nobody, or the token may not read it', retryable: false } },
      { kind: 'unavailable', reason: 'not-found', detail: expect.stringContaining('permission admin on the workspace') },
      { kind: 'unavailable', reason: 'token-expired', detail: expect.stringContaining('wrong, expired or revoked') },
      { kind: 'unavailable', reason: 'not-found', detail: expect.stringContaining('has discarded it') },
    ]);
    expect(JSON.stringify(answers)).not.toContain('not-a-token');
  });

  it.each([
    ['trouble that may pass', { status: 502 }, { detail: 'HCP Terraform answered 502 when asked for the run', retryable: true }],
    ['a redirect, which is not followed', { status: 302, headers: { location: 'http://127.0.0.1:9/x' } }, { retryable: false }],
    ['a page instead of an answer', { status: 200, body: PAGE }, { retryable: true }],
  ])('tells apart %s', async (_what, weather, error) => {
    const { address, token } = await started();
    hcp.failNext({ path: /\/runs\//, ...weather });
    const answer = await fetchRunDetails(address, token, { fetch });
    expect(answer).toMatchObject({ ok: false, error: { retryable: error.retryable } });
    expect(hcp.seen.filter((one) => one.server === 'api')).toHaveLength(1);
  });
});
