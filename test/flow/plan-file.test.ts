// A plan without a run task: the committed dist/ as a step on a pull request, against the emulated GitHub. No relay, no HCP Terraform.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/base/clock.ts';
import { startGithub, type Github } from '../../src/emulators/github/index.ts';
import { CHECKS, destructivePlan, harmlessPlan, ACTION_FOLDER } from '../support/flow.ts';

let github: Github;
let folder: string;
let sha: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runtask-plan-file-'));
  github = await startGithub({ clock: systemClock, workRoot: folder });
  github.createRepository({ owner: 'acme', name: 'net', files: { 'main.tf': '# net\n' } });
  sha = github.createCommit({ repository: 'acme/net', branch: 'larger', files: { 'main.tf': '# larger\n' } }).sha;
  github.createPullRequest({ repository: 'acme/net', number: 7, headSha: sha, headRef: 'larger' });
});
afterEach(async () => {
  await github.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Step {
  readonly plan?: object | string | null;
  readonly checks?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly event?: object;
}

interface Ran {
  readonly code: number | null;
  readonly log: string;
  readonly outputs: string;
  readonly summary: string;
  readonly comments: readonly string[];
}

async function step({ plan = harmlessPlan(), checks = CHECKS, inputs = {}, event }: Step = {}): Promise<Ran> {
  const workspace = join(folder, 'workspace');
  mkdirSync(join(workspace, 'net'), { recursive: true });
  mkdirSync(join(workspace, '.runtask'), { recursive: true });
  mkdirSync(join(folder, 'temp'), { recursive: true });
  if (plan !== null) writeFileSync(join(workspace, 'net/plan.json'), typeof plan === 'string' ? plan : JSON.stringify(plan));
  writeFileSync(join(workspace, '.runtask/checks.yml'), checks);
  const files = Object.fromEntries(
    ['EVENT_PATH', 'OUTPUT', 'STEP_SUMMARY', 'STATE'].map((name) => [`GITHUB_${name}`, join(folder, name)] as const),
  );
  for (const file of Object.values(files)) writeFileSync(file, '');
  const url = `${github.url}/acme/net`;
  const pull_request = { html_url: `${url}/pull/7`, title: 'Larger', number: 7, head: { sha, ref: 'larger' } };
  writeFileSync(join(folder, 'EVENT_PATH'), JSON.stringify(event ?? { pull_request, repository: { html_url: url } }));
  const token = github.createPersonalToken({
    login: 'gate',
    permissions: { pull_requests: 'write', issues: 'write', statuses: 'write' },
    repositories: ['acme/net'],
  });
  const given = { 'plan-file': 'net/plan.json', 'github-token': token, ...inputs };
  const env = {
    PATH: process.env['PATH'],
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    ...files,
    GITHUB_REPOSITORY: 'acme/net',
    GITHUB_REPOSITORY_ID: '1',
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_RUN_ID: '77',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_SERVER_URL: github.url,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: join(folder, 'temp'),
  };
  const child = spawn(process.execPath, [join(ACTION_FOLDER, 'dist/main/index.js')], { env, cwd: workspace });
  let log = '';
  child.stdout.on('data', (chunk) => (log += String(chunk)));
  child.stderr.on('data', (chunk) => (log += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const [outputs, summary] = [readFileSync(join(folder, 'OUTPUT'), 'utf8'), readFileSync(join(folder, 'STEP_SUMMARY'), 'utf8')];
  return { code, log, outputs, summary, comments: github.comments('acme/net', 7).map(({ body }) => body) };
}

describe('plan-file', () => {
  it('judges, comments and sets the status as a run task would', async () => {
    const { code, outputs, summary, comments } = await step({ inputs: { workspace: 'net-prod' } });
    expect(code).toBe(0);
    expect(comments).toHaveLength(1);
    expect(comments[0]?.split('\n')[1]).toMatch(/^### ✅ net-prod: 1 check passed · 1 to create/);
    expect(outputs).toMatch(/^result<<.*\npassed$/m);
    expect(summary).toContain('net-prod');
    expect(github.statuses('acme/net', sha).map(({ context, state }) => `${context} ${state}`)).toContain(
      'runtask/net-prod/post_plan success',
    );
  });

  it('fails the job when a check fails, names the plan by its folder, and leaves the file where it was', async () => {
    const { code, log, comments } = await step({ plan: destructivePlan() });
    expect(code).toBe(1);
    expect(comments[0]?.split('\n')[1]).toContain('❌ net: 1 check failed');
    expect(log).toContain('::error::1 of 1 check failed');
    expect(JSON.parse(readFileSync(join(folder, 'workspace/net/plan.json'), 'utf8'))).toEqual(destructivePlan());
  });

  it('is green all the same with `fail-job: never`', async () => {
    const { code, outputs } = await step({ plan: destructivePlan(), inputs: { 'fail-job': 'never' } });
    expect([code, /^result<<.*\nfailed$/m.test(outputs)]).toEqual([0, true]);
  });

  it('writes one comment again and again', async () => {
    await step({ plan: destructivePlan() });
    const { comments } = await step();
    expect(comments).toHaveLength(1);
    expect(comments[0]).toContain('✅ net:');
  });

  it('comments on nothing where the event is of no pull request', async () => {
    const other = github.createCommit({ repository: 'acme/net', branch: 'aside', files: { 'main.tf': '# aside\n' } });
    const { code, log, comments } = await step({ event: { after: other.sha, repository: { html_url: `${github.url}/acme/net` } } });
    expect([code, comments]).toEqual([0, []]);
    expect(log).toContain('No comment: this run belongs to no pull request');
  });

  it('does not follow a link of the pull request out of the workspace', async () => {
    writeFileSync(join(folder, 'elsewhere.json'), JSON.stringify(destructivePlan()));
    mkdirSync(join(folder, 'workspace/net'), { recursive: true });
    for (const target of [join(folder, 'elsewhere.json'), '/proc/self/environ']) {
      symlinkSync(target, join(folder, 'workspace/net/plan.json'));
      const { code, log, summary, comments } = await step({ plan: null });
      expect([code, summary, comments]).toEqual([1, '', []]);
      expect(log).toMatch(/input plan-file: "net\/plan\.json" is not inside the workspace/);
      rmSync(join(folder, 'workspace/net/plan.json'));
    }
    // Inside of it a link is as good as the file.
    mkdirSync(join(folder, 'workspace/built'));
    writeFileSync(join(folder, 'workspace/built/p.json'), JSON.stringify(harmlessPlan()));
    symlinkSync('../built/p.json', join(folder, 'workspace/net/plan.json'));
    expect((await step({ plan: null })).code).toBe(0);
  });

  it.each<[string, Step, RegExp]>([
    ['no plan', { plan: null }, /The plan could not be read: net\/plan\.json.*no such file/s],
    ['text for people', { plan: 'Plan: 1 to add, 0 to change, 0 to destroy.' }, /net\/plan\.json.*terraform show -json/s],
    ['a plan outside of the workspace', { inputs: { 'plan-file': '../plan.json' } }, /input plan-file: .*is not inside the workspace/],
    ['a relay beside it', { inputs: { 'relay-url': 'https://relay.example.com' } }, /inputs plan-file and relay-url: .*not both/],
    ['a phase', { inputs: { phase: 'begin' } }, /input phase: a plan-file has no phases/],
    ['the combined comment', { inputs: { comment: 'combined' } }, /input comment: combined needs a relay session/],
    ['a checks file that is none', { checks: 'version: 1\nchekcs: []\n' }, /Unknown key "chekcs"/],
    ['an event file that is none', { event: { pull_request: { html_url: 7 } } }, /the event file is not one that GitHub writes/],
  ])('is red and says why: %s', async (_name, what, why) => {
    const { code, log, outputs } = await step(what);
    expect(code).toBe(1);
    expect(log).toMatch(why);
    expect(outputs).toMatch(/^result<<.*\nfailed$/m);
  });
});
