import { afterEach, describe, expect, it } from '@jest/globals';
import { getOctokit } from '@actions/github';
import { findPullRequests } from '../../src/github/pull-requests.ts';
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
  readonly base: { readonly ref: string };
  readonly merged_at: string | null;
  readonly merge_commit_sha: string | null;
}
const open = (number: number, head: string, trial: string | null = null, base = 'main'): Pull => ({
  number,
  state: 'open',
  head: { sha: head },
  base: { ref: base },
  merged_at: null,
  merge_commit_sha: trial,
});
const merged = (number: number, head: string, became: string, base = 'main'): Pull => ({
  number,
  state: 'closed',
  head: { sha: head },
  base: { ref: base },
  merged_at: AT,
  merge_commit_sha: became,
});

/** @param pages  as GitHub hands them out */
async function found(pages: readonly (readonly Pull[])[]): Promise<number[]> {
  server = await startServer(({ url }, response) => {
    const page = Number(new URL(url, server.url).searchParams.get('page') ?? 1);
    const next = page < pages.length ? { link: `<${server.url}${url.replace(/&page=.*/, '')}&page=${page + 1}>; rel="next"` } : {};
    response.writeHead(200, { 'content-type': 'application/json', ...next }).end(JSON.stringify(pages[page - 1] ?? []));
  });
  const octokit = getOctokit('a-token', { baseUrl: server.url });
  return findPullRequests(octokit, { owner: 'acme', repo: 'net', sha: SHA, branch: 'main' });
}

describe('findPullRequests', () => {
  it.each<[string, readonly Pull[], readonly number[]]>([
    ['the open one whose head it is', [open(1, OTHER), open(2, SHA)], [2]],
    ['both of two open ones with the same head', [open(1, SHA), open(2, SHA)], [1, 2]],
    ['the merged one that became it', [merged(1, OTHER, OTHER), merged(2, OTHER, SHA)], [2]],
    ['the merged one, whoever opens another from there', [open(2, SHA), merged(1, OTHER, SHA), open(3, SHA)], [1]],
    ['of two that became it the one of the branch', [merged(1, OTHER, SHA), merged(2, SHA, SHA, 'somewhere')], [1]],
    ['both that became it on the branch', [merged(1, OTHER, SHA), merged(2, SHA, SHA)], [1, 2]],
    ['both that became it where none is of the branch', [merged(1, OTHER, SHA, 'a'), merged(2, SHA, SHA, 'b')], [1, 2]],
    ['not one that was merged and only contains it', [merged(1, SHA, OTHER)], []],
    ['not an open one whose trial merge it is', [open(1, OTHER, SHA)], []],
    ['not one that was closed without a merge', [{ ...merged(1, OTHER, SHA), merged_at: null }], []],
    ['nothing in nothing', [], []],
  ])('finds %s', async (_, pulls, numbers) => {
    expect(await found([pulls])).toEqual(numbers);
    expect(server.seen[0]?.url).toBe(`/repos/acme/net/commits/${SHA}/pulls?per_page=100`);
  });

  it('reads all pages: others that contain the commit do not hide the one that became it', async () => {
    const others = Array.from({ length: 100 }, (_, i) => open(i + 10, OTHER));
    expect(await found([others, others, [merged(1, OTHER, SHA)]])).toEqual([1]);
  });

  it('says what was tried when GitHub refuses', async () => {
    server = await startServer(
      (_, response) => void response.writeHead(403, { 'content-type': 'application/json' }).end('{"message":"no"}'),
    );
    const octokit = getOctokit('a-token', { baseUrl: server.url });
    await expect(findPullRequests(octokit, { owner: 'acme', repo: 'net', sha: SHA, branch: null })).rejects.toMatchObject({
      code: 'E_GITHUB_FORBIDDEN',
      message: expect.stringContaining('look for the pull request of 0123456789ab in acme/net'),
    });
  });
});
