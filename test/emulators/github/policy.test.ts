// What an administrator has set: rules for branches, and which actions may run.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BranchRule } from '../../../src/emulators/github/index.ts';
import { action, createStage, type Stage } from './stage.ts';

const HASH = 'c'.repeat(40);

let stage: Stage;
beforeEach(async () => {
  const tiny = action({ main: 'console.log("ran")' });
  stage = await createStage({ 'org/tiny@v1': tiny, [`org/tiny@${HASH}`]: tiny, 'acme/own@v1': tiny });
});
afterEach(() => stage.close());

const at = (path: string) => `/repos/acme/net${path}`;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const create = (...rules: BranchRule[]) =>
  stage.github.createRepository({ owner: 'acme', name: 'net', files: { 'README.md': '# Net' }, rules });
const put = (path: string, more: object = {}, token?: string) =>
  stage.call('PUT', at(`/contents/${path}`), {
    body: { message: 'm', content: base64('x'), ...more },
    ...(token === undefined ? {} : { token }),
  });
const head = () => stage.github.getRepository('acme/net').branches.get('main') ?? '';
const files = () => [...(stage.github.getRepository('acme/net').commits.get(head())?.files.keys() ?? [])];

describe('a ruleset that asks for pull requests', () => {
  it('is listed for the branches that it is for', async () => {
    create({ type: 'pull_request', bypass: ['gatekeeper[bot]'] }, { type: 'deletion', branches: 'all' });
    const rules = async (branch: string) => (await stage.call('GET', at(`/rules/branches/${branch}`))).body;
    const of = { ruleset_source_type: 'Repository', ruleset_source: 'acme/net' };
    expect(await rules('main')).toEqual([
      { type: 'pull_request', ...of, ruleset_id: 1, parameters: expect.objectContaining({ required_approving_review_count: 1 }) },
      { type: 'deletion', ...of, ruleset_id: 2 },
    ]);
    expect(await rules('not/yet/there')).toEqual([{ type: 'deletion', ...of, ruleset_id: 2 }]);
  });

  it('refuses writes to the branch and an unreviewed merge into it; other branches are free', async () => {
    create({ type: 'pull_request' });
    const message = 'Repository rule violations found\n\nChanges must be made through a pull request.\n\n';
    expect(await put('a.txt')).toMatchObject({ status: 409, body: { message } });
    const { sha } = (await stage.call('GET', at('/contents/README.md'))).body as { sha: string };
    expect(await stage.call('DELETE', at('/contents/README.md'), { body: { message: 'm', sha } })).toMatchObject({
      status: 409,
      body: { message },
    });
    await stage.call('POST', at('/git/refs'), { body: { ref: 'refs/heads/topic', sha: head() } });
    expect((await put('a.txt', { branch: 'topic' })).status).toBe(201);
    const topic = stage.github.getRepository('acme/net').branches.get('topic') ?? '';
    expect(await stage.call('PATCH', at('/git/refs/heads/main'), { body: { sha: topic } })).toMatchObject({
      status: 422,
      body: { message },
    });
    await stage.call('POST', at('/pulls'), { body: { title: 't', head: 'topic', base: 'main' } });
    expect(await stage.call('PUT', at('/pulls/1/merge'), { body: {} })).toMatchObject({
      status: 405,
      body: { message: expect.stringContaining('At least 1 approving review is required') },
    });
    expect(files()).toEqual(['README.md']);
    stage.github.mergePullRequest('acme/net', 1);
    expect(files()).toEqual(['README.md', 'a.txt']);
  });

  it('lets a merge pass that needs no review', async () => {
    create({ type: 'pull_request', parameters: { required_approving_review_count: 0 } });
    await stage.call('POST', at('/git/refs'), { body: { ref: 'refs/heads/topic', sha: head() } });
    await put('a.txt', { branch: 'topic' });
    await stage.call('POST', at('/pulls'), { body: { title: 't', head: 'topic', base: 'main' } });
    expect((await stage.call('PUT', at('/pulls/1/merge'), { body: {} })).status).toBe(200);
  });

  it('lets those pass who bypass it, an App by its bot', async () => {
    create({ type: 'pull_request', bypass: ['Mona'] });
    expect((await put('a.txt')).status).toBe(201);
    const token = stage.github.createPersonalToken({ login: 'lisa', permissions: { contents: 'write' }, repositories: 'all' });
    expect((await put('b.txt', {}, token)).status).toBe(409);
  });

  it.each([403, 422] as const)('can refuse with %s, which GitHub does not document', async (refusal) => {
    create({ type: 'pull_request', refusal });
    expect((await put('a.txt')).status).toBe(refusal);
  });
});

describe('a branch protection of the older kind', () => {
  it('refuses in its own words and is in no list of rules', async () => {
    create({ type: 'pull_request', kind: 'classic' });
    expect(await put('a.txt')).toMatchObject({
      status: 409,
      body: { message: 'Could not create file: Changes must be made through a pull request.' },
    });
    expect((await stage.call('GET', at('/rules/branches/main'))).body).toEqual([]);
    expect((await stage.call('GET', at('/branches/main'))).body).toMatchObject({ protected: true });
  });
});

describe('rules about making, deleting and forcing', () => {
  it('hold for refs', async () => {
    const all = { branches: 'all' } as const;
    create({ type: 'deletion', ...all }, { type: 'non_fast_forward', ...all }, { type: 'creation', branches: ['release'] });
    const first = head();
    await stage.call('POST', at('/git/refs'), { body: { ref: 'refs/heads/topic', sha: first } });
    await put('a.txt', { branch: 'topic' });
    const refused = async (method: string, path: string, body?: object) => {
      const reply = await stage.call(method, at(path), { body });
      return [reply.status, (reply.body as { message: string }).message.split('\n\n')[1]];
    };
    expect(await refused('DELETE', '/git/refs/heads/topic')).toEqual([422, 'Cannot delete this protected ref.']);
    expect(await refused('PATCH', '/git/refs/heads/topic', { sha: first, force: true })).toEqual([422, 'Cannot force-push to this branch']);
    expect(await refused('POST', '/git/refs', { ref: 'refs/heads/release', sha: first })).toEqual([
      422,
      'Cannot create ref due to creations being restricted.',
    ]);
  });
});

describe('the policy for actions', () => {
  const workflow = (uses: string) => `on: repository_dispatch\njobs: { a: { runs-on: x, steps: [{ uses: '${uses}' }] } }\n`;
  const run = async (uses: string, actionsPolicy: object) => {
    stage.github.createRepository({ owner: 'acme', name: 'net', files: { '.github/workflows/a.yml': workflow(uses) }, actionsPolicy });
    await stage.dispatch();
    await stage.github.idle();
    return stage.github.runs[0];
  };
  const policy = async () => (await stage.call('GET', at('/actions/permissions'))).body;
  const selected = async () => stage.call('GET', at('/actions/permissions/selected-actions'));

  it('allows everything unless told otherwise', async () => {
    expect(await run('org/tiny@v1', {})).toMatchObject({ conclusion: 'success' });
    expect(await policy()).toEqual({ enabled: true, allowed_actions: 'all', sha_pinning_required: false });
    expect((await selected()).status).toBe(409);
  });

  it('starts nothing where Actions are switched off', async () => {
    stage.github.createRepository({
      owner: 'acme',
      name: 'net',
      files: { '.github/workflows/a.yml': workflow('org/tiny@v1') },
      actionsEnabled: false,
    });
    await stage.dispatch();
    expect(stage.github.runs).toEqual([]);
    expect(await policy()).toEqual({ enabled: false, sha_pinning_required: false });
  });

  it('can ask for a full commit hash', async () => {
    const refused = await run('org/tiny@v1', { shaPinningRequired: true });
    expect(refused).toMatchObject({
      conclusion: 'startup_failure',
      problems: ['The action org/tiny@v1 is not allowed in acme/net because all actions must be pinned to a full-length commit SHA.'],
    });
    expect(await policy()).toMatchObject({ sha_pinning_required: true });
  });

  it('is content with the hash', async () => {
    expect(await run(`org/tiny@${HASH}`, { shaPinningRequired: true })).toMatchObject({ conclusion: 'success' });
  });

  it.each([
    ['org/tiny@v1', { allowed: 'local_only' }, 'startup_failure'],
    ['acme/own@v1', { allowed: 'local_only' }, 'success'],
    ['org/tiny@v1', { allowed: 'selected', patterns: ['other/*'] }, 'startup_failure'],
    ['org/tiny@v1', { allowed: 'selected', patterns: ['org/*'] }, 'success'],
    ['org/tiny@v1', { allowed: 'selected', patterns: ['org/tiny@v2'] }, 'startup_failure'],
    ['actions/checkout@v6', { allowed: 'selected', githubOwned: true }, 'success'],
    ['actions/checkout@v6', { allowed: 'selected', githubOwned: false }, 'startup_failure'],
  ])('%s under %j: %s', async (uses, actionsPolicy, conclusion) => {
    expect(await run(uses, actionsPolicy)).toMatchObject({ conclusion });
    if (actionsPolicy.allowed !== 'selected') return;
    expect(await policy()).toMatchObject({
      allowed_actions: 'selected',
      selected_actions_url: `${stage.github.apiUrl}/repos/acme/net/actions/permissions/selected-actions`,
    });
    const { githubOwned = true, patterns = [] } = actionsPolicy as { githubOwned?: boolean; patterns?: string[] };
    expect((await selected()).body).toEqual({ github_owned_allowed: githubOwned, verified_allowed: true, patterns_allowed: patterns });
  });
});
