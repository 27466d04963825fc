// Bad weather, and what is kept of it.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await createStage({}, { runner: 'off' });
  stage.github.createRepository({
    owner: 'acme',
    name: 'net',
    files: { '.github/workflows/a.yml': 'on: repository_dispatch\njobs: { a: { runs-on: x, steps: [{ run: "true" }] } }' },
  });
});
afterEach(() => stage.close());

const dispatch = () => stage.call('POST', '/repos/acme/net/dispatches', { body: { event_type: 'go' } });

describe('failNext', () => {
  it('answers as told, so many times, and only where it matches', async () => {
    stage.github.failNext({
      method: 'POST',
      path: '/dispatches',
      times: 2,
      status: 403,
      headers: { 'retry-after': '60' },
      body: { message: 'secondary rate limit' },
    });
    expect((await stage.call('GET', '/repos/acme/net')).status).toBe(200);
    const first = await dispatch();
    expect([first.status, first.headers.get('retry-after'), first.body]).toEqual([403, '60', { message: 'secondary rate limit' }]);
    expect((await dispatch()).status).toBe(403);
    expect((await dispatch()).status).toBe(204);
    expect(stage.github.seen.map((s) => s.disturbed)).toEqual([false, true, true, false]);
    expect(stage.github.runs).toHaveLength(1);
  });

  it('does the work and breaks the answer with `after`', async () => {
    stage.github.failNext({ path: /\/dispatches$/, after: true, status: 500 });
    expect((await dispatch()).status).toBe(500);
    expect(stage.github.runs).toHaveLength(1);
    stage.github.failNext({ path: /\/dispatches$/, after: true, reset: true });
    await expect(dispatch()).rejects.toThrow('fetch failed');
    expect(stage.github.runs).toHaveLength(2);
  });

  it('cuts the connection, or lets the caller wait for ever', async () => {
    stage.github.failNext({ reset: true });
    await expect(dispatch()).rejects.toThrow('fetch failed');
    stage.github.failNext({ hang: true });
    const waits = fetch(`${stage.github.apiUrl}/repos/acme/net`, { signal: AbortSignal.timeout(100) });
    await expect(waits).rejects.toThrow('aborted due to timeout');
    expect(stage.github.seen.map((s) => s.status)).toEqual([0, 0]);
    expect(stage.github.runs).toEqual([]);
  });

  it('is slow on the clock, and right in the end', async () => {
    stage.github.failNext({ delayMs: 20_000 });
    let answered = false;
    const waits = dispatch().then((a) => ((answered = true), a.status));
    while (stage.clock.waiting === 0) await new Promise((resolve) => setImmediate(resolve));
    await stage.clock.advance(19_000);
    expect(answered).toBe(false);
    await stage.clock.advance(1_000);
    expect(await waits).toBe(204);
  });
});

describe('seen', () => {
  it('keeps every request with its answer', async () => {
    await stage.call('GET', '/repos/acme/net?x=1');
    await dispatch();
    expect(stage.github.seen).toMatchObject([
      { method: 'GET', path: '/api/v3/repos/acme/net?x=1', body: '', status: 200, at: stage.clock.now() },
      { method: 'POST', path: '/api/v3/repos/acme/net/dispatches', body: '{"event_type":"go"}', status: 204, responseBody: '' },
    ]);
    expect(stage.github.seen[0]?.headers['authorization']).toBe(`Bearer ${stage.token}`);
    expect(stage.github.seen[0]?.responseBody).toContain('"full_name":"acme/net"');
  });

  it('is forgotten with everything else by reset', async () => {
    await dispatch();
    stage.github.failNext({ status: 500 });
    await stage.github.reset();
    expect([stage.github.seen, stage.github.runs]).toEqual([[], []]);
    expect((await stage.call('GET', '/repos/acme/net')).status).toBe(401);
  });
});
