// A thousand workspaces: what it costs in requests and in time under HCP Terraform's limit of 30 a second, and an apply that is
// interrupted in the middle. The clock is one on which waiting costs nothing; how long it takes on a real one is bench/config.ts.
import { afterEach, describe, expect, it } from '@jest/globals';
import { createEagerClock } from '../../support/eager-clock.ts';
import { actionsOf, ORGANIZATION, startMatrixWorld, type MatrixWorld } from './support/matrix-world.ts';
import { factsOf } from './support/world-facts.ts';

const NAMES = Array.from({ length: 1000 }, (_, index) => `net-${String(index).padStart(4, '0')}`);
const TASK = 'runtask_organization_run_task.gate';

let world: MatrixWorld;
afterEach(() => world.close());

async function aThousand(): Promise<{ clock: ReturnType<typeof createEagerClock> }> {
  const clock = createEagerClock();
  world = await startMatrixWorld({ workspaces: NAMES, clock, hcp: { rateLimit: { perSecond: 30 } } });
  world.config.attachments[0].workspaces = ['net-*'];
  world.config.repositories = {};
  return { clock };
}

/** Without those that were refused for coming too soon: they were not carried out. */
const requests = (): string[] => world.hcp.seen.filter(({ status }) => status !== 429).map(({ method, path }) => `${method} ${path}`);
const repeated = (values: readonly string[]): string[] => values.filter((value, index) => values.indexOf(value) !== index);

describe('a thousand workspaces', () => {
  it('are planned in some twenty requests, attached in one each, and nothing is asked twice', async () => {
    const { clock } = await aThousand();
    const plan = await world.plan();
    expect(Object.keys(actionsOf(plan))).toHaveLength(1001);
    // 10 pages of workspaces, the run tasks, the edition.
    expect(requests()).toHaveLength(12);
    expect(repeated(requests())).toEqual([]);
    world.hcp.seen.length = 0;

    // Another command: its pace knows nothing of the one before.
    await clock.sleep(1000);
    const before = clock.now();
    expect(await world.apply()).toMatchObject({ added: 1001, failed: [], skipped: [] });
    const seconds = (clock.now() - before) / 1000;
    expect(factsOf(world).attachments).toHaveLength(1000);
    expect(repeated(requests())).toEqual([]);
    expect(requests().filter((request) => request.startsWith('POST'))).toHaveLength(1001);
    expect(requests().length).toBeLessThan(1001 + 20);
    // 1,014 requests at 25 a second.
    expect(seconds).toBeGreaterThan(1001 / 30);
    expect(seconds).toBeLessThan(1001 / 20);
    // On this clock ten that wait side by side arrive at one moment, so that a few meet the limit of 30.
    expect(world.hcp.rateLimited).toBeLessThan(20);

    world.hcp.seen.length = 0;
    world.events.length = 0;
    expect(actionsOf(await world.plan())).toEqual({});
    expect(repeated(requests())).toEqual([]);
    expect(requests().length).toBeLessThan(30);
    const reading = world.events.filter(({ type }) => type === 'reading');
    expect(reading.length).toBeGreaterThan(10);
  }, 120_000);

  it('half of them attached when somebody interrupts: what was begun is finished, and the next apply does the rest', async () => {
    await aThousand();
    const stop = new AbortController();
    world.hcp.watch((event) => {
      if (event.type === 'arrived' && world.hcp.attachments(ORGANIZATION).length === 400) stop.abort(new Error('Ctrl-C'));
    });
    const result = await world.applyAsItIs({ signal: stop.signal });
    expect(result).toMatchObject({ interrupted: true, failed: [] });
    const attached = world.hcp.attachments(ORGANIZATION).length;
    expect(attached).toBeGreaterThanOrEqual(400);
    expect(attached).toBeLessThan(420);
    // The run task and what was attached; what is there is what was told, and nobody's import.
    expect(result.added).toBe(attached + 1);
    const rest = actionsOf(await world.plan());
    expect(Object.values(rest).every((action) => action === 'create')).toBe(true);
    expect(Object.keys(rest)).toHaveLength(1000 - attached);
    expect(rest[TASK]).toBeUndefined();
    expect(await world.apply()).toMatchObject({ added: 1000 - attached, imported: 0 });
    expect(factsOf(world).attachments).toHaveLength(1000);
  }, 120_000);
});
