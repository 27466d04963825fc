// Keeps the relay inside GitHub's limits, one bucket for each installation: what is above waits in the store, where it is safe.

export interface TokenBuckets {
  /**
   * @param isNew  it has not waited yet: where others wait, it goes to the end of the line
   * @returns 0: go on, one token is taken; otherwise when to ask again, another time for each that waits
   */
  take(key: string, now: number, isNew: boolean): number;
  /** GitHub said when it listens again (Retry-After). */
  pause(key: string, until: number, now: number): void;
}

/** A burst of merges should start at once. */
const BURST = 60;
/**
 * 5,000 requests an hour for an installation, two for a dispatch in the usual case (repository, event): 40 a minute leave half
 * for questions about runs and for token exchanges (GitHub, "Rate limits for the REST API", read 2026-11-22).
 */
const INTERVAL_MS = 60_000 / 40;

interface Bucket {
  tokens: number;
  at: number;
  pausedUntil: number;
  /** When the last one that waits will ask again. Without it ten thousand would all come back for the same token. */
  lineEnd: number;
}

export function createTokenBuckets(): TokenBuckets {
  const buckets = new Map<string, Bucket>();
  const bucketOf = (key: string, now: number): Bucket => {
    const bucket = buckets.get(key) ?? { tokens: BURST, at: now, pausedUntil: 0, lineEnd: 0 };
    bucket.tokens = Math.min(BURST, bucket.tokens + Math.max(now - bucket.at, 0) / INTERVAL_MS);
    bucket.at = now;
    buckets.set(key, bucket);
    return bucket;
  };
  return {
    take(key, now, isNew) {
      const bucket = bucketOf(key, now);
      const isOpen = bucket.pausedUntil <= now && bucket.tokens >= 1 && !(isNew && bucket.lineEnd > now);
      if (isOpen) {
        bucket.tokens -= 1;
        return 0;
      }
      const nextToken = now + Math.ceil(Math.max(1 - bucket.tokens, 0) * INTERVAL_MS);
      bucket.lineEnd = Math.max(bucket.lineEnd + INTERVAL_MS, nextToken, bucket.pausedUntil, now + 1);
      return bucket.lineEnd;
    },
    pause(key, until, now) {
      const bucket = bucketOf(key, now);
      bucket.pausedUntil = Math.max(bucket.pausedUntil, until);
    },
  };
}
