// Any configuration, any failures, any death in the middle: whoever applies again until nothing is left to do ends where they wanted to be,
// nothing was made twice, and nothing went that was not theirs.
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { actionsOf, createBench, gate, link, type Bench, type Declared } from './support/declare.ts';
import { createWorld, type Weather, type World } from './support/world.ts';

const GATES = ['a', 'b', 'c', 'd'];
const LINKS = ['u', 'v', 'w', 'x', 'y'];

interface Wanted {
  readonly gatesFirst: boolean;
  readonly gates: ReadonlyMap<string, { readonly size: number; readonly after: readonly string[] }>;
  readonly links: ReadonlyMap<string, { readonly to: string; readonly byId: boolean; readonly after: readonly string[] }>;
}

/** Gates come after gates further on, links after other links and gates: any graph without a circle. */
const wantedArbitrary: fc.Arbitrary<Wanted> = fc
  .record({
    gatesFirst: fc.boolean(),
    gates: fc.array(fc.record({ name: fc.constantFrom(...GATES), size: fc.integer({ min: 1, max: 3 }), after: fc.subarray(GATES) }), {
      maxLength: 5,
    }),
    links: fc.array(
      fc.record({ name: fc.constantFrom(...LINKS), to: fc.constantFrom(...GATES), byId: fc.boolean(), after: fc.subarray(LINKS) }),
      { maxLength: 7 },
    ),
  })
  .map(({ gatesFirst, gates, links }) => {
    const present = new Map(gates.map((one) => [one.name, one]));
    const linked = new Map(links.filter(({ to }) => present.has(to)).map((one) => [one.name, one]));
    const before = (name: string, other: string, all: ReadonlyMap<string, unknown>): boolean => other < name && all.has(other);
    return {
      gatesFirst,
      gates: new Map([...present].map(([name, { size, after }]) => [name, { size, after: after.filter((o) => before(name, o, present)) }])),
      links: new Map([...linked].map(([name, one]) => [name, { ...one, after: one.after.filter((o) => before(name, o, linked)) }])),
    };
  });

function declare({ gates, links, gatesFirst }: Wanted): Declared[] {
  const addressOfLink = (name: string): string => `runtask_link.${links.get(name)?.to}[${JSON.stringify(name)}]`;
  // Either order is one that a file may have.
  const [gateItems, linkItems] = [
    [...gates].map(([name, { size, after }]) =>
      gate(
        name,
        { size },
        after.map((other) => `runtask_gate.${other}`),
      ),
    ),
    [...links].map(([name, { to, byId, after }]) => link(name, to, { byId, after: after.map(addressOfLink) })),
  ];
  return gatesFirst ? [...gateItems, ...linkItems] : [...linkItems, ...gateItems];
}

/** What happens at the calls of one command: `died`: the process is gone, and with it whatever was not on the disk. */
type Fate = 'before' | 'after' | 'died before' | 'died after' | null;
const fateArbitrary = fc.array(
  fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, fc.constantFrom<Fate[]>('before', 'after', 'died before', 'died after')),
  { maxLength: 12 },
);

/** One command under its fate. What the record held when the process died is what the next one finds. */
async function oneApply(
  world: World,
  bench: Bench,
  declared: readonly Declared[],
  destroy: boolean,
  fates: readonly Fate[],
): Promise<void> {
  const snapshot = `${bench.recordFile}.at-death`;
  let dead = false;
  let writes = 0;
  const weather: Weather = (call) => {
    if (dead) return 'before';
    const fate = call.startsWith('find') ? null : (fates[writes++] ?? null);
    if (fate === null || fate === 'before' || fate === 'after') return fate;
    dead = true;
    if (existsSync(bench.recordFile)) copyFileSync(bench.recordFile, snapshot);
    else rmSync(snapshot, { force: true });
    return fate === 'died before' ? 'before' : 'after';
  };
  const plan = await bench.plan(declared, destroy);
  expect(plan.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  world.weather = weather;
  await bench.carryOut(declared, plan);
  world.weather = () => null;
  if (!dead) return;
  if (existsSync(snapshot)) copyFileSync(snapshot, bench.recordFile);
  else rmSync(bench.recordFile, { force: true });
}

const NOTHING: Wanted = { gatesFirst: true, gates: new Map(), links: new Map() };

async function untilDone(world: World, bench: Bench, wanted: Wanted, destroy: boolean, fates: readonly (readonly Fate[])[]): Promise<void> {
  const declared = declare(wanted);
  for (const fate of fates) await oneApply(world, bench, declared, destroy, fate);
  // From here on the weather is good: one more is enough.
  await oneApply(world, bench, declared, destroy, []);
  const left = actionsOf(await bench.plan(declared, destroy)).filter((action) => !action.startsWith('no-op '));
  expect(left).toEqual([]);
}

const gatesOf = (world: World, which: (name: string) => boolean): Record<string, unknown> =>
  Object.fromEntries([...world.gates].flatMap(([name, { size, ours }]) => (which(name) ? [[name, { size, ours }]] : [])));

describe('applying again until it is done', () => {
  it('ends where it was to end, whatever failed on the way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ wanted: wantedArbitrary, fates: fc.array(fateArbitrary, { maxLength: 2 }), finished: fc.boolean() }), {
          minLength: 1,
          maxLength: 3,
        }),
        fc.array(fateArbitrary, { maxLength: 2 }),
        fc.subarray(GATES),
        fc.integer({ min: 1, max: 4 }),
        async (steps, destroyFates, foreign, parallelism) => {
          const world = createWorld();
          const bench = createBench(world, { parallelism });
          // Objects of others: one that nobody ever declares, and some that may be declared.
          for (const name of [...foreign, 'foreign'])
            world.gates.set(name, { id: `foreign-${name}`, size: 9, color: null, secret: null, ours: false });
          world.links.set('foreign', { gate: 'foreign', gateId: null });
          const everDeclared = new Set<string>();
          const untouched = (): string[] => [...foreign, 'foreign'].filter((name) => !everDeclared.has(name));

          /** Of others, and declared at some time: whether it was taken over depends on how far an unfinished apply came. */
          const mayBeThere = (name: string): boolean => foreign.includes(name) && everDeclared.has(name);

          for (const { wanted, fates, finished } of steps) {
            for (const name of wanted.gates.keys()) everDeclared.add(name);
            if (!finished) {
              // Somebody changes their mind before it is done.
              for (const fate of fates) await oneApply(world, bench, declare(wanted), false, fate);
              continue;
            }
            await untilDone(world, bench, wanted, false, fates);
            expect(gatesOf(world, (name) => wanted.gates.has(name) || !mayBeThere(name))).toEqual({
              ...Object.fromEntries(untouched().map((name) => [name, { size: 9, ours: false }])),
              ...Object.fromEntries([...wanted.gates].map(([name, { size }]) => [name, { size, ours: true }])),
            });
            expect(Object.fromEntries(world.links)).toEqual({
              foreign: { gate: 'foreign', gateId: null },
              ...Object.fromEntries(
                [...wanted.links].map(([name, { to, byId }]) => [name, { gate: to, gateId: byId ? world.gates.get(to)?.id : null }]),
              ),
            });
          }
          await untilDone(world, bench, steps.at(-1)?.wanted ?? NOTHING, true, destroyFates);
          expect(Object.keys(gatesOf(world, (name) => !mayBeThere(name))).sort()).toEqual(untouched().sort());
          expect([...world.links.keys()]).toEqual(['foreign']);
          expect(world.conflicts).toEqual([]);
          if (existsSync(bench.recordFile)) expect(bench.record().objects).toEqual({});
          rmSync(bench.folder, { recursive: true });
        },
      ),
      { numRuns: 100 },
    );
  });
});
