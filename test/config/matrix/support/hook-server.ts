// A relay as far as a registration test goes: answers 200 to bytes that are signed with one of its keys, 401 to others. Counts.
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HookServer {
  readonly url: string;
  /** Keys that it takes; changed by a test that rotates. */
  readonly keys: Set<string>;
  /** Status of each answer, in order. */
  readonly answers: number[];
  close(): Promise<void>;
}

export async function startHookServer(key: string): Promise<HookServer> {
  const keys = new Set([key]);
  const answers: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const signature = request.headers['x-tfc-task-signature'];
      const isSigned = [...keys].some((one) => createHmac('sha512', one).update(body).digest('hex') === signature);
      const status = request.method !== 'POST' || request.url !== '/hooks/gate' ? 404 : isSigned ? 200 : 401;
      answers.push(status);
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/gate`,
    keys,
    answers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
