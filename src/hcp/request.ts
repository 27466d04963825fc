// One HTTP exchange with HCP Terraform or its object store: a time limit, redirects by hand, and errors whose text holds a host
// and never a URL (callback and presigned URLs are secrets themselves).
import { describeFetchFailure, describeThrown } from '../base/fault.ts';

export interface HcpDeps {
  readonly fetch: typeof fetch;
  readonly signal?: AbortSignal;
}

/** HCP answers its API in well under a second; a callback that hangs must leave time for the next try. */
export const API_TIMEOUT_MS = 15_000;

export type Exchange = { readonly kind: 'response'; readonly response: Response } | { readonly kind: 'no-answer'; readonly detail: string };

/** @returns the answer, redirects unfollowed, or why there was none; never throws for network trouble */
export async function exchange(url: string, init: RequestInit, deps: HcpDeps, timeoutMs: number = API_TIMEOUT_MS): Promise<Exchange> {
  const host = URL.canParse(url) ? new URL(url).host : 'an invalid address';
  // The limit covers the headers only: a plan of 300 MB may take minutes to come, and the caller watches that by itself.
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error(`no answer within ${Math.round(timeoutMs / 1000)} s`)), timeoutMs);
  const signal = deps.signal === undefined ? limit.signal : AbortSignal.any([limit.signal, deps.signal]);
  try {
    return { kind: 'response', response: await deps.fetch(url, { ...init, redirect: 'manual', signal }) };
  } catch (thrown) {
    return { kind: 'no-answer', detail: `${host}: ${describeFetchFailure(thrown)}` };
  } finally {
    clearTimeout(timer);
  }
}

/** Retry-After as seconds or a date; null when absent or unreadable. Milliseconds, at most an hour. */
export function retryAfterMs(headers: Headers, now: number): number | null {
  const text = headers.get('retry-after');
  if (text === null) return null;
  const seconds = /^\d+$/.test(text.trim()) ? Number(text) : (Date.parse(text) - now) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 3600) * 1000 : null;
}

/** JSON:API's `errors`, shortened; "" when the body says nothing. HCP's texts hold no secrets of ours, but are cut all the same. */
export async function readErrors(response: Response): Promise<string> {
  const body = await response.text().catch((thrown: unknown) => `(unreadable body: ${describeThrown(thrown)})`);
  try {
    const { errors } = JSON.parse(body) as { errors?: { title?: string; detail?: string }[] };
    const texts = (errors ?? []).map((e) => [e.title, e.detail].filter((t) => typeof t === 'string').join(': '));
    return texts.join('; ').slice(0, 500);
  } catch {
    // Not JSON: a proxy's page, usually. Its first line is the most telling thing there is.
    return body.split('\n', 1)[0]!.slice(0, 200);
  }
}

/** Frees the connection of an answer whose body nobody wants; one that breaks off meanwhile is free already. */
export async function discard(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined);
}
