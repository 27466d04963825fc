// GitHub Enterprise Server as far as a relay's test needs it: repositories, dispatches, runs, App tokens, and an OIDC issuer that
// signs whatever claims a test wants. A second issuer with its own keys is there for attacks.
import type { ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT, type GenerateKeyPairResult } from 'jose';
import { startServer, type Seen, type TestServer } from '../../support/http-server.ts';

export interface Run {
  readonly id: number;
  readonly status: string;
  readonly conclusion: string | null;
  readonly path?: string;
  readonly display_title?: string;
}

type Scripted = { status: number; headers?: Record<string, string>; message?: string } | 'hang' | 'reset' | 'eaten';

export interface StandInGithub {
  readonly url: string;
  readonly apiUrl: string;
  readonly issuer: string;
  readonly seen: Seen[];
  /** Bodies of the dispatches that GitHub took. */
  readonly dispatches: { event_type: string; client_payload: Record<string, unknown> & { id: string; ticket: string; task: object } }[];
  /** Answers for the next calls whose path matches. */
  readonly script: { path: RegExp; answer: Scripted }[];
  repository: { id: number; ownerId: number; defaultBranch: string; fullName: string };
  runs: Run[];
  /** What an OIDC token of the job that was dispatched says. */
  claims(change?: Record<string, unknown>): Record<string, unknown>;
  mint(
    now: number,
    change?: Record<string, unknown>,
    how?: { alg?: 'none' | 'RS512' | 'PS256' | 'HS256'; issuer?: 'second'; foreignKey?: boolean },
  ): Promise<string>;
  close(): Promise<void>;
}

export const SECOND_PATH = '/second/token';

/** Made once for a test file: RSA keys are the slowest thing here. */
let keyPairs: Promise<[GenerateKeyPairResult, GenerateKeyPairResult]> | undefined;

export async function startStandInGithub(): Promise<StandInGithub> {
  const [keys, second] = await (keyPairs ??= Promise.all([
    generateKeyPair('RS256', { extractable: true }),
    generateKeyPair('RS256', { extractable: true }),
  ]));
  // Without `alg`, as some issuers publish it: then only the verifier's own list stands between RS256 and the rest.
  const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', use: 'sig' }] };
  const secondJwks = { keys: [{ ...(await exportJWK(second.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] };
  const dispatches: StandInGithub['dispatches'] = [];
  const script: StandInGithub['script'] = [];
  let jti = 0;
  let server: TestServer | null = null;

  const github: StandInGithub = {
    url: '',
    apiUrl: '',
    issuer: '',
    seen: [],
    dispatches,
    script,
    repository: { id: 4711, ownerId: 42, defaultBranch: 'main', fullName: 'acme/terraform-gate' },
    runs: [],
    claims: (change = {}) => {
      const { id, ownerId, defaultBranch, fullName } = github.repository;
      return {
        iss: github.issuer,
        aud: 'http://relay.test',
        jti: `jti-${++jti}`,
        repository: fullName,
        repository_id: String(id),
        repository_owner_id: String(ownerId),
        event_name: 'repository_dispatch',
        ref: `refs/heads/${defaultBranch}`,
        workflow_ref: `${fullName}/.github/workflows/run-task.yml@refs/heads/${defaultBranch}`,
        run_id: '900',
        run_attempt: '1',
        check_run_id: '9001',
        ...change,
      };
    },
    async mint(now, change = {}, how = {}) {
      const seconds = Math.floor(now / 1000);
      const claims = github.claims({ iat: seconds, nbf: seconds - 600, exp: seconds + 300, ...change });
      if (how.alg === 'none') {
        const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
        return `${part({ alg: 'none', kid: 'one' })}.${part(claims)}.`;
      }
      if (how.issuer === 'second') claims['iss'] = `${github.url}${SECOND_PATH}`;
      const key = how.issuer === 'second' || how.foreignKey === true ? second.privateKey : keys.privateKey;
      if (how.alg === 'HS256') {
        const known = Buffer.from(JSON.stringify(jwks.keys[0]));
        return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(known);
      }
      if (how.alg !== undefined) {
        const jwk = await exportJWK(keys.privateKey);
        return new SignJWT(claims).setProtectedHeader({ alg: how.alg, kid: 'one' }).sign(jwk);
      }
      return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(key);
    },
    close: async () => server?.close(),
  };

  server = await startServer((request, response) => {
    const rule = script.findIndex(({ path }) => path.test(`${request.method} ${request.url}`));
    const [scripted] = rule < 0 ? [] : script.splice(rule, 1);
    const answer = scripted?.answer;
    if (answer === 'hang') return;
    if (answer === 'reset') return void response.socket?.destroy();
    if (answer === 'eaten') {
      takeDispatch(request);
      return void response.socket?.destroy();
    }
    if (answer !== undefined) return json(response, answer.status, { message: answer.message ?? 'scripted' }, answer.headers);
    serve(request, response);
  });
  Object.assign(github, {
    url: server.url,
    apiUrl: `${server.url}/api/v3`,
    issuer: `${server.url}/_services/token`,
    seen: server.seen,
  });

  function takeDispatch(request: Seen): void {
    if (request.url.endsWith('/dispatches')) dispatches.push(JSON.parse(request.body) as StandInGithub['dispatches'][number]);
  }

  function serve(request: Seen, response: ServerResponse): void {
    const { id, ownerId, defaultBranch, fullName } = github.repository;
    const [owner, name] = fullName.split('/');
    const path = request.url.split('?')[0] ?? '';
    if (path === '/_services/token/.well-known/openid-configuration')
      return json(response, 200, { issuer: github.issuer, jwks_uri: `${github.issuer}/.well-known/jwks` });
    if (path === '/_services/token/.well-known/jwks') return json(response, 200, jwks);
    if (path === `${SECOND_PATH}/.well-known/openid-configuration`)
      return json(response, 200, { issuer: `${github.url}${SECOND_PATH}`, jwks_uri: `${github.url}${SECOND_PATH}/.well-known/jwks` });
    if (path === `${SECOND_PATH}/.well-known/jwks`) return json(response, 200, secondJwks);
    if (path.endsWith('/dispatches') && request.method === 'POST') {
      takeDispatch(request);
      return void response.writeHead(204).end();
    }
    if (path.endsWith('/installation')) return json(response, 200, { id: 77 });
    if (path === '/api/v3/app/installations/77/access_tokens')
      return json(response, 201, { token: `ghs_${'x'.repeat(60)}${server?.seen.length ?? 0}` });
    if (path === `/api/v3/repos/${fullName}`)
      return json(response, 200, { id, name, full_name: fullName, owner: { id: ownerId, login: owner }, default_branch: defaultBranch });
    const run = (one: Run) => ({
      path: '.github/workflows/run-task.yml',
      display_title: 'net-prod · post_plan',
      html_url: `${github.url}/${fullName}/actions/runs/${one.id}`,
      ...one,
    });
    if (path === `/api/v3/repos/${fullName}/actions/runs`)
      return json(response, 200, { total_count: github.runs.length, workflow_runs: github.runs.map(run) });
    const one = github.runs.find((candidate) => path === `/api/v3/repos/${fullName}/actions/runs/${candidate.id}`);
    if (one !== undefined) return json(response, 200, run(one));
    json(response, 404, { message: 'Not Found' });
  }
  return github;
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
