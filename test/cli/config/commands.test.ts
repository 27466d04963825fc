// The commands as a shell starts them, against the emulators.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/base/clock.ts';
import { startGithub, type Github } from '../../../src/emulators/github/index.ts';
import { startHcpTerraform, type HcpTerraform } from '../../../src/emulators/hcp-terraform/index.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const KEY = 'a-hmac-key-of-32-characters-0001';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
let hcp: HcpTerraform;
let github: Github;
let relay: Server;
let token: string;
/** What the relay does before it answers a registration test. */
let beforeAnswer: () => Promise<void>;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'config-commands-'));
  await mkdir(path.join(folder, '.runtask'));
  hcp = await startHcpTerraform({ clock: systemClock, port: 0, storePort: 0 });
  github = await startGithub({ clock: systemClock, port: 0 });
  beforeAnswer = () => Promise.resolve();
  relay = createServer((request, response) => {
    request.resume().on('end', () => void beforeAnswer().then(() => response.end()));
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  hcp.createOrganization('acme');
  for (const name of ['net-a', 'net-b']) hcp.createWorkspace({ organization: 'acme', name });
  github.createRepository({ owner: 'acme', name: 'gate', files: { 'README.md': 'x\n' } });
  const permissions = { contents: 'write', workflows: 'write', pull_requests: 'write', actions_variables: 'write' } as const;
  token = github.createPersonalToken({ login: 'admin', permissions, repositories: ['acme/gate'] });
  await declare();
});
afterEach(async () => {
  relay.close();
  await Promise.all([hcp.close(), github.close()]);
  await rm(folder, { recursive: true });
});

async function declare({ via = 'commit', level = 'mandatory' } = {}): Promise<void> {
  const { port } = relay.address() as AddressInfo;
  await writeFile(
    path.join(folder, '.runtask/config.yml'),
    `version: 1
hcp: { organization: acme, hostname: "${hcp.url}", token: { env: TFE_TOKEN } }
github: { api_url: "${github.apiUrl}", token: { env: GITHUB_TOKEN } }
relay: { url: "http://127.0.0.1:${port}/hooks/gate", hmac_key: { env: KEY }, hmac_key_version: 1 }
run_tasks: { gate: { description: The gate } }
attachments:
  - { run_task: gate, workspaces: { names: ["net-*"] }, stages: [post_plan], enforcement_level: ${level} }
repositories:
  acme/gate: { workflow: { path: .github/workflows/run-task.yml, action: org/runtask-action@v1, via: ${via} } }
`,
  );
}

const start = (...args: readonly string[]) => startTo('pipe', ...args);

function startTo(stdout: 'pipe' | number, ...args: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, ['--no-warnings', path.join(ROOT, 'src/cli/index.ts'), 'config', ...args], {
    cwd: folder,
    env: { ...process.env, TFE_TOKEN: hcp.adminToken, GITHUB_TOKEN: token, KEY },
    stdio: ['ignore', stdout, 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name]?.on('data', (chunk: Buffer) => (text[name] += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, ...text })));
  return { child, ended };
}

const said = (child: ChildProcess, text: string): Promise<void> =>
  new Promise((resolve) => child.stderr?.on('data', (chunk: Buffer) => void (chunk.toString().includes(text) && resolve())));
const config = (...args: readonly string[]): Promise<Ended> => start(...args).ended;

describe('runtask config', () => {
  it('plans, applies, finds nothing more to do, shows, and destroys', async () => {
    const planned = await config('plan', '--detailed-exitcode');
    expect(planned).toMatchObject({ code: 2, stderr: '' });
    expect(planned.stdout).toContain('Plan: 4 to add, 0 to change, 0 to destroy.');
    const applied = await config('apply', '--auto-approve');
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect(applied.stdout).toMatch(/^runtask_workspace_run_task\.gate\["net-a"\]: Creation complete after \d+s \[id=acme\/net-a\/gate\]$/m);
    expect(applied.stdout).toMatch(/\nApply complete! Resources: 4 added, 0 changed, 0 destroyed\.\n$/);
    expect(await config('plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
    const shown = JSON.parse((await config('show', '--json')).stdout) as { values: { root_module: { resources: { address: string }[] } } };
    expect(shown.values.root_module.resources.map(({ address }) => address).sort()).toEqual([
      'runtask_organization_run_task.gate',
      'runtask_repository_workflow.gate[".github/workflows/run-task.yml"]',
      'runtask_workspace_run_task.gate["net-a"]',
      'runtask_workspace_run_task.gate["net-b"]',
    ]);
    const destroyed = await config('destroy', '--auto-approve');
    expect(destroyed.stdout).toMatch(/Destroy complete! Resources: 4 destroyed\.\n$/);
    expect(await readdir(path.join(folder, '.runtask'))).toEqual(['config.yml', 'managed.json']);
  }, 60_000);

  it('carries a saved plan out without a question, and refuses it when the world has changed', async () => {
    expect(await config('plan', '--out', 'run.plan')).toMatchObject({ code: 0 });
    hcp.createWorkspace({ organization: 'acme', name: 'net-new' });
    const refused = await config('apply', 'run.plan');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('runtask_workspace_run_task.gate["net-new"]');
    expect(refused.stderr).toMatch(/\nThe saved plan is stale: nothing was done\.\n$/);
    expect(await config('plan', '--out', 'run.plan')).toMatchObject({ code: 0 });
    expect(await config('apply', 'run.plan', '--json')).toMatchObject({ code: 0, stderr: '' });
  }, 60_000);

  it('prints the lines for what is not declared, and does not say that it was taken over', async () => {
    await config('apply', '--auto-approve');
    hcp.createWorkspace({ organization: 'acme', name: 'other' });
    hcp.attachRunTask({ organization: 'acme', workspace: 'other', task: 'gate', enforcementLevel: 'advisory' });
    expect(await config('import', 'runtask_workspace_run_task', 'acme/other/gate')).toEqual({
      code: 1,
      stdout:
        'attachments:\n  - run_task: gate\n    workspaces:\n      - other\n    stages:\n      - post_plan\n    enforcement_level: advisory\n',
      stderr: expect.stringMatching(
        /^runtask_workspace_run_task acme\/other\/gate is there, .* Nothing was taken over\. These lines would:\n\n$/,
      ),
    });
  }, 60_000);

  it('asks nobody where there is no terminal, and says what to do', async () => {
    for (const args of [['apply'], ['destroy'], ['apply', '--json']]) {
      const { code, stdout, stderr } = await config(...args);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('--auto-approve');
      // A plan of the same kind.
      expect(stderr.includes('plan --destroy --out FILE')).toBe(args[0] === 'destroy');
    }
  }, 60_000);

  it('ends with 3 while a pull request waits, and with 0 after it is merged', async () => {
    await declare({ via: 'pull_request' });
    const waiting = await config('apply', '--auto-approve');
    expect(waiting).toMatchObject({ code: 3 });
    expect(waiting.stdout).toContain('Waiting (1)');
    expect(waiting.stdout).toContain('Not begun (2)');
    expect(waiting.stdout).toMatch(/finish with: runtask config apply\n$/);
    const [, number = ''] = /\/pull\/(\d+)/.exec(waiting.stdout) ?? [];
    github.mergePullRequest('acme/gate', Number(number));
    const finished = await config('apply', '--auto-approve');
    expect(finished).toMatchObject({ code: 0 });
    expect(finished.stdout).toMatch(/Apply complete! Resources: 2 added, 0 changed, 0 destroyed\.\n$/);
  }, 60_000);

  it('Ctrl-C: what runs is finished and recorded, nothing new begins, and the next apply goes on', async () => {
    let times = 0;
    const { child, ended } = start('apply', '--auto-approve');
    beforeAnswer = async () => {
      times += 1;
      // The plan asks once; then the apply does, before it makes the run task.
      if (times !== 2) return;
      child.kill('SIGINT');
      await said(child, 'nothing new is begun');
    };
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain('Ctrl-C again to quit at once');
    expect(stdout).toMatch(/Go on with: runtask config apply\n$/);
    expect(await config('apply', '--auto-approve')).toMatchObject({ code: 0 });
    expect(await config('plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
  }, 60_000);

  it('whoever read it has gone: what runs is finished and recorded, and the next apply goes on', async () => {
    let times = 0;
    const { child, ended } = start('apply', '--auto-approve');
    beforeAnswer = () => {
      times += 1;
      if (times === 2) child.stdout?.destroy();
      return Promise.resolve();
    };
    expect(await ended).toMatchObject({ code: 130, stderr: '' });
    expect(await readdir(path.join(folder, '.runtask'))).toEqual(['config.yml', 'managed.json']);
    expect(hcp.tasks('acme')).toHaveLength(1);
    expect(await config('apply', '--auto-approve')).toMatchObject({ code: 0 });
    expect(await config('plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
  }, 60_000);

  it('a plan that is piped into head ends as ever, and one that does not fit on the disk ends with 1', async () => {
    const piped = start('plan', '--detailed-exitcode');
    piped.child.stdout?.once('data', () => piped.child.stdout?.destroy());
    expect(await piped.ended).toMatchObject({ code: 2, stderr: '' });
    const full = await open('/dev/full', 'w').catch(() => null);
    if (full === null) return; // not on macOS
    const { ended } = startTo(full.fd, 'plan', '--json');
    expect(await ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: what is to be shown cannot be written: ENOSPC[^\n]*\n$/),
    });
    await full.close();
  }, 60_000);

  it('tells wrong usage, a missing file and what is wrong in it with 1, never with 2', async () => {
    expect(await config('plan', '--wrong')).toMatchObject({ code: 1 });
    expect(await config('plan', '--parallelism', '0')).toMatchObject({ code: 1 });
    const missing = await config('plan', '--config', 'other.yml');
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toContain('other.yml: There is no such file');
    await declare({ level: 'Mandatory' });
    const wrong = await config('plan', '--detailed-exitcode');
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toMatch(/^\.runtask\/config\.yml:7:\d+: /);
    // A script that reads JSON is told in JSON.
    const planned = JSON.parse((await config('plan', '--json')).stdout) as object;
    expect(planned).toMatchObject({ errored: true, applyable: false, complete: false, resource_changes: [] });
    expect(planned).toMatchObject({ diagnostics: [{ severity: 'error', range: { filename: '.runtask/config.yml' } }] });
    const applied = await config('apply', '--auto-approve', '--json');
    expect(applied).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(applied.stdout.trim())).toMatchObject({ '@level': 'error', 'type': 'diagnostic' });
  }, 60_000);

  it('has no key and no token in anything that it prints or leaves', async () => {
    const told = [
      await config('plan', '--json', '--out', 'run.plan'),
      await config('apply', 'run.plan', '--json'),
      await config('show', '--json'),
      await config('import', 'runtask_organization_run_task', 'acme/gate', '--json'),
      await config('destroy', '--auto-approve'),
    ];
    expect(told.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    const files = ['run.plan', '.runtask/managed.json'].map((name) => readFile(path.join(folder, name), 'utf8'));
    const all = [...told.flatMap(({ stdout, stderr }) => [stdout, stderr]), ...(await Promise.all(files))].join('\n');
    for (const secret of [KEY, hcp.adminToken, token]) {
      expect(all).not.toContain(secret);
      expect(all).not.toContain(Buffer.from(secret).toString('base64').slice(0, -4));
    }
  }, 60_000);
});
