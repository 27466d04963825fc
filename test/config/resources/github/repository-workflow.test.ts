// The workflow file, brought by a commit or a pull request, on the emulated GitHub.
import { afterEach, describe, expect, it } from '@jest/globals';
import { checkDefinition } from '../../../../src/config/engine/definition.ts';
import { repositoryWorkflow } from '../../../../src/config/resources/repository-workflow.ts';
import { DEFAULTS, renderWorkflow } from '../../../../src/config/resources/workflow-file/text.ts';
import type { NewRepository, Repository } from '../../../../src/emulators/github/index.ts';
import { REPOSITORY, startSettings, type SettingsStage } from '../../../support/github-settings.ts';
import { createHands, type Given, type Hands } from './hands.ts';

const PATH = '.github/workflows/run-task.yml';
const KEY = { repository: REPOSITORY, path: PATH };
const BY_COMMIT: Given = { ...KEY, action: 'org/runtask-action@v1' };
const BY_PULL: Given = { ...BY_COMMIT, via: 'pull_request' };
const WORDS = { action: 'org/runtask-action@v1', versionComment: null, relayUrl: null, inputs: {}, ...DEFAULTS };
const TEXT = renderWorkflow(WORDS);
const NEWER = renderWorkflow({ ...WORDS, action: 'org/runtask-action@v2' });
const BRANCH = 'runtask/config/run-task.yml';

let stage: SettingsStage;
let hands: Hands;
async function begin(repository: Partial<NewRepository> = {}, runner: 'auto' | 'off' = 'off'): Promise<void> {
  stage = await startSettings({ files: { 'README.md': '# Gate' }, ...repository }, runner);
  hands = createHands(repositoryWorkflow, KEY, () => stage.settings());
}
afterEach(() => stage.close());

const repository = (): Repository => stage.github.getRepository(REPOSITORY);
const filesOf = (branch: string): ReadonlyMap<string, unknown> =>
  repository().commits.get(repository().branches.get(branch) ?? '')?.files ?? new Map();
const fileOf = (branch: string): unknown => filesOf(branch).get(PATH)?.toString();
const pulls = () => [...repository().pulls.values()].map(({ number, state, title }) => ({ number, state, title }));
const urlOf = (number: number): string => `${stage.github.url}/acme/gate/pull/${number}`;
const ADD = 'Add the workflow for HCP Terraform run tasks';
const CHANGE = 'Change the workflow for HCP Terraform run tasks';
const REMOVE = 'Remove the workflow for HCP Terraform run tasks';

describe('repository_workflow', () => {
  it('is a definition that can work', async () => {
    await begin();
    expect(checkDefinition(repositoryWorkflow)).toEqual([]);
  });

  it('imports by OWNER/REPO:PATH', async () => {
    await begin({ files: { [PATH]: TEXT } });
    expect(repositoryWorkflow.import.toId(KEY)).toBe(`acme/gate:${PATH}`);
    expect(await hands.import(`acme/gate:${PATH}`)).toMatchObject({
      state: { ...BY_COMMIT, content: TEXT, in_effect: true },
      problems: [],
    });
    for (const id of ['acme/gate', `gate:${PATH}`, 'acme/gate:README.md', `acme/gate:${PATH}x`])
      expect(repositoryWorkflow.import.toKey(id)).toBeNull();
  });
});

describe('via commit', () => {
  it('is made, changed, as it should be, and removed', async () => {
    await begin();
    expect(await hands.plan(BY_COMMIT)).toMatchObject({
      action: 'create',
      changes: { content: [null, TEXT], branch: [null, 'main'], in_effect: [null, true] },
    });
    stage.calls();
    expect(await hands.apply(BY_COMMIT)).toMatchObject({
      action: 'create',
      problems: [],
      state: { ...BY_COMMIT, via: 'commit', content: TEXT, branch: 'main', pull_request: null, in_effect: true },
      pending: null,
    });
    expect(stage.calls()).toEqual([
      'GET 200',
      `GET /contents/${PATH} 404`,
      'GET /pulls 200',
      'GET /rules/branches/main 200',
      'GET /actions/permissions 200',
      `PUT /contents/${PATH} 201`,
    ]);
    expect(fileOf('main')).toBe(TEXT);
    expect(filesOf('main').has('README.md')).toBe(true);
    expect(await hands.plan(BY_COMMIT)).toEqual({ action: 'no-op', changes: {}, problems: [], managed: true });
    expect(await hands.apply({ ...BY_COMMIT, action: 'org/runtask-action@v2' })).toMatchObject({
      action: 'update',
      changes: { action: ['org/runtask-action@v1', 'org/runtask-action@v2'], content: [TEXT, NEWER] },
      problems: [],
    });
    expect(fileOf('main')).toBe(NEWER);
    expect(await hands.apply(null)).toMatchObject({ action: 'delete', problems: [], state: null });
    expect([...filesOf('main').keys()]).toEqual(['README.md']);
    expect(await hands.apply(null)).toMatchObject({ action: 'no-op' });
  });

  it('is what GitHub runs', async () => {
    await begin({}, 'auto');
    await hands.apply({ ...BY_COMMIT, relay_url: 'http://127.0.0.1:1' });
    stage.github.setRunner('off');
    await stage.settings().repository(REPOSITORY, stage.caller).facts();
    const token = stage.token({ contents: 'write' });
    const answer = await fetch(`${stage.github.apiUrl}/repos/${REPOSITORY}/dispatches`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ event_type: 'hcp-terraform-run-task', client_payload: { task: { workspace: 'net', stage: 'post_plan' } } }),
    });
    expect(answer.status).toBe(204);
    expect(stage.github.runs).toMatchObject([{ displayTitle: 'net · post_plan', workflowPath: PATH, problems: [] }]);
  });

  it.each<[string, Given, string]>([
    ['a commit with its version', { action: `org/runtask-action@${'a'.repeat(40)}`, version_comment: 'v1.2.3' }, '# v1.2.3'],
    ['another checkout', { checkout: `actions/checkout@${'b'.repeat(40)}` }, `actions/checkout@${'b'.repeat(40)}`],
    ['a relay', { relay_url: 'https://relay.example.com' }, 'relay-url: "https://relay.example.com"'],
    ['inputs', { inputs: { 'comment': 'none', 'checks-file': 'a/b.yml' } }, 'comment: "none"'],
    ['a runner', { runs_on: 'my own' }, 'runs-on: "my own"'],
    ['an event', { event_type: 'another' }, 'types: [another]'],
  ])('keeps %s, and its drift is seen', async (_, more, part) => {
    await begin();
    await hands.apply({ ...BY_COMMIT, ...more });
    expect(fileOf('main')).toContain(part);
    expect(await hands.plan({ ...BY_COMMIT, ...more })).toMatchObject({ action: 'no-op' });
    stage.github.setFiles(REPOSITORY, { [PATH]: TEXT });
    const drift = await hands.plan({ ...BY_COMMIT, ...more });
    expect(drift).toMatchObject({ action: 'update', managed: true });
    expect(Object.keys(drift.changes).sort()).toEqual([...Object.keys(more), 'content'].sort());
  });

  it('shows a change by hand as a change of its text, and undoes it', async () => {
    await begin({ files: { [PATH]: TEXT.replace('timeout-minutes: 15', 'timeout-minutes: 1') } });
    expect(await hands.apply(BY_COMMIT)).toMatchObject({ action: 'update', managed: true, problems: [] });
    expect(fileOf('main')).toBe(TEXT);
    stage.github.setFiles(REPOSITORY, { [PATH]: null });
    expect(await hands.plan(BY_COMMIT)).toMatchObject({ action: 'create' });
  });

  it('takes over a file that somebody else wrote, and shows what it replaces', async () => {
    const theirs = 'on: push\njobs: { build: { runs-on: x, steps: [{ run: make }] } }\n';
    await begin({ files: { [PATH]: theirs } });
    expect(await hands.apply(BY_COMMIT)).toMatchObject({
      action: 'update',
      managed: false,
      problems: [],
      changes: { content: [theirs, TEXT], action: [null, 'org/runtask-action@v1'] },
    });
    expect(fileOf('main')).toBe(TEXT);
  });

  it('makes the first commit of an empty repository', async () => {
    await begin({ empty: true, files: {} });
    expect(await hands.apply(BY_COMMIT)).toMatchObject({ action: 'create', problems: [] });
    expect(fileOf('main')).toBe(TEXT);
  });

  it('goes to the default branch, whatever it is called', async () => {
    await begin({ defaultBranch: 'trunk' });
    expect(await hands.apply(BY_COMMIT)).toMatchObject({ problems: [], state: { branch: 'trunk' } });
    expect(fileOf('trunk')).toBe(TEXT);
  });

  it.each([
    ['PUT', { after: true as const, reset: true as const }],
    ['PUT', { after: true as const, status: 502 }],
    ['PUT', { status: 502, times: 2 }],
    ['DELETE', { after: true as const, reset: true as const }],
    ['DELETE', { status: 502, times: 2 }],
  ])('a lost answer or a stumble at %s %j: once, and right', async (method, weather) => {
    await begin(method === 'DELETE' ? { files: { [PATH]: TEXT } } : {});
    const before = repository().commits.size;
    stage.github.failNext({ method, ...weather });
    expect((await hands.apply(method === 'DELETE' ? null : BY_COMMIT)).problems).toEqual([]);
    expect(fileOf('main')).toBe(method === 'DELETE' ? undefined : TEXT);
    expect(repository().commits.size).toBe(before + 1);
  });

  it.each(['update', 'delete'])('%s: does not undo what was written while it ran', async (action) => {
    await begin({ files: { [PATH]: action === 'update' ? NEWER : TEXT } });
    const settings = stage.settings();
    const late = createHands(repositoryWorkflow, KEY, () => settings);
    await late.plan(action === 'update' ? BY_COMMIT : null);
    stage.github.setFiles(REPOSITORY, { [PATH]: 'on: push # by hand' });
    expect((await late.apply(action === 'update' ? BY_COMMIT : null)).problems).toEqual([
      { severity: 'error', path: ['path'], summary: `${PATH} in acme/gate was changed while this ran`, detail: 'Plan again' },
    ]);
    expect(fileOf('main')).toBe('on: push # by hand');
  });

  it('a create does not overwrite what somebody made while it ran', async () => {
    await begin();
    const settings = stage.settings();
    const late = createHands(repositoryWorkflow, KEY, () => settings);
    await late.plan(BY_COMMIT);
    stage.github.setFiles(REPOSITORY, { [PATH]: 'on: push # by hand' });
    expect((await late.apply(BY_COMMIT)).problems).toMatchObject([{ summary: `${PATH} in acme/gate was changed while this ran` }]);
  });

  it.each([403, 409, 422] as const)('that rules refuse with %i says so, before and after', async (refusal) => {
    await begin({ rules: [{ type: 'pull_request', refusal }] });
    const { problems, state } = await hands.apply(BY_COMMIT);
    expect(state).toBeNull();
    expect(problems).toEqual([
      {
        severity: 'warning',
        change: 0,
        path: ['via'],
        summary: 'Rules of acme/gate ask for more than a push to main',
        detail:
          "The branch takes changes through pull requests only. Unless the token's owner may bypass that, apply will be refused. Set `via: pull_request`",
      },
      {
        severity: 'error',
        path: ['via'],
        summary: `Rules of acme/gate refuse to write ${PATH} on main directly`,
        detail: `GitHub answered HTTP ${refusal}: Repository rule violations found Changes must be made through a pull request. Set \`via: pull_request\`, or let the token's owner bypass the rule`,
      },
    ]);
  });

  it.each<[string, Readonly<Record<string, 'read' | 'write'>>, string, string]>([
    ['contents', { contents: 'read', workflows: 'write' }, 'write', '"Contents: read and write"'],
    ['workflows', { contents: 'write' }, 'write', '"Workflows: read and write"'],
    ['even to read', {}, 'read', '"Contents: read"'],
  ])('names the permission that is missing: %s', async (_, permissions, doing, words) => {
    await begin();
    const token = stage.token({ metadata: 'read', ...permissions });
    const weak = createHands(repositoryWorkflow, KEY, () => stage.settings(token));
    const { problems } = await weak.apply(BY_COMMIT);
    expect(problems).toMatchObject([
      {
        severity: 'error',
        path: ['repository'],
        summary: `The GitHub token may not ${doing} ${PATH}${doing === 'write' ? ' on main' : ''} in acme/gate`,
        detail: expect.stringContaining(`It needs ${words}, for the workflow file. GitHub answered HTTP 403`),
      },
    ]);
  });

  it('needs contents and workflows, and no right to pull requests', async () => {
    await begin();
    const token = stage.token({ metadata: 'read', contents: 'write', workflows: 'write' });
    const enough = createHands(repositoryWorkflow, KEY, () => stage.settings(token));
    expect((await enough.apply(BY_COMMIT)).problems).toEqual([]);
    expect((await enough.apply(null)).problems).toEqual([]);
  });
});

describe('what is read', () => {
  it('is what was written last, without asking again', async () => {
    await begin({ files: { [PATH]: 'a' } });
    const settings = stage.settings().repository(REPOSITORY, stage.caller);
    const file = await settings.readFile(PATH, 'main');
    await settings.writeFile({ path: PATH, branch: 'main', message: 'm', text: 'b', replaces: file?.sha ?? null });
    stage.calls();
    const now = await settings.readFile(PATH, 'main');
    expect(now?.text).toBe('b');
    await settings.removeFile({ path: PATH, branch: 'main', message: 'm', sha: now?.sha ?? '' });
    expect(await settings.readFile(PATH, 'main')).toBeNull();
    expect(stage.calls()).toEqual([`DELETE /contents/${PATH} 200`]);
  });

  it('is a file, and nothing else', async () => {
    await begin({ files: { [`${PATH}/x`]: '' } });
    expect((await hands.plan(BY_COMMIT)).problems).toEqual([
      {
        severity: 'error',
        path: ['path'],
        summary: `${PATH} in acme/gate is no plain file`,
        detail: 'Remove it, or choose another path',
      },
    ]);
  });
});

describe('via pull_request', () => {
  it('opens one, waits, keeps it up to date, and is in effect when it is merged', async () => {
    await begin({ rules: [{ type: 'pull_request' }] });
    expect(await hands.plan(BY_PULL)).toMatchObject({
      action: 'create',
      changes: { pull_request: [null, '(known after apply)'], in_effect: [null, '(known after apply)'], content: [null, TEXT] },
      problems: [],
    });
    const waiting = { pull_request: urlOf(1), in_effect: false };
    expect(await hands.apply(BY_PULL)).toMatchObject({
      problems: [],
      state: { ...BY_PULL, ...waiting, content: TEXT },
      pending: `It takes effect when ${urlOf(1)} is merged`,
    });
    expect(pulls()).toEqual([{ number: 1, state: 'open', title: ADD }]);
    expect(repository().pulls.get(1)).toMatchObject({ headRef: BRANCH, baseRef: 'main' });
    expect(repository().pulls.get(1)?.body).toContain('run `runtask config apply` again');
    expect(fileOf('main')).toBeUndefined();

    stage.calls();
    expect(await hands.apply(BY_PULL)).toMatchObject({ action: 'no-op', changes: {}, managed: true, state: waiting });
    expect(stage.calls().filter((call) => !call.startsWith('GET'))).toEqual([]);

    expect(await hands.apply({ ...BY_PULL, action: 'org/runtask-action@v2' })).toMatchObject({
      action: 'update',
      problems: [],
      state: waiting,
    });
    expect(pulls()).toEqual([{ number: 1, state: 'open', title: ADD }]);
    expect(fileOf(BRANCH)).toBe(NEWER);
    expect(stage.calls().filter((call) => !call.startsWith('GET'))).toEqual([`PUT /contents/${PATH} 200`]);

    stage.github.mergePullRequest(REPOSITORY, 1);
    expect(await hands.apply({ ...BY_PULL, action: 'org/runtask-action@v2' })).toMatchObject({
      action: 'no-op',
      state: { pull_request: null, in_effect: true, content: NEWER },
      pending: null,
    });
    expect(fileOf('main')).toBe(NEWER);
  });

  it('changes what is in effect by another one, from where the default branch is then', async () => {
    await begin();
    await hands.apply(BY_PULL);
    stage.github.mergePullRequest(REPOSITORY, 1);
    stage.github.setFiles(REPOSITORY, { 'README.md': 'newer' });
    const changed = { ...BY_PULL, action: 'org/runtask-action@v2' };
    expect(await hands.apply(changed)).toMatchObject({
      action: 'update',
      problems: [],
      pending: `It takes effect when ${urlOf(2)} is merged`,
      state: { in_effect: false },
    });
    expect(pulls()).toEqual([
      { number: 1, state: 'merged', title: ADD },
      { number: 2, state: 'open', title: CHANGE },
    ]);
    expect(filesOf(BRANCH).get('README.md')).toBe('newer');
    expect(await hands.apply(changed)).toMatchObject({
      action: 'no-op',
      pending: `It takes effect when ${urlOf(2)} is merged`,
      state: { in_effect: false, pull_request: urlOf(2), content: NEWER },
    });
  });

  it('that was closed is proposed anew, on a branch of today', async () => {
    await begin();
    await hands.apply(BY_PULL);
    Object.assign(repository().pulls.get(1) ?? {}, { state: 'closed' });
    stage.github.setFiles(REPOSITORY, { 'README.md': 'newer' });
    expect(await hands.apply(BY_PULL)).toMatchObject({ action: 'create', problems: [], state: { pull_request: urlOf(2) } });
    expect(filesOf(BRANCH).get('README.md')).toBe('newer');
  });

  it('that somebody pushed to is seen, and brought back', async () => {
    await begin();
    await hands.apply(BY_PULL);
    stage.github.createCommit({ repository: REPOSITORY, branch: BRANCH, files: { [PATH]: 'on: push # evil' } });
    expect(await hands.plan(BY_PULL)).toMatchObject({ action: 'update', changes: { content: ['on: push # evil', TEXT] } });
    expect((await hands.apply(BY_PULL)).problems).toEqual([]);
    expect(fileOf(BRANCH)).toBe(TEXT);
    expect(pulls()).toHaveLength(1);
  });

  it('that somebody emptied is filled again', async () => {
    await begin();
    await hands.apply(BY_PULL);
    stage.github.createCommit({ repository: REPOSITORY, branch: BRANCH, files: { [PATH]: null, other: 'x' } });
    expect(await hands.apply(BY_PULL)).toMatchObject({
      action: 'create',
      problems: [],
      state: { pull_request: urlOf(1), in_effect: false },
    });
    expect(fileOf(BRANCH)).toBe(TEXT);
  });

  it('is closed although its branch may not be deleted', async () => {
    await begin({ rules: [{ type: 'deletion', branches: 'all' }] });
    await hands.apply(BY_PULL);
    expect(await hands.apply(BY_COMMIT)).toMatchObject({ problems: [], state: { in_effect: true, pull_request: null } });
    expect(pulls()).toMatchObject([{ state: 'closed' }]);
  });

  it('is closed when the file got there otherwise, and when `via` becomes commit', async () => {
    await begin();
    await hands.apply(BY_PULL);
    expect(await hands.apply(BY_COMMIT)).toMatchObject({
      action: 'update',
      problems: [],
      changes: { via: ['pull_request', 'commit'], pull_request: [urlOf(1), null], in_effect: [false, true] },
      state: { in_effect: true, pull_request: null },
    });
    expect(pulls()).toMatchObject([{ number: 1, state: 'closed' }]);
    expect([...repository().branches.keys()]).toEqual(['main']);
    expect(fileOf('main')).toBe(TEXT);
  });

  it('that is merged while an apply runs is not proposed again', async () => {
    await begin();
    const settings = stage.settings();
    const late = createHands(repositoryWorkflow, KEY, () => settings);
    await hands.apply(BY_PULL);
    stage.github.createCommit({ repository: REPOSITORY, branch: BRANCH, files: { [PATH]: NEWER } });
    await late.plan(BY_PULL);
    stage.github.createCommit({ repository: REPOSITORY, branch: BRANCH, files: { [PATH]: TEXT } });
    Object.assign(repository().pulls.get(1) ?? {}, { headSha: repository().branches.get(BRANCH) });
    stage.github.mergePullRequest(REPOSITORY, 1);
    expect(await late.apply(BY_PULL)).toMatchObject({ problems: [], state: { in_effect: true, pull_request: null } });
    expect(pulls()).toMatchObject([{ number: 1, state: 'merged' }]);
  });

  it("never takes a fork's pull request for its own", async () => {
    await begin();
    const pull = { number: 9, html_url: 'x', title: 't', body: '', head: { ref: BRANCH, repo: { full_name: 'acme/fork' } } };
    stage.github.createCommit({ repository: REPOSITORY, branch: BRANCH, files: { [PATH]: TEXT } });
    stage.github.failNext({ method: 'GET', path: '/pulls', status: 200, body: [pull] });
    expect(await hands.plan(BY_PULL)).toMatchObject({ action: 'create' });
  });

  it('removes by one as well, says honestly that it waits, and can be called back', async () => {
    await begin({ files: { [PATH]: TEXT, 'README.md': '' } });
    await hands.apply(BY_PULL);
    expect(await hands.apply(null)).toMatchObject({
      action: 'delete',
      state: { content: TEXT },
      pending: `It goes when ${urlOf(1)} is merged; until then it goes on answering`,
      problems: [],
    });
    expect(pulls()).toEqual([{ number: 1, state: 'open', title: REMOVE }]);
    expect(fileOf('main')).toBe(TEXT);
    // Again, as the next apply does: the same one.
    expect(await hands.apply(null)).toMatchObject({ action: 'delete', pending: expect.stringContaining(urlOf(1)) });
    expect(pulls()).toHaveLength(1);
    expect(await hands.apply(BY_PULL)).toMatchObject({
      action: 'update',
      problems: [],
      changes: { content: [null, TEXT] },
      state: { in_effect: true, pull_request: null },
    });
    expect(pulls()).toMatchObject([{ state: 'closed' }]);
    await hands.apply(null);
    stage.github.mergePullRequest(REPOSITORY, 2);
    expect(await hands.plan(null)).toMatchObject({ action: 'no-op' });
    expect([...filesOf('main').keys()]).toEqual(['README.md']);
  });

  it('from our branch, opened by somebody else, does not make their workflow ours', async () => {
    await begin({ files: { [PATH]: 'on: push\njobs: {}\n' } });
    const { sha } = stage.github.createCommit({ repository: REPOSITORY, branch: BRANCH, files: { [PATH]: 'on: push\n' } });
    stage.github.createPullRequest({ repository: REPOSITORY, number: 9, headSha: sha, headRef: BRANCH });
    expect(await hands.plan(BY_PULL)).toMatchObject({ action: 'update', managed: null });
  });

  it('that was never merged is closed when the workflow is no longer declared', async () => {
    await begin();
    await hands.apply(BY_PULL);
    expect(await hands.apply(null)).toMatchObject({ action: 'delete', problems: [], state: null });
    expect(pulls()).toMatchObject([{ state: 'closed' }]);
    expect([...repository().branches.keys()]).toEqual(['main']);
  });

  it('has nothing to begin from in an empty repository', async () => {
    await begin({ empty: true, files: {} });
    expect((await hands.plan(BY_PULL)).problems).toMatchObject([
      { severity: 'error', path: ['via'], summary: 'acme/gate has no commits, so there is nothing to open a pull request against' },
    ]);
  });

  it.each([
    ['made', { method: 'POST', path: '/git/refs', status: 422, body: '{"message":"Reference already exists"}' }],
    ['deleted', { method: 'PUT', path: '/contents/', status: 404, body: '{"message":"Branch runtask/config/run-task.yml not found"}' }],
  ])('tells that somebody else has %s its branch meanwhile', async (_, answer) => {
    await begin();
    stage.github.failNext({ ...answer, headers: { 'content-type': 'application/json' } });
    expect((await hands.apply(BY_PULL)).problems).toMatchObject([
      {
        severity: 'error',
        summary: 'The branch runtask/config/run-task.yml was changed by somebody else while this ran',
        detail: expect.stringContaining('Another apply'),
      },
    ]);
    expect(await hands.apply(BY_PULL)).toMatchObject({ problems: [], pending: expect.stringContaining('/pull/1') });
  });

  it('names the permission for pull requests', async () => {
    await begin();
    const token = stage.token({ metadata: 'read', contents: 'write', workflows: 'write', pull_requests: 'read' });
    const weak = createHands(repositoryWorkflow, KEY, () => stage.settings(token));
    expect((await weak.apply(BY_PULL)).problems).toMatchObject([
      {
        summary: 'The GitHub token may not open a pull request in acme/gate',
        detail: expect.stringContaining('It needs "Pull requests: read and write", for the pull request that brings the workflow'),
      },
    ]);
    // The branch is there by now: the next apply, with more rights, goes on from it.
    expect((await hands.apply(BY_PULL)).problems).toEqual([]);
    expect(pulls()).toHaveLength(1);
  });
});
