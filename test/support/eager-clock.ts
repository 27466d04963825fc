// A clock on which waiting costs nothing: what counts is how often something waited, and how long it would have been.
import type { Clock } from '../../src/base/clock.ts';

export function createEagerClock(): Clock & { readonly slept: number[] } {
  let now = Date.parse('2026-11-22T10:00:00Z');
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    after: () => () => {},
    sleep: async (ms) => {
      now += ms;
      slept.push(ms);
    },
  };
}
