// The issuer of the jobs' OIDC tokens: discovery, JWKS, claims as GitHub Enterprise Server writes them, and forged ones for attack tests.
// Source of the claims: docs.github.com, "OpenID Connect reference", read 2026-11-22.
import { createHmac, createPublicKey, generateKeyPair, type KeyObject, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { exportJWK, type JWTPayload, SignJWT } from 'jose';
import type { JobRecord, WorkflowRun } from './model.ts';
import type { World } from './world.ts';

const LIFE_SECONDS = 300;
const BACKDATED_SECONDS = 600;

export interface Issuer {
  readonly url: string;
  discovery(): Record<string, unknown>;
  jwks(): Promise<Record<string, unknown>>;
  /** @param audience  null: GitHub's default, the owner's URL */
  claims(run: WorkflowRun, job: JobRecord | null, environment: string | null, audience: string | null): JWTPayload;
  sign(claims: JWTPayload, how?: Signature): Promise<string>;
}

export interface Signature {
  /** `none` and `HS256` are what an attacker writes; HS256 uses the published public key as its secret. */
  readonly algorithm?: 'RS256' | 'none' | 'HS256';
  /** A key that the JWKS does not hold, under the same `kid`. */
  readonly foreignKey?: boolean;
  readonly kid?: string;
}

export function createIssuer(world: World): Issuer {
  const kid = randomUUID();
  // Made on first use: most tests never ask for a token.
  const own = lazily(newKey);
  const foreign = lazily(newKey);
  const url = (): string => `${world.url}/_services/token`;

  return {
    get url() {
      return url();
    },
    discovery: () => ({
      issuer: url(),
      jwks_uri: `${url()}/.well-known/jwks`,
      subject_types_supported: ['public', 'pairwise'],
      response_types_supported: ['id_token'],
      claims_supported: CLAIMS,
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid'],
    }),
    async jwks() {
      return { keys: [{ ...(await exportJWK(createPublicKey(await own()))), kid, use: 'sig', alg: 'RS256' }] };
    },
    claims(run, job, environment, audience) {
      const { repository } = run;
      const ref = `refs/heads/${run.headBranch}`;
      const now = Math.floor(world.clock.now() / 1000);
      const workflow = `${repository.fullName}/${run.workflowPath}@${ref}`;
      return {
        jti: randomUUID(),
        sub: `repo:${repository.fullName}:${environment === null ? `ref:${ref}` : `environment:${environment.replaceAll(':', '%3A')}`}`,
        aud: audience ?? `${world.url}/${repository.owner}`,
        ...(environment === null ? {} : { environment }),
        ref,
        sha: run.headSha,
        repository: repository.fullName,
        repository_owner: repository.owner,
        repository_owner_id: String(repository.ownerId),
        repository_id: String(repository.id),
        repository_visibility: repository.private ? 'private' : 'public',
        run_id: String(run.id),
        run_number: String(run.runNumber),
        run_attempt: String(run.attempt),
        actor: run.actor.login,
        actor_id: String(run.actor.id),
        workflow: run.name,
        workflow_ref: workflow,
        workflow_sha: run.headSha,
        head_ref: '',
        base_ref: '',
        event_name: run.event,
        ref_protected: 'false',
        ref_type: 'branch',
        job_workflow_ref: workflow,
        job_workflow_sha: run.headSha,
        runner_environment: 'github-hosted',
        ...(job === null ? {} : { check_run_id: String(job.checkRunId) }),
        iss: url(),
        nbf: now - BACKDATED_SECONDS,
        exp: now + LIFE_SECONDS,
        iat: now,
      };
    },
    async sign(claims, { algorithm = 'RS256', foreignKey = false, kid: named = kid } = {}) {
      const header = { alg: algorithm, typ: 'JWT', kid: named };
      if (algorithm === 'RS256') return new SignJWT(claims).setProtectedHeader(header).sign(await (foreignKey ? foreign() : own()));
      const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const input = `${part(header)}.${part(claims)}`;
      if (algorithm === 'none') return `${input}.`;
      const pem = createPublicKey(await own()).export({ type: 'spki', format: 'pem' });
      return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`;
    },
  };
}

const newKey = async (): Promise<KeyObject> => (await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })).privateKey;

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

const CLAIMS = [
  ...[
    'sub',
    'aud',
    'exp',
    'iat',
    'iss',
    'jti',
    'nbf',
    'ref',
    'sha',
    'repository',
    'repository_id',
    'repository_owner',
    'repository_owner_id',
  ],
  ...[
    'run_id',
    'run_number',
    'run_attempt',
    'actor',
    'actor_id',
    'workflow',
    'workflow_ref',
    'workflow_sha',
    'head_ref',
    'base_ref',
    'event_name',
  ],
  ...[
    'ref_type',
    'ref_protected',
    'environment',
    'job_workflow_ref',
    'job_workflow_sha',
    'repository_visibility',
    'runner_environment',
    'check_run_id',
  ],
];
