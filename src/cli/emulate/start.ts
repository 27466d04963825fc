// Starts both emulators, gives each something to work with, and leaves in a folder what a relay needs to join them.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../base/clock.ts';
import { startGithub } from '../../emulators/github/index.ts';
import { FREE_EDITION, PREMIUM_EDITION, startHcpTerraform, type HcpEvent, type TokenLife } from '../../emulators/hcp-terraform/index.ts';
import { runFile, type Addresses } from './addresses.ts';
import { toConfigYaml, toRelayYaml } from './how-to.ts';
import { leaveRuns } from './leave-runs.ts';

export interface EmulateSpec {
  readonly hcpPort: number;
  readonly hcpStorePort: number;
  readonly githubPort: number;
  readonly relayUrl: string;
  readonly organization: string;
  readonly workspaces: readonly string[];
  /** owner/name */
  readonly repository: string;
  /** Absent: our examples. */
  readonly files?: string;
  readonly output: string;
  readonly tokenLife: TokenLife;
  /** Absent: no limits, but no global and private run tasks. */
  readonly edition?: keyof typeof EDITIONS;
  /** Absent: HCP Terraform. */
  readonly tfeVersion?: string;
  /** Requests that a token may make in a second; absent: no limit. */
  readonly rateLimit?: number;
}

const EDITIONS = { free: FREE_EDITION, premium: PREMIUM_EDITION };

const PACKAGE_ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export async function startEmulators(
  spec: EmulateSpec,
  deps: { clock: Clock; log: (line: string) => void },
): Promise<{ addresses: Addresses; close: () => Promise<void> }> {
  const [owner, name] = spec.repository.split('/') as [string, string];
  const files = await readRepositoryFiles(spec.files);
  const hcp = await startHcpTerraform({
    clock: deps.clock,
    port: spec.hcpPort,
    storePort: spec.hcpStorePort,
    tokenLife: spec.tokenLife,
    tfeVersion: spec.tfeVersion,
    rateLimit: spec.rateLimit === undefined ? undefined : { perSecond: spec.rateLimit },
  });
  const github = await startGithub({
    clock: deps.clock,
    port: spec.githubPort,
    // The name that our examples use, played by the package that runs.
    actions: { 'org/runtask-action@v1': PACKAGE_ROOT },
    log: (line) => deps.log(`github  ${line}`),
  }).catch(async (thrown: unknown) => {
    await hcp.close();
    throw thrown;
  });

  const close = async (): Promise<void> => void (await Promise.all([hcp.close(), github.close()]));

  github.createRepository({ owner, name, files, variables: { RUNTASK_RELAY_URL: spec.relayUrl } });
  const { sha } = github.createCommit({ repository: spec.repository, branch: 'change', message: 'A change to be planned' });
  const { number } = github.createPullRequest({ repository: spec.repository, headSha: sha, headRef: 'change' });
  const token = github.createPersonalToken({
    login: 'relay-operator',
    permissions: { contents: 'write', actions: 'read', issues: 'read' },
    repositories: [spec.repository],
  });
  const setupToken = github.createPersonalToken({
    login: 'gate-admin',
    permissions: {
      ...{ contents: 'write', workflows: 'write', pull_requests: 'write', actions_variables: 'write', secrets: 'write' },
      administration: 'read',
    },
    repositories: [spec.repository],
  });
  hcp.createOrganization(spec.organization, spec.edition === undefined ? {} : EDITIONS[spec.edition]);
  const repositoryUrl = `${github.url}/${spec.repository}`;
  for (const workspace of spec.workspaces)
    hcp.createWorkspace({ organization: spec.organization, name: workspace, vcs: { repositoryUrl, branch: 'main' } });
  void leaveRuns(github, { repository: spec.repository, pullRequest: number, output: spec.output }, (line) => deps.log(`github  ${line}`));
  hcp.watch((event) => {
    const line = describeEvent(event);
    if (line !== null) deps.log(`hcp     ${line}`);
  });

  const addresses: Addresses = {
    hcp: { url: hcp.url, host: hcp.host, storeUrl: hcp.storeUrl, adminToken: hcp.adminToken },
    github: { url: github.url, apiUrl: github.apiUrl, issuer: github.issuer, token, setupToken },
    relayUrl: spec.relayUrl,
    organization: spec.organization,
    workspaces: spec.workspaces,
    enforcementLevel: spec.edition === 'free' && spec.workspaces.length > 1 ? 'advisory' : 'mandatory',
    repository: spec.repository,
    pullRequest: number,
    output: spec.output,
  };
  // Servers that go on listening would keep the command from ending with its error.
  await leaveFiles(addresses, sha).catch(async (thrown: unknown) => {
    await close();
    throw thrown;
  });
  return { addresses, close };
}

/** Our example of a repository with its own workflow and checks, or somebody's folder. */
async function readRepositoryFiles(folder: string | undefined): Promise<Record<string, string>> {
  if (folder !== undefined) return readTree(folder);
  const examples = path.join(PACKAGE_ROOT, 'examples');
  return {
    ...(await readTree(path.join(examples, 'own-repository'))),
    '.runtask/checks.yml': await readFile(path.join(examples, '.runtask/checks.yml'), 'utf8'),
  };
}

async function readTree(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !path.relative(folder, file).split(path.sep).includes('.git'));
  const read = files.map(async (file) => [path.relative(folder, file).replaceAll(path.sep, '/'), await readFile(file, 'utf8')] as const);
  return Object.fromEntries(await Promise.all(read));
}

async function leaveFiles(addresses: Addresses, commitHash: string): Promise<void> {
  const { output, organization, workspaces, enforcementLevel, hcp, github, repository, pullRequest, relayUrl } = addresses;
  const hmacKey = randomBytes(32).toString('hex');
  const plan = JSON.parse(await readFile(path.join(PACKAGE_ROOT, 'examples/terraform-data/recorded/passes.json'), 'utf8')) as unknown;
  const secrets = {
    RUNTASK_HMAC_KEY: hmacKey,
    RUNTASK_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    RUNTASK_GITHUB_TOKEN: github.token,
    RUNTASK_SETUP_HCP_TOKEN: hcp.adminToken,
    RUNTASK_SETUP_GITHUB_TOKEN: github.setupToken,
  };
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  await mkdir(output, { recursive: true });
  const files: Readonly<Record<string, string>> = {
    'relay.yml': toRelayYaml(addresses),
    'config.yml': toConfigYaml(addresses),
    'secrets.env': Object.entries(secrets)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
    'run-task.json': json({
      organization,
      workspaces,
      name: 'gate',
      url: `${relayUrl}/hooks/gate`,
      hmac_key: hmacKey,
      stages: ['post_plan'],
      enforcement_level: enforcementLevel,
    }),
    ...Object.fromEntries(
      workspaces.map((workspace) => [
        runFile(addresses, workspace),
        json({
          organization,
          workspace,
          speculative: true,
          message: 'A change to be planned',
          vcs: { commitHash, pullRequestUrl: `${github.url}/${repository}/pull/${pullRequest}` },
          plan,
        }),
      ]),
    ),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(output, name), text, { mode: 0o600 });
}

function describeEvent(event: HcpEvent): string | null {
  switch (event.type) {
    case 'sent': {
      const { kind, url, status, error } = event.request;
      return `POST ${url} (${kind}): ${status ?? error}`;
    }
    case 'answered': {
      const { server, method, path: requested, status } = event.request;
      // A presigned path and a url_code are keys.
      return server === 'store' ? `object store: ${method} ${status}` : `${method} ${requested.split('?')[0]}: ${status}`;
    }
    case 'run':
      return `${event.run.id}: ${event.run.status}`;
    case 'result': {
      const { id, stage, status, message } = event.result;
      return `${id} in ${stage}: ${status}${message === null ? '' : ` (${JSON.stringify(message)})`}`;
    }
    case 'arrived':
      return null;
  }
}
