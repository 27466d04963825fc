// What GitHub's API can say no with, as values: every call of the relay comes to a value or one of these. No automatic retry:
// @octokit/plugin-retry repeats POSTs, and a dispatch must not be repeated behind the relay's back.
import { describeThrown } from '../base/fault.ts';
import { err, ok, type Result } from '../base/result.ts';

export type GithubRefusal =
  | { readonly reason: 'not-found'; readonly detail: string }
  | { readonly reason: 'forbidden'; readonly detail: string }
  | { readonly reason: 'unauthorized'; readonly detail: string }
  | { readonly reason: 'invalid'; readonly detail: string }
  | { readonly reason: 'rate-limited'; readonly detail: string; readonly retryAfterMs: number }
  /** 5xx, no answer, a broken one: may pass. Whether the call took effect is not known. */
  | { readonly reason: 'unavailable'; readonly detail: string };

/** GitHub's advice when it does not name a time ("Best practices for using the REST API", read 2026-11-22). */
const UNNAMED_WAIT_MS = 60_000;

interface HttpError {
  readonly status: number;
  readonly message: string;
  readonly response?: { readonly headers?: Readonly<Record<string, unknown>> };
}

export async function attempt<T>(call: () => Promise<T>, now: () => number): Promise<Result<T, GithubRefusal>> {
  try {
    return ok(await call());
  } catch (thrown) {
    return err(toRefusal(thrown, now()));
  }
}

/** @param now  for Retry-After as a date and x-ratelimit-reset */
export function toRefusal(thrown: unknown, now: number): GithubRefusal {
  // Octokit reports a network failure as an HTTP 500 without a response.
  if (!isHttpError(thrown) || thrown.response === undefined) return { reason: 'unavailable', detail: shorten(describeThrown(thrown)) };
  const { status } = thrown;
  const detail = `HTTP ${status}: ${shorten(thrown.message)}`;
  const retryAfterMs = waitOf(thrown.response.headers ?? {}, now);
  if (status === 429) return { reason: 'rate-limited', detail, retryAfterMs: retryAfterMs ?? UNNAMED_WAIT_MS };
  // 403 is both "no permission" and "too fast": the headers and the text tell which.
  if (status === 403 && (retryAfterMs !== null || /rate limit/i.test(thrown.message)))
    return { reason: 'rate-limited', detail, retryAfterMs: retryAfterMs ?? UNNAMED_WAIT_MS };
  if (status === 401) return { reason: 'unauthorized', detail };
  if (status === 403) return { reason: 'forbidden', detail };
  if (status === 404 || status === 410 || status === 451) return { reason: 'not-found', detail };
  if (status >= 400 && status < 500) return { reason: 'invalid', detail };
  return { reason: 'unavailable', detail };
}

function waitOf(headers: Readonly<Record<string, unknown>>, now: number): number | null {
  const retryAfter = headers['retry-after'];
  if (retryAfter !== undefined && retryAfter !== '') {
    const seconds = Number(retryAfter);
    const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(String(retryAfter)) - now;
    if (Number.isFinite(ms)) return Math.max(ms, 0);
  }
  if (Number(headers['x-ratelimit-remaining'] ?? 1) > 0) return null;
  const reset = Number(headers['x-ratelimit-reset']) * 1000 - now;
  return Number.isFinite(reset) ? Math.max(reset, 1000) : UNNAMED_WAIT_MS;
}

function isHttpError(thrown: unknown): thrown is HttpError {
  return typeof thrown === 'object' && thrown !== null && 'status' in thrown && typeof thrown.status === 'number' && 'message' in thrown;
}

/** One line, for a message that people read in HCP. */
const shorten = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 200);
