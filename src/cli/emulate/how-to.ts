// The words of `runtask emulate`: a relay.yml that joins both emulators, a config.yml that sets a run task up on them, and the commands to
// try it. Pure.
import { runFile, type Addresses } from './addresses.ts';

export function toRelayYaml({ hcp, github, relayUrl, organization, repository }: Addresses): string {
  const url = new URL(relayUrl);
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return `# relay.yml
# Joins the emulators that \`runtask emulate\` started; made by it, and made anew at each start.
public_url: ${relayUrl}
listen: { host: 127.0.0.1, port: ${port} }
store: ./data
encryption_key: { env: RUNTASK_ENCRYPTION_KEY }
github:
  token: { env: RUNTASK_GITHUB_TOKEN }
  api_url: ${github.apiUrl}
  web_url: ${github.url}
  oidc_issuers: ["${github.issuer}"]
tasks:
  gate:
    hmac_keys: [{ env: RUNTASK_HMAC_KEY }]
    hcp_hosts: ["${hcp.host}"]
    organizations: [${organization}]
    routes:
      - { repository: ${repository}, workflow: run-task.yml }
    unrouted: fail
`;
}

export function toConfigYaml({ hcp, github, relayUrl, organization, repository, workspaces, enforcementLevel }: Addresses): string {
  return `# .runtask/config.yml, for the emulators that \`runtask emulate\` started; made by it, and made anew at each start.
version: 1
hcp: { organization: ${organization}, hostname: "${hcp.url}", token: { env: RUNTASK_SETUP_HCP_TOKEN } }
github: { api_url: "${github.apiUrl}", token: { env: RUNTASK_SETUP_GITHUB_TOKEN } }
relay: { url: ${relayUrl}/hooks/gate, hmac_key: { env: RUNTASK_HMAC_KEY }, hmac_key_version: 1 }
run_tasks:
  gate: { description: Checks in ${repository} }
attachments:
  - { run_task: gate, workspaces: [${workspaces.join(', ')}], stages: [post_plan], enforcement_level: ${enforcementLevel} }
repositories:
  ${repository}:
    workflow: { path: .github/workflows/run-task.yml, action: org/runtask-action@v1 }
    variables: { RUNTASK_RELAY_URL: "${relayUrl}" }
`;
}

export function formatHowTo(addresses: Addresses): string {
  const { hcp, github, output, repository, pullRequest, workspaces } = addresses;
  const curl = `curl -sS -H 'Authorization: Bearer ${hcp.adminToken}'`;
  const post = (file: string, route: string): string => `${curl} -d @${output}/${file} ${hcp.url}/emulator/${route}`;
  const runs = workspaces.map((workspace) => runFile(addresses, workspace));
  return `
HCP Terraform  ${hcp.url}  (API under /api/v2, token ${hcp.adminToken}; plans and configurations on ${hcp.storeUrl})
GitHub         ${github.url}  (API under /api/v3, token ${github.token})
Left in        ${output}: relay.yml, config.yml, secrets.env, run-task.json, ${runs.join(', ')}

In another terminal:
  1. Start a relay
     set -a; . ${output}/secrets.env; set +a; runtask relay --config ${output}/relay.yml
  2. Register its run task, once the relay is up
     ${post('run-task.json', 'run-tasks')}
     or see a plan of it first, and of the workflow that answers
     set -a; . ${output}/secrets.env; set +a; runtask config apply --config ${output}/config.yml
  3. Start a run; edit the file for another plan, stage or commit${runs.length > 1 ? '. The workspaces share one comment' : ''}
${runs.map((file) => `     ${post(file, 'runs')}`).join('\n')}
  4. See what became of it: comment.html, job.log and summary.md in ${output}/runs/1, or the comments as GitHub's API has them
     curl -sS -H 'Authorization: Bearer ${github.token}' ${github.apiUrl}/repos/${repository}/issues/${pullRequest}/comments

Bad weather, e.g. two callbacks answered 503:
     ${curl} -d '{"method":"PATCH","path":"callback","status":503,"times":2}' ${hcp.url}/emulator/weather
What was seen and sent: GET ${hcp.url}/emulator/seen and /emulator/sent. Ctrl-C ends both.

`;
}
