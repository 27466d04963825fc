// Gives a piece of work its time and no more. The work is told to stop by its signal; if it does not, it is left behind.
import type { Clock } from '../base/clock.ts';

/** The message is for people: which time ended, and what to do. */
export class TimeIsUp extends Error {}

// Longer than a tool needs from SIGTERM to SIGKILL (run-tool.ts).
const STOP_GRACE_MS = 5000;

/**
 * @param signal  ends the whole, of which this is a part
 * @throws TimeIsUp, also when the work gave an answer after its time; else what the work throws
 */
export async function withinTime<T>(
  timeoutMs: number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const allEnded = 'The time for all checks ended before this one did. Make checks faster, or give them shorter timeouts';
  if (signal.aborted) throw new TimeIsUp(allEnded);
  const limit = new AbortController();
  const { promise: leftBehind, reject: leave } = Promise.withResolvers<never>();
  let cancelGrace = (): void => {};
  const stop = (message: string): void => {
    if (limit.signal.aborted) return;
    const reason = new TimeIsUp(message);
    cancelGrace = clock.after(STOP_GRACE_MS, () => leave(reason));
    limit.abort(reason);
  };
  const cancelTimeout = clock.after(timeoutMs, () =>
    stop(`Not finished after ${inUnits(timeoutMs)}. Make it faster, or give it a longer \`timeout\``),
  );
  const onAbort = (): void => stop(allEnded);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const answer = await Promise.race([work(limit.signal), leftBehind]);
    // It ended after its time, while it was being stopped: its answer came too late to be one.
    limit.signal.throwIfAborted();
    return answer;
  } catch (error) {
    // What broke while it was being stopped broke because of that.
    limit.signal.throwIfAborted();
    throw error;
  } finally {
    cancelTimeout();
    cancelGrace();
    signal.removeEventListener('abort', onAbort);
  }
}

const inUnits = (ms: number): string => (ms % 60_000 === 0 ? `${ms / 60_000} min` : ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`);
