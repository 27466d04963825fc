// The operator's side of the relay, on a listener of its own: how many run tasks there are and what became of them is nobody else's
// business. No login: it listens on loopback unless relay.yml says otherwise.
import type { Hono } from 'hono';
import { createBareApp, type BareAppDeps } from './bare-app.ts';

export function createAdminApp(deps: BareAppDeps): Hono {
  const { relay } = deps;
  const app = createBareApp(deps);
  app.get('/metrics', async (c) => c.text(relay.metrics.text(await relay.store.count())));
  return app;
}
