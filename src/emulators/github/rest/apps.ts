// GitHub Apps: who am I, where am I installed, a token for an installation, never wider than the installation.
import { randomBytes, randomInt } from 'node:crypto';
import * as z from 'zod';
import { within } from '../access.ts';
import { type Answer, json, notFound, unauthorized, unprocessable } from '../answers.ts';
import type { App, Installation, Permissions, Repository } from '../model.ts';
import { type Call, route, type Route, withBody } from '../router.ts';
import { toSimpleUser } from '../shapes/account.ts';
import { toRepository } from '../shapes/repository.ts';
import { iso, nodeId } from '../shapes/text.ts';
import type { World } from '../world.ts';

const TOKEN_LIFE_MS = 60 * 60_000; // docs.github.com, "Generating an installation access token", read 2026-11-22

const tokenSchema = z.strictObject({
  repositories: z.array(z.string()).max(500).optional(),
  repository_ids: z.array(z.number().int()).max(500).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])).optional(),
});

export const appRoutes: readonly Route[] = [
  route('GET', '/app', (call) => asApp(call, (app) => json(200, toApp(call.world, app)))),

  route('GET', '/app/installations', (call) =>
    asApp(call, (app) =>
      json(
        200,
        installationsOf(call.world, app).map((i) => toInstallation(call.world, app, i)),
      ),
    ),
  ),

  route('GET', '/app/installations/{id}', (call) =>
    asApp(call, (app) => {
      const found = installationsOf(call.world, app).find((i) => i.id === Number(call.param('id')));
      return found === undefined ? notFound : json(200, toInstallation(call.world, app, found));
    }),
  ),

  route('GET', '/repos/{owner}/{repo}/installation', (call) =>
    asApp(call, (app) => {
      const repository = call.world.repository(`${call.param('owner')}/${call.param('repo')}`);
      const found = repository === undefined ? undefined : installationsOf(call.world, app).find((i) => covers(i, repository));
      return found === undefined ? notFound : json(200, toInstallation(call.world, app, found));
    }),
  ),

  route('GET', '/orgs/{org}/installation', (call) =>
    asApp(call, (app) => {
      const found = installationsOf(call.world, app).find((i) => i.account.login.toLowerCase() === call.param('org').toLowerCase());
      return found === undefined ? notFound : json(200, toInstallation(call.world, app, found));
    }),
  ),

  route(
    'POST',
    '/app/installations/{id}/access_tokens',
    withBody(tokenSchema, (call: Call, body) =>
      asApp(call, (app) => {
        const installation = installationsOf(call.world, app).find((i) => i.id === Number(call.param('id')));
        return installation === undefined ? notFound : createToken(call.world, app, installation, body);
      }),
    ),
  ),

  route('DELETE', '/installation/token', ({ world, identity, request }) => {
    if (identity.kind !== 'installation' && identity.kind !== 'job') return notFound;
    world.tokens.delete(request.headers['authorization']?.split(/\s+/)[1] ?? '');
    return { status: 204 };
  }),
];

function asApp(call: Call, answer: (app: App) => Answer): Answer {
  if (call.identity.kind === 'app') return answer(call.identity.app);
  return unauthorized('A JSON web token could not be decoded');
}

function createToken(world: World, app: App, installation: Installation, body: z.output<typeof tokenSchema>): Answer {
  const reachable = [...world.repositories.values()].filter((r) => covers(installation, r));
  const asked =
    body.repository_ids ?? body.repositories?.map((name) => reachable.find((r) => r.name.toLowerCase() === name.toLowerCase())?.id ?? -1);
  if (asked !== undefined && !asked.every((id) => reachable.some((r) => r.id === id)))
    return unprocessable('There is at least one repository that does not exist or is not accessible to the parent installation.');
  const permissions: Permissions = body.permissions ?? installation.permissions;
  if (!within(permissions, installation.permissions))
    return unprocessable('The permissions requested are not granted to this installation.');
  const repositoryIds = asked === undefined ? installation.repositoryIds : new Set(asked);
  const expiresAt = world.clock.now() + TOKEN_LIFE_MS;
  const token = newInstallationToken(app.id);
  const granted: Permissions = { ...permissions, metadata: 'read' };
  world.tokens.set(token, { kind: 'installation', app, installation, repositoryIds, permissions: granted, expiresAt });
  return json(201, {
    token,
    expires_at: iso(expiresAt),
    permissions: granted,
    repository_selection: repositoryIds === null ? 'all' : 'selected',
    ...(asked === undefined
      ? {}
      : { repositories: reachable.filter((r) => asked.includes(r.id)).map((r) => toRepository(world.url, r, world.account(r.owner))) }),
  });
}

/** `ghs_<app id>_<JWT>`: long and of varying length since 2026-04-27 (GitHub's OpenAPI description of this endpoint). */
export function newInstallationToken(appId: number): string {
  const part = (bytes: number): string => randomBytes(bytes).toString('base64url');
  return `ghs_${appId}_${part(30)}.${part(120 + randomInt(64))}.${part(64)}`;
}

const covers = (installation: Installation, repository: Repository): boolean =>
  installation.account.id === repository.ownerId && (installation.repositoryIds?.has(repository.id) ?? true);

const installationsOf = (world: World, app: App): Installation[] => [...world.installations.values()].filter((i) => i.appId === app.id);

const toApp = (world: World, app: App): Record<string, unknown> => ({
  id: app.id,
  slug: app.slug,
  node_id: nodeId('A', app.id),
  client_id: `Iv1.${app.id}`,
  owner: toSimpleUser(world.url, world.account('platform-team')),
  name: app.slug,
  description: '',
  external_url: `${world.url}/apps/${app.slug}`,
  html_url: `${world.url}/apps/${app.slug}`,
  created_at: iso(app.createdAt),
  updated_at: iso(app.createdAt),
  permissions: app.permissions,
  events: [],
  installations_count: installationsOf(world, app).length,
});

const toInstallation = (world: World, app: App, installation: Installation): Record<string, unknown> => ({
  id: installation.id,
  account: toSimpleUser(world.url, installation.account),
  access_tokens_url: `${world.url}/api/v3/app/installations/${installation.id}/access_tokens`,
  repositories_url: `${world.url}/api/v3/installation/repositories`,
  html_url: `${world.url}/organizations/${installation.account.login}/settings/installations/${installation.id}`,
  app_id: app.id,
  app_slug: app.slug,
  target_id: installation.account.id,
  target_type: installation.account.type,
  permissions: installation.permissions,
  events: [],
  repository_selection: installation.repositoryIds === null ? 'all' : 'selected',
  single_file_name: null,
  created_at: iso(installation.createdAt),
  updated_at: iso(installation.createdAt),
  suspended_by: null,
  suspended_at: null,
});
