import { expect } from '@jest/globals';
// An emulator with the organization acme, a client of its management API, and clocks on which waiting costs nothing.
import { createHcpManagement, type HcpManagement, type HcpManagementOptions } from '../../../src/hcp/management/index.ts';
import { startHcpTerraform, type HcpTerraform, type HcpTerraformOptions } from '../../../src/emulators/hcp-terraform/index.ts';
import { createEagerClock } from '../../support/eager-clock.ts';
import { startServer, type TestServer } from '../../support/http-server.ts';

export const KEY = 'an-hmac-key-that-is-long-enough';
export const TOKEN = 'emulator.atlasv1.a-token-nobody-may-see';

export interface Scene {
  readonly emulator: HcpTerraform;
  /** Answers every registration test with `status`, 200 unless changed. */
  readonly relay: TestServer & { status: number };
  readonly relayUrl: string;
  readonly clock: ReturnType<typeof createEagerClock>;
  readonly client: HcpManagement;
  /** Another one, which has read nothing. */
  connect(options?: Partial<HcpManagementOptions>): HcpManagement;
  /** `METHOD /path` of what reached the API, in order; without `/api/v2` and the query. */
  requests(): string[];
  close(): Promise<void>;
}

export async function arrange(options: Partial<HcpTerraformOptions> = {}): Promise<Scene> {
  const clock = createEagerClock();
  const emulator = await startHcpTerraform({ clock, adminToken: TOKEN, ...options });
  emulator.createOrganization('acme', { globalRunTasks: true, privateRunTasks: true });
  const relay = Object.assign(await startServer((_, response) => response.writeHead(relay.status).end()), { status: 200 });
  const connect = (changes: Partial<HcpManagementOptions> = {}): HcpManagement =>
    createHcpManagement({ url: emulator.url, token: TOKEN, fetch, clock, ...changes });
  return {
    emulator,
    relay,
    relayUrl: `${relay.url}/hooks/gate`,
    clock,
    client: connect(),
    connect,
    requests: () =>
      emulator.seen
        .filter(({ server }) => server === 'api')
        .map(({ method, path }) => `${method} ${path.replace('/api/v2', '').replace(/\?.*/, '')}`),
    close: async () => {
      await Promise.all([emulator.close(), relay.close()]);
    },
  };
}

export const spec = (scene: Scene, changes: object = {}) => ({
  name: 'gate',
  url: scene.relayUrl,
  description: 'Checks',
  enabled: true,
  hmacKey: KEY,
  agentPoolId: null,
  ...changes,
});

export const fault = (code: string, more: object = {}) => expect.objectContaining({ name: 'HcpFault', code, ...more });
