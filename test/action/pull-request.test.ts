import { describe, expect, it } from '@jest/globals';
import { readPlace, readPlanned } from '../../src/action/pull-request.ts';
import { toRunFacts } from '../../src/contracts/run-task-request.ts';
import { aRequest } from '../support/requests.ts';

const SHA = '0123456789abcdef0123456789abcdef01234567';
const facts = (change: Parameters<typeof aRequest>[0]) => toRunFacts(aRequest(change));

describe('readPlace', () => {
  it('finds the pull request, its repository and the commit that was planned', () => {
    expect(readPlace(facts({}), 'https://github.com')).toEqual({
      pullRequest: { owner: 'acme', repo: 'net', number: 7 },
      repository: { owner: 'acme', repo: 'net' },
      sha: SHA,
    });
  });

  it('reads the repository of a payload of 2021: `.git`, a commit URL with /-/, no hash', () => {
    const beta = facts({
      vcs_commit_hash: null,
      vcs_pull_request_url: null,
      vcs_repo_url: 'https://github.com/acme/net.git',
      vcs_commit_url: `https://github.com/acme/net/-/commit/${SHA}`,
    });
    expect(readPlace(beta, 'https://github.com')).toEqual({ pullRequest: null, repository: { owner: 'acme', repo: 'net' }, sha: SHA });
  });

  it.each([
    ['another GitHub', { vcs_pull_request_url: 'https://github.example.com/acme/net/pull/7' }],
    ['GitLab', { vcs_pull_request_url: 'https://gitlab.com/acme/net/-/merge_requests/7' }],
    ['a path that is no pull request', { vcs_pull_request_url: 'https://github.com/acme/net/issues/7' }],
    ['a number that is none', { vcs_pull_request_url: 'https://github.com/acme/net/pull/7x' }],
    ['a name that is a path', { vcs_pull_request_url: 'https://github.com/acme/..%2Fnet/pull/7' }],
    ['no URL', { vcs_pull_request_url: 'pull 7' }],
  ])('has no pull request on %s', (_, change) => {
    expect(readPlace(facts({ vcs_repo_url: null, vcs_commit_url: null, ...change }), 'https://github.com').pullRequest).toBeNull();
  });

  it.each(['https://github.com/acme/...git', 'https://github.com/acme/..git'])(
    'has no repository that would climb in a path: %s',
    (url) => {
      const climbs = facts({ vcs_pull_request_url: null, vcs_commit_url: null, vcs_repo_url: url });
      expect(readPlace(climbs, 'https://github.com').repository).toBeNull();
    },
  );

  it('takes only a whole commit hash', () => {
    expect(readPlace(facts({ vcs_commit_hash: 'main' }), 'https://github.com').sha).toBeNull();
    expect(readPlace(facts({ vcs_commit_hash: '0123456' }), 'https://github.com').sha).toBeNull();
  });
});

describe('readPlanned', () => {
  const planned = (change: Parameters<typeof facts>[0]) => readPlanned(facts(change), 'https://github.com');
  const none = { repository: null, commit: null, ref: null };
  const branch = (vcs_branch: string | null) => planned({ vcs_pull_request_url: null, vcs_branch });
  it('names the head of the pull request, else the branch', () => {
    expect(planned({})).toEqual({ repository: 'acme/net', commit: SHA, ref: 'refs/pull/7/head' });
    expect(branch('feature/x_1')).toEqual({ repository: 'acme/net', commit: SHA, ref: 'refs/heads/feature/x_1' });
  });

  it.each(['$(id)', 'a b', '../x', '-x', 'a\nb', '', null])('names no branch that is not plainly one: %j', (name) => {
    expect(branch(name)).toEqual({ repository: 'acme/net', commit: SHA, ref: null });
  });

  it('names nothing where the commit or its repository is not known here', () => {
    expect(planned({ vcs_commit_hash: 'main' })).toEqual(none);
    expect(readPlanned(facts({}), 'https://github.example.com')).toEqual(none);
  });
});
