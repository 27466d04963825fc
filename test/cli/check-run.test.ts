// `runtask check --run`, `--replay` and `--explain` as a process, against the emulator of HCP Terraform.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/base/clock.ts';
import { startHcpTerraform } from '../../src/emulators/hcp-terraform/index.ts';
import type { HcpTerraform } from '../../src/emulators/hcp-terraform/types.ts';
import { change, planOf } from '../support/flow.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/cli/index.ts');
const CHECKS = `version: 1
checks:
  - { name: stores stay, when: { workspace: net, project: Payments, destroy: false }, protect: { types: [aws_db_instance] } }
  - { name: small, cel: { assert: after.n < 3 } }
`;

let folder: string;
let hcp: HcpTerraform | null = null;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cli-check-run-'));
  mkdirSync(path.join(folder, '.runtask'));
  mkdirSync(path.join(folder, 'tmp'));
  writeFileSync(path.join(folder, '.runtask/checks.yml'), CHECKS);
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await hcp?.close();
  hcp = null;
});

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Not spawnSync: the server that answers lives in this process. */
function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const base = { PATH: process.env['PATH'], HOME: folder, TMPDIR: path.join(folder, 'tmp'), NODE_NO_WARNINGS: '1' };
    const child = spawn(process.execPath, [MAIN, 'check', ...args], { cwd: folder, env: { ...base, ...env } });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += String(chunk)));
    child.stderr.on('data', (chunk: Buffer) => (said.stderr += String(chunk)));
    child.on('close', (status) => resolve({ status, ...said }));
  });
}

const PLAN = planOf([
  change('aws_db_instance.a', ['delete'], { n: 1 }, null),
  change('aws_x.b', ['update'], { n: 1 }, { n: 5, password: 'hunter2-secret' }, { after_sensitive: { password: true } }),
]);

async function startedRun(): Promise<{ url: string; host: string; token: string }> {
  hcp = await startHcpTerraform({ clock: systemClock });
  hcp.createOrganization('acme');
  hcp.createWorkspace({ organization: 'acme', name: 'net', project: 'Payments' });
  const started = await hcp.startRun({ organization: 'acme', workspace: 'net', plan: PLAN, confirmed: false });
  await started.finished();
  return { url: `${hcp.url}/app/acme/workspaces/net/runs/${started.id}`, host: new URL(hcp.url).host, token: hcp.adminToken };
}

describe('runtask check --run', () => {
  it('judges a run of HCP Terraform by its own facts and plan, and leaves nothing behind', async () => {
    const { url, host, token } = await startedRun();
    const { status, stdout, stderr } = await run(['--run', url, '--json'], { TFE_HOSTNAME: host, TFE_TOKEN: token });
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: { status: 'failed' },
      results: [
        { check: 'stores stay', status: 'failed', findings: [{ address: 'aws_db_instance.a' }] },
        { check: 'small', status: 'failed', findings: [{ address: 'aws_x.b' }] },
      ],
    });
    expect(stdout + stderr).not.toContain(token);
    expect(readdirSync(path.join(folder, 'tmp'))).toEqual([]);
  });

  it('finds the token where terraform login has put it', async () => {
    const { url, host, token } = await startedRun();
    mkdirSync(path.join(folder, '.terraform.d'));
    writeFileSync(path.join(folder, '.terraform.d/credentials.tfrc.json'), JSON.stringify({ credentials: { [host]: { token } } }));
    expect(await run(['--run', url])).toMatchObject({ status: 1, stdout: expect.stringContaining('stores stay') });
  });

  it('sends no token to a host that it is not of', async () => {
    const { url, token } = await startedRun();
    const asked = hcp?.seen.length;
    const ended = await run(['--run', url], { TFE_TOKEN: token, TF_TOKEN_app_terraform_io: token });
    expect(ended).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/there is no token for 127\.0\.0\.1:\d+: run `terraform login/),
    });
    expect(hcp?.seen.length).toBe(asked);
  });

  it.each([
    ['a wrong token', 'wrong', /refused the token|does not know the run/],
    ['something that is no run', null, /not a URL|not the address of a run/],
  ])('says what to do with %s', async (_what, token, expected) => {
    const started = await startedRun();
    const url = token === null ? 'run-123' : started.url;
    const ended = await run(['--run', url], { TFE_HOSTNAME: started.host, TFE_TOKEN: token ?? started.token });
    expect(ended).toMatchObject({ status: 2, stderr: expect.stringMatching(expected) });
  });
});

describe('runtask check --replay', () => {
  const recording = {
    version: 1,
    exported_at: '2026-11-22T10:00:00Z',
    delivery: {
      ...{ id: 'x', task: 'gate', organization: 'acme', workspace: 'net', run: 'run-1', stage: 'post_plan', state: 'delivered' },
      ...{ accepted_at: '', deadline_at: '', done_at: null, verdict: null, repository: null, workflow: null, workflow_url: null },
      ...{ observe: false, problem: null },
      facts: {
        ...{ stage: 'post_plan', enforcement: 'mandatory', organization: 'acme', workspace: 'net', workspace_id: 'ws-1' },
        ...{ workspace_url: null, workspace_working_directory: '', run_id: 'run-1', run_url: '', run_created_at: '' },
        ...{ run_created_by: null, run_message: '', speculative: false, project: 'Payments', destroy: false, task_result_id: 't' },
        ...{ configuration_version_id: null, has_plan: true, has_configuration: false, outcomes: true },
        vcs: { branch: null, commit_hash: null, commit_url: null, pull_request_url: null, repository_url: null },
      },
    },
  };

  it('judges a plan as if it were of the recorded run', async () => {
    writeFileSync(path.join(folder, 'run.json'), JSON.stringify(recording));
    writeFileSync(path.join(folder, 'plan.json'), JSON.stringify(PLAN));
    const replayed = await run(['--replay', 'run.json', '--plan', 'plan.json', '--json']);
    expect(JSON.parse(replayed.stdout)).toMatchObject({ results: [{ check: 'stores stay', status: 'failed' }, {}] });
    const elsewhere = await run(['--replay', 'run.json', '--plan', 'plan.json', '--workspace', 'other', '--json']);
    expect(JSON.parse(elsewhere.stdout)).toMatchObject({ results: [{ check: 'stores stay', status: 'not-applicable' }, {}] });
  });

  it('refuses what is no recording, and a run without a plan', async () => {
    writeFileSync(path.join(folder, 'run.json'), '{}');
    expect(await run(['--replay', 'run.json', '--plan', 'plan.json'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no recorded run'),
    });
    expect(await run([])).toMatchObject({ status: 2, stderr: expect.stringContaining('No plan is named') });
  });
});

describe('runtask check --explain', () => {
  it('tells what one check looked at, and shows no secret', async () => {
    writeFileSync(path.join(folder, 'plan.json'), JSON.stringify(PLAN));
    const { status, stdout } = await run(['--plan', 'plan.json', '--explain', 'small']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^small \(cel\): failed, \d+ ms/);
    expect(stdout).toContain('aws_x.b');
    expect(stdout).not.toContain('hunter2');
    expect(stdout).not.toContain('stores stay');
  });

  it('says that there is no such check', async () => {
    writeFileSync(path.join(folder, 'plan.json'), JSON.stringify(PLAN));
    expect(await run(['--plan', 'plan.json', '--explain', 'smal'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Did you mean "small"?'),
    });
  });
});
