// One request to the management API: paced, repeated only where that is harmless, its answer checked. The token goes to this host and
// nowhere else: no redirect is followed.
//
// Reads and deletions may be repeated: they change nothing the second time. A POST or PATCH is repeated after 429 only, which HCP gives
// instead of doing the work (HashiCorp, "API docs: rate limiting", read 2026-11); when its answer is lost, E_HCP_IN_DOUBT says so and the
// caller looks.
import * as z from 'zod';
import type { Clock } from '../../base/clock.ts';
import { cut } from '../../base/cut.ts';
import { describeFetchFailure, isErrorLike } from '../../base/fault.ts';
import type { Redactor } from '../../base/redact.ts';
import { retryAfterMs } from '../request.ts';
import { HcpFault, invalid, missing, refusedToken, type HcpError, type Subject } from './fault.ts';
import type { Pace } from './pace.ts';

export interface Ask {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/api/v2`, its parts encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON:API's `data`. */
  readonly data?: unknown;
  readonly subject: Subject;
}

export interface Transport {
  readonly host: string;
  /**
   * @returns what the schema makes of the body; of `undefined` when there is none (204)
   * @throws {HcpFault}; the abort reason
   */
  send<S extends z.ZodType>(ask: Ask, schema: S): Promise<z.output<S>>;
  /** `X-TFE-Version` of the last answer; null: HCP Terraform, or none yet. */
  tfeVersion(): string | null;
}

export interface TransportDeps {
  /** `https://app.terraform.io` */
  readonly origin: string;
  readonly token: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly pace: Pace;
  readonly redactor: Redactor;
  readonly onWait: (waitMs: number) => void;
}

/** Creating a task makes HCP call the relay first, which may be slow to wake; reads take a fraction of a second. */
const TIMEOUT_MS = { read: 30_000, write: 60_000 };
/** After 0.5, 1 and 2 s: longer trouble is for the user to see. */
const RETRY_DELAYS_MS = [500, 1000, 2000];
/** HCP's window is a second. Whoever is refused for so long shares the token with something that never rests. */
const MAX_REFUSED_MS = 120_000;
const MAX_WAIT_MS = 60_000;

/** The connection was never made: nothing can have happened. */
const NEVER_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|.*CERT.*|.*SSL.*|.*TLS.*)$/;

/**
 * A part of a path. @throws {HcpFault} on what a URL would take for a step: `..` as the name of an organization would ask another object
 */
export function part(text: string): string {
  if (text === '' || text === '.' || text === '..')
    throw new HcpFault('E_HCP_INVALID', 'HCP Terraform has no such name', `Found: "${text}"`);
  return encodeURIComponent(text);
}

type Answer =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Headers; readonly text: string }
  | { readonly kind: 'none'; readonly why: string; readonly sent: boolean };

export function createTransport(deps: TransportDeps): Transport {
  const { host } = new URL(deps.origin);
  let version: string | null = null;

  async function attempt(ask: Ask): Promise<Answer> {
    const reads = ask.method === 'GET';
    const limitMs = reads ? TIMEOUT_MS.read : TIMEOUT_MS.write;
    const limit = new AbortController();
    const cancel = deps.clock.after(limitMs, () => limit.abort(new Error(`no answer within ${limitMs / 1000} s`)));
    const query = ask.query === undefined ? '' : `?${new URLSearchParams(ask.query).toString()}`;
    try {
      const response = await deps.fetch(`${deps.origin}/api/v2${ask.path}${query}`, {
        method: ask.method,
        headers: {
          Authorization: `Bearer ${deps.token}`,
          Accept: 'application/vnd.api+json',
          ...(ask.data === undefined ? {} : { 'Content-Type': 'application/vnd.api+json' }),
        },
        ...(ask.data === undefined ? {} : { body: JSON.stringify({ data: ask.data }) }),
        redirect: 'manual',
        // A write under way is finished: an object that was made and that nobody noted is worse than a second of waiting.
        signal: reads ? AbortSignal.any([limit.signal, deps.signal]) : limit.signal,
      });
      const text = await response.text();
      version = response.headers.get('x-tfe-version') ?? version;
      return { kind: 'answer', status: response.status, headers: response.headers, text };
    } catch (thrown) {
      if (reads) deps.signal.throwIfAborted();
      const why = deps.redactor.redact(limit.signal.aborted ? `no answer within ${limitMs / 1000} s` : describeFetchFailure(thrown));
      return { kind: 'none', why, sent: !NEVER_SENT.test(codeOf(thrown)) };
    } finally {
      cancel();
    }
  }

  async function exchange(ask: Ask): Promise<Extract<Answer, { kind: 'answer' }>> {
    const repeatable = ask.method === 'GET' || ask.method === 'DELETE';
    let failures = 0;
    let refusedSince: number | null = null;
    for (;;) {
      await deps.pace.turn();
      const answer = await attempt(ask);
      if (answer.kind === 'answer' && answer.status === 429) {
        refusedSince ??= deps.clock.now();
        if (deps.clock.now() - refusedSince > MAX_REFUSED_MS)
          throw new HcpFault(
            'E_HCP_RATE_LIMIT',
            `${host} has said for ${MAX_REFUSED_MS / 60_000} minutes that this token asks too often (429)`,
            'Something else uses the token without a rest. The last request changed nothing; try again',
            { status: 429, retryable: true },
          );
        const waitMs = waitAsked(answer.headers, deps.clock.now());
        deps.pace.pause(waitMs);
        deps.onWait(waitMs);
        continue;
      }
      if (answer.kind === 'answer' && answer.status < 500) return answer;
      const why = answer.kind === 'answer' ? `it answered ${answer.status}` : answer.why;
      if (!repeatable && (answer.kind === 'answer' || answer.sent))
        throw new HcpFault(
          'E_HCP_IN_DOUBT',
          `The answer of ${host} about ${ask.subject.what} was lost (${why})`,
          'It may have happened. Apply again: what is there is found',
          { retryable: true },
        );
      const delayMs = repeatable ? RETRY_DELAYS_MS[failures++] : undefined;
      if (delayMs === undefined)
        throw new HcpFault(
          'E_HCP_UNREACHABLE',
          `${host} could not be reached for ${ask.subject.what} (${why})`,
          `Check the host name, the network and its status page. ${ask.method === 'DELETE' ? 'Apply again: what is gone is done' : 'Nothing was changed'}`,
          { retryable: true },
        );
      await deps.clock.sleep(delayMs, deps.signal);
    }
  }

  return {
    host,
    tfeVersion: () => version,
    async send(ask, schema) {
      const { status, text, headers } = await deps.pace.run(() => exchange(ask));
      if (status === 401) throw refusedToken(host);
      if (status === 403 || status === 404) throw missing(ask.subject, host, status);
      if (status >= 400) throw invalid(ask.subject, host, status, readErrors(text, deps.redactor));
      if (status >= 300) throw redirected(host, headers.get('location'), deps.origin);
      const body = readJson(text);
      const parsed = schema.safeParse(body);
      // Of a deletion nothing is asked but that it was one: a login page with status 200 is none.
      if (parsed.success && (ask.method !== 'DELETE' || body !== null)) return parsed.data;
      const fields = (parsed.error?.issues ?? [{ path: [] }])
        .map(({ path }) => path.join('.') || 'the document')
        .slice(0, 3)
        .join(', ');
      if (ask.method === 'POST' || ask.method === 'PATCH')
        throw new HcpFault(
          'E_HCP_IN_DOUBT',
          `The answer of ${host} about ${ask.subject.what} could not be read (${fields})`,
          'It has probably happened. Apply again: what is there is found',
          { status },
        );
      throw new HcpFault(
        'E_HCP_ANSWER',
        `The answer of ${host} about ${ask.subject.what} is not what its API gives (${fields})`,
        `Is ${host} HCP Terraform or Terraform Enterprise, without a login page in between?`,
        { status },
      );
    },
  };
}

/** `Retry-After`, or HCP's `x-ratelimit-reset` (seconds, with a fraction); a second where neither says. */
function waitAsked(headers: Headers, now: number): number {
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN);
  const asked = retryAfterMs(headers, now) ?? (Number.isFinite(reset) ? Math.ceil(reset * 1000) : 1000);
  return Math.min(Math.max(asked, 100), MAX_WAIT_MS);
}

function redirected(host: string, location: string | null, origin: string): HcpFault {
  const to = location !== null && URL.canParse(location, origin) ? new URL(location, origin).host : 'an unreadable address';
  return new HcpFault('E_HCP_ANSWER', `${host} sends on to ${to}`, 'The token is not taken along. Write the host that answers by itself');
}

const errorsSchema = z.object({
  errors: z.array(
    z.object({
      title: z.string().optional().catch(undefined),
      detail: z.string().optional().catch(undefined),
      source: z.object({ pointer: z.string() }).optional().catch(undefined),
    }),
  ),
});

/** JSON:API's errors. Another body (a proxy's page) says nothing that helps, and is not passed on. */
function readErrors(text: string, redactor: Redactor): readonly HcpError[] {
  const parsed = errorsSchema.safeParse(readJson(text));
  if (!parsed.success) return [];
  return parsed.data.errors.slice(0, 10).map(({ title, detail, source }) => ({
    text: cut(redactor.redact(detail ?? title ?? 'no reason given'), 300),
    attribute: /^\/?data\/attributes\/([a-z-]+)/.exec(source?.pointer ?? '')?.[1] ?? null,
  }));
}

function readJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return null;
  }
}

/** undici hides the system's code in `cause`, and several addresses of a host in `cause.errors`. */
function codeOf(thrown: unknown): string {
  for (let error: unknown = thrown, depth = 0; isErrorLike(error) && depth < 4; depth++) {
    if ('code' in error && typeof error.code === 'string') return error.code;
    const inner = 'errors' in error && Array.isArray(error.errors) ? (error.errors as unknown[])[0] : undefined;
    error = inner ?? error.cause;
  }
  return '';
}
