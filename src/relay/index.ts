// The relay: takes run tasks from HCP Terraform, starts the workflows that judge them, and brings every verdict back.
//
// createRelay puts the parts together and starts nothing. `fetch` serves one request in process; `listen` opens a port, and so do both
// of `admin` for the operator's side; `start` begins with what waits in the store; `close` ends what was begun. The store stays the
// caller's: it opened it, it closes it.
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { createAppIdentity, createTokenIdentity, type GithubIdentity } from '../github/identity.ts';
import { createOidcVerifier } from './claims/verify-oidc.ts';
import { createContext } from './context.ts';
import { createSealKeys } from './dispatch/seal-keys.ts';
import { createTokenBuckets } from './dispatch/token-bucket.ts';
import { createAdminApp } from './http/admin-app.ts';
import { createApp } from './http/app.ts';
import type { RecordPost } from './http/hooks.ts';
import type { Random } from './life/accept.ts';
import { createMetrics } from './metrics.ts';
import type { ResolvedRelayConfig } from './config/resolved.ts';
import { createSecretLog } from './secret-log.ts';
import type { RelayStore } from './store/port.ts';
import { createStep } from './timers/steps.ts';
import { createWorker } from './timers/worker.ts';

export interface CreateRelayDeps {
  readonly config: ResolvedRelayConfig;
  readonly store: RelayStore;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly random: Random;
  /** Gets every line after its secrets are taken out. */
  readonly log: Log;
  /** Each verified post, secrets and all: see record.ts. */
  readonly record?: RecordPost;
}

export interface Listener {
  fetch(request: Request): Promise<Response>;
  listen(address: { readonly host: string; readonly port: number }): Promise<{ readonly url: string; close(): Promise<void> }>;
}

export interface Relay extends Listener {
  /** Metrics. No login: the caller chooses who reaches it. */
  readonly admin: Listener;
  start(): Promise<void>;
  /** Stops listening and taking steps, and waits for those under way. */
  close(): Promise<void>;
}

export function createRelay(deps: CreateRelayDeps): Relay {
  const { config } = deps;
  const log = createSecretLog(deps.log, secretsOf(config));
  const relay = createContext({ ...deps, log, metrics: createMetrics(), identity: createIdentity(config) });
  const dispatcher = { buckets: createTokenBuckets(), sealKeys: createSealKeys(config) };
  const worker = createWorker(relay, createStep(relay, dispatcher));
  relay.onChange(() => worker.wake());
  const verify = createOidcVerifier({
    issuers: config.github.oidcIssuers,
    audience: config.publicUrl,
    fetch: deps.fetch,
    clock: deps.clock,
  });
  const isReady = (): boolean => worker.isRunning;
  const open = new Set<() => Promise<void>>();

  return {
    ...createListener(createApp({ relay, verify, record: deps.record ?? null, wake: () => worker.wake(), isReady }), open),
    admin: createListener(createAdminApp({ relay, isReady }), open),
    start() {
      worker.start();
      return Promise.resolve();
    },
    async close() {
      await Promise.all([...open].map((close) => close()));
      await worker.stop();
    },
  };
}

/** @param open  what is to be closed at the end */
function createListener(app: Hono, open: Set<() => Promise<void>>): Listener {
  return {
    fetch: async (request) => app.fetch(request),
    async listen({ host, port }) {
      const server = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
        const opened = serve({ fetch: app.fetch, hostname: host, port, serverOptions: SERVER_LIMITS }, () => resolve(opened));
        opened.once('error', reject);
      });
      const close = async (): Promise<void> => {
        open.delete(close);
        // Idle connections would keep the server open for ever.
        if ('closeIdleConnections' in server) server.closeIdleConnections();
        await new Promise<void>((resolve) => server.close(() => resolve()));
      };
      open.add(close);
      const { port: actual } = server.address() as AddressInfo;
      return { url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`, close };
    },
  };
}

/** A client that sends slowly on purpose holds a socket for half a minute, not for ever. */
const SERVER_LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5_000, maxHeaderSize: 32 * 1024 } as const;

function createIdentity(config: ResolvedRelayConfig): GithubIdentity {
  const { identity, apiUrl } = config.github;
  if (identity.kind === 'token') return createTokenIdentity(apiUrl, identity.token);
  return createAppIdentity(apiUrl, identity.appId, identity.privateKeyPem);
}

function secretsOf(config: ResolvedRelayConfig): string[] {
  const { identity } = config.github;
  return [
    ...Object.values(config.tasks).flatMap((task) => task.hmacKeys),
    identity.kind === 'token' ? identity.token : identity.privateKeyPem,
    Buffer.from(config.encryptionKey).toString('base64'),
    Buffer.from(config.encryptionKey).toString('hex'),
    ...(config.signingKey === null ? [] : [config.signingKey]),
  ];
}
