import { afterEach, describe, expect, it } from '@jest/globals';
import { getOctokit } from '@actions/github';
import { findPullRequest } from '../../src/github/pull-requests.ts';
import { startServer, type TestServer } from '../support/http-server.ts';

const SHA = '0123456789abcdef0123456789abcdef01234567';
const OTHER = 'f'.repeat(40);
const AT = '2026-11-22T10:00:00Z';

let server: TestServer;
afterEach(() => server.close());

interface Pull {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly head: { readonly sha: string };
  readonly merged_at: string | null;
  readonly merge_commit_sha: string | null;
}
const open = (number: number, head: string, trial: string | null = null): Pull => ({
  number,
  state: 'open',
  head: { sha: head },
  merged_at: null,
  merge_commit_sha: trial,
});
const merged = (number: number, head: string, became: string): Pull => ({
  number,
  state: 'closed',
  head: { sha: head },
  merged_at: AT,
  merge_commit_sha: became,
});

async function found(pulls: readonly Pull[]): Promise<number | null> {
  server = await startServer(
    (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(pulls)),
  );
  const octokit = getOctokit('a-token', { baseUrl: server.url });
  return findPullRequest(octokit, { owner: 'acme', repo: 'net', sha: SHA });
}

describe('findPullRequest', () => {
  it.each<[string, readonly Pull[], number | null]>([
    ['the open one whose head it is', [open(1, OTHER), open(2, SHA)], 2],
    ['none of two open ones with the same head', [open(1, SHA), open(2, SHA)], null],
    ['the merged one that became it', [merged(1, OTHER, OTHER), merged(2, OTHER, SHA)], 2],
    ['the open one before one that was merged', [merged(1, OTHER, SHA), open(2, SHA)], 2],
    ['not one that was merged and only contains it', [merged(1, SHA, OTHER)], null],
    ['not an open one whose trial merge it is', [open(1, OTHER, SHA)], null],
    ['not one that was closed without a merge', [{ ...merged(1, OTHER, SHA), merged_at: null }], null],
    ['nothing in nothing', [], null],
  ])('finds %s', async (_, pulls, number) => {
    expect(await found(pulls)).toBe(number);
    expect(server.seen[0]?.url).toBe(`/repos/acme/net/commits/${SHA}/pulls?per_page=100`);
  });

  it('says what was tried when GitHub refuses', async () => {
    server = await startServer(
      (_, response) => void response.writeHead(403, { 'content-type': 'application/json' }).end('{"message":"no"}'),
    );
    const octokit = getOctokit('a-token', { baseUrl: server.url });
    await expect(findPullRequest(octokit, { owner: 'acme', repo: 'net', sha: SHA })).rejects.toMatchObject({
      code: 'E_GITHUB_FORBIDDEN',
      message: expect.stringContaining('look for the pull request of 0123456789ab in acme/net'),
    });
  });
});
