// HCP Terraform as far as a relay's test needs it: takes callbacks, hands out a plan. Answers as scripted, remembers all.
import type { ServerResponse } from 'node:http';
import { startServer, type Seen } from '../../support/http-server.ts';

export interface Callback {
  readonly status: string;
  readonly message: string;
  readonly url?: string;
  readonly outcomes: number;
  readonly answered: number | 'hang' | 'reset' | 'eaten';
}

type Scripted = number | 'hang' | 'reset' | 'eaten' | { status: number; headers: Record<string, string> };

export interface StandInHcp {
  readonly url: string;
  readonly host: string;
  readonly seen: Seen[];
  /** Everything PATCHed to a callback URL, in order. */
  readonly callbacks: Callback[];
  readonly verdicts: () => Callback[];
  readonly running: () => Callback[];
  /**
   * Answers for the next PATCHes. `eaten`: HCP takes it, the answer never arrives (connection reset).
   * Without a script: 200, and 409 after a terminal result that was taken.
   */
  readonly script: Scripted[];
  close(): Promise<void>;
}

export const PLAN = '{"format_version":"1.2","resource_changes":[]}';

export async function startStandInHcp(): Promise<StandInHcp> {
  const callbacks: Callback[] = [];
  const script: Scripted[] = [];
  const terminal = new Set<string>();
  const hanging = new Set<ServerResponse>();
  const server = await startServer((request, response) => {
    if (request.method === 'PATCH') return patch(request, response);
    if (request.url.startsWith('/api/v2/plans/'))
      return response.writeHead(307, { location: `${server.url}/store/plan?secret=abcdefgh` }).end();
    if (request.url.startsWith('/api/v2/configuration-versions/'))
      return response.writeHead(302, { location: `${server.url}/store/configuration?secret=abcdefgh` }).end();
    if (request.url.startsWith('/store/')) return response.writeHead(request.headers.authorization === undefined ? 200 : 400).end(PLAN);
    response.writeHead(404).end();
  });

  function patch(request: Seen, response: ServerResponse): unknown {
    const { data } = JSON.parse(request.body) as {
      data: { attributes: { status: string; message: string; url?: string }; relationships?: { outcomes: { data: unknown[] } } };
    };
    const natural = terminal.has(request.url) ? 409 : 200;
    const scripted = script.shift() ?? natural;
    const answered = typeof scripted === 'object' ? scripted.status : scripted;
    callbacks.push({ ...data.attributes, outcomes: data.relationships?.outcomes.data.length ?? 0, answered });
    if ((answered === 200 || answered === 'eaten') && data.attributes.status !== 'running') terminal.add(request.url);
    if (answered === 'hang') return hanging.add(response);
    if (answered === 'reset' || answered === 'eaten') return response.socket?.destroy();
    const headers = { 'content-type': 'application/vnd.api+json', ...(typeof scripted === 'object' ? scripted.headers : {}) };
    return response.writeHead(answered, headers).end(answered === 200 ? '{"data":{}}' : '{"errors":[{"title":"scripted"}]}');
  }

  return {
    url: server.url,
    host: new URL(server.url).host,
    seen: server.seen,
    callbacks,
    verdicts: () => callbacks.filter(({ status }) => status !== 'running'),
    running: () => callbacks.filter(({ status }) => status === 'running'),
    script,
    close: () => server.close(),
  };
}
