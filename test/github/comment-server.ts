// GitHub's comments, statuses and viewer as far as these tests need them, over real HTTP. Written down here and not taken from the
// emulator: each test says itself how GitHub behaves.
import { getOctokit } from '@actions/github';
import type { Octokit } from '../../src/github/viewer.ts';
import { startServer, type Seen, type TestServer } from '../support/http-server.ts';

export interface StoredComment {
  id: number;
  body: string;
  html_url: string;
  user: { login: string; type: string } | null;
  /** Absent: of pull request 7. */
  issue_url?: string;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface GithubServer extends TestServer {
  readonly octokit: Octokit;
  readonly comments: StoredComment[];
  /** Statuses in the order in which they were written. */
  readonly statuses: { context: string; state: string; description: string; target_url?: string }[];
  /** Answers instead of GitHub, until it returns null. */
  intercept: (request: Seen) => Answer | null;
}

export const BOT = { login: 'github-actions[bot]', type: 'Bot' };

export async function startGithubServer(): Promise<GithubServer> {
  const comments: StoredComment[] = [];
  const statuses: GithubServer['statuses'] = [];
  const route = (request: Seen): Answer => {
    const { pathname, searchParams } = new URL(request.url, 'http://x');
    const body = request.body === '' ? {} : (JSON.parse(request.body) as Record<string, string>);
    if (pathname === '/api/graphql') return { status: 200, body: { data: { viewer: { login: BOT.login } } } };
    if (pathname === '/api/v3/repos/acme/net/issues/7/comments') {
      if (request.method === 'POST') return { status: 201, body: add(body['body'] ?? '') };
      return page(comments, searchParams, pathname);
    }
    const id = /\/issues\/comments\/(\d+)$/.exec(pathname)?.[1];
    if (id !== undefined) {
      const comment = comments.find((one) => one.id === Number(id));
      if (comment === undefined) return { status: 404, body: { message: 'Not Found' } };
      if (request.method === 'PATCH') comment.body = body['body'] ?? '';
      return { status: 200, body: { issue_url: `${server.url}/api/v3/repos/acme/net/issues/7`, ...comment } };
    }
    if (/\/statuses\/[0-9a-f]+$/.test(pathname) && request.method === 'POST') {
      statuses.push(body as GithubServer['statuses'][number]);
      return { status: 201, body };
    }
    if (/\/commits\/[0-9a-f]+\/status$/.test(pathname)) {
      const latest = [...new Map(statuses.map((status) => [status.context.toLowerCase(), status])).values()];
      const { body: statusPage } = page(latest, searchParams, pathname);
      return { status: 200, body: { state: 'pending', total_count: latest.length, statuses: statusPage } };
    }
    return { status: 404, body: { message: 'Not Found' } };
  };

  function add(body: string, user: StoredComment['user'] = BOT): StoredComment {
    const id = comments.length + 1;
    const comment = { id, body, user, html_url: `https://github.example/acme/net/pull/7#issuecomment-${id}` };
    comments.push(comment);
    return comment;
  }

  function page(items: readonly unknown[], parameters: URLSearchParams, pathname: string): Answer {
    const size = Number(parameters.get('per_page') ?? 30);
    const number = Number(parameters.get('page') ?? 1);
    const more = items.length > size * number;
    const next = `<${server.url}${pathname}?per_page=${size}&page=${number + 1}>; rel="next"`;
    return { status: 200, body: items.slice(size * (number - 1), size * number), headers: more ? { link: next } : {} };
  }

  const server = await startServer((request, response) => {
    const answer = github.intercept(request) ?? route(request);
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(JSON.stringify(answer.body ?? {}));
  });
  const octokit = getOctokit('a-token', { baseUrl: `${server.url}/api/v3` });
  const github: GithubServer = { ...server, octokit, comments, statuses, intercept: () => null };
  return github;
}
