// The HTTP server: reads a request, lets the weather act, asks for the answer, keeps a record of both. Knows no endpoint.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { type Answer, json } from './answers.ts';
import type { SeenRequest } from './model.ts';
import type { Request } from './router.ts';
import { breaksAnswer, type Weather, type WeatherRule } from './weather.ts';
import { stackOf } from './thrown.ts';

// Far above what GitHub takes; here so that a runaway caller cannot fill the memory.
const MAX_BODY_BYTES = 32 * 1024 * 1024;

export interface ServerOptions {
  readonly clock: Clock;
  readonly port: number;
  readonly weather: Weather;
  readonly seen: SeenRequest[];
  readonly answer: (request: Request) => Promise<Answer>;
  readonly log: (line: string) => void;
}

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const server = createServer((incoming, outgoing) => void serve(options, incoming, outgoing));
  // Loopback only: this is a stage set, with every secret in plain sight.
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  return closed;
}

async function serve(options: ServerOptions, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { clock, weather, seen, log } = options;
  const body = await readBody(incoming);
  if (body === null) return void incoming.destroy();
  const method = incoming.method ?? 'GET';
  const path = incoming.url ?? '/';
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  const entry: SeenRequest = { at: clock.now(), method, path, headers, body, status: 0, responseBody: '', disturbed: false };
  seen.push(entry);

  const rule = weather.take(method, path);
  if (rule?.delayMs !== undefined) await new Promise<void>((resolve) => void clock.after(rule.delayMs ?? 0, resolve));
  const breaks = rule !== undefined && breaksAnswer(rule);
  entry.disturbed = breaks;
  let answer: Answer | null = null;
  if (!breaks || rule.after === true) {
    const [plain = '', query = ''] = path.split(/\?(.*)/s);
    answer = await answerSafely(options, { method, path: plain, query: new URLSearchParams(query), headers, body });
  }
  if (breaks) {
    if (rule.hang === true) return;
    if (rule.reset === true) return void incoming.socket.destroy();
    answer = brokenAnswer(rule);
  }
  if (answer === null) return;
  send(outgoing, entry, answer, clock);
  log(`${method} ${path} ${answer.status}`);
}

async function answerSafely({ answer, log }: ServerOptions, request: Request): Promise<Answer> {
  try {
    return await answer(request);
  } catch (thrown) {
    // Our own mistake: loud in the log, and an answer that no caller takes for GitHub's.
    log(`${request.method} ${request.path} broke the emulator: ${stackOf(thrown)}`);
    return json(500, { message: `The emulated GitHub broke: ${String(thrown)}` });
  }
}

const brokenAnswer = (rule: WeatherRule): Answer => ({
  status: rule.status ?? 500,
  body: rule.body ?? { message: 'Server Error' },
  ...(rule.headers === undefined ? {} : { headers: rule.headers }),
});

function send(outgoing: ServerResponse, entry: SeenRequest, { status, body, headers = {} }: Answer, clock: Clock): void {
  const sent = body === undefined ? '' : typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  entry.status = status;
  entry.responseBody = typeof sent === 'string' ? sent : `<${sent.length} bytes>`;
  outgoing.writeHead(status, {
    // Our clock's time: clients correct theirs by it (octokit's auth-app does).
    'date': new Date(clock.now()).toUTCString(),
    ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    'x-github-request-id': `EMUL:${entry.at.toString(16).toUpperCase()}`,
    'x-github-enterprise-version': 'enterprise-server@3.19.0',
    ...headers,
  });
  outgoing.end(sent);
}

/** null when the caller went away or sends without end. */
async function readBody(incoming: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) return null;
      chunks.push(chunk);
    }
  } catch (thrown) {
    if (incoming.destroyed) return null; // cut off in the middle of its request
    throw thrown;
  }
  return Buffer.concat(chunks).toString('utf8');
}
