// An emulator, a clock that the test moves, and a run task server that answers as the test says.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  startHcpTerraform,
  type HcpTerraform,
  type HcpTerraformOptions,
  type StartRun,
} from '../../../src/emulators/hcp-terraform/index.ts';
import type { EnforcementLevel, Stage } from '../../../src/contracts/run-facts.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';

export const KEY = 'a-key-of-enough-length';

export interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly payload: Record<string, unknown>;
}

export interface RunTaskServer {
  readonly url: string;
  /** Real requests only, not registration tests. */
  readonly received: Received[];
  /**
   * What the next posts are answered; 200 when empty. `hang` never answers, `reset` breaks the connection,
   * `hold` answers 200 at `release()`.
   */
  readonly answers: (number | 'hang' | 'reset' | 'hold')[];
  release(): void;
  /** Resolves once so many real requests have come in. */
  arrived(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function startRunTaskServer(): Promise<RunTaskServer> {
  const received: Received[] = [];
  const answers: RunTaskServer['answers'] = [];
  const held: ServerResponse[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const payload = readObject(text);
    if (payload['stage'] !== 'test') received.push({ headers: request.headers, text, payload });
    for (const one of waiting) if (received.length >= one.count) one.resolve();
    const answer = answers.shift() ?? 200;
    if (answer === 'reset') return void request.socket.resetAndDestroy();
    if (answer === 'hold') return void held.push(response);
    if (answer !== 'hang') response.writeHead(answer, answer === 301 ? { location: '/elsewhere' } : {}).end('noted');
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/gate`,
    received,
    answers,
    release: () => held.splice(0).forEach((response) => response.end()),
    arrived: (count) => new Promise((resolve) => (received.length >= count ? resolve() : waiting.push({ count, resolve }))),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function readObject(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // A test posts bytes that are not JSON on purpose.
    return {};
  }
}

export interface Scene {
  readonly hcp: HcpTerraform;
  readonly clock: ManualClock;
  readonly relay: RunTaskServer;
  /** A run of acme/net with the smallest plan. */
  start(spec?: Partial<StartRun>): ReturnType<HcpTerraform['startRun']>;
  /** Starts a run and waits until its first post is answered. */
  startPosted(spec?: Partial<StartRun>): ReturnType<HcpTerraform['startRun']>;
  /** PATCHes a result's callback with its own token. */
  callback(
    result: { callbackUrl: string; accessToken: string },
    status: string,
    attributes?: Record<string, unknown>,
  ): Promise<{ status: number; body: string }>;
  close(): Promise<void>;
}

export async function arrange(
  options: Partial<HcpTerraformOptions> & {
    attach?: readonly { stages: readonly Stage[]; enforcementLevel?: EnforcementLevel; task?: string }[];
  } = {},
): Promise<Scene> {
  const clock = createManualClock();
  const relay = await startRunTaskServer();
  const hcp = await startHcpTerraform({ clock, ...options });
  hcp.createOrganization('acme');
  hcp.createWorkspace({ organization: 'acme', name: 'net', vcs: { repositoryUrl: 'https://github.com/acme/net', branch: 'main' } });
  for (const { stages, enforcementLevel, task } of options.attach ?? [{ stages: ['post_plan'] }]) {
    const made = await hcp.createRunTask({ organization: 'acme', name: task ?? 'gate', url: relay.url, hmacKey: KEY });
    hcp.attachRunTask({ organization: 'acme', workspace: 'net', task: made, stages, enforcementLevel: enforcementLevel ?? 'mandatory' });
  }
  const start: Scene['start'] = (spec) => hcp.startRun({ organization: 'acme', workspace: 'net', plan: { resource_changes: [] }, ...spec });
  return {
    hcp,
    clock,
    relay,
    start,
    startPosted: async (spec) => {
      const run = await start(spec);
      await hcp.until(() => run.taskResults[0]?.status === 'running');
      return run;
    },
    callback: async (result, status, attributes = {}) => {
      const response = await patch(result.callbackUrl, result.accessToken, {
        data: { type: 'task-results', attributes: { status, message: `it ${status}`, ...attributes } },
      });
      return { status: response.status, body: await response.text() };
    },
    close: async () => {
      await hcp.close();
      await relay.close();
    },
  };
}

export const patch = (url: string, token: string, body: unknown): Promise<Response> =>
  fetch(url, {
    method: 'PATCH',
    headers: { 'Authorization': `Bearer ${token}`, 'Content-Type': 'application/vnd.api+json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

export const get = (url: string, token?: string): Promise<Response> =>
  fetch(url, { redirect: 'manual', headers: token === undefined ? {} : { Authorization: `Bearer ${token}` } });
