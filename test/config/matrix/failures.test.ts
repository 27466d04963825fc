// A failure at every single call: of a create, an update and a destroy of everything. The next apply ends in the same state as if nothing
// had happened, and nothing is there twice.
import { afterEach, describe, expect, it } from '@jest/globals';
import { jumpyFetch, type Failure } from './support/jumpy-fetch.ts';
import {
  actionsOf,
  NEXT_API_KEY,
  NEXT_HMAC_KEY,
  PlanFailed,
  REPOSITORY,
  startMatrixWorld,
  type MatrixWorld,
} from './support/matrix-world.ts';
import { factsOf, type WorldFacts } from './support/world-facts.ts';

let worlds: MatrixWorld[] = [];
afterEach(async () => {
  await Promise.all(worlds.map((world) => world.close()));
  worlds = [];
});

async function aWorld(via: 'commit' | 'pull_request' = 'commit'): Promise<MatrixWorld> {
  const world = await startMatrixWorld();
  worlds.push(world);
  world.config.run_tasks.gate.global = { stages: ['post_plan'], enforcement_level: 'advisory' };
  world.config.repositories[REPOSITORY].workflow.via = via;
  return world;
}

/** Every attribute that a second apply can change. */
function changeAll({ config, env, hook }: MatrixWorld): void {
  hook.keys.add(NEXT_HMAC_KEY);
  Object.assign(env, { RUNTASK_HMAC_KEY: NEXT_HMAC_KEY, API_KEY: NEXT_API_KEY });
  config.relay.hmac_key_version = 2;
  config.run_tasks.gate.description = 'Other words';
  config.run_tasks.gate.enabled = false;
  config.run_tasks.gate.global.stages = ['pre_plan'];
  Object.assign(config.attachments[0], { stages: ['pre_apply'], enforcement_level: 'advisory' });
  const { workflow, variables, secrets } = config.repositories[REPOSITORY];
  workflow.action = 'org/runtask-action@v2';
  variables.RUNTASK_RELAY_URL = 'https://other.example.com';
  secrets.API_KEY.version = 2;
}

interface Deed {
  readonly prepare: (world: MatrixWorld) => Promise<void>;
  readonly destroy: boolean;
  /** Somebody reviews and merges; a pull request that waits is no failure. */
  readonly merges: boolean;
}
const DEEDS: Readonly<Record<string, Deed>> = {
  'creating everything': { prepare: async () => {}, destroy: false, merges: false },
  'creating everything, the workflow by pull request': { prepare: async () => {}, destroy: false, merges: true },
  'changing everything': {
    prepare: async (world) => {
      await world.apply();
      changeAll(world);
    },
    destroy: false,
    merges: false,
  },
  'destroying everything': { prepare: async (world) => void (await world.apply()), destroy: true, merges: false },
};

async function finish(world: MatrixWorld, { destroy, merges }: Deed): Promise<void> {
  for (let round = 1; round <= 4; round++) {
    const result = await world.applyAsItIs({ destroy });
    if (merges) mergeAll(world);
    if (result.failed.length > 0) throw new Error(JSON.stringify(result.failed, null, 2));
    if (result.skipped.length === 0 && result.pending.length === 0) return;
  }
  throw new Error('not finished after four rounds');
}

function mergeAll({ github }: MatrixWorld): void {
  for (const pull of [...github.getRepository(REPOSITORY).pulls.values()].filter(({ state }) => state === 'open'))
    github.mergePullRequest(REPOSITORY, pull.number, { deleteBranch: true });
}

const comparable = (facts: WorldFacts, world: MatrixWorld): unknown =>
  JSON.parse(JSON.stringify(facts).replaceAll(new URL(world.hook.url).port, 'PORT'));

const FAILURES: readonly Failure[] = ['answer lost', 'broken', 'refused'];

/** A write fails in each way. A read is tried again by the clients, whatever happened to it: each fails in one way, and all ways come up. */
const planOf = (methods: readonly string[]): { call: number; failure: Failure }[] =>
  methods.flatMap((method, index) =>
    FAILURES.filter((_, way) => method !== 'GET' || way === index % FAILURES.length).map((failure) => ({ call: index + 1, failure })),
  );

describe.each(Object.entries(DEEDS))('%s', (_name, deed) => {
  const start = async (): Promise<MatrixWorld> => {
    const world = await aWorld(deed.merges ? 'pull_request' : 'commit');
    await deed.prepare(world);
    return world;
  };

  it('fails at each call, then again: the same end, nothing twice', async () => {
    const calm = await start();
    const counting = jumpyFetch(Number.POSITIVE_INFINITY, 'refused');
    calm.fetch = counting.fetch;
    await finish(calm, deed);
    const wanted = comparable(factsOf(calm), calm);
    expect(counting.methods().filter((method) => method !== 'GET').length).toBeGreaterThan(5);

    for (const { call, failure } of planOf(counting.methods())) {
      const world = await start();
      const jumpy = jumpyFetch(call, failure);
      world.fetch = jumpy.fetch;
      let told = '';
      try {
        const result = await world.applyAsItIs({ destroy: deed.destroy });
        if (deed.merges) mergeAll(world);
        told = JSON.stringify(result.failed);
      } catch (thrown) {
        // Nothing was done: the plan said so.
        if (!(thrown instanceof PlanFailed)) throw thrown;
        told = thrown.message;
      }
      world.fetch = fetch;
      const at = `${failure} at call ${call}: ${jumpy.failed()}`;
      await finish(world, deed).catch((thrown: unknown) => {
        throw new Error(`${at}: ${String(thrown)}\nFirst: ${told}`);
      });
      expect({ at, facts: comparable(factsOf(world), world) }).toEqual({ at, facts: wanted });
      if (!deed.destroy) expect({ at, actions: actionsOf(await world.plan()) }).toEqual({ at, actions: {} });
      expect(told).not.toMatch(/S3NTINEL/);
      await worlds.pop()?.close();
    }
  }, 240_000);
});
