// GitHub's limits on how often one caller may ask. Off unless a test switches them on, as on GitHub Enterprise Server.
// docs.github.com, "Rate limits for the REST API", read 2026-11-22.
import type { Clock } from '../../base/clock.ts';
import { type Answer, tooOften } from './answers.ts';
import type { Identity } from './model.ts';

export interface RateLimits {
  /** Primary: requests of one caller in an hour; every answer then tells what is left of them. */
  readonly requestsPerHour?: number;
  /** Secondary: points of one caller in a minute; reading costs 1, anything else 5. github.com allows 900. */
  readonly pointsPerMinute?: number;
  /** What a request beyond them is refused with; GitHub uses both. Default 403. */
  readonly status?: 403 | 429;
}

export interface Meter {
  set(limits: RateLimits | null): void;
  /** Counts a request. `refusal` is null while there is something left; `headers` go on whatever is answered. */
  take(identity: Identity, method: string): { readonly refusal: Answer | null; readonly headers: Readonly<Record<string, string>> };
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

interface Window {
  readonly endsAt: number;
  used: number;
}

export function createMeter(clock: Clock): Meter {
  let limits: RateLimits | null = null;
  const hours = new Map<string, Window>();
  const minutes = new Map<string, Window>();

  /** Fixed windows: they start with their first request. */
  function windowOf(windows: Map<string, Window>, caller: string, lengthMs: number): Window {
    const now = clock.now();
    const known = windows.get(caller);
    if (known !== undefined && known.endsAt > now) return known;
    const opened = { endsAt: now + lengthMs, used: 0 };
    windows.set(caller, opened);
    return opened;
  }

  return {
    set(wanted) {
      limits = wanted;
      hours.clear();
      minutes.clear();
    },
    take(identity, method) {
      if (limits === null) return { refusal: null, headers: {} };
      const { requestsPerHour, pointsPerMinute, status = 403 } = limits;
      const caller = callerOf(identity);
      const hour = windowOf(hours, caller, HOUR_MS);
      const minute = windowOf(minutes, caller, MINUTE_MS);
      const exhausted = requestsPerHour !== undefined && hour.used >= requestsPerHour;
      if (!exhausted) hour.used += 1;
      const headers = requestsPerHour === undefined ? {} : headersOf(requestsPerHour, hour);
      if (exhausted) return { refusal: tooOften(status, `API rate limit exceeded for ${caller}.`, {}), headers };
      minute.used += method === 'GET' || method === 'HEAD' ? 1 : 5;
      if (pointsPerMinute === undefined || minute.used <= pointsPerMinute) return { refusal: null, headers };
      // The sentence that octokit's plugin-throttling looks for.
      const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
      const seconds = Math.ceil((minute.endsAt - clock.now()) / 1000);
      return { refusal: tooOften(status, message, { 'retry-after': String(seconds) }), headers };
    },
  };
}

const headersOf = (limit: number, { used, endsAt }: Window): Record<string, string> => ({
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(Math.max(0, limit - used)),
  'x-ratelimit-used': String(used),
  'x-ratelimit-reset': String(Math.ceil(endsAt / 1000)),
  'x-ratelimit-resource': 'core',
});

/** An installation's tokens share what it has, and so do all tokens of a person. */
function callerOf(identity: Identity): string {
  switch (identity.kind) {
    case 'app':
      return `app ID ${identity.app.id}`;
    case 'installation':
      return `installation ID ${identity.installation.id}`;
    case 'job':
      return `repository ID ${identity.repositoryId}`;
    case 'user':
      return `user ID ${identity.account.id}`;
  }
}
