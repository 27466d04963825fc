// The emulator's own answers, against GitHub's description of its API and against GitHub's own clients.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { loadConformance, missingDescriptions } from '../../conformance/openapi.ts';
import { createStage, seal, type Stage } from './stage.ts';

const SHA = 'c'.repeat(40);
const WORKFLOW = 'on: [repository_dispatch, workflow_dispatch]\njobs: { a: { runs-on: x, steps: [{ run: "true" }] } }\n';

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
  stage.github.createRepository({ owner: 'acme', name: 'net', files: { '.github/workflows/a.yml': WORKFLOW, 'README.md': '# Net' } });
  stage.github.createPullRequest({ repository: 'acme/net', number: 7, headSha: SHA, headRef: 'topic' });
});
afterEach(() => stage.close());

const app = async () => {
  const made = await stage.github.createApp({
    slug: 'gatekeeper',
    permissions: {
      contents: 'write',
      pull_requests: 'write',
      statuses: 'write',
      checks: 'write',
      actions: 'write',
      secrets: 'write',
      actions_variables: 'write',
    },
  });
  const installation = stage.github.installApp(made.appId, { account: 'acme', repositories: 'all' });
  const auth = { appId: made.appId, privateKey: made.privateKeyPem, installationId: installation.id };
  return new Octokit({ baseUrl: stage.github.apiUrl, authStrategy: createAppAuth, auth, log });
};
// Octokit prints every refusal; here they are meant.
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const acme = { owner: 'acme', repo: 'net' };

describe('GitHub’s own clients', () => {
  it('work with an App although our clock is not theirs', async () => {
    await stage.clock.advance(400 * 24 * 3_600_000);
    const octokit = await app();
    const { data } = await octokit.rest.repos.get(acme);
    expect(data.full_name).toBe('acme/net');
    const created = await octokit.rest.issues.createComment({ ...acme, issue_number: 7, body: 'hello' });
    expect(created.data.user?.login).toBe('gatekeeper[bot]');
  });

  it('page through comments', async () => {
    const octokit = new Octokit({ baseUrl: stage.github.apiUrl, auth: stage.token, log });
    for (let i = 0; i < 7; i++) await octokit.rest.issues.createComment({ ...acme, issue_number: 7, body: String(i) });
    const all = await octokit.paginate(octokit.rest.issues.listComments, { ...acme, issue_number: 7, per_page: 3 });
    expect(all.map((c) => c.body)).toEqual(['0', '1', '2', '3', '4', '5', '6']);
  });
});

(missingDescriptions === null ? describe : describe.skip)(
  `GitHub’s OpenAPI description${missingDescriptions === null ? '' : ` (skipped: ${missingDescriptions})`}`,
  () => {
    it('holds every operation that it has and we answer', async () => {
      const octokit = await app();
      const { rest } = octokit;
      const own = new Octokit({ baseUrl: stage.github.apiUrl, auth: stage.token, log }).rest;
      await rest.repos.createDispatchEvent({ ...acme, event_type: 'go', client_payload: { id: '1' } });
      await stage.github.idle();
      await octokit.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
        ...acme,
        workflow_id: 'a.yml',
        ref: 'main',
        return_run_details: true,
      });
      await stage.github.idle();
      await rest.actions.listWorkflowRunsForRepo({ ...acme, event: 'repository_dispatch' });
      await rest.actions.getWorkflowRun({ ...acme, run_id: stage.github.runs[0]?.id ?? 0 });
      const key = (await rest.actions.getRepoPublicKey(acme)).data;
      const secret = { ...acme, secret_name: 'KEY', encrypted_value: await seal('value', key.key), key_id: key.key_id };
      await rest.actions.createOrUpdateRepoSecret(secret);
      await rest.actions.createOrUpdateRepoSecret(secret);
      await rest.actions.createRepoVariable({ ...acme, name: 'PLACE', value: 'here' });
      await rest.actions.updateRepoVariable({ ...acme, name: 'PLACE', value: 'there' });
      expect((await rest.actions.getRepoVariable({ ...acme, name: 'PLACE' })).data.value).toBe('there');
      const check = await rest.checks.create({ ...acme, name: 'gate', head_sha: SHA, status: 'in_progress' });
      await rest.checks.update({ ...acme, check_run_id: check.data.id, conclusion: 'success', output: { title: 't', summary: 's' } });
      expect((await rest.checks.get({ ...acme, check_run_id: check.data.id })).data.status).toBe('completed');
      await rest.repos.listPullRequestsAssociatedWithCommit({ ...acme, commit_sha: SHA });
      const comment = await rest.issues.createComment({ ...acme, issue_number: 7, body: 'a' });
      await rest.issues.updateComment({ ...acme, comment_id: comment.data.id, body: 'b' });
      await rest.issues.listComments({ ...acme, issue_number: 7 });
      await rest.repos.createCommitStatus({ ...acme, sha: SHA, state: 'success', description: 'fine', target_url: 'https://example.com' });
      await own.repos.getContent({ ...acme, path: 'README.md' });
      await own.repos.getContent({ ...acme, path: '.github' });
      const put = await own.repos.createOrUpdateFileContents({
        ...acme,
        path: '.github/workflows/b.yml',
        message: 'add',
        content: Buffer.from(WORKFLOW).toString('base64'),
      });
      await own.repos.createOrUpdateFileContents({
        ...acme,
        path: '.github/workflows/b.yml',
        message: 'change',
        content: 'YQ==',
        sha: put.data.content?.sha ?? '',
      });
      // Refusals have a form too. The 409 of a changed file is not among them: GitHub's description asks for exactly one of two forms
      // that every such body has both of.
      const refused = await Promise.allSettled([
        own.issues.createComment({ ...acme, issue_number: 7, body: 'x'.repeat(65_537) }),
        own.repos.createDispatchEvent({ owner: 'acme', repo: 'none', event_type: 'go' }),
        own.repos.createDispatchEvent({ ...acme, event_type: 'go', client_payload: { text: 'x'.repeat(70_000) } }),
        rest.repos.createOrUpdateFileContents({ ...acme, path: '.github/workflows/c.yml', message: 'add', content: 'YQ==' }),
        own.repos.getContent({ ...acme, path: 'none' }),
      ]);
      expect(refused.map((r) => (r.status === 'rejected' ? (r.reason as { status: number }).status : 200))).toEqual([
        422, 404, 422, 403, 404,
      ]);

      const { violations, unknown, checked } = loadConformance().checkSeen('github', stage.github.seen);
      expect(violations).toEqual([]);
      expect(unknown).toEqual([]);
      expect(new Set(checked).size).toBeGreaterThanOrEqual(20);
    });

    it('holds the calls that set up a repository', async () => {
      stage.github.createRepository({
        owner: 'acme',
        name: 'gate',
        files: { 'README.md': '# Gate' },
        rules: [{ type: 'pull_request' }, { type: 'required_status_checks' }, { type: 'deletion' }, { type: 'non_fast_forward' }],
        actionsPolicy: { allowed: 'selected', patterns: ['org/*'] },
      });
      const gate = { owner: 'acme', repo: 'gate' };
      const { rest } = new Octokit({ baseUrl: stage.github.apiUrl, auth: stage.token, log });
      await rest.repos.get(gate);
      await rest.repos.getBranchRules({ ...gate, branch: 'main' });
      await rest.actions.getGithubActionsPermissionsRepository(gate);
      await rest.actions.getAllowedActionsRepository(gate);
      const main = await rest.repos.getBranch({ ...gate, branch: 'main' });
      await rest.git.createRef({ ...gate, ref: 'refs/heads/runtask/set-up', sha: main.data.commit.sha });
      const file = { ...gate, path: '.github/workflows/b.yml', branch: 'runtask/set-up' };
      await rest.repos.createOrUpdateFileContents({ ...file, message: 'add', content: Buffer.from(WORKFLOW).toString('base64') });
      const ref = await rest.git.getRef({ ...gate, ref: 'heads/runtask/set-up' });
      await rest.git.updateRef({ ...gate, ref: 'heads/runtask/set-up', sha: ref.data.object.sha });
      const pull = { ...gate, pull_number: 1 };
      await rest.pulls.create({ ...gate, title: 'Set up', head: 'runtask/set-up', base: 'main', body: 'why' });
      await rest.pulls.list({ ...gate, state: 'all', head: 'acme:runtask/set-up' });
      await rest.pulls.get(pull);
      await rest.pulls.update({ ...pull, title: 'Better' });
      stage.github.getRepository('acme/gate').rules.length = 0;
      await rest.pulls.merge({ ...pull, merge_method: 'squash' });
      await rest.pulls.get(pull);
      await rest.git.deleteRef({ ...gate, ref: 'heads/runtask/set-up' });
      const merged = await rest.repos.getContent({ ...gate, path: file.path });
      const sha = Array.isArray(merged.data) ? '' : merged.data.sha;
      await rest.repos.deleteFile({ ...gate, path: file.path, message: 'remove', sha });
      const key = (await rest.actions.getRepoPublicKey(gate)).data;
      const secret = { ...gate, secret_name: 'KEY' };
      await rest.actions.createOrUpdateRepoSecret({ ...secret, encrypted_value: await seal('value', key.key), key_id: key.key_id });
      await rest.actions.getRepoSecret(secret);
      await rest.actions.listRepoSecrets(gate);
      await rest.actions.deleteRepoSecret(secret);
      await rest.actions.createRepoVariable({ ...gate, name: 'PLACE', value: 'here' });
      await rest.actions.listRepoVariables(gate);
      await rest.actions.deleteRepoVariable({ ...gate, name: 'PLACE' });
      const refused = await Promise.allSettled([
        rest.git.getRef({ ...gate, ref: 'heads/none' }),
        rest.git.createRef({ ...gate, ref: 'refs/heads/main', sha: main.data.commit.sha }),
        rest.repos.getBranch({ ...gate, branch: 'none' }),
        rest.pulls.create({ ...gate, title: 't', head: 'none', base: 'main' }),
        rest.pulls.merge({ ...pull }),
        rest.repos.deleteFile({ ...gate, path: 'none', message: 'm', sha }),
      ]);
      expect(refused.map((r) => (r.status === 'rejected' ? (r.reason as { status: number }).status : 200))).toEqual([
        404, 422, 404, 422, 405, 404,
      ]);
      const { violations, unknown } = loadConformance().checkSeen('github', stage.github.seen);
      expect(violations).toEqual([]);
      expect(unknown).toEqual([]);
    });
  },
);
