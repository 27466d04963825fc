// What every route of the API needs: the world, who is asking and what he may, and where the object store stands.
import type { Clock } from '../../../base/clock.ts';
import type { Behaviour } from '../behaviour.ts';
import type { Ids } from '../ids.ts';
import { notFound, unauthorized } from '../json-api.ts';
import type { ObjectStore } from '../object-store.ts';
import type { Registry } from '../registry.ts';
import type { Handler, Routed } from '../router.ts';
import type { Incoming } from '../server.ts';
import type { TaskResultLife } from '../task-result.ts';
import type { Organization, Permission } from '../types.ts';
import type { World } from '../world.ts';

export interface ApiContext {
  readonly world: World;
  readonly registry: Registry;
  readonly store: ObjectStore;
  readonly storeOrigin: () => string;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly adminToken: string;
  readonly tokens: ReadonlyMap<string, readonly Permission[]>;
  readonly behaviour: Behaviour;
}

export type Caller =
  | { readonly kind: 'admin' }
  | { readonly kind: 'user'; readonly permissions: readonly Permission[] }
  | { readonly kind: 'task'; readonly result: TaskResultLife };

export const bearerOf = (request: Incoming): string | undefined => /^Bearer (\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1];

/** @throws {HcpApiError} 401 for no token, an unknown one and one that has expired */
export function identify(request: Incoming, context: ApiContext): Caller {
  const token = bearerOf(request);
  if (token === undefined) throw unauthorized();
  if (token === context.adminToken) return { kind: 'admin' };
  const permissions = context.tokens.get(token);
  if (permissions !== undefined) return { kind: 'user', permissions };
  const result = context.world.resultByToken(token);
  if (result === undefined || !result.isTokenAlive) throw unauthorized();
  return { kind: 'task', result };
}

/** A run task's access token may not read the management API, and is told 404 like anybody without permission. */
export function forAdmin(context: ApiContext, handle: Handler): Handler {
  return (request: Routed) => {
    if (identify(request, context).kind !== 'admin') throw notFound();
    return handle(request);
  };
}

/** @param anyOf  one of them is enough; empty: any user's token */
export function withPermission(context: ApiContext, anyOf: readonly Permission[], handle: Handler): Handler {
  return (request: Routed) => {
    const caller = identify(request, context);
    const may =
      caller.kind === 'admin' ||
      (caller.kind === 'user' && (anyOf.length === 0 || anyOf.some((permission) => caller.permissions.includes(permission))));
    if (!may) throw notFound();
    return handle(request);
  };
}

export function found<T>(value: T | undefined): T {
  if (value === undefined) throw notFound();
  return value;
}

/** For every route about run tasks. @throws {HcpApiError} 404 when there is none or it is not entitled to run tasks */
export function entitledOrganization(context: ApiContext, name: string | undefined): Organization {
  const organization = found(context.world.organizations.get(name ?? ''));
  return found(organization.entitlements.runTasks ? organization : undefined);
}

export const iso = (ms: number): string => new Date(ms).toISOString();
