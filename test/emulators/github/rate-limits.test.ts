// The limits that a test can switch on.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
  stage.github.createRepository({ owner: 'acme', name: 'net' });
});
afterEach(() => stage.close());

const read = (token?: string) => stage.call('GET', '/repos/acme/net', token === undefined ? {} : { token });
const write = () => stage.call('POST', '/repos/acme/net/actions/variables', { body: { name: `V${++count}`, value: 'v' } });
let count = 0;

describe('rate limits', () => {
  it('are off, as on GitHub Enterprise Server', async () => {
    expect((await read()).headers.get('x-ratelimit-limit')).toBeNull();
  });

  it('count the requests of each caller in an hour, and tell what is left', async () => {
    stage.github.limitRate({ requestsPerHour: 2 });
    const told = (reply: { headers: Headers }) =>
      ['limit', 'remaining', 'used', 'reset', 'resource'].map((name) => reply.headers.get(`x-ratelimit-${name}`));
    const reset = String(Math.ceil((stage.clock.now() + 3_600_000) / 1000));
    expect(told(await read())).toEqual(['2', '1', '1', reset, 'core']);
    expect((await write()).status).toBe(201);
    const refused = await read();
    expect([refused.status, told(refused)]).toEqual([403, ['2', '0', '2', reset, 'core']]);
    expect(refused.body).toMatchObject({ message: expect.stringContaining('API rate limit exceeded') });
    const other = stage.github.createPersonalToken({ login: 'lisa', permissions: {}, repositories: 'all' });
    expect((await read(other)).status).toBe(200);
    await stage.clock.advance(3_600_000);
    expect((await read()).status).toBe(200);
  });

  it('refuse a caller who writes too much in a minute, and say for how long', async () => {
    stage.github.limitRate({ pointsPerMinute: 11, status: 429 });
    expect([(await write()).status, (await write()).status, (await read()).status]).toEqual([201, 201, 200]);
    await stage.clock.advance(20_000);
    const refused = await read();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '40']);
    expect(refused.body).toMatchObject({ message: expect.stringContaining('secondary rate limit') });
    expect((await write()).status).toBe(429);
    await stage.clock.advance(40_000);
    expect((await write()).status).toBe(201);
  });

  it('are lifted by null', async () => {
    stage.github.limitRate({ requestsPerHour: 0 });
    expect((await read()).status).toBe(403);
    stage.github.limitRate(null);
    expect((await read()).status).toBe(200);
  });
});
