// From the name of a config file to what the driver works with: the file read, the clients of both APIs, and whom it tells what happens.
import { readFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import type { Diagnostic } from '../../base/diagnostics.ts';
import { describeThrown, Fault } from '../../base/fault.ts';
import { err, type Result } from '../../base/result.ts';
import type { DriverDeps } from '../../config/driver-yaml/deps.ts';
import type { LoadedConfig } from '../../config/driver-yaml/loaded-config.ts';
import type { DriverEvent } from '../../config/driver-yaml/plan.ts';
import { readConfig } from '../../config/driver-yaml/read/read-config.ts';
import { RESOURCES } from '../../config/resources/index.ts';
import { createGithubSettings, type GithubSettings } from '../../github/settings/index.ts';
import { createHcpManagement } from '../../hcp/management/index.ts';

const WAIT_TOLD_EVERY_MS = 10_000;
export const DEFAULT_FILE = '.runtask/config.yml';

/** Diagnostics name the file and quote no secret. Files that it names are looked for beside it. */
export async function openConfig(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Result<LoadedConfig, Diagnostic[]>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (thrown) {
    return err([unreadable(file, thrown)]);
  }
  const folder = dirname(resolve(file));
  return readConfig(text, { file, env, readFile: (name) => readFileSync(resolve(folder, name), 'utf8') }, RESOURCES);
}

function unreadable(file: string, thrown: unknown): Diagnostic {
  const isMissing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
  return {
    severity: 'error',
    summary: isMissing ? 'There is no such file' : 'The file cannot be read',
    detail: isMissing ? `Write one (docs/config.md begins with an example), or name another with --config` : describeThrown(thrown),
    path: '',
    file,
  };
}

export interface DriverOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly fetch: typeof fetch;
  readonly parallelism: number;
  on(event: DriverEvent): void;
  /** An API asked us to wait so long. */
  onWait(text: string): void;
}

/** Clients that have read nothing yet: each plan gets its own. */
export function createDriverDeps({ settings }: LoadedConfig, options: DriverOptions): DriverDeps {
  const { clock, signal, fetch, parallelism, on } = options;
  const told = { at: Number.NEGATIVE_INFINITY };
  const onWait = (waitMs: number): void => {
    // Many requests wait for the same thing.
    if (clock.now() - told.at < WAIT_TOLD_EVERY_MS) return;
    told.at = clock.now();
    options.onWait(`HCP Terraform asks us to wait ${Math.ceil(waitMs / 1000)} s`);
  };
  const hcp = createHcpManagement({
    ...{ url: settings.hcp.url, token: settings.hcp.token, fetch, clock, signal },
    onWait,
    onRead: (what, done, total) => on({ type: 'reading', done, total, what }),
  });
  const github = settings.github === null ? NO_GITHUB : createGithubSettings({ ...settings.github, fetch, clock });
  return {
    clients: { hcp, github },
    resources: Object.values(RESOURCES),
    listWorkspaces: () => hcp.workspaces(settings.hcp.organization),
    async listAttached(organization, runTask) {
      const task = await hcp.runTask(organization, runTask);
      if (task === null) return [];
      const [attachments, workspaces] = await Promise.all([hcp.attachments(task), hcp.workspaces(organization)]);
      const names = new Map(workspaces.map(({ id, name }) => [id, name]));
      return attachments.map(({ workspaceId }) => names.get(workspaceId) ?? workspaceId);
    },
    ...{ clock, signal, on, parallelism },
  };
}

/** The file declares nothing there; only what it once declared can bring us here. */
const NO_GITHUB: GithubSettings = {
  repository(name) {
    throw new Fault(
      'E_GITHUB_NOT_CONFIGURED',
      `${name}: the config file says no token for GitHub. Add github: { token: { env: GITHUB_TOKEN } }`,
      { retryable: false },
    );
  },
};
