// How many requests one token may make in a second. Bookkeeping on the clock; who answers 429 is the caller's.
//
// Source: HashiCorp, "API docs: rate limiting" (read 2026-11): 30 a second for each authenticated user. `x-ratelimit-*` as its client
// go-tfe reads them: `x-ratelimit-reset` in seconds, with a fraction. `retry-after` is not promised.
import type { Clock } from '../../base/clock.ts';

export interface RateLimit {
  /** Counts the request. @returns what the answer's headers say, and whether it is refused */
  take(token: string): { readonly refused: boolean; readonly headers: Readonly<Record<string, string>> };
  /** Requests refused so far. */
  readonly refused: number;
  clear(): void;
}

export function createRateLimit(limit: { readonly perSecond: number; readonly retryAfter?: boolean }, clock: Clock): RateLimit {
  /** When the requests of the last second came, by token. */
  const recent = new Map<string, number[]>();
  let refused = 0;
  return {
    take(token) {
      const now = clock.now();
      const times = (recent.get(token) ?? []).filter((at) => at > now - 1000);
      recent.set(token, times);
      const isRefused = times.length >= limit.perSecond;
      if (isRefused) refused += 1;
      else times.push(now);
      const resetSeconds = ((times[0] ?? now) + 1000 - now) / 1000;
      return {
        refused: isRefused,
        headers: {
          'x-ratelimit-limit': String(limit.perSecond),
          'x-ratelimit-remaining': String(limit.perSecond - times.length),
          'x-ratelimit-reset': resetSeconds.toFixed(3),
          ...(isRefused && limit.retryAfter !== false ? { 'retry-after': String(Math.ceil(resetSeconds)) } : {}),
        },
      };
    },
    get refused() {
      return refused;
    },
    clear() {
      recent.clear();
      refused = 0;
    },
  };
}
