// Who is asking: a GitHub Actions job proves itself with its OIDC token. Signature, issuer, audience and times are judged here;
// whether this job may have this run task is judged in claim-task.ts.
//
// Never the `sub`: its form is the repository's to change, and newer repositories have another one (GitHub, "OpenID Connect
// reference", read 2026-11-22).
import { createRemoteJWKSet, customFetch, decodeJwt, jwtVerify, type JWTVerifyGetKey } from 'jose';
import * as z from 'zod';
import type { Clock } from '../../base/clock.ts';
import { describeThrown } from '../../base/fault.ts';
import { err, ok, type Result } from '../../base/result.ts';

const digits = z.string().regex(/^\d{1,20}$/);
const jobSchema = z.object({
  iss: z.string(),
  jti: z.string().min(1).max(200),
  exp: z.number(),
  repository: z.string().regex(/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/),
  repository_id: digits,
  repository_owner_id: digits,
  event_name: z.string(),
  ref: z.string(),
  workflow_ref: z.string(),
  job_workflow_ref: z.string().optional(),
  run_id: digits,
  run_attempt: digits.transform(Number),
  /** The job; GitHub added it in 2025, older Enterprise Servers do not have it. */
  check_run_id: digits.optional(),
});

/** A verified token's claims. */
export type Job = z.output<typeof jobSchema>;

export type OidcRefusal =
  /** `why` is for the log: code and claim name, never the token. */
  | { readonly reason: 'invalid'; readonly why: string }
  /** A good token, made for another address than ours: most often the action's relay-url is not our public_url. */
  | { readonly reason: 'other-audience'; readonly audience: string; readonly job: Job }
  /** The issuer's keys could not be fetched: the job may ask again. */
  | { readonly reason: 'issuer-unreachable'; readonly why: string };

export type VerifyOidc = (token: string) => Promise<Result<Job, OidcRefusal>>;

/** Clocks of runner, GitHub and relay differ. */
const CLOCK_TOLERANCE_S = 60;
/** GitHub's tokens live five minutes; more than ten is not one of them. */
const MAX_TOKEN_AGE_S = 600;
const MAX_TOKEN_LENGTH = 16_384;

export function createOidcVerifier(deps: {
  readonly issuers: readonly string[];
  /** The relay's public_url: a token made for another service is worthless here. */
  readonly audience: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
}): VerifyOidc {
  const keySets = new Map<string, Promise<JWTVerifyGetKey>>();

  function keysOf(issuer: string): Promise<JWTVerifyGetKey> {
    const known = keySets.get(issuer);
    if (known !== undefined) return known;
    const found = discover(issuer, deps.fetch);
    keySets.set(issuer, found);
    // A failure is not remembered: the next claim asks again.
    found.catch(() => keySets.delete(issuer));
    return found;
  }

  return async (token) => {
    if (token.length > MAX_TOKEN_LENGTH) return err({ reason: 'invalid', why: 'too long' });
    let issuer: string | undefined;
    try {
      issuer = decodeJwt(token).iss;
    } catch (thrown) {
      return err({ reason: 'invalid', why: codeOf(thrown) ?? 'not a JWT' });
    }
    // Chosen from the list by an unverified claim; the signature is then checked with that issuer's keys only.
    if (issuer === undefined || !deps.issuers.includes(issuer)) return err({ reason: 'invalid', why: 'issuer is not allowed' });
    try {
      const { payload } = await jwtVerify(token, await keysOf(issuer), {
        issuer,
        algorithms: ['RS256'],
        clockTolerance: CLOCK_TOLERANCE_S,
        maxTokenAge: MAX_TOKEN_AGE_S,
        currentDate: new Date(deps.clock.now()),
        requiredClaims: ['iss', 'aud', 'exp', 'iat', 'jti'],
      });
      const job = jobSchema.safeParse(payload);
      if (!job.success)
        return err({ reason: 'invalid', why: `claims: ${job.error.issues.map((issue) => issue.path.join('.')).join(', ')}` });
      // Compared here and not by jose, and last, so that only a token that is good otherwise is told apart. GitHub's have one audience.
      const audiences: unknown[] = [payload.aud].flat();
      if (audiences.length !== 1 || audiences[0] !== deps.audience)
        return err({ reason: 'other-audience', audience: toShown(audiences), job: job.data });
      return ok(job.data);
    } catch (thrown) {
      const code = codeOf(thrown);
      if (code !== null && VERDICTS.test(code)) return err({ reason: 'invalid', why: `${code}${claimOf(thrown)}` });
      return err({ reason: 'issuer-unreachable', why: describeThrown(thrown) });
    }
  };
}

/** jose's codes that judge the token; all others (timeout, HTTP status, network) are trouble on the way to the keys. */
const VERDICTS = /^ERR_(JWS_|JWT_|JWKS_NO_MATCHING_KEY|JWKS_MULTIPLE_MATCHING_KEYS|JOSE_ALG_NOT_ALLOWED|JOSE_NOT_SUPPORTED)/;

async function discover(issuer: string, fetchIt: typeof fetch): Promise<JWTVerifyGetKey> {
  const response = await fetchIt(`${issuer}/.well-known/openid-configuration`, { redirect: 'error', signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${new URL(issuer).host} answered ${response.status} to discovery`);
  const { issuer: named, jwks_uri } = z.object({ issuer: z.string(), jwks_uri: z.url() }).parse(await response.json());
  if (named !== issuer) throw new Error(`${new URL(issuer).host} calls itself another issuer`);
  const keys = new URL(jwks_uri);
  if (keys.origin !== new URL(issuer).origin) throw new Error(`${new URL(issuer).host} has its keys on ${keys.host}`);
  return createRemoteJWKSet(keys, { timeoutDuration: 10_000, [customFetch]: fetchIt });
}

/** A workflow may write anything into it. No secret: it is an address, and everybody who can read the workflow can read it. */
const toShown = (audiences: readonly unknown[]): string =>
  audiences
    .map(String)
    .join(',')
    .slice(0, 200)
    .replaceAll(/[^\x21-\x7e]/g, '?');

const codeOf = (thrown: unknown): string | null =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : null;
const claimOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'claim' in thrown && typeof thrown.claim === 'string' ? ` (${thrown.claim})` : '';
