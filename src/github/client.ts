// One Octokit for one token: base URL, fetch and silence in one place. Retries and throttling stay with the caller.
import { Octokit } from '@octokit/rest';

export interface GithubDeps {
  readonly fetch: typeof fetch;
  readonly now: () => number;
  readonly signal?: AbortSignal;
  /** Who GitHub's audit log says that asks. */
  readonly userAgent?: string;
}

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** @param token  an installation or personal token, or an App's JWT */
export function createClient(apiUrl: string, token: string, deps: GithubDeps): Octokit {
  return new Octokit({
    auth: token,
    baseUrl: apiUrl,
    userAgent: deps.userAgent ?? 'runtask-relay',
    // Octokit would print deprecations and failures with URLs to the console; the relay's log says what matters.
    log: silent,
    request: { fetch: deps.fetch, ...(deps.signal === undefined ? {} : { signal: deps.signal }) },
  });
}
