// From a request to the one handler that answers it: path patterns, who may call, bodies read with a schema. No sockets.
import type * as z from 'zod';
import { authorize, identify, type Needs, reaches, scopeHeaders } from './access.ts';
import { type Answer, badRequest, forbidden, invalidRequest, movedTo, notFound } from './answers.ts';
import type { Identity, Repository } from './model.ts';
import type { Meter } from './rate-limits.ts';
import type { World } from './world.ts';

export interface Request {
  readonly method: string;
  /** Behind the API's root, without query, not decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Call {
  readonly world: World;
  readonly request: Request;
  readonly identity: Identity;
  readonly param: (name: string) => string;
}

export interface RepositoryCall extends Call {
  readonly repository: Repository;
}

type Outcome = Answer | Promise<Answer>;

export interface Route {
  readonly method: string;
  /** `/repos/{owner}/{repo}/…`; a last `{name...}` takes all that is left. */
  readonly pattern: string;
  readonly answer: (call: Call) => Outcome;
}

/** For a route that needs no more than a valid token; the handler looks at the identity itself. */
export const route = (method: string, pattern: string, answer: (call: Call) => Outcome): Route => ({ method, pattern, answer });

/** For a route under `/repos/{owner}/{repo}`: 404 where the token does not reach, 403 where it may not. */
export function repositoryRoute(
  method: string,
  path: string,
  needs: Needs,
  answer: (call: RepositoryCall) => Outcome,
  options: { readonly deniedStatus?: 403 | 404 } = {},
): Route {
  return route(method, `/repos/{owner}/{repo}${path}`, (call) => {
    const name = `${call.param('owner')}/${call.param('repo')}`;
    const repository = call.world.repository(name);
    if (repository === undefined) return redirectToNewName(call, name) ?? notFound;
    const denied = authorize(call.world, call.identity, repository, needs, options.deniedStatus);
    if (denied !== null) return denied;
    if (repository.archived && method !== 'GET') return forbidden('Repository was archived so is read-only.');
    return answer({ ...call, repository });
  });
}

/** To the repository's id, as GitHub redirects; only for those who may know of it. */
function redirectToNewName({ world, request, identity }: Call, name: string): Answer | null {
  const wanted = name.toLowerCase();
  const moved = [...world.repositories.values()].find((r) => r.formerNames.some((former) => former.toLowerCase() === wanted));
  if (moved === undefined || (moved.private && !reaches(identity, moved, world))) return null;
  const query = request.query.toString();
  const behind = request.path
    .split('/')
    .slice(4)
    .map((part) => `/${part}`);
  return movedTo(request.method, `${world.url}/api/v3/repositories/${moved.id}${behind.join('')}${query === '' ? '' : `?${query}`}`);
}

/** Reads the JSON body first; 400 and 422 as GitHub words them. */
export const withBody =
  <C extends Call, S extends z.ZodType>(schema: S, answer: (call: C, body: z.output<S>) => Outcome): ((call: C) => Outcome) =>
  (call) => {
    let value: unknown;
    try {
      value = JSON.parse(call.request.body === '' ? '{}' : call.request.body);
    } catch {
      return badRequest('Problems parsing JSON');
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return badRequest('Body should be a JSON object');
    const read = schema.safeParse(value);
    if (read.success) return answer(call, read.data);
    return invalidRequest(
      read.error.issues.map((issue) => (issue.path.length === 0 ? issue.message : `"${issue.path.join('.')}": ${issue.message}`)),
    );
  };

export type Dispatcher = (request: Request) => Promise<Answer>;

/** @param routes  the first that matches method and path answers */
export function createDispatcher(world: World, meter: Meter, routes: readonly Route[]): Dispatcher {
  const compiled = routes.map((r) => ({ ...r, regex: compile(r.pattern) }));
  return async (request) => {
    // docs.github.com, "Getting started with the REST API", read 2026-11-22: requests without User-Agent are rejected.
    if ((request.headers['user-agent'] ?? '') === '')
      return forbidden('Request forbidden by administrative rules. Please make sure your request has a User-Agent header');
    const identified = await identify(world, request.headers['authorization']);
    if (!identified.ok) return identified.answer;
    const { refusal, headers } = meter.take(identified.identity, request.method);
    const answer = refusal ?? (await routed(request, identified.identity));
    return { ...answer, headers: { ...headers, ...scopeHeaders(identified.identity), ...answer.headers } };
  };

  function routed(request: Request, identity: Identity): Outcome {
    const path = withRepositoryName(world, request.path);
    for (const { method, regex, answer } of compiled) {
      if (method !== request.method) continue;
      const match = regex.exec(path);
      if (match === null) continue;
      const param = (name: string): string => decodeURIComponent(match.groups?.[name] ?? '');
      return answer({ world, request, identity, param });
    }
    return notFound;
  }
}

// Links of GitHub's paged answers name the repository by id: /repositories/{id}/issues/…, every route is also there.
function withRepositoryName(world: World, path: string): string {
  const match = /^\/repositories\/(\d+)(\/.*)?$/.exec(path);
  const repository = match === null ? undefined : world.repositories.get(Number(match[1]));
  return match === null || repository === undefined ? path : `/repos/${repository.fullName}${match[2] ?? ''}`;
}

function compile(pattern: string): RegExp {
  const source = pattern
    .split('/')
    .map((part) =>
      part
        .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
        .replace(/\{(\w+)(\\\.\\\.\\\.)?\}/g, (_, name: string, rest?: string) => `(?<${name}>${rest === undefined ? '[^/]+' : '.*'})`),
    )
    .join('/');
  return new RegExp(`^${source}$`);
}
