// Getting a run's plan JSON: HCP answers with a redirect to a presigned URL of its object store, which lives for one minute.
//
// Source: HashiCorp, "Plans API", json-output: 307 redirect, 204 not ready, 404, 422 for Terraform below 0.12 (2025-11-19).
// The token goes to the API's host only: an S3-like store refuses a second authentication, and any store could log it.
import { checkTransport } from './hosts.ts';
import { discard, exchange, readErrors, type HcpDeps } from './request.ts';

export interface DownloadTarget {
  readonly url: string;
  readonly accessToken: string;
}

export type UnavailableReason = 'not-found' | 'not-ready' | 'unsupported-terraform' | 'token-expired' | 'unreachable';
export type Unavailable<Reason> = { readonly kind: 'unavailable'; readonly reason: Reason; readonly detail: string };
export type Stream = { readonly kind: 'stream'; readonly body: ReadableStream<Uint8Array> };

export type ResolvedPlan = { readonly kind: 'presigned'; readonly url: string } | Stream | Unavailable<UnavailableReason>;

/** How many redirects from a presigned URL are followed: a store behind a CDN needs one. */
const MAX_HOPS = 3;

/** Asks where the plan lies. `not-ready` and `unreachable` may be asked again. */
export async function resolvePlan(target: DownloadTarget, deps: HcpDeps, what: 'plan' | 'configuration' = 'plan'): Promise<ResolvedPlan> {
  const answer = await exchange(target.url, { headers: { Authorization: `Bearer ${target.accessToken}` } }, deps);
  if (answer.kind === 'no-answer') return unavailable('unreachable', `HCP Terraform could not be reached (${answer.detail})`);
  const { response } = answer;
  if (isRedirect(response.status)) {
    await discard(response);
    const location = readLocation(response, target.url);
    if (location.kind === 'refused')
      return unavailable('unreachable', `HCP Terraform redirected the ${what} to a place that ${location.problem}`);
    return { kind: 'presigned', url: location.url };
  }
  if (response.status === 200 && response.body !== null) return { kind: 'stream', body: response.body };
  return refuse(response, what);
}

async function refuse(response: Response, what: string): Promise<Unavailable<UnavailableReason>> {
  const { status } = response;
  if (status === 422) {
    const why = await readErrors(response);
    return unavailable(
      'unsupported-terraform',
      `HCP Terraform has no JSON for this plan${why === '' ? '' : ` (${why})`}; it exists for Terraform 0.12 and later`,
    );
  }
  await discard(response);
  if (status === 204 || status === 200) return unavailable('not-ready', 'HCP Terraform says that the plan has not completed');
  if (status === 401 || status === 403)
    return unavailable('token-expired', "HCP Terraform refused the run task's access token; it lives for 10 minutes");
  if (status === 404) return unavailable('not-found', `HCP Terraform does not know this ${what}, or the access token may not read it`);
  return unavailable('unreachable', `HCP Terraform answered ${status} when asked for the ${what}`);
}

/** Opens a presigned URL, without any authorization. */
export async function openPresigned(url: string, deps: HcpDeps): Promise<Stream | Unavailable<UnavailableReason>> {
  let current = url;
  for (let hop = 0; hop <= MAX_HOPS; hop++) {
    const answer = await exchange(current, {}, deps);
    if (answer.kind === 'no-answer') return unavailable('unreachable', `the object store could not be reached (${answer.detail})`);
    const { response } = answer;
    if (response.status === 200 && response.body !== null) return { kind: 'stream', body: response.body };
    await discard(response);
    if (!isRedirect(response.status)) {
      const host = new URL(current).host;
      const why = response.status === 403 || response.status === 404 || response.status === 410 ? '; such a link lives for one minute' : '';
      return unavailable('unreachable', `the object store ${host} answered ${response.status}${why}`);
    }
    const location = readLocation(response, current);
    if (location.kind === 'refused') return unavailable('unreachable', `the object store redirected to a place that ${location.problem}`);
    current = location.url;
  }
  return unavailable('unreachable', `the object store redirected more than ${MAX_HOPS} times`);
}

function readLocation(response: Response, base: string): { kind: 'url'; url: string } | { kind: 'refused'; problem: string } {
  const location = response.headers.get('location');
  if (location === null || !URL.canParse(location, base)) return { kind: 'refused', problem: 'is not a URL' };
  const url = new URL(location, base);
  const problem = checkTransport(url);
  // From https never down to http, not even to loopback: that would be a server-side request to the runner itself.
  if (problem === null && url.protocol === 'http:' && new URL(base).protocol === 'https:') return { kind: 'refused', problem: 'uses http' };
  return problem === null ? { kind: 'url', url: url.href } : { kind: 'refused', problem };
}

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

function unavailable<Reason extends string>(reason: Reason, detail: string): Unavailable<Reason> {
  return { kind: 'unavailable', reason, detail };
}
