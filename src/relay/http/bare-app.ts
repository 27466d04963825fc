// What both listeners of the relay share: headers, health, and what is answered where nothing is or where something broke.
import { Hono, type Context } from 'hono';
import { describeThrown, Fault } from '../../base/fault.ts';
import type { Result } from '../../base/result.ts';
import type { RelayContext } from '../context.ts';
import { refuse, toApiAnswer, type ApiRefusal } from './refusals.ts';

export interface BareAppDeps {
  readonly relay: RelayContext;
  /** Is the worker running? For /readyz. */
  readonly isReady: () => boolean;
}

export function createBareApp({ relay, isReady }: BareAppDeps): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    // Nothing here is for a browser or a cache.
    c.header('Cache-Control', 'no-store');
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    c.header('Referrer-Policy', 'no-referrer');
  });

  // On both: a load balancer asks where it sends the posts, and one word tells nobody anything.
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    // The cheapest question that the store can answer: anybody may ask this.
    await relay.store.nextDue();
    return isReady() ? c.json({ status: 'ready' }) : c.json({ status: 'not started' }, 503);
  });

  app.notFound((c) => answer(c, { ok: false, error: refuse('not-found', 'There is nothing here.') }));
  app.onError((thrown, c) => {
    const trouble = isStoreTrouble(thrown);
    relay.metrics.count('runtask_store_trouble_total');
    relay.log.error(trouble ? 'store trouble' : 'unexpected error', { path: c.req.routePath, error: describeThrown(thrown) });
    return answer(c, { ok: false, error: refuse('unavailable') });
  });
  return app;
}

export function answer<T extends object>(c: Context, outcome: Result<T, ApiRefusal>): Response {
  if (outcome.ok) return c.json(outcome.value, 200);
  const { status, body } = toApiAnswer(outcome.error);
  return c.json(body, status);
}

export const isStoreTrouble = (thrown: unknown): boolean => thrown instanceof Fault && thrown.code.startsWith('E_STORE');
