import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aggregate, statusContext, writeCommitStatus, type CommitState, type CommitStatus } from '../../src/github/commit-status.ts';
import { startGithubServer, type GithubServer } from './comment-server.ts';

let github: GithubServer;
beforeEach(async () => {
  github = await startGithubServer();
});
afterEach(() => github.close());

const aStatus = (workspace: string, state: CommitState, change: Partial<CommitStatus> = {}): CommitStatus => ({
  owner: 'acme',
  repo: 'net',
  sha: '0123456789abcdef0123456789abcdef01234567',
  workspace,
  stage: 'post_plan',
  state,
  description: `about ${workspace}`,
  targetUrl: 'https://github.example/run/1',
  ...change,
});
const written = (): string[] => github.statuses.map(({ context, state, description }) => `${context} ${state}: ${description}`);

describe('writeCommitStatus', () => {
  it('writes the workspace, then the aggregate', async () => {
    await writeCommitStatus(github.octokit, aStatus('net-prod', 'success'));
    expect(written()).toEqual(['runtask/net-prod/post_plan success: about net-prod', 'runtask success: Run tasks: 1 passed']);
    expect(github.statuses[0]?.target_url).toBe('https://github.example/run/1');
  });

  it('aggregates the latest of every workspace and stage, and nobody else’s', async () => {
    github.statuses.push({ context: 'ci/build', state: 'failure', description: '' });
    await writeCommitStatus(github.octokit, aStatus('a', 'failure'));
    await writeCommitStatus(github.octokit, aStatus('b', 'success', { stage: 'pre_plan' }));
    expect(written().at(-1)).toBe('runtask failure: Run tasks: 1 failed, 1 passed');
    await writeCommitStatus(github.octokit, aStatus('a', 'success'));
    expect(written().at(-1)).toBe('runtask success: Run tasks: 2 passed');
  });

  it('counts more contexts than one page holds', async () => {
    for (let i = 0; i < 230; i++)
      github.statuses.push({ context: `runtask/ws-${i}/post_plan`, state: i === 229 ? 'failure' : 'success', description: '' });
    await writeCommitStatus(github.octokit, aStatus('last', 'success'));
    expect(written().at(-1)).toBe('runtask failure: Run tasks: 1 failed, 230 passed');
  });

  it('a refused status is a fault that names the commit', async () => {
    github.intercept = () => ({ status: 422, body: { message: 'No commit found for SHA' } });
    await expect(writeCommitStatus(github.octokit, aStatus('a', 'success'))).rejects.toMatchObject({
      retryable: false,
      status: 422,
      message: 'GitHub answered HTTP 422 when we tried to set the commit status on acme/net@0123456789ab',
    });
  });

  it.each([
    [403, 'It needs `statuses: write`'],
    [
      404,
      "It needs `statuses: write` in that repository. A workflow's own token reaches its own repository only: for others name them in the relay's `feedback_repositories`, or give the input `github-token`",
    ],
  ])('a token that may not is a fault that names what it needs: %d', async (status, remedy) => {
    github.intercept = () => ({ status, body: { message: 'no' } });
    await expect(writeCommitStatus(github.octokit, aStatus('a', 'success'))).rejects.toMatchObject({
      code: 'E_GITHUB_FORBIDDEN',
      message: `GitHub does not let this token set the commit status on acme/net@0123456789ab (HTTP ${status}). ${remedy}`,
    });
  });
});

describe('statusContext', () => {
  it('has only characters that a context may have', () => {
    expect(statusContext('net prod/…<b>', 'pre_apply')).toBe('runtask/net-prod---b-/pre_apply');
    expect(statusContext('x'.repeat(500), 'post_apply').length).toBeLessThan(255);
  });
});

describe('aggregate', () => {
  it.each([
    [['success', 'pending'], 'pending', 'Run tasks: 1 running, 1 passed'],
    [['success', 'error', 'pending'], 'error', 'Run tasks: 1 failed, 1 running, 1 passed'],
    [['error', 'failure'], 'failure', 'Run tasks: 2 failed'],
  ] as const)('%j is %s', (states, state, description) => {
    expect(aggregate(states)).toEqual({ state, description });
  });
});
