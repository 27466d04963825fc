// The relay's API from the action's side: one call each, tried again while the relay may only be restarting.
//
// Nothing here knows what a call means. A refusal is a value with the relay's own code; only silence until the limit is a Fault.
import type * as z from 'zod';
import type { Clock } from '../base/clock.ts';
import { describeFetchFailure, Fault } from '../base/fault.ts';
import { err, ok, type Result } from '../base/result.ts';
import { relayErrorSchema } from '../contracts/relay-api.ts';

export interface RelayClientDeps {
  readonly relayUrl: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
}

export interface Refusal {
  /** One of RELAY_ERRORS, or what a newer relay calls it. */
  readonly code: string;
  readonly message: string;
  readonly status: number;
}

export interface Call {
  readonly method: 'POST' | 'PATCH' | 'PUT';
  /** `/v1/run-tasks/<id>/claim` */
  readonly path: string;
  /** Asked for each try anew: the relay refuses an OIDC token that it has seen, also when its answer was lost. */
  readonly bearer: () => Promise<string>;
  readonly body: unknown;
  /** When to stop trying, milliseconds since the epoch. */
  readonly until: number;
  /** Nothing may go on after `until`, a try that has begun included. Absent: the last try has all its time. */
  readonly endsThen?: boolean;
}

/** A relay that is being restarted is back in seconds; a try that hangs must leave time for another. */
const TRY_TIMEOUT_MS = 20_000;
const BACKOFF_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000] as const;

/** @throws Fault E_RELAY_UNREACHABLE when no answer came until `until` */
export async function callRelay<S extends z.ZodType>(call: Call, answer: S, deps: RelayClientDeps): Promise<Result<z.output<S>, Refusal>> {
  // Read within the try: an answer whose end never comes is no answer, and the same call may be made again.
  const text = await keepTrying(call, deps, (response) => response.text());
  if (!text.ok) return text;
  const parsed = answer.safeParse(readJson(text.value));
  if (parsed.success) return ok(parsed.data);
  throw new Fault(
    'E_RELAY_VERSION',
    "the relay's answer is not one that this version of the action understands; upgrade the older of the two",
    { retryable: false },
  );
}

/** The same, and the answer's body is the caller's (a plan, a configuration). */
export const openRelay = (call: Call, deps: RelayClientDeps): Promise<Result<Response, Refusal>> =>
  keepTrying(call, deps, (response) => Promise.resolve(response));

async function keepTrying<T>(call: Call, deps: RelayClientDeps, take: (response: Response) => Promise<T>): Promise<Result<T, Refusal>> {
  let trouble = '';
  for (let attempt = 1; ; attempt++) {
    const answer = await tryOnce(call, deps, take);
    if (typeof answer !== 'string') return answer;
    trouble = answer;
    const wait = BACKOFF_MS[Math.min(attempt, BACKOFF_MS.length) - 1]!;
    if (deps.clock.now() + wait > call.until) break;
    await deps.clock.sleep(wait);
  }
  throw new Fault('E_RELAY_UNREACHABLE', `the relay did not answer ${call.path.split('/').at(-1)}: ${trouble}`, { retryable: true });
}

/** @returns the answer, or what was wrong with this try when another may help */
async function tryOnce<T>(
  call: Call,
  deps: RelayClientDeps,
  take: (response: Response) => Promise<T>,
): Promise<Result<T, Refusal> | string> {
  const limit = new AbortController();
  // Outside of the try: an OIDC token that cannot be had will not come with the next try either (@actions/core tries ten times).
  const bearer = await call.bearer();
  const left = call.endsThen === true ? Math.max(call.until - deps.clock.now(), 0) : Infinity;
  const timeoutMs = Math.min(left, TRY_TIMEOUT_MS);
  const cancel = deps.clock.after(timeoutMs, () => limit.abort(new Error(`no answer within ${timeoutMs / 1000} s`)));
  try {
    const response = await deps.fetch(`${deps.relayUrl}${call.path}`, {
      method: call.method,
      headers: { 'Authorization': `Bearer ${bearer}`, 'Content-Type': 'application/json', 'Accept': 'application/json' },
      body: JSON.stringify(call.body),
      // A relay never redirects; following one would carry the token to another place.
      redirect: 'manual',
      signal: limit.signal,
    });
    if (response.ok) return ok(await take(response));
    if (response.status >= 500 || response.status === 429) {
      await response.body?.cancel();
      return `HTTP ${response.status}`;
    }
    return err(await readRefusal(response));
  } catch (thrown) {
    return describeFetchFailure(thrown);
  } finally {
    cancel();
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The schema says that it is no answer of a relay.
    return undefined;
  }
}

async function readRefusal(response: Response): Promise<Refusal> {
  // No JSON: a proxy's page, or a body that broke off. Its status alone is told then.
  const parsed = relayErrorSchema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return { ...parsed.data.error, status: response.status };
  const hint = response.status >= 300 && response.status < 400 ? 'it redirects, which a relay never does' : 'this is not a relay';
  return { code: 'not-a-relay', message: `HTTP ${response.status}: ${hint}; check the input relay-url`, status: response.status };
}
