// The operator's side of the relay, on a listener of its own: how many run tasks there are and what became of them is nobody else's
// business. No login: it listens on loopback unless relay.yml says otherwise.
import { isIP } from 'node:net';
import type { Hono } from 'hono';
import { isLoopback } from '../../hcp/hosts.ts';
import { answer, createBareApp, type BareAppDeps } from './bare-app.ts';
import { addDeliveries } from './deliveries.ts';
import { refuse } from './refusals.ts';

export function createAdminApp(deps: BareAppDeps): Hono {
  const { relay } = deps;
  const app = createBareApp(deps);
  // On loopback, a page in the operator's browser could come here by a name of its own (DNS rebinding): only names that nobody can
  // point here are answered. Elsewhere the operator has chosen who reaches it, by which name ever.
  app.use(async (c, next) => {
    const configured = relay.config.admin?.host ?? '127.0.0.1';
    if (!(isLoopback(configured) || configured === '::1') || isOwnName(new URL(c.req.url).hostname)) return next();
    return answer(c, { ok: false, error: refuse('not-found', 'Ask for 127.0.0.1 or localhost.') });
  });
  app.get('/metrics', async (c) =>
    c.text(relay.metrics.text({ tasks: await relay.store.count(), comments: await relay.store.comments.count() })),
  );
  addDeliveries(app, relay);
  return app;
}

const isOwnName = (hostname: string): boolean => isIP(hostname.replace(/^\[|\]$/g, '')) !== 0 || hostname === 'localhost';
