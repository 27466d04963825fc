// How many cases a property is tried with. Few enough for every push; `RUNTASK_PROPERTY_RUNS=50 npm test -- test/report/properties` tries
// fifty times as many, with another seed each time.
import process from 'node:process';
import type fc from 'fast-check';

const times = Number(process.env['RUNTASK_PROPERTY_RUNS'] ?? 1);

/** The same cases each time, unless more are asked for: what fails on somebody's push must fail again on their machine. */
export const runs = (numRuns: number): fc.Parameters<unknown> => ({
  numRuns: Math.ceil(numRuns * times),
  ...(times === 1 ? { seed: 20_261_122 } : { interruptAfterTimeLimit: 3_600_000, markInterruptAsFailure: false }),
});

/** For jest, which stops a test that takes longer. */
export const TIMEOUT_MS = times === 1 ? 120_000 : 3_700_000;
