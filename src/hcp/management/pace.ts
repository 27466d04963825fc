// How fast the API is asked: evenly, below HCP's 30 requests a second for a user, and not too many at once. When HCP says 429, all wait.
//
// Evenly and not in bursts: two bursts that a slow network pushes together are one too many. p-limit counts what is under way; the times
// are ours, because the libraries for rates (p-queue, bottleneck) ask the system's clock, which a test cannot move.
import pLimit from 'p-limit';
import type { Clock } from '../../base/clock.ts';

export interface Pace {
  /** Runs `work` when there is room for one more. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when the next request may go out. @throws the abort reason */
  turn(): Promise<void>;
  /** Nobody goes out before so many milliseconds have passed. */
  pause(ms: number): void;
}

export interface PaceOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Requests a second. */
  readonly perSecond: number;
  readonly concurrent: number;
}

/** More than HCP is waited for (a minute) and all that stand in line: further ahead is only what a clock that was set back has left. */
const MAX_AHEAD_MS = 120_000;

export function createPace({ clock, signal, perSecond, concurrent }: PaceOptions): Pace {
  const limit = pLimit(concurrent);
  const gapMs = 1000 / perSecond;
  let next = 0;
  return {
    run: (work) => limit(work),
    async turn() {
      signal.throwIfAborted();
      const now = clock.now();
      if (next - now > MAX_AHEAD_MS) next = now;
      const at = Math.max(next, now);
      next = at + gapMs;
      if (at > now) await clock.sleep(at - now, signal);
    },
    pause: (ms) => void (next = Math.max(next, clock.now() + ms)),
  };
}
