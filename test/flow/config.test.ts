// The whole story from nothing: an organization with workspaces, a repository with a README, a relay that runs. `runtask config apply` as a
// shell starts it; then a run, judged by the workflow that the tool wrote; then `destroy`, and nothing is left.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog } from '../../src/base/log.ts';
import { GATE, ORGANIZATION, startChain, type Chain } from '../../src/cli/demo/chain.ts';
import { ACTION_FOLDER, CHECKS, destructivePlan, harmlessPlan, PULL_REQUEST, REPOSITORY, ROOT } from '../support/flow.ts';
import { createJumpClock, type JumpClock } from '../support/jump-clock.ts';
import { findSecrets, readFiles, type Places } from '../support/secret-search.ts';

const API_KEY = 'api-S3NTINEL-secret-of-the-repository';

let chain: Chain;
let clock: JumpClock;
let folder: string;
let sha: string;
let token: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runtask-config-flow-'));
  clock = createJumpClock();
  chain = await startChain({ clock, log: silentLog, actionFolder: ACTION_FOLDER, workRoot: join(folder, 'work'), gateFiles: {} });
  const { hcp, github } = chain;
  // What the chain has set up already is the tool's work here.
  github.getRepository(GATE).variables.clear();
  github.setFiles(GATE, { '.runtask/checks.yml': CHECKS });
  github.createRepository({ owner: ORGANIZATION, name: 'net', files: { 'main.tf': '# net\n' } });
  sha = github.createCommit({ repository: REPOSITORY, branch: 'larger', files: { 'main.tf': '# larger\n' } }).sha;
  github.createPullRequest({ repository: REPOSITORY, number: PULL_REQUEST, headSha: sha, headRef: 'larger' });
  for (const name of ['net-prod', 'net-sandbox'])
    hcp.createWorkspace({ organization: ORGANIZATION, name, vcs: { repositoryUrl: `${github.url}/${REPOSITORY}`, branch: 'main' } });
  token = github.createPersonalToken({
    login: 'platform',
    permissions: {
      ...{ metadata: 'read', contents: 'write', workflows: 'write', pull_requests: 'write' },
      ...{ secrets: 'write', actions_variables: 'write', administration: 'read' },
    },
    repositories: [GATE],
  });
});
afterEach(async () => {
  await chain.close();
  clock.stop();
  rmSync(folder, { recursive: true, force: true });
});

function declare(via: 'commit' | 'pull_request'): void {
  mkdirSync(join(folder, 'home/.runtask'), { recursive: true });
  writeFileSync(
    join(folder, 'home/.runtask/config.yml'),
    `version: 1
hcp: { organization: ${ORGANIZATION}, hostname: "${chain.hcp.url}", token: { env: TFE_TOKEN } }
github: { token: { env: GITHUB_TOKEN }, api_url: "${chain.github.apiUrl}" }
relay: { url: "${chain.hookUrl}", hmac_key: { env: RUNTASK_HMAC_KEY }, hmac_key_version: 1 }
run_tasks:
  gate: { description: Checks in ${GATE}, enabled: true }
attachments:
  - { run_task: gate, workspaces: { names: ["net-*"], exclude: [net-sandbox] }, stages: [post_plan], enforcement_level: mandatory }
repositories:
  ${GATE}:
    workflow: { path: .github/workflows/run-task.yml, action: org/runtask-action@v1, via: ${via} }
    variables: { RUNTASK_RELAY_URL: "${chain.relayUrl}" }
    secrets: { API_KEY: { value: { env: API_KEY }, version: 1 } }
`,
  );
}

interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
const said: Said[] = [];

function config(...args: readonly string[]): Promise<Said> {
  const env = {
    ...{ PATH: process.env['PATH'], HOME: folder, NO_COLOR: '1' },
    ...{ TFE_TOKEN: chain.hcp.adminToken, GITHUB_TOKEN: token, RUNTASK_HMAC_KEY: chain.hmacKey, API_KEY },
  };
  const child = spawn(process.execPath, [join(ROOT, 'src/cli/index.ts'), 'config', ...args], { cwd: join(folder, 'home'), env });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text));
  return new Promise((resolve) =>
    child.on('close', (code) => {
      const one = { code, stdout, stderr };
      said.push(one);
      resolve(one);
    }),
  );
}

async function judge(plan: object): Promise<{ status: string; comment: string | undefined }> {
  const { hcp, github } = chain;
  const url = `${github.url}/${REPOSITORY}`;
  const run = await hcp.startRun({
    ...{ organization: ORGANIZATION, workspace: 'net-prod', plan, speculative: true, stages: ['post_plan'] },
    vcs: {
      ...{ commitHash: sha, commitUrl: `${url}/commit/${sha}`, pullRequestUrl: `${url}/pull/${PULL_REQUEST}` },
      ...{ branch: 'main', repositoryUrl: url },
    },
  });
  const { status } = await run.stage('post_plan');
  await github.idle();
  return { status, comment: github.comments(REPOSITORY, PULL_REQUEST).at(-1)?.body };
}

const workflowOf = (): unknown => {
  const { branches, commits } = chain.github.getRepository(GATE);
  return commits.get(branches.get('main') ?? '')?.files.get('.github/workflows/run-task.yml');
};

function expectNothingLeft(): void {
  const gate = chain.github.getRepository(GATE);
  expect(chain.hcp.tasks(ORGANIZATION)).toEqual([]);
  expect(chain.hcp.attachments(ORGANIZATION)).toEqual([]);
  expect(workflowOf()).toBeUndefined();
  expect([gate.variables.size, gate.secrets.size]).toEqual([0, 0]);
  expect([...gate.branches.keys()]).toEqual(['main']);
  expect(JSON.parse(readFileSync(join(folder, 'home/.runtask/managed.json'), 'utf8'))).toMatchObject({ objects: {} });
}

/** Every text that the tool has left: what it printed, its files, what it asked. Headers hold tokens, as they must. */
function expectNoSecrets(): void {
  const places: Places = readFiles(join(folder, 'home'), 'home');
  said.forEach(({ stdout, stderr }, index) => places.set(`command ${index}`, stdout + stderr));
  const toHcp: Places = new Map();
  for (const [name, seen] of Object.entries({ HCP: chain.hcp.seen, GitHub: chain.github.seen })) {
    seen.forEach(({ method, path, body, responseBody }, index) => {
      const what = `${name} ${index}: ${method} ${path}`;
      places.set(what, path);
      (name === 'HCP' && method !== 'GET' ? toHcp : places).set(`${what}, body`, body);
      // Tokens that an API makes for its caller are its answer.
      if (!/access_tokens|idtoken/.test(path)) places.set(`${what}, answer`, responseBody);
    });
  }
  const secrets = new Map([
    ['the secret of the repository', API_KEY],
    ['the token for GitHub', token],
    ['the token for HCP Terraform', chain.hcp.adminToken],
  ]);
  // The key goes to HCP Terraform, and nowhere else.
  expect(findSecrets(toHcp, new Map([['the HMAC key', chain.hmacKey]]))).not.toEqual([]);
  expect(findSecrets(toHcp, secrets)).toEqual([]);
  expect(findSecrets(places, new Map([...secrets, ['the HMAC key', chain.hmacKey]]))).toEqual([]);
}

describe('runtask config', () => {
  it('sets up both sides from nothing, a run is judged, and destroy leaves nothing', async () => {
    declare('commit');
    const planned = await config('plan', '--detailed-exitcode', '--out', 'run.plan');
    expect(planned).toMatchObject({ code: 2 });
    expect(planned.stdout).toContain('Plan: 5 to add, 0 to change, 0 to destroy.');
    const applied = await config('apply', 'run.plan');
    expect(applied).toMatchObject({ code: 0 });
    expect(applied.stdout).toContain('Apply complete! Resources: 5 added, 0 changed, 0 destroyed.');
    expect(await config('plan', '--detailed-exitcode')).toMatchObject({ code: 0, stdout: expect.stringContaining('No changes.') });
    const json = await config('plan', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ format_version: '1.2', applyable: false, complete: true, errored: false });

    expect(await judge(harmlessPlan())).toMatchObject({ status: 'passed', comment: expect.stringContaining('net-prod') });
    expect(await judge(destructivePlan())).toMatchObject({ status: 'failed', comment: expect.stringContaining('data stores stay') });

    expect(await config('destroy', '--auto-approve')).toMatchObject({ code: 0, stdout: expect.stringContaining('5 destroyed.') });
    expectNothingLeft();
    expectNoSecrets();
  }, 120_000);

  it('by pull request: attaches nothing before somebody has merged it', async () => {
    declare('pull_request');
    const first = await config('apply', '--auto-approve');
    expect(first).toMatchObject({ code: 3 });
    expect(first.stdout + first.stderr).toContain('/pull/1');
    expect(chain.hcp.attachments(ORGANIZATION)).toEqual([]);
    expect(workflowOf()).toBeUndefined();

    chain.github.mergePullRequest(GATE, 1);
    expect(await config('apply', '--auto-approve')).toMatchObject({ code: 0 });
    expect(await judge(harmlessPlan())).toMatchObject({ status: 'passed' });

    // The other way round: nothing is attached any more while the removal waits, and what the workflow needs stays. Asked again, it waits on.
    for (let round = 0; round < 2; round++) {
      expect(await config('destroy', '--auto-approve')).toMatchObject({ code: 3, stdout: expect.stringContaining('/pull/2 is merged') });
      expect(chain.hcp.attachments(ORGANIZATION)).toEqual([]);
      expect(chain.github.getRepository(GATE).variables.size).toBe(1);
    }
    const removal = [...chain.github.getRepository(GATE).pulls.values()].find(({ state }) => state === 'open');
    // As GitHub's own button offers, or its setting does: whoever merges deletes the branch.
    chain.github.mergePullRequest(GATE, removal?.number ?? 0, { deleteBranch: true });
    expect(await config('destroy', '--auto-approve')).toMatchObject({ code: 0 });
    expectNothingLeft();
    expectNoSecrets();
  }, 120_000);
});
