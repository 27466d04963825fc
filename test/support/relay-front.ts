// A server in front of the relay, as a reverse proxy is: keeps what jobs and relay say to each other, and can answer in its place. It is
// the relay's public_url and the workflow's relay-url.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Flow, FlowOptions } from './flow.ts';

export interface Passed {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Empty when it was cut off. */
  answer: string;
}

export interface RelayFront {
  readonly passed: readonly Passed[];
  /** For startFlow. */
  readonly options: Pick<FlowOptions, 'relayYml'>;
  /** Asked before a request goes on. A status: answered here with that, as by something that does not know the path. */
  intercept: (request: { readonly method: string; readonly path: string }) => Promise<'pass' | 'cut' | number> | 'pass' | 'cut' | number;
  /** Jobs of this flow come through here from now on. */
  lead(flow: Flow): void;
  close(): Promise<void>;
}

export async function startRelayFront(): Promise<RelayFront> {
  const passed: Passed[] = [];
  let relay = '';
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request);
    const { method = '', url: path = '' } = request;
    const entry: Passed = { method, path, body, answer: '' };
    passed.push(entry);
    const fate = await front.intercept({ method, path });
    if (fate === 'cut') return void request.socket.destroy();
    if (typeof fate === 'number') return void response.writeHead(fate).end('404 Not Found');
    const { authorization = '', 'content-type': type = 'application/json' } = request.headers;
    try {
      const answer = await fetch(`${relay}${path}`, { method, headers: { authorization, 'content-type': type }, body });
      const bytes = Buffer.from(await answer.arrayBuffer());
      entry.answer = bytes.toString('latin1');
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(bytes);
    } catch {
      // The relay is away.
      request.socket.destroy();
    }
  }

  const front: RelayFront = {
    passed,
    options: {
      relayYml: (yaml) => yaml.replace(/^public_url: .*$/m, `public_url: ${url}`),
    },
    intercept: () => 'pass',
    lead({ relayUrl, gate, clock }) {
      relay = relayUrl;
      const now = clock.now();
      gate.variables.set('RUNTASK_RELAY_URL', { name: 'RUNTASK_RELAY_URL', value: url, createdAt: now, updatedAt: now });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return front;
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
