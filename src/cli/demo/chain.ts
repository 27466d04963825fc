// The whole chain on loopback: an emulated HCP Terraform, an emulated GitHub with its runner, and our relay with its embedded
// store, joined as an operator would join them: relay.yml, a gate repository with workflow and checks, a run task with its key.
// The demo shows it; the flow tests build on it.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { formatDiagnostic } from '../../base/diagnostics.ts';
import type { Log } from '../../base/log.ts';
import { startGithub, type Github, type GithubOptions, type Repository } from '../../emulators/github/index.ts';
import { startHcpTerraform } from '../../emulators/hcp-terraform/index.ts';
import type { HcpTerraform, HcpTerraformOptions } from '../../emulators/hcp-terraform/types.ts';
import { readRelayConfig } from '../../relay/config/read-relay-config.ts';
import { createRelay, type Relay } from '../../relay/index.ts';
import { createCipher } from '../../relay/store/encrypt.ts';
import { openSqliteStore } from '../../relay/store/sqlite.ts';
import type { RelayStore } from '../../relay/store/port.ts';

export const ORGANIZATION = 'acme';
export const GATE = 'acme/terraform-gate';
export const TASK = 'gate';
export const ACTION = 'org/runtask-action@v1';

export interface ChainOptions {
  readonly clock: Clock;
  /** Gets the relay's lines, secrets taken out. */
  readonly log: Log;
  /** Folder with action.yml and dist/. */
  readonly actionFolder: string;
  /** Everything is written below it. */
  readonly workRoot: string;
  /** Files of the gate repository, workflow and checks among them. */
  readonly gateFiles: Readonly<Record<string, string>>;
  readonly hcp?: Partial<HcpTerraformOptions>;
  readonly github?: Partial<GithubOptions>;
  /** Changes relay.yml before it is read, as text. */
  readonly relayYml?: (yaml: string, urls: { readonly hcpHost: string; readonly githubApi: string }) => string;
  /** More environment for the secrets that a changed relay.yml names. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly fetch?: typeof fetch;
  readonly store?: (store: RelayStore) => RelayStore;
}

export interface Chain {
  readonly hcp: HcpTerraform;
  readonly github: Github;
  readonly gate: Repository;
  readonly relayUrl: string;
  readonly hookUrl: string;
  readonly hmacKey: string;
  /** Everything that must never be seen outside: keys and tokens that the chain was set up with. */
  readonly secrets: readonly string[];
  readonly storeFolder: string;
  /** Starts the relay again on the same store and port, as after a crash or a deployment. */
  startRelay(): Promise<Relay>;
  stopRelay(): Promise<void>;
  close(): Promise<void>;
}

export async function startChain(options: ChainOptions): Promise<Chain> {
  const { clock } = options;
  const hcp = await startHcpTerraform({ ...options.hcp, clock });
  const github = await startGithub({
    actions: { [ACTION]: options.actionFolder },
    workRoot: join(options.workRoot, 'jobs'),
    ...options.github,
    clock,
  });
  const port = await freePort();
  const relayUrl = `http://127.0.0.1:${port}`;
  const gate = github.createRepository({
    owner: ORGANIZATION,
    name: 'terraform-gate',
    private: true,
    files: options.gateFiles,
    variables: { RUNTASK_RELAY_URL: relayUrl },
  });
  const app = await github.createApp({
    slug: 'acme-gate',
    permissions: { contents: 'write', metadata: 'read', actions: 'read', pull_requests: 'write', statuses: 'write', checks: 'write' },
  });
  github.installApp(app.appId, { account: ORGANIZATION, repositories: 'all' });

  const hmacKey = randomBytes(32).toString('hex');
  const encryptionKey = randomBytes(32).toString('base64');
  const env: Record<string, string> = { HMAC_KEY: hmacKey, ENCRYPTION_KEY: encryptionKey, APP_KEY: app.privateKeyPem, ...options.secrets };
  const storeFolder = join(options.workRoot, 'relay-store');
  const yaml = relayYml({ relayUrl, port, storeFolder, appId: app.appId, apiUrl: github.apiUrl, hcpHost: hcp.host });
  const changed = options.relayYml?.(yaml, { hcpHost: hcp.host, githubApi: github.apiUrl }) ?? yaml;

  let running: { relay: Relay; store: RelayStore } | null = null;
  const startRelay = async (): Promise<Relay> => {
    const config = readRelayConfig(changed, { file: 'relay.yml', env, readFile: () => '' });
    if (!config.ok) throw new Error(config.error.map(formatDiagnostic).join('\n'));
    const opened = openSqliteStore(storeFolder, createCipher(config.value.encryptionKey));
    const store = options.store?.(opened) ?? opened;
    const relay = createRelay({
      config: config.value,
      store,
      clock,
      fetch: options.fetch ?? globalThis.fetch,
      random: (bytes) => randomBytes(bytes),
      log: options.log,
    });
    await relay.start();
    await relay.listen({ host: '127.0.0.1', port });
    running = { relay, store };
    return relay;
  };
  const stopRelay = async (): Promise<void> => {
    await running?.relay.close();
    await running?.store.close();
    running = null;
  };
  await startRelay();
  hcp.createOrganization(ORGANIZATION);
  return {
    hcp,
    github,
    gate,
    relayUrl,
    hookUrl: `${relayUrl}/hooks/${TASK}`,
    hmacKey,
    secrets: [hmacKey, encryptionKey, app.privateKeyPem, ...Object.values(options.secrets ?? {})],
    storeFolder,
    startRelay,
    stopRelay,
    async close() {
      await github.close();
      await stopRelay();
      await hcp.close();
    },
  };
}

function relayYml(at: { relayUrl: string; port: number; storeFolder: string; appId: number; apiUrl: string; hcpHost: string }): string {
  return `public_url: ${at.relayUrl}
listen: { host: 127.0.0.1, port: ${at.port} }
store: ${JSON.stringify(at.storeFolder)}
encryption_key: { env: ENCRYPTION_KEY }
github: { app_id: ${at.appId}, private_key: { env: APP_KEY }, api_url: ${at.apiUrl} }
tasks:
  ${TASK}:
    hmac_keys: [{ env: HMAC_KEY }]
    hcp_hosts: ["${at.hcpHost}"]
    organizations: [${ORGANIZATION}]
    feedback_repositories: ["${ORGANIZATION}/*"]
    routes:
      - { repository: ${GATE} }
    unrouted: fail
`;
}

/** The relay's address is part of its own configuration, so it must be known before it listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
