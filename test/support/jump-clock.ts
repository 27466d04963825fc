// A clock that runs as the real one does and can be moved forward: for flows in which real processes take part, so that
// "ten minutes later" needs no ten minutes. Timers fire in order of time, each with its own time on the clock.
import type { Clock } from '../../src/base/clock.ts';

export interface JumpClock extends Clock {
  /** Moves the time forward; what falls due in between runs in order, with turns for I/O after each. */
  jump(ms: number): Promise<void>;
  /** Ends the waiting real timer. */
  stop(): void;
}

export function createJumpClock(): JumpClock {
  let offset = 0;
  /** While jumping: the time of the timer that is being run. */
  let frozen: number | null = null;
  let sequence = 0;
  let wakeUp: NodeJS.Timeout | undefined;
  const timers = new Map<number, { readonly at: number; readonly fn: () => void }>();

  const now = (): number => frozen ?? Date.now() + offset;
  const next = (): [number, { at: number; fn: () => void }] | undefined => [...timers].sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
  const schedule = (): void => {
    clearTimeout(wakeUp);
    const first = next();
    if (first === undefined || frozen !== null) return;
    wakeUp = setTimeout(runDue, Math.max(first[1].at - now(), 0));
    wakeUp.unref();
  };
  const runDue = (): void => {
    for (let first = next(); first !== undefined && first[1].at <= now(); first = next()) {
      timers.delete(first[0]);
      first[1].fn();
    }
    schedule();
  };
  const after = (ms: number, fn: () => void): (() => void) => {
    const id = ++sequence;
    timers.set(id, { at: now() + Math.max(ms, 0), fn });
    schedule();
    return () => {
      timers.delete(id);
    };
  };

  return {
    now,
    after,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        const cancel = after(ms, resolve);
        signal?.addEventListener('abort', () => (cancel(), reject(signal.reason as Error)), { once: true });
      }),
    async jump(ms) {
      const end = now() + ms;
      for (;;) {
        const first = next();
        if (first === undefined || first[1].at > end) break;
        frozen = Math.max(now(), first[1].at);
        timers.delete(first[0]);
        first[1].fn();
        await turns();
      }
      frozen = null;
      offset = end - Date.now();
      schedule();
    },
    stop: () => {
      timers.clear();
      clearTimeout(wakeUp);
    },
  };
}

// What a timer starts (a call over loopback, a transaction) must have its effect before the next timer's time comes: a call to
// GitHub and the answer's processing take some ten milliseconds on two busy cores.
async function turns(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 25));
  await new Promise((resolve) => setImmediate(resolve));
}
