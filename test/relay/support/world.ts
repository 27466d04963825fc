// A relay between two stand-ins, on a clock that the test moves: `post` plays HCP, `job` plays the action.
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LogFields } from '../../../src/base/log.ts';
import type { ClaimResponse } from '../../../src/contracts/relay-api.ts';
import type { RunTaskRequest } from '../../../src/contracts/run-task-request.ts';
import { createRelay, type CreateRelayDeps, type Relay } from '../../../src/relay/index.ts';
import type { ResolvedRelayConfig, ResolvedTask } from '../../../src/relay/config/resolved.ts';
import { createCipher } from '../../../src/relay/store/encrypt.ts';
import type { RelayStore } from '../../../src/relay/store/port.ts';
import { openSqliteStore } from '../../../src/relay/store/sqlite.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';
import { aRequest } from '../../support/requests.ts';
import { startStandInGithub, type StandInGithub } from './stand-in-github.ts';
import { startStandInHcp, type StandInHcp } from './stand-in-hcp.ts';
import { until } from './until.ts';

export const HMAC_KEY = 'a-key-of-at-least-sixteen-characters';
export const ENCRYPTION_KEY = Buffer.alloc(32, 7);

export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly fields: LogFields;
}

export interface World {
  readonly clock: ManualClock;
  readonly hcp: StandInHcp;
  readonly github: StandInGithub;
  readonly config: ResolvedRelayConfig;
  readonly folder: string;
  readonly log: LogLine[];
  readonly relay: Relay;
  readonly store: RelayStore;
  /** A request of this HCP, with a task result id of its own. */
  request(change?: Partial<RunTaskRequest>): RunTaskRequest;
  post(body: unknown, how?: { task?: string; headers?: Record<string, string>; key?: string; raw?: Uint8Array }): Promise<Response>;
  /** Posts a request and returns once GitHub has its dispatch. */
  dispatched(change?: Partial<RunTaskRequest>): Promise<StandInGithub['dispatches'][number]>;
  call(method: string, path: string, token: string | null, body: unknown): Promise<{ status: number; body: Record<string, unknown> }>;
  claim(
    payload: unknown,
    change?: ClaimChange,
  ): Promise<{ status: number; body: ClaimResponse & { error?: { code: string; message: string } } }>;
  /** Lets time go by in small steps, and after each lets the relay do what is due. */
  pass(ms: number, stepMs?: number): Promise<void>;
  event(name: string): LogLine | undefined;
  /** The process is gone: everything in memory is lost, the store is opened again. */
  restart(downMs?: number): Promise<void>;
  close(): Promise<void>;
}

export type ClaimAnswer = ClaimResponse & Record<string, unknown> & { error?: { code: string; message: string } };

export interface ClaimChange {
  readonly claims?: Record<string, unknown>;
  readonly mint?: Parameters<StandInGithub['mint']>[2];
  readonly token?: string;
  readonly use?: string;
  readonly phase?: 'all' | 'begin' | 'finish';
  readonly process?: 'pre' | 'main' | 'post';
  readonly version?: number;
}

export const A_USE = 'AAAAAAAAAAAAAAAAAAAAAA';
export const ANOTHER_USE = 'BBBBBBBBBBBBBBBBBBBBBB';

export async function createWorld(
  options: {
    task?: Partial<ResolvedTask>;
    config?: (config: ResolvedRelayConfig) => ResolvedRelayConfig;
    wrapStore?: (store: RelayStore) => RelayStore;
    deps?: Partial<CreateRelayDeps>;
    /** Default: the worker runs. */
    started?: boolean;
  } = {},
): Promise<World> {
  const clock = createManualClock();
  const hcp = await startStandInHcp();
  const github = await startStandInGithub();
  const folder = mkdtempSync(path.join(tmpdir(), 'runtask-relay-'));
  const log: LogLine[] = [];
  const line =
    (level: string) =>
    (event: string, fields: LogFields = {}) =>
      void log.push({ level, event, fields });
  const base = aConfig(hcp, github, options.task);
  const config = options.config?.(base) ?? base;
  let ids = 0;
  let underWay = 0;

  const open = (): { store: RelayStore; relay: Relay } => {
    const opened = openSqliteStore(folder, createCipher(config.encryptionKey));
    const wrapped = options.wrapStore?.(opened) ?? opened;
    const store: RelayStore = {
      ...wrapped,
      take: async (...args) => {
        const batch = await wrapped.take(...args);
        underWay += batch.taken.length;
        return batch;
      },
      release: (...args) => wrapped.release(...args).finally(() => underWay--),
    };
    const relay = createRelay({
      config,
      store,
      clock,
      fetch,
      random: (bytes) => randomBytes(bytes),
      log: { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') },
      ...options.deps,
    });
    return { store, relay };
  };
  let current = open();
  if (options.started !== false) await current.relay.start();

  const world: World = {
    clock,
    hcp,
    github,
    config,
    folder,
    log,
    get relay() {
      return current.relay;
    },
    get store() {
      return current.store;
    },
    request: (change = {}) =>
      aRequest({
        task_result_callback_url: `${hcp.url}/api/v2/task-results/cb-${++ids}/callback`,
        plan_json_api_url: `${hcp.url}/api/v2/plans/plan-1/json-output`,
        configuration_version_download_url: `${hcp.url}/api/v2/configuration-versions/cv-1/download`,
        run_app_url: `${hcp.url}/app/acme/net-prod/runs/run-example`,
        workspace_app_url: `${hcp.url}/app/acme/net-prod`,
        task_result_id: `taskrs-${ids}`,
        ...change,
      }),
    post: async (body, how = {}) => {
      const bytes = how.raw ?? Buffer.from(JSON.stringify(body));
      const signature = createHmac('sha512', how.key ?? HMAC_KEY)
        .update(bytes)
        .digest('hex');
      return current.relay.fetch(
        new Request(`http://relay.test/hooks/${how.task ?? 'gate'}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-tfc-task-signature': signature, ...how.headers },
          body: Buffer.from(bytes),
        }),
      );
    },
    dispatched: async (change = {}) => {
      const before = github.dispatches.length;
      const response = await world.post(world.request(change));
      if (response.status !== 200) throw new Error(`the post was answered ${response.status}: ${await response.text()}`);
      await until(
        () => github.dispatches.length > before && log.filter(({ event }) => event === 'dispatch sent').length > before,
        'the dispatch',
      );
      return github.dispatches[before]!;
    },
    call: async (method, where, token, body) => {
      const response = await current.relay.fetch(
        new Request(`http://relay.test${where}`, {
          method,
          headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
          body: JSON.stringify(body),
        }),
      );
      const text = await response.text();
      return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
    },
    claim: async (payload, change = {}) => {
      const token = change.token ?? (await github.mint(clock.now(), change.claims, change.mint));
      const { id } = payload as { id: string };
      const { status, body } = await world.call('POST', `/v1/run-tasks/${id}/claim`, token, {
        version: change.version ?? 1,
        payload,
        use: change.use ?? A_USE,
        phase: change.phase ?? 'all',
        process: change.process ?? 'main',
      });
      return { status, body: body as ClaimAnswer };
    },
    pass: async (ms, stepMs = 5000) => {
      for (let left = ms; left > 0; left -= stepMs) {
        await clock.advance(Math.min(stepMs, left));
        // A call that hangs on purpose never settles: then the clock is what it waits for.
        for (let turn = 0; turn < 400; turn++) {
          await new Promise((resolve) => setImmediate(resolve));
          const next = underWay > 0 ? 0 : await current.store.nextDue();
          if (next === null || next > clock.now()) break;
        }
      }
    },
    event: (name) => log.find(({ event }) => event === name),
    restart: async (downMs = 0) => {
      await current.relay.close();
      await current.store.close();
      await clock.advance(downMs);
      current = open();
      await current.relay.start();
    },
    close: async () => {
      await current.relay.close();
      await current.store.close();
      await hcp.close();
      await github.close();
      rmSync(folder, { recursive: true });
    },
  };
  return world;
}

export function aConfig(hcp: StandInHcp, github: StandInGithub, task: Partial<ResolvedTask> = {}): ResolvedRelayConfig {
  return {
    publicUrl: 'http://relay.test',
    listen: { host: '127.0.0.1', port: 0 },
    admin: null,
    store: './data',
    encryptionKey: ENCRYPTION_KEY,
    signingKey: null,
    github: {
      identity: { kind: 'token', token: 'github_pat_0123456789abcdefghijklmnop' },
      apiUrl: github.apiUrl,
      webUrl: github.url,
      oidcIssuers: [github.issuer, `${github.url}/second/token`],
    },
    tasks: {
      gate: {
        name: 'gate',
        hmacKeys: [HMAC_KEY],
        sealPublicKey: null,
        hcp_hosts: [hcp.host],
        organizations: ['acme'],
        routes: [{ repository: 'acme/terraform-gate', workflow: 'run-task.yml', event_type: 'hcp-terraform-run-task', observe: false }],
        unrouted: 'fail',
        token_life: 600_000,
        transport: 'relay',
        plan: 'presigned',
        ...task,
      },
    },
  };
}
