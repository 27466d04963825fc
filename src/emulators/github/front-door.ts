// Which part of the emulated GitHub a request is for: REST, GraphQL, archives, the OIDC issuer.
import { identify } from './access.ts';
import { type Answer, json, notFound, unauthorized } from './answers.ts';
import { answerGraphql } from './graphql.ts';
import type { Issuer } from './oidc.ts';
import { ARCHIVES, type Archives } from './rest/archives.ts';
import type { Dispatcher, Request } from './router.ts';
import type { Runner } from './runner/runner.ts';
import type { World } from './world.ts';

export interface Parts {
  readonly world: World;
  readonly runner: Runner;
  readonly issuer: Issuer;
  readonly archives: Archives;
  readonly rest: Dispatcher;
}

/** One host serves everything, as an Enterprise Server does: REST under /api/v3, GraphQL, the OIDC issuer, the pages. */
export async function answerRequest({ world, runner, issuer, archives, rest }: Parts, request: Request): Promise<Answer> {
  const { method, path } = request;
  if (path.startsWith('/api/v3/')) return rest({ ...request, path: path.slice('/api/v3'.length) });
  if (path.startsWith(ARCHIVES) && method === 'GET') return archives.answer(request);
  if (path === '/api/graphql' && method === 'POST') {
    const identified = await identify(world, request.headers['authorization']);
    return identified.ok ? answerGraphql(world, identified.identity, request.body) : identified.answer;
  }
  if (path === '/_services/token/.well-known/openid-configuration') return json(200, issuer.discovery());
  if (path === '/_services/token/.well-known/jwks') return json(200, await issuer.jwks());
  if (/^\/_services\/token\/jobs\/\d+\/idtoken$/.test(path) && method === 'GET') return answerIdToken(runner, issuer, request);
  return notFound;
}

async function answerIdToken(runner: Runner, issuer: Issuer, { headers, path, query }: Request): Promise<Answer> {
  const job = runner.idTokenJob(headers['authorization']?.replace(/^bearer\s+/i, '') ?? '');
  if (job === null || !path.includes(`/${job.record.checkRunId}/`))
    return unauthorized('The request token is not one of a running job with `id-token: write`');
  const value = await issuer.sign(issuer.claims(job.run, job.record, job.environment, query.get('audience')));
  return json(200, { count: value.length, value });
}
