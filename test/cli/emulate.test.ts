import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { formatHowTo } from '../../src/cli/emulate/how-to.ts';
import { startEmulators } from '../../src/cli/emulate/start.ts';
import { systemClock } from '../../src/base/clock.ts';
import { relayConfigSchema } from '../../src/contracts/relay-config.ts';
import { startRunTaskServer, type RunTaskServer } from '../emulators/hcp-terraform/arrange.ts';

describe('runtask emulate', () => {
  let output: string;
  let relay: RunTaskServer;
  let emulators: Awaited<ReturnType<typeof startEmulators>>;
  const lines: string[] = [];
  beforeEach(async () => {
    output = await mkdtemp(path.join(tmpdir(), 'emulate-'));
    relay = await startRunTaskServer();
    lines.length = 0;
    emulators = await startEmulators(
      {
        hcpPort: 0,
        hcpStorePort: 0,
        githubPort: 0,
        relayUrl: new URL(relay.url).origin,
        organization: 'acme',
        workspaces: ['network-prod', 'network-dev'],
        repository: 'acme/network',
        output,
        tokenLife: 'fixed-10m',
      },
      { clock: systemClock, log: (line) => void lines.push(line) },
    );
  });
  afterEach(async () => {
    await emulators.close();
    await relay.close();
    await rm(output, { recursive: true });
  });
  const left = (name: string): Promise<string> => readFile(path.join(output, name), 'utf8');

  it('leaves a relay.yml that a relay accepts, for these very emulators', async () => {
    const config = relayConfigSchema.parse(parse(await left('relay.yml')));
    const { hcp, github } = emulators.addresses;
    expect(config.github).toMatchObject({ api_url: github.apiUrl, web_url: github.url, oidc_issuers: [github.issuer] });
    expect(config.store).toBe('./data');
    expect(config.tasks['gate']).toMatchObject({ hcp_hosts: [hcp.host], organizations: ['acme'] });
    expect((await stat(path.join(output, 'secrets.env'))).mode & 0o777).toBe(0o600);
  });

  it('does what its how-to says: registers a run task, starts a run, shows the comments', async () => {
    const { hcp, github } = emulators.addresses;
    const post = async (route: string, file: string) => {
      const body = await left(file);
      return fetch(`${hcp.url}/emulator/${route}`, { method: 'POST', body, headers: { Authorization: `Bearer ${hcp.adminToken}` } });
    };
    expect((await post('run-tasks', 'run-task.json')).status).toBe(201);
    expect((await post('runs', 'run.json')).status).toBe(201);
    expect((await post('runs', 'run-network-dev.json')).status).toBe(201);
    await relay.arrived(2);
    expect(relay.received.map(({ payload }) => payload.workspace_name).toSorted()).toEqual(['network-dev', 'network-prod']);
    expect(relay.received.find(({ payload }) => payload.workspace_name === 'network-prod')?.payload).toMatchObject({
      workspace_name: 'network-prod',
      vcs_repo_url: `${github.url}/acme/network`,
      vcs_pull_request_url: `${github.url}/acme/network/pull/1`,
    });
    const comments = await fetch(`${github.apiUrl}/repos/acme/network/issues/1/comments`, {
      headers: { Authorization: `Bearer ${github.token}` },
    });
    expect([comments.status, await comments.json()]).toEqual([200, []]);
    expect(lines).toContainEqual(expect.stringMatching(/^hcp {5}POST .*\/hooks\/gate \(registration\): 200$/));
    const howTo = formatHowTo(emulators.addresses);
    for (const text of [hcp.url, github.url, `${output}/relay.yml`, '/emulator/run-tasks', '/emulator/runs', 'run-network-dev.json'])
      expect(howTo).toContain(text);
  });

  it('plays the edition, the release and the rate limit that it is asked for', async () => {
    await emulators.close();
    const ports = { hcpPort: 0, hcpStorePort: 0, githubPort: 0 };
    const names = { relayUrl: relay.url, organization: 'acme', workspaces: ['net'], repository: 'acme/network', output };
    emulators = await startEmulators(
      { ...ports, ...names, tokenLife: 'fixed-10m', edition: 'free', tfeVersion: 'v202309-1', rateLimit: 1 },
      { clock: systemClock, log: () => undefined },
    );
    const { hcp } = emulators.addresses;
    const answer = await fetch(`${hcp.url}/api/v2/organizations/acme/entitlement-set`, {
      headers: { Authorization: `Bearer ${hcp.adminToken}` },
    });
    expect([answer.headers.get('x-tfe-version'), answer.headers.get('x-ratelimit-limit')]).toEqual(['v202309-1', '1']);
    expect(await answer.json()).toMatchObject({ data: { attributes: { 'run-task-limit': 1, 'global-run-tasks': false } } });
  });

  it.each([
    ['free', ['a', 'b'], 'advisory'],
    ['free', ['a'], 'mandatory'],
    ['premium', ['a', 'b'], 'mandatory'],
  ] as const)('leaves a config.yml that the edition takes: %s with %j', async (edition, workspaces, enforcement_level) => {
    await emulators.close();
    const ports = { hcpPort: 0, hcpStorePort: 0, githubPort: 0 };
    emulators = await startEmulators(
      {
        ...ports,
        relayUrl: relay.url,
        organization: 'acme',
        workspaces,
        repository: 'acme/network',
        output,
        tokenLife: 'fixed-10m',
        edition,
      },
      { clock: systemClock, log: () => undefined },
    );
    expect(parse(await left('config.yml'))).toMatchObject({ attachments: [{ workspaces, enforcement_level }] });
    expect(JSON.parse(await left('run-task.json'))).toMatchObject({ workspaces, enforcement_level });
  });

  it('tells no secret but the tokens of the emulators themselves', async () => {
    const key = /RUNTASK_HMAC_KEY=(\S+)/.exec(await left('secrets.env'))![1]!;
    expect(formatHowTo(emulators.addresses)).not.toContain(key);
    expect(JSON.stringify(emulators.addresses)).not.toContain(key);
  });
});
