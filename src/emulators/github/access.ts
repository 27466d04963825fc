// Who calls, and may they: tokens to identities, identities to permissions. Answers a refusal as GitHub words it.
//
// The server is in "private mode", as an administrator of GitHub Enterprise Server can set it: nothing is told to anonymous
// callers, so that a forgotten token never goes unnoticed.
import { decodeJwt, importSPKI, jwtVerify, type JWTPayload } from 'jose';
import { type Answer, badCredentials, forbidden, mustAuthenticate, notFound, unauthorized } from './answers.ts';
import type { Account, Identity, Level, Permissions, Repository } from './model.ts';
import type { World } from './world.ts';

export type Identified = { readonly ok: true; readonly identity: Identity } | { readonly ok: false; readonly answer: Answer };

/** One of these permissions is enough. Empty: seeing the repository is. */
export type Needs = readonly (readonly [permission: string, level: 'read' | 'write'])[];

const JWT_MAX_SECONDS = 600; // docs.github.com, "Generating a JSON web token (JWT) for a GitHub App", read 2026-11-22

export async function identify(world: World, authorization: string | undefined): Promise<Identified> {
  if (authorization === undefined) return { ok: false, answer: mustAuthenticate };
  const token = authorization.match(/^(?:bearer|token)\s+(\S+)$/i)?.[1];
  if (token === undefined) return { ok: false, answer: badCredentials };
  const known = world.tokens.get(token);
  if (known !== undefined) {
    const expired = known.kind === 'installation' && known.expiresAt <= world.clock.now();
    return expired ? { ok: false, answer: badCredentials } : { ok: true, identity: known };
  }
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token) ? identifyApp(world, token) : { ok: false, answer: badCredentials };
}

async function identifyApp(world: World, token: string): Promise<Identified> {
  const refuse = (message: string): Identified => ({ ok: false, answer: unauthorized(message) });
  const claims = claimsOf(token);
  const app = claims === null ? undefined : world.apps.get(Number(claims.iss));
  if (claims === null || app === undefined) return refuse('A JSON web token could not be decoded');
  try {
    await jwtVerify(token, await importSPKI(app.publicKeyPem, 'RS256'), {
      algorithms: ['RS256'],
      currentDate: new Date(claims.iat === undefined ? 0 : claims.iat * 1000),
    });
  } catch {
    return refuse('A JSON web token could not be decoded');
  }
  // auth-app reads these sentences, and the Date header, to correct a clock that is off.
  const now = world.clock.now() / 1000;
  if (claims.exp === undefined || claims.exp <= now)
    return refuse("'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires");
  if (claims.exp > now + JWT_MAX_SECONDS + 1) return refuse("'Expiration time' claim ('exp') is too far in the future");
  if (claims.iat === undefined || claims.iat > now + 1)
    return refuse("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");
  return { ok: true, identity: { kind: 'app', app } };
}

function claimsOf(token: string): JWTPayload | null {
  try {
    return decodeJwt(token);
  } catch {
    return null; // not a JWT: the caller answers as GitHub does
  }
}

const RANK: Readonly<Record<Level, number>> = { read: 1, write: 2, admin: 3 };

export const grants = (permissions: Permissions, name: string, level: Level): boolean =>
  RANK[permissions[name] ?? 'read'] >= RANK[level] && name in permissions;

/** Is every permission of `asked` within `held`? */
export const within = (asked: Permissions, held: Permissions): boolean =>
  Object.entries(asked).every(([name, level]) => grants(held, name, level));

/** Does the token reach the repository at all? */
export function reaches(identity: Identity, repository: Repository, world: World): boolean {
  switch (identity.kind) {
    case 'app':
      return [...world.installations.values()].some(
        (i) => i.appId === identity.app.id && i.account.id === repository.ownerId && (i.repositoryIds?.has(repository.id) ?? true),
      );
    case 'installation':
      return identity.installation.account.id === repository.ownerId && (identity.repositoryIds?.has(repository.id) ?? true);
    case 'job':
      return identity.repositoryId === repository.id;
    case 'user':
      return identity.repositoryIds?.has(repository.id) ?? true;
  }
}

/**
 * @param deniedStatus  404 where GitHub hides the endpoint from tokens without the permission (repository dispatch)
 * @returns null when the call may go on
 */
export function authorize(
  world: World,
  identity: Identity,
  repository: Repository,
  needs: Needs,
  deniedStatus: 403 | 404 = 403,
): Answer | null {
  if (identity.kind === 'app') return unauthorized('A JSON web token could not be used here; use an installation token');
  const reads = needs.every(([, level]) => level === 'read');
  if (!reaches(identity, repository, world)) {
    if (repository.private) return notFound;
    return reads ? null : denied(identity, needs, deniedStatus);
  }
  if (needs.length === 0 || needs.some(([name, level]) => grants(identity.permissions, name, level))) return null;
  return denied(identity, needs, deniedStatus);
}

/** A classic token's scopes, as what they allow: `repo` is nearly everything, workflow files are apart, settings are an administrator's. */
export function permissionsOfScopes(scopes: readonly string[], admin: boolean): Permissions {
  const ofRepo = [
    'actions',
    'actions_variables',
    'contents',
    'deployments',
    'environments',
    'issues',
    'pull_requests',
    'secrets',
    'statuses',
  ];
  const names = [
    ...(scopes.includes('repo') ? ofRepo : []),
    ...(scopes.includes('repo') && admin ? ['administration'] : []),
    ...(scopes.includes('workflow') ? ['workflows'] : []),
  ];
  return { metadata: 'read', ...Object.fromEntries(names.map((name) => [name, 'write'] as const)) };
}

/** On every answer to a classic token. */
export const scopeHeaders = (identity: Identity): Readonly<Record<string, string>> =>
  identity.kind === 'user' && identity.scopes !== null ? { 'x-oauth-scopes': identity.scopes.join(', ') } : {};

export const isClassic = (identity: Identity): boolean => identity.kind === 'user' && identity.scopes !== null;

function denied(identity: Identity, needs: Needs, status: 403 | 404): Answer {
  if (isClassic(identity) && needs.some(([name]) => name === 'administration')) return forbidden('Must have admin rights to Repository.');
  // A classic token is not told what it lacks.
  if (status === 404 || isClassic(identity)) return notFound;
  const subject = identity.kind === 'user' ? 'personal access token' : 'integration';
  // GitHub lists alternatives with a semicolon.
  return forbidden(`Resource not accessible by ${subject}`, {
    'x-accepted-github-permissions': needs.map(([name, level]) => `${name}=${level}`).join('; '),
  });
}

/** The account that writes: an App's bot, the job's bot, or the token's owner. */
export function authorOf(world: World, identity: Identity): Account {
  switch (identity.kind) {
    case 'app':
    case 'installation':
      return world.account(`${identity.app.slug}[bot]`, 'Bot');
    case 'job':
      return world.account('github-actions[bot]', 'Bot');
    case 'user':
      return identity.account;
  }
}

/** The App behind a token that may write check runs; null for people. GITHUB_TOKEN belongs to GitHub's own App. */
export function appSlugOf(identity: Identity): string | null {
  switch (identity.kind) {
    case 'app':
    case 'installation':
      return identity.app.slug;
    case 'job':
      return 'github-actions';
    case 'user':
      return null;
  }
}
