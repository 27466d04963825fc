// The files of a repository at one commit, as the .tar.gz that GitHub's API serves, into a file. Unpacking is archive/'s.
//
// GitHub answers with a redirect to another host, whose URL carries what it needs of authorization for five minutes (GitHub, "Download a
// repository archive (tar)", read 2026-11-22). The token goes to the API's host only.
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../base/clock.ts';
import { describeFetchFailure, describeThrown } from '../base/fault.ts';
import { err, ok, type Result } from '../base/result.ts';

export interface WantedArchive {
  /** https://api.github.com, or https://HOST/api/v3. */
  readonly apiUrl: string;
  /** Empty: asked without, which is enough for public repositories. */
  readonly token: string;
  /** OWNER/NAME */
  readonly repository: string;
  /** 40 hexadecimal digits. */
  readonly commit: string;
  /** The file to write. */
  readonly to: string;
}

export interface ArchiveDeps {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** For the headers of each answer. */
const ANSWER_MS = 20_000;
/** For the whole of one try: policies are small, and HCP's token lives ten minutes. */
const TRY_MS = 60_000;
const TRIES = 3;
const PAUSE_MS = 2_000;
/** Longer than this is not waited for: the verdict would be late. */
const MAX_PAUSE_MS = 30_000;
/** As it comes over the wire. A repository of policies has some hundred KB; one with providers or history in it is refused. */
const MAX_BYTES = 100 * 1024 * 1024;
const MAX_HOPS = 3;

type Attempt =
  | { readonly kind: 'done'; readonly bytes: number }
  /** `again`: after how many milliseconds it may be tried again; null: it would be the same. */
  | { readonly kind: 'refused'; readonly detail: string; readonly again: number | null };

/** @returns the bytes written, or what was wrong and what to do, as sentences without a full stop */
export async function downloadRepositoryArchive(wanted: WantedArchive, deps: ArchiveDeps): Promise<Result<number, string>> {
  for (let attempt = 1; ; attempt++) {
    const tried = await tryOnce(wanted, deps);
    if (tried.kind === 'done') return ok(tried.bytes);
    if (tried.again === null || attempt >= TRIES || tried.again > MAX_PAUSE_MS || deps.signal.aborted) return err(tried.detail);
    await deps.clock.sleep(tried.again * attempt, deps.signal);
  }
}

async function tryOnce(wanted: WantedArchive, deps: ArchiveDeps): Promise<Attempt> {
  const limit = new AbortController();
  const stopLimit = deps.clock.after(TRY_MS, () => limit.abort(new Error(`not complete within ${TRY_MS / 1000} s`)));
  const signal = AbortSignal.any([limit.signal, deps.signal]);
  try {
    const answer = await ask(wanted, signal, deps);
    return answer instanceof Response ? { kind: 'done', bytes: await save(answer, wanted.to, signal) } : answer;
  } catch (thrown) {
    if (thrown instanceof TooLarge) return refuse(thrown.message);
    const why = signal.aborted ? describeThrown(signal.reason) : describeFetchFailure(thrown);
    return refuse(`GitHub could not be reached: ${why}`, PAUSE_MS);
  } finally {
    stopLimit();
  }
}

const refuse = (detail: string, again: number | null = null): Attempt & { kind: 'refused' } => ({ kind: 'refused', detail, again });
// "fetch failed" hides its reason there.

async function ask(wanted: WantedArchive, signal: AbortSignal, deps: ArchiveDeps): Promise<Response | (Attempt & { kind: 'refused' })> {
  const { apiUrl, token, repository, commit } = wanted;
  const headers = {
    'accept': 'application/vnd.github+json',
    'user-agent': 'runtask-action',
    'x-github-api-version': '2022-11-28',
    ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
  };
  let url = `${apiUrl}/repos/${repository}/tarball/${commit}`;
  let response = await get(url, headers, signal, deps);
  for (let hop = 1; isRedirect(response.status); hop++) {
    const next = URL.parse(response.headers.get('location') ?? '', url);
    await response.body?.cancel();
    if (hop > MAX_HOPS || next === null || !isSafe(next, apiUrl)) return refuse('GitHub redirects to a place that is not followed');
    // A renamed or transferred repository: the name may be somebody else's tomorrow.
    if (hop === 1 && response.status !== 302 && next.href.startsWith(`${apiUrl}/`))
      return refuse('The repository was renamed or moved. Write its present name');
    url = next.href;
    response = await get(url, { 'user-agent': 'runtask-action' }, signal, deps);
  }
  if (response.status === 200) return response;
  await response.body?.cancel();
  return refusal(response, wanted, deps.clock);
}

async function get(url: string, headers: Record<string, string>, signal: AbortSignal, { fetch, clock }: ArchiveDeps): Promise<Response> {
  const limit = new AbortController();
  const stop = clock.after(ANSWER_MS, () => limit.abort(new Error(`no answer within ${ANSWER_MS / 1000} s`)));
  try {
    return await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.any([signal, limit.signal]) });
  } catch (thrown) {
    throw limit.signal.aborted ? limit.signal.reason : thrown;
  } finally {
    stop();
  }
}

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

/** https, or plain http where GitHub itself is spoken to so (an emulator on loopback). */
const isSafe = (url: URL, apiUrl: string): boolean =>
  url.username === '' && url.password === '' && (url.protocol === 'https:' || url.protocol === new URL(apiUrl).protocol);

function refusal({ status, headers }: Response, { repository, commit, token }: WantedArchive, clock: Clock): Attempt & { kind: 'refused' } {
  const as = token === '' ? 'without a token' : 'with this token';
  if (status === 404 || status === 422)
    return refuse(
      `GitHub finds no commit ${commit.slice(0, 7)} in ${repository}, or it cannot be read ${as} (HTTP ${status}). ` +
        `Give a token that may read its contents: the workflow's own reads its own repository and public ones only`,
    );
  const wait = waitMs(headers, clock.now());
  if (status === 429 || (status === 403 && wait !== null)) return refuse(`GitHub's rate limit is reached ${as}`, wait ?? PAUSE_MS);
  if (status === 401 || status === 403)
    return refuse(`GitHub does not let ${repository} be read ${as} (HTTP ${status}). The token needs \`contents: read\` there`);
  return refuse(`GitHub answered HTTP ${status}`, status >= 500 ? (wait ?? PAUSE_MS) : null);
}

/** Retry-After in seconds, else the time until the limit resets; null: nothing asks us to wait. */
function waitMs(headers: Headers, now: number): number | null {
  const after = Number(headers.get('retry-after') ?? Number.NaN);
  if (Number.isFinite(after)) return Math.max(after, 0) * 1000;
  if (headers.get('x-ratelimit-remaining') !== '0') return null;
  const until = Number(headers.get('x-ratelimit-reset')) * 1000 - now;
  return Number.isFinite(until) ? Math.max(until, 1000) : PAUSE_MS;
}

class TooLarge extends Error {}

async function save(response: Response, to: string, signal: AbortSignal): Promise<number> {
  let bytes = 0;
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES)
        done(new TooLarge(`Its archive has more than ${MAX_BYTES / 1024 / 1024} MB. Keep checks in a repository of their own`));
      else done(null, chunk);
    },
  });
  const body = response.body === null ? Readable.from([]) : Readable.fromWeb(response.body);
  await pipeline(body, counting, createWriteStream(to, { mode: 0o600 }), { signal });
  return bytes;
}
