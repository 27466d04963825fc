// Who has neither signature, ticket nor session: what such a caller can make the relay do, read and remember.
import { afterEach, describe, expect, it } from '@jest/globals';
import { createWorld, type World } from './support/world.ts';

let world: World;
afterEach(() => world.close());

/** A body that tells how much of it was asked for. */
function countedBody(chunks: number): { body: ReadableStream<Uint8Array>; read: () => number } {
  let read = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (read++ < chunks) controller.enqueue(Buffer.alloc(64 * 1024, 0x20));
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return { body, read: () => read };
}

const patch = (path: string, token: string, body: ReadableStream<Uint8Array>): Request =>
  new Request(`http://relay.test${path}`, {
    method: 'PATCH',
    headers: { 'authorization': `Bearer ${token}`, 'content-type': 'application/json' },
    body,
    duplex: 'half',
  });

describe('a stranger', () => {
  it('is not read to the end: sixteen megabytes of a result that nobody asked for', async () => {
    world = await createWorld();
    const { client_payload: payload } = await world.dispatched();
    const { body: claimed } = await world.claim(payload);
    for (const [id, token] of [
      ['rt_0000000000000000000000', 'x'.repeat(43)],
      [payload.id, 'x'.repeat(43)],
    ] as const) {
      const { body, read } = countedBody(200);
      const response = await world.relay.fetch(patch(`/v1/run-tasks/${id}/result`, token, body));
      expect([response.status, read()]).toEqual([404, 0]);
    }
    const { body, read } = countedBody(200);
    const response = await world.relay.fetch(patch(`/v1/run-tasks/${payload.id}/result`, claimed.session_token ?? '', body));
    expect([response.status, read()]).toEqual([400, 201]);
  });

  it('cannot write what it likes into the log as the id of a run task', async () => {
    world = await createWorld();
    for (const id of ['x'.repeat(8000), 'rt_0000000000000000000000%0a::error::', '..%2f..', '__proto__'])
      expect(await world.call('POST', `/v1/run-tasks/${id}/claim`, 'abc.def.ghi', {})).toMatchObject({ status: 404 });
    expect(JSON.stringify(world.log)).not.toMatch(/xxx|::error|proto|%2f/);
  });
});
