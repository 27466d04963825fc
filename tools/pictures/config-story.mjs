// A first set-up with `runtask config` for the pictures: the command as a terminal shows it, against the emulators.
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { startGithub } from '../../src/emulators/github/index.ts';
import { startHcpTerraform } from '../../src/emulators/hcp-terraform/index.ts';

const WORKSPACES = ['apac-1', 'apac-2', 'core', 'dmz', 'edge-1', 'edge-2', 'eu-1', 'eu-2', 'prod', 'transit', 'us-1', 'us-2', 'vpn'];
const REPOSITORY = 'acme/terraform-gate';
const RELAY = 'https://relay.example.com';

/** @returns {Promise<{ plan: string, apply: string }>} what the terminal shows, with its colours */
export async function tellConfigStory(root, work) {
  const hcp = await startHcpTerraform({ clock: systemClock, port: 0, storePort: 0 });
  const github = await startGithub({ clock: systemClock, port: 0 });
  // HCP Terraform asks whether somebody is there, and so do we.
  const relay = createServer((request, response) => void request.resume().on('end', () => response.end()));
  await new Promise((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const relayUrl = `http://127.0.0.1:${relay.address().port}`;
  try {
    hcp.createOrganization('acme');
    for (const name of [...WORKSPACES, 'sandbox'])
      hcp.createWorkspace({ organization: 'acme', name: `net-${name}`, project: 'networking', tags: ['prod'] });
    // Somebody has begun by hand: the run task is there, told only, on a few workspaces.
    await hcp.createRunTask({ organization: 'acme', name: 'gate', url: `${relayUrl}/hooks/gate`, hmacKey: 'b6'.repeat(32) });
    for (const name of WORKSPACES.slice(0, 6))
      hcp.attachRunTask({ organization: 'acme', workspace: `net-${name}`, task: 'gate', enforcementLevel: 'advisory' });
    github.createRepository({ owner: 'acme', name: 'terraform-gate', files: { 'README.md': '# Gate\n' } });
    const permissions = {
      contents: 'write',
      workflows: 'write',
      pull_requests: 'write',
      actions_variables: 'write',
      administration: 'read',
    };
    const token = github.createPersonalToken({ login: 'gate-admin', permissions, repositories: [REPOSITORY] });
    mkdirSync(path.join(work, '.runtask'), { recursive: true });
    writeFileSync(path.join(work, '.runtask/config.yml'), configText({ hcp: hcp.url, github: github.apiUrl, relayUrl }));
    const env = { ...process.env, TFE_TOKEN: hcp.adminToken, GITHUB_TOKEN: token, RUNTASK_HMAC_KEY: 'a5'.repeat(32), NO_COLOR: '' };
    const run = (command, answer) => onTerminal(root, work, command, env, answer).then((text) => text.replaceAll(relayUrl, RELAY));
    return { plan: await run('plan', ''), apply: (await run('apply', 'yes\n')).replace(/^[^]*?(?=.*Plan: )/, '') };
  } finally {
    relay.close();
    await Promise.all([hcp.close(), github.close()]);
  }
}

const configText = ({ hcp, github, relayUrl }) => `version: 1
hcp: { organization: acme, hostname: "${hcp}", token: { env: TFE_TOKEN } }
github: { api_url: "${github}", token: { env: GITHUB_TOKEN } }
relay: { url: ${relayUrl}/hooks/gate, hmac_key: { env: RUNTASK_HMAC_KEY }, hmac_key_version: 1 }
run_tasks:
  gate: { description: Checks in ${REPOSITORY} }
attachments:
  - { run_task: gate, workspaces: { names: ["net-*"], exclude: [net-sandbox], tags: [prod] }, stages: [post_plan], enforcement_level: mandatory }
repositories:
  ${REPOSITORY}:
    workflow: { path: .github/workflows/run-task.yml, action: org/runtask-action@v1 }
    variables: { RUNTASK_RELAY_URL: ${RELAY} }
`;

/** `script` (util-linux) makes a terminal; lines that were taken away again are not in the picture, and what is typed at it is. */
function onTerminal(root, cwd, command, env, answer) {
  const line = `stty cols 110 -echo; '${process.execPath}' --no-warnings '${path.join(root, 'src/cli/index.ts')}' config ${command}`;
  return new Promise((resolve, reject) => {
    const child = execFile('script', ['-qec', line, '/dev/null'], { cwd, env, encoding: 'utf8' }, (error, stdout) => {
      if (error !== null) return reject(new Error(`${command}: ${stdout}`, { cause: error }));
      resolve(
        stdout
          .replaceAll('\r\n', '\n')
          .replaceAll(/[^\n]*\u001b\[2K\r/g, '')
          .replace(/^\n+/, '')
          .replace(/(for an answer: )\n?/, '$1yes\n\n'),
      );
    });
    child.stdin.end(answer);
  });
}
