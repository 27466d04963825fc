// The relay: takes run tasks from HCP Terraform, starts the workflows that judge them, and brings every verdict back.
//
// createRelay puts the parts together and starts nothing. `fetch` serves one request in process; `listen` opens a port; `start`
// begins with what waits in the store; `close` ends what was begun. The store stays the caller's: it opened it, it closes it.
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { createAppIdentity, createTokenIdentity, type GithubIdentity } from '../github/identity.ts';
import { createOidcVerifier } from './claims/verify-oidc.ts';
import { createContext } from './context.ts';
import { createSealKeys } from './dispatch/seal-keys.ts';
import { createTokenBuckets } from './dispatch/token-bucket.ts';
import { createApp } from './http/app.ts';
import type { RecordPost } from './http/hooks.ts';
import type { Random } from './life/accept.ts';
import { createMetrics } from './metrics.ts';
import type { ResolvedRelayConfig } from './config/resolved.ts';
import { createSecretLog } from './secret-log.ts';
import type { TaskStore } from './store/port.ts';
import { createStep } from './timers/steps.ts';
import { createWorker } from './timers/worker.ts';

export interface CreateRelayDeps {
  readonly config: ResolvedRelayConfig;
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly random: Random;
  /** Gets every line after its secrets are taken out. */
  readonly log: Log;
  /** Each verified post, secrets and all: see record.ts. */
  readonly record?: RecordPost;
}

export interface Relay {
  fetch(request: Request): Promise<Response>;
  start(): Promise<void>;
  listen(address: { readonly host: string; readonly port: number }): Promise<{ readonly url: string; close(): Promise<void> }>;
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
  const app = createApp({ relay, verify, record: deps.record ?? null, wake: () => worker.wake(), isReady: () => worker.isRunning });
  const listening = new Set<() => Promise<void>>();

  return {
    fetch: async (request) => app.fetch(request),
    start() {
      worker.start();
      return Promise.resolve();
    },
    async listen({ host, port }) {
      const server = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
        const opened = serve({ fetch: app.fetch, hostname: host, port, serverOptions: SERVER_LIMITS }, () => resolve(opened));
        opened.once('error', reject);
      });
      const close = async (): Promise<void> => {
        listening.delete(close);
        // Idle connections would keep the server open for ever.
        if ('closeIdleConnections' in server) server.closeIdleConnections();
        await new Promise<void>((resolve) => server.close(() => resolve()));
      };
      listening.add(close);
      const { port: actual } = server.address() as AddressInfo;
      return { url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`, close };
    },
    async close() {
      await Promise.all([...listening].map((close) => close()));
      await worker.stop();
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
