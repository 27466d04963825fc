// A loopback HTTP server that keeps a log of what it saw and can be told to misbehave. What it answers is the caller's.
//
// node:http and no framework: resets, hangs and half-sent bodies need the socket.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../base/clock.ts';
import type { SeenRequest, WeatherRule } from './types.ts';
import type { Weather } from './weather.ts';

export interface Incoming {
  readonly method: string;
  readonly url: URL;
  /** Lower-case names; repeated ones joined as Node does. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | { readonly file: string };
}

export interface LoopbackServer {
  readonly url: string;
  readonly host: string;
  /** Breaks connections that were left hanging. */
  breakHanging(): void;
  close(): Promise<void>;
}

export interface ServerDeps {
  readonly clock: Clock;
  readonly weather: Weather;
  readonly onArrived: (seen: SeenRequest) => void;
  readonly onAnswered: (seen: SeenRequest) => void;
}

/** 250 outcomes of 10,000 characters of four bytes each are 10 MB. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const MAX_LOGGED_BYTES = 64 * 1024;

export async function startServer(
  name: 'api' | 'store',
  port: number,
  handle: (request: Incoming) => Answer | Promise<Answer>,
  deps: ServerDeps,
): Promise<LoopbackServer> {
  const hanging = new Set<ServerResponse>();
  const sending = new Set<Promise<void>>();

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = message.method ?? 'GET';
    const path = message.url ?? '/';
    const headers = Object.fromEntries(Object.entries(message.headers).map(([key, value]) => [key, [value].flat().join(', ')]));
    const seen: SeenRequest = { at: deps.clock.now(), server: name, method, path, headers, body: '', status: null, responseBody: '' };
    const body = await readBody(message);
    seen.body = body.toString('utf8');
    deps.onArrived(seen);

    const rule = deps.weather.take({ server: name, method, path });
    // after() and not sleep(): a slow answer must not keep a process alive that has closed us.
    if (rule?.delayMs !== undefined) await new Promise<void>((resolve) => void deps.clock.after(rule.delayMs!, resolve));
    const answer = async (): Promise<Answer> => {
      if (body.length > MAX_BODY_BYTES) return { status: 413, body: 'The body is larger than 16 MiB' };
      // Ours, not the Host header: whatever that says, it is no address to build links from.
      const url = `http://${host}${path}`;
      if (!path.startsWith('/') || !URL.canParse(url)) return { status: 400, body: 'The path is not one' };
      return handle({ method, url: new URL(url), headers, body });
    };
    const usual = rule === null || rule.after || !breaks(rule) ? await answer() : null;
    if (rule?.hang) return void hanging.add(response);
    if (rule?.reset) return void message.socket.resetAndDestroy();
    const final = rule?.status === undefined ? usual! : fromRule(rule.status, rule);
    seen.status = final.status;
    seen.responseBody = logged(final.body);
    const sent = send(response, final, rule?.cutAfterBytes);
    // A long body waits for its reader, who may have stopped reading: closing does not wait for that.
    if (isShort(final.body)) sending.add(sent);
    await sent.finally(() => sending.delete(sent));
    deps.onAnswered(seen);
  };

  const server = createServer((message, response) => {
    serve(message, response).catch((thrown: unknown) => {
      // The other side went away while we read or wrote: its business. Anything else is our own defect and must be seen.
      if (message.socket.destroyed) return;
      if (response.headersSent) return void response.destroy();
      response
        .writeHead(500, { 'content-type': 'text/plain' })
        .end(`Emulator fault: ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
    });
  });
  await listen(server, port);
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const breakHanging = (): void => {
    for (const response of hanging) response.destroy();
    hanging.clear();
  };
  return {
    url: `http://${host}`,
    host,
    breakHanging,
    close: async () => {
      breakHanging();
      // The callback that ended a run is often what makes its watcher close us: it gets its answer first.
      await new Promise((resolve) => setImmediate(resolve));
      await Promise.allSettled(sending);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

const breaks = (rule: WeatherRule): boolean => rule.hang === true || rule.reset === true || rule.status !== undefined;

function fromRule(status: number, rule: WeatherRule): Answer {
  return {
    status,
    headers: { 'content-type': 'application/vnd.api+json', ...rule.headers },
    body: rule.body ?? JSON.stringify({ errors: [{ status: String(status), title: 'bad weather' }] }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Reads on past the limit without keeping more, so that the sender gets its 413 instead of a broken pipe. */
async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    if (length <= MAX_BODY_BYTES) chunks.push(chunk);
    length += chunk.length;
  }
  return Buffer.concat(chunks);
}

async function send(response: ServerResponse, answer: Answer, cutAfterBytes: number | undefined): Promise<void> {
  // Whoever asked has left: there will be no close to wait for.
  if (response.destroyed) return;
  const { body } = answer;
  const isFile = typeof body === 'object' && 'file' in body;
  const bytes = body === undefined || isFile ? Buffer.alloc(0) : toBuffer(body);
  const length = isFile ? (await stat(body.file)).size : bytes.length;
  const bodiless = answer.status === 204 || answer.status === 304;
  response.writeHead(answer.status, { ...answer.headers, ...(bodiless ? {} : { 'content-length': String(length) }) });
  if (bodiless) return void response.end();
  if (cutAfterBytes !== undefined) {
    const part = isFile ? createReadStream(body.file, { end: Math.max(cutAfterBytes - 1, 0) }) : [bytes.subarray(0, cutAfterBytes)];
    for await (const chunk of part) await new Promise((resolve) => response.write(chunk, resolve));
    return void response.destroy();
  }
  if (isFile) return pipeline(createReadStream(body.file), response);
  await new Promise<void>((resolve) => {
    response.once('close', resolve);
    response.end(bytes);
  });
}

const isShort = (body: Answer['body']): boolean =>
  body === undefined || (typeof body === 'object' && 'file' in body ? false : body.length <= MAX_LOGGED_BYTES);

/** A view, not a copy: a plan may be some hundred megabytes. */
const toBuffer = (body: string | Uint8Array): Buffer =>
  typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);

function logged(body: Answer['body']): string {
  if (body === undefined) return '';
  if (typeof body === 'object' && 'file' in body) return '<from a file>';
  if (!isShort(body)) return `<${body.length} bytes>`;
  return typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
}
