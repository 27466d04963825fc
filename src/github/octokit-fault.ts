// What an Octokit throws, as a fault of ours: what was tried, what GitHub said, how long it asks us to wait. No retries here.
import { Fault, isErrorLike } from '../base/fault.ts';

interface HttpError {
  readonly status: number;
  readonly message: string;
  readonly response?: { readonly headers: Readonly<Record<string, string | number | undefined>> };
}

/** Octokit's RequestError, known by its form: several versions of the class may be loaded. */
export const isHttpError = (thrown: unknown): thrown is Error & HttpError =>
  isErrorLike(thrown) && 'status' in thrown && typeof thrown.status === 'number';

/**
 * @param doing  what was tried, e.g. `write the comment on acme/net#7`
 * @param permission  what a token needs for it, as a workflow writes it: `pull-requests: write`
 */
export function toGithubFault(doing: string, thrown: unknown, permission?: string): Fault {
  if (!isHttpError(thrown)) {
    return new Fault('E_GITHUB_UNREACHABLE', `GitHub could not be reached to ${doing}`, { retryable: true, cause: thrown });
  }
  const { status } = thrown;
  const wait = waitMs(thrown);
  if (status === 429 || (status === 403 && wait !== null)) {
    const seconds = Math.ceil((wait ?? DEFAULT_WAIT_MS) / 1000);
    return new Fault('E_GITHUB_RATE_LIMIT', `GitHub's rate limit: it asks to wait ${seconds} s before we ${doing} again`, {
      retryable: true,
      cause: thrown,
      status,
      retryAfterMs: wait ?? DEFAULT_WAIT_MS,
    });
  }
  if (status === 401 || status === 403 || status === 404) {
    const message = `GitHub does not let this token ${doing} (HTTP ${status}). ${remedyFor(status, permission)}`;
    return new Fault('E_GITHUB_FORBIDDEN', message, { retryable: false, cause: thrown, status });
  }
  // A request that never got an answer carries status 500 in Octokit too, so "in doubt" is all that 5xx says.
  return new Fault('E_GITHUB_ANSWER', `GitHub answered HTTP ${status} when we tried to ${doing}`, {
    retryable: status >= 500 || status === 408,
    cause: thrown,
    status,
    ...(wait === null ? {} : { retryAfterMs: wait }),
  });
}

function remedyFor(status: number, permission: string | undefined): string {
  if (permission === undefined) return "Check the workflow's `permissions` and the repository";
  const needs = `It needs \`${permission}\``;
  // What a token may not see is not there.
  return status === 404
    ? `${needs} in that repository. A workflow's own token reaches its own repository only: for others name them in the relay's \`feedback_repositories\`, or give the input \`github-token\``
    : needs;
}

// "Wait for at least one minute" where no header says more (docs.github.com, "Best practices for using the REST API", 2026-11-22).
const DEFAULT_WAIT_MS = 60_000;

/** Retry-After, else the time until the limit resets, by GitHub's own clock (`date`); null: nothing asks us to wait. */
function waitMs(error: HttpError): number | null {
  const headers = error.response?.headers ?? {};
  const after = Number(headers['retry-after']);
  if (headers['retry-after'] !== undefined && Number.isFinite(after)) return Math.max(0, after) * 1000;
  if (String(headers['x-ratelimit-remaining']) === '0') {
    const untilReset = Number(headers['x-ratelimit-reset']) * 1000 - Date.parse(String(headers['date']));
    return Number.isFinite(untilReset) ? Math.max(untilReset, 1000) : DEFAULT_WAIT_MS;
  }
  return error.status === 403 && /secondary rate limit|abuse detection/i.test(error.message) ? DEFAULT_WAIT_MS : null;
}
