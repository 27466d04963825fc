// A clock that a test moves. Timers fire in order of time; after each, pending promises get their turn.
import type { Clock } from '../../src/base/clock.ts';

export interface ManualClock extends Clock {
  /** Moves the time and runs what falls due, in order. */
  advance(ms: number): Promise<void>;
  /** How many timers wait. */
  readonly waiting: number;
}

export function createManualClock(start = Date.parse('2026-11-22T10:00:00Z')): ManualClock {
  let now = start;
  let sequence = 0;
  const timers = new Map<number, { at: number; fn: () => void }>();

  const after = (ms: number, fn: () => void): (() => void) => {
    const id = ++sequence;
    timers.set(id, { at: now + Math.max(ms, 0), fn });
    return () => timers.delete(id);
  };

  return {
    now: () => now,
    after,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        const cancel = after(ms, () => resolve());
        signal?.addEventListener('abort', () => (cancel(), reject(signal.reason as Error)), { once: true });
      }),
    async advance(ms) {
      const end = now + ms;
      for (;;) {
        await turn();
        const next = [...timers].filter(([, t]) => t.at <= end).sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
        if (next === undefined) break;
        now = Math.max(now, next[1].at);
        timers.delete(next[0]);
        next[1].fn();
      }
      now = end;
      await turn();
    },
    get waiting() {
      return timers.size;
    },
  };
}

// Real I/O on loopback (sockets, SQLite) needs turns of the event loop, not only microtasks.
async function turn(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}
