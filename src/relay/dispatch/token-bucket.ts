// Keeps the relay inside GitHub's limits, one bucket for each installation: what is above waits in the store, where it is safe.

export interface TokenBuckets {
  /** @returns 0: go on, one token is taken; otherwise when to ask again */
  take(key: string, now: number): number;
  /** GitHub said when it listens again (Retry-After). */
  pause(key: string, until: number, now: number): void;
}

/** A burst of merges should start at once. */
const BURST = 60;
/**
 * 5,000 requests an hour for an installation, two for a dispatch in the usual case (repository, event): 40 a minute leave half
 * for questions about runs and for token exchanges (GitHub, "Rate limits for the REST API", read 2026-11-22).
 */
const PER_MS = 40 / 60_000;

export function createTokenBuckets(): TokenBuckets {
  const buckets = new Map<string, { tokens: number; at: number; pausedUntil: number }>();
  const bucketOf = (key: string, now: number) => {
    const bucket = buckets.get(key) ?? { tokens: BURST, at: now, pausedUntil: 0 };
    bucket.tokens = Math.min(BURST, bucket.tokens + Math.max(now - bucket.at, 0) * PER_MS);
    bucket.at = now;
    buckets.set(key, bucket);
    return bucket;
  };
  return {
    take(key, now) {
      const bucket = bucketOf(key, now);
      if (bucket.pausedUntil > now) return bucket.pausedUntil;
      if (bucket.tokens < 1) return now + Math.ceil((1 - bucket.tokens) / PER_MS);
      bucket.tokens -= 1;
      return 0;
    },
    pause(key, until, now) {
      const bucket = bucketOf(key, now);
      bucket.pausedUntil = Math.max(bucket.pausedUntil, until);
    },
  };
}
