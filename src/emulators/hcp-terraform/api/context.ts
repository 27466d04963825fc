// What every route of the API needs: the world, who is asking, and where the object store stands.
import type { Clock } from '../../../base/clock.ts';
import type { Ids } from '../ids.ts';
import { notFound, unauthorized } from '../json-api.ts';
import type { ObjectStore } from '../object-store.ts';
import type { Registry } from '../registry.ts';
import type { Handler, Routed } from '../router.ts';
import type { Incoming } from '../server.ts';
import type { TaskResultLife } from '../task-result.ts';
import type { World } from '../world.ts';

export interface ApiContext {
  readonly world: World;
  readonly registry: Registry;
  readonly store: ObjectStore;
  readonly storeOrigin: () => string;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly adminToken: string;
}

export type Caller = { readonly kind: 'admin' } | { readonly kind: 'task'; readonly result: TaskResultLife };

/** @throws {HcpApiError} 401 for no token, an unknown one and one that has expired */
export function identify(request: Incoming, context: ApiContext): Caller {
  const token = /^Bearer (\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  if (token === undefined) throw unauthorized();
  if (token === context.adminToken) return { kind: 'admin' };
  const result = context.world.resultByToken(token);
  if (result === undefined || !result.isTokenAlive) throw unauthorized();
  return { kind: 'task', result };
}

/** For the management API: a run task's access token may not read it, and is told 404 like anybody without permission. */
export function forAdmin(context: ApiContext, handle: Handler): Handler {
  return (request: Routed) => {
    if (identify(request, context).kind !== 'admin') throw notFound();
    return handle(request);
  };
}

export function found<T>(value: T | undefined): T {
  if (value === undefined) throw notFound();
  return value;
}

export const iso = (ms: number): string => new Date(ms).toISOString();
