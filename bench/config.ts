// `runtask config` with a thousand workspaces, each command a process of its own, against our emulator with HCP Terraform's limit of 30
// requests a second. What a row is compared with: reading one attachment at a time, as a provider's refresh does (hashicorp/tfe reads each
// tfe_workspace_run_task by itself), at the full 30 a second.
//
//   node bench/config.ts [WORKSPACES]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../src/base/clock.ts';
import { startHcpTerraform } from '../src/emulators/hcp-terraform/index.ts';
import { measureProcess } from './render/measure-process.ts';

const CLI = fileURLToPath(new URL('../src/cli/index.ts', import.meta.url));
const PER_SECOND = 30;
const KEY = 'a-key-for-a-bench-0123456789abcdef';

async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 1000);
  const folder = mkdtempSync(join(tmpdir(), 'runtask-bench-config-'));
  const hcp = await startHcpTerraform({ clock: systemClock, rateLimit: { perSecond: PER_SECOND } });
  // Stands for a relay: takes the registration test.
  const relay = createServer((request, response) => request.resume().on('end', () => response.end()));
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  hcp.createOrganization('acme');
  for (let index = 0; index < count; index++) hcp.createWorkspace({ organization: 'acme', name: `net-${index}` });
  mkdirSync(join(folder, '.runtask'));
  writeFileSync(
    join(folder, '.runtask/config.yml'),
    `version: 1
hcp: { organization: acme, hostname: "${hcp.url}", token: { env: TFE_TOKEN } }
relay: { url: "http://127.0.0.1:${(relay.address() as AddressInfo).port}/hooks/gate", hmac_key: { env: KEY }, hmac_key_version: 1 }
run_tasks: { gate: {} }
attachments: [{ run_task: gate, workspaces: ["net-*"], enforcement_level: advisory }]
`,
  );
  Object.assign(process.env, { TFE_TOKEN: hcp.adminToken, KEY });

  const oneByOne = count / PER_SECOND;
  console.log(`${count} workspaces; one request for each at ${PER_SECOND} a second: ${oneByOne.toFixed(1)} s`);
  console.log('\n| | requests | of them refused (429) | time | of one by one | peak |\n|---|---|---|---|---|---|');
  const steps: [string, readonly string[]][] = [
    ['plan of nothing yet', ['plan']],
    ['apply', ['apply', '--auto-approve']],
    ['plan, all is there', ['plan']],
    ['destroy', ['destroy', '--auto-approve']],
  ];
  for (const [name, args] of steps) {
    const [seen, refused] = [hcp.seen.length, hcp.rateLimited];
    const { seconds, peakMb } = await measureProcess(process.execPath, ['--no-warnings', CLI, 'config', ...args], folder);
    const ratio = (seconds / oneByOne).toFixed(2);
    console.log(
      `| ${name} | ${hcp.seen.length - seen} | ${hcp.rateLimited - refused} | ${seconds.toFixed(1)} s | ${ratio} | ${peakMb ?? '?'} MB |`,
    );
  }
  relay.close();
  await hcp.close();
  rmSync(folder, { recursive: true, force: true });
}

await main();
