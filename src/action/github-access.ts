// An Octokit for telling people: with the token that may write in that repository, and with an end to each request and to all.
import { getOctokit } from '@actions/github';
import type { Octokit } from '../github/viewer.ts';
import type { Inputs } from './inputs.ts';
import type { Job } from './job.ts';
import type { World } from './open-session.ts';
import type { RunTaskSession } from './session.ts';

/** A GitHub that hangs must not hold the job: the verdict is delivered, and the runner costs money. */
const REQUEST_TIMEOUT_MS = 20_000;

export interface Access {
  readonly session: RunTaskSession;
  readonly inputs: Inputs;
  readonly job: Job;
  readonly world: World;
  /** Ends all requests together. */
  readonly total: AbortSignal;
}

/** @param limits  `writesHaveAllTime`: a request that changes something ends only with all the others */
export function octokitFor(
  place: { readonly owner: string; readonly repo: string },
  { session, inputs, job, world, total }: Access,
  { writesHaveAllTime = false }: { readonly writesHaveAllTime?: boolean } = {},
): Octokit {
  const handed = session.feedbackToken;
  const isHanded = handed !== null && handed.repository.toLowerCase() === `${place.owner}/${place.repo}`.toLowerCase();
  const token = isHanded ? handed.token : inputs.githubToken;
  if (token === '') throw new Error('there is no token: leave the input github-token at its default or set one');
  const limited: typeof fetch = (input, init) => {
    // GraphQL reads here, and asks with POST.
    const isPatient = writesHaveAllTime && (init?.method ?? 'GET').toUpperCase() !== 'GET' && !toUrl(input).endsWith('/graphql');
    const own = isPatient ? [] : [AbortSignal.timeout(REQUEST_TIMEOUT_MS)];
    return world.fetch(input, { ...init, signal: AbortSignal.any([total, ...own, ...(init?.signal ? [init.signal] : [])]) });
  };
  return getOctokit(token, { baseUrl: job.apiUrl, request: { fetch: limited } });
}

const toUrl = (input: Parameters<typeof fetch>[0]): string => (input instanceof Request ? input.url : String(input));
