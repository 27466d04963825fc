// Both emulators and a relay's hook, empty but for workspaces and a repository, and a configuration that a test changes as a person would.
//
//   const world = await startMatrixWorld();
//   await world.apply();                       // plan, then apply; throws when either has errors
//   world.config.run_tasks.gate.enabled = false;
//   expect(actionsOf(await world.plan())).toEqual({ 'runtask_organization_run_task.gate': 'update' });
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Clock } from '../../../../src/base/clock.ts';
import { formatDiagnostic, hasErrors } from '../../../../src/base/diagnostics.ts';
import { applyPlan } from '../../../../src/config/driver-yaml/apply-plan.ts';
import type { DriverDeps } from '../../../../src/config/driver-yaml/deps.ts';
import { acquireLock } from '../../../../src/config/driver-yaml/record/lock.ts';
import { recordFileOf } from '../../../../src/config/driver-yaml/record/record-store.ts';
import { createDriverDeps } from '../../../../src/cli/config/open-config.ts';
import type { LoadedConfig } from '../../../../src/config/driver-yaml/loaded-config.ts';
import { planConfig } from '../../../../src/config/driver-yaml/plan-config.ts';
import type { ApplyResult, ConfigPlan, DriverEvent } from '../../../../src/config/driver-yaml/plan.ts';
import { readConfig } from '../../../../src/config/driver-yaml/read/read-config.ts';
import { RESOURCES } from '../../../../src/config/resources/index.ts';
import { startGithub, type Github, type GithubOptions } from '../../../../src/emulators/github/index.ts';
import { startHcpTerraform } from '../../../../src/emulators/hcp-terraform/index.ts';
import type { Entitlements, HcpTerraform, HcpTerraformOptions } from '../../../../src/emulators/hcp-terraform/types.ts';
import { createEagerClock } from '../../../support/eager-clock.ts';
import { loadConformance, missingDescriptions, type Conformance } from '../../../conformance/openapi.ts';
import { startHookServer, type HookServer } from './hook-server.ts';

export const ORGANIZATION = 'acme';
export const REPOSITORY = 'acme/terraform-gate';
export const HMAC_KEY = 'hmac-S3NTINEL-key-0123456789abcdef';
export const NEXT_HMAC_KEY = 'hmac-S3NTINEL-next-key-0123456789ab';
export const API_KEY = 'api-S3NTINEL-secret-of-the-repository';
export const NEXT_API_KEY = 'api-S3NTINEL-next-secret-of-the-repository';
export const WORKFLOW = '.github/workflows/run-task.yml';
/** Everything, so that what a create or an update touches is anything that the product manages. */
export const PREMIUM: Partial<Entitlements> = { globalRunTasks: true, privateRunTasks: true };

export interface MatrixOptions {
  readonly workspaces?: readonly string[];
  readonly entitlements?: Partial<Entitlements>;
  readonly hcp?: Partial<HcpTerraformOptions>;
  readonly github?: Partial<GithubOptions>;
  readonly clock?: Clock;
  readonly repository?: Partial<Parameters<Github['createRepository']>[0]>;
  /** Everything that the tool sends. */
  readonly fetch?: typeof fetch;
}

/** The file as data: what a test changes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the mistakes of a test are told by the schema that reads it
export type ConfigData = any;

export interface MatrixWorld {
  readonly hcp: HcpTerraform;
  readonly github: Github;
  readonly hook: HookServer;
  readonly folder: string;
  readonly env: Record<string, string>;
  readonly config: ConfigData;
  readonly events: DriverEvent[];
  fetch: typeof fetch;
  load(): LoadedConfig;
  deps(loaded: LoadedConfig, signal?: AbortSignal): DriverDeps;
  /** @throws when it has errors */
  plan(options?: { readonly destroy?: boolean; readonly signal?: AbortSignal }): Promise<ConfigPlan>;
  /** As it comes, with its diagnostics. */
  planAsItIs(options?: { readonly destroy?: boolean; readonly signal?: AbortSignal }): Promise<ConfigPlan>;
  /** @throws when anything failed, was skipped or interrupted */
  apply(options?: { readonly destroy?: boolean }): Promise<ApplyResult>;
  applyAsItIs(options?: { readonly destroy?: boolean; readonly signal?: AbortSignal }): Promise<ApplyResult>;
  close(): Promise<void>;
}

export async function startMatrixWorld(options: MatrixOptions = {}): Promise<MatrixWorld> {
  // Waiting for a turn below HCP Terraform's limit costs nothing here.
  const clock = options.clock ?? createEagerClock();
  const folder = mkdtempSync(join(tmpdir(), 'runtask-matrix-'));
  const hcp = await startHcpTerraform({ ...options.hcp, clock });
  const github = await startGithub({ workRoot: join(folder, 'jobs'), ...options.github, clock });
  const hook = await startHookServer(HMAC_KEY);
  hcp.createOrganization(ORGANIZATION, { ...PREMIUM, ...options.entitlements });
  for (const name of options.workspaces ?? ['net-dev', 'net-prod', 'net-sandbox', 'app-prod'])
    hcp.createWorkspace({ organization: ORGANIZATION, name, vcs: null });
  github.createRepository({ owner: ORGANIZATION, name: 'terraform-gate', files: { 'README.md': '# gate\n' }, ...options.repository });
  const token = github.createPersonalToken({
    login: 'platform',
    permissions: {
      metadata: 'read',
      contents: 'write',
      workflows: 'write',
      pull_requests: 'write',
      secrets: 'write',
      actions_variables: 'write',
      administration: 'read',
    },
    repositories: 'all',
  });
  const env: Record<string, string> = { TFE_TOKEN: hcp.adminToken, GITHUB_TOKEN: token, RUNTASK_HMAC_KEY: HMAC_KEY, API_KEY };
  const events: DriverEvent[] = [];

  const world: MatrixWorld = {
    ...{ hcp, github, hook, folder, env, events },
    fetch: options.fetch ?? fetch,
    config: {
      version: 1,
      hcp: { organization: ORGANIZATION, hostname: hcp.url, token: { env: 'TFE_TOKEN' } },
      github: { token: { env: 'GITHUB_TOKEN' }, api_url: github.apiUrl },
      relay: { url: hook.url, hmac_key: { env: 'RUNTASK_HMAC_KEY' }, hmac_key_version: 1 },
      run_tasks: { gate: { description: 'Checks in acme/terraform-gate', enabled: true } },
      attachments: [
        {
          run_task: 'gate',
          workspaces: { names: ['net-*'], exclude: ['net-sandbox'] },
          stages: ['post_plan'],
          enforcement_level: 'mandatory',
        },
      ],
      repositories: {
        [REPOSITORY]: {
          workflow: { path: WORKFLOW, action: 'org/runtask-action@v1', via: 'commit' },
          variables: { RUNTASK_RELAY_URL: 'https://relay.example.com' },
          secrets: { API_KEY: { value: { env: 'API_KEY' }, version: 1 } },
        },
      },
    },
    load() {
      const file = join(folder, 'config.yml');
      const text = stringify(world.config);
      writeFileSync(file, text);
      const read = readConfig(
        text,
        {
          file,
          env,
          readFile: () => {
            throw new Error('no files here');
          },
        },
        RESOURCES,
      );
      if (!read.ok) throw new Error(read.error.map(formatDiagnostic).join('\n'));
      return read.value;
    },
    deps: (loaded, signal = new AbortController().signal) =>
      createDriverDeps(loaded, {
        ...{ clock, signal, parallelism: 10 },
        fetch: (...args) => world.fetch(...args),
        on: (event) => void events.push(event),
        onWait: () => {},
      }),
    planAsItIs: (given = {}) => {
      const loaded = world.load();
      return planConfig(loaded, { destroy: given.destroy ?? false }, world.deps(loaded, given.signal));
    },
    async plan(given) {
      const plan = await world.planAsItIs(given);
      if (hasErrors(plan.diagnostics)) throw new PlanFailed(plan.diagnostics.map(formatDiagnostic).join('\n'));
      return plan;
    },
    async applyAsItIs(given = {}) {
      const loaded = world.load();
      const deps = world.deps(loaded, given.signal);
      const plan = await planConfig(loaded, { destroy: given.destroy ?? false }, deps);
      if (hasErrors(plan.diagnostics)) throw new PlanFailed(plan.diagnostics.map(formatDiagnostic).join('\n'));
      const lock = await acquireLock(recordFileOf(loaded.file), { clock });
      if (!lock.ok) throw new Error(formatDiagnostic(lock.error));
      try {
        return await applyPlan(loaded, plan, lock.value, deps);
      } finally {
        await lock.value.release();
      }
    },
    async apply(given) {
      const result = await world.applyAsItIs(given);
      if (result.failed.length + result.skipped.length > 0 || result.interrupted) throw new Error(JSON.stringify(result, null, 2));
      return result;
    },
    async close() {
      await Promise.all([hcp.close(), github.close(), hook.close()]);
      rmSync(folder, { recursive: true, force: true });
      expectConformance(world);
    },
  };
  return world;
}

/** Everything that was sent and answered holds against HashiCorp's and GitHub's own descriptions; without them, nothing is said. */
function expectConformance({ hcp, github }: MatrixWorld): void {
  if (missingDescriptions !== null) return;
  conformance ??= loadConformance();
  for (const { violations, unknown } of [conformance.checkSeen('hcp', hcp.seen), conformance.checkSeen('github', github.seen)])
    if (violations.length + unknown.length > 0)
      throw new Error([...violations, ...unknown.map((call) => `not described: ${call}`)].join('\n'));
}
let conformance: Conformance | null = null;

/** The plan has errors: its message is all of them. */
export class PlanFailed extends Error {}

/** What the plan does, by address; what stays as it is is left out. */
export const actionsOf = ({ items }: ConfigPlan): Record<string, string> =>
  Object.fromEntries(
    items
      .filter(({ change, importing }) => change.action !== 'no-op' || importing)
      .map(({ address, change, importing }) => [address, importing ? `import ${change.action}` : change.action]),
  );
