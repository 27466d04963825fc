// A good config file: what it declares, in which order, and where each value stands in it.
import { describe, expect, it } from '@jest/globals';
import { formatDiagnostic } from '../../../../src/base/diagnostics.ts';
import { Reference, type Item } from '../../../../src/config/driver-yaml/item.ts';
import { problem } from '../../../../src/config/engine/problem.ts';
import { ENV, load, workspace } from './support.ts';

// Word for word the example of the issue that asked for the config tool.
const EXAMPLE = `# .runtask/config.yml
version: 1
hcp: { organization: acme, token: { env: TFE_TOKEN } }          # hostname for Terraform Enterprise
github: { token: { env: GITHUB_TOKEN } }
relay: { url: https://relay.example.com/hooks/gate, hmac_key: { env: RUNTASK_HMAC_KEY }, hmac_key_version: 1 }
run_tasks:
  gate: { description: Checks in acme/terraform-gate, enabled: true }
attachments:
  - { run_task: gate, workspaces: { names: ["net-*"], exclude: [net-sandbox], tags: [prod], project: networking }, stages: [post_plan], enforcement_level: mandatory }
repositories:
  acme/terraform-gate: { workflow: { path: .github/workflows/run-task.yml, action: org/runtask-action@v1, via: pull_request }, variables: { RUNTASK_RELAY_URL: https://relay.example.com } }
`;
const prod = { tags: ['prod'], project: 'networking' };
const WORKSPACES = [
  workspace('net-sandbox', prod),
  workspace('net-prod', prod),
  workspace('net-test', { project: 'networking' }),
  workspace('app-prod', prod),
  workspace('net-elsewhere', { tags: ['prod'], project: 'apps' }),
  workspace('net-core', prod),
];
const shown = ({ address, name, index, resource, config, after }: Item) => ({
  address,
  name,
  index,
  type: String(resource.name),
  config,
  after,
});

describe('readConfig', () => {
  it('reads the example of the issue, word for word', () => {
    const config = load(EXAMPLE);
    expect(config.settings).toEqual({
      hcp: { hostname: 'app.terraform.io', url: 'https://app.terraform.io', organization: 'acme', token: ENV.TFE_TOKEN },
      github: { apiUrl: 'https://api.github.com', token: ENV.GITHUB_TOKEN },
    });
    expect(config.secrets).toEqual([ENV.TFE_TOKEN, ENV.GITHUB_TOKEN, ENV.RUNTASK_HMAC_KEY]);
    expect(config.needsWorkspaces).toBe(true);
    const { items, problems } = config.expand(WORKSPACES);
    expect(problems).toEqual([]);
    const workflow = 'runtask_repository_workflow.terraform_gate[".github/workflows/run-task.yml"]';
    const variable = 'runtask_repository_variable.terraform_gate["RUNTASK_RELAY_URL"]';
    const attachment = (name: string) => ({
      address: `runtask_workspace_run_task.gate["${name}"]`,
      name: 'gate',
      index: name,
      type: 'workspace_run_task',
      config: {
        organization: 'acme',
        workspace: name,
        run_task: new Reference('runtask_organization_run_task.gate', 'name'),
        stages: ['post_plan'],
        enforcement_level: 'mandatory',
      },
      after: [variable, workflow],
    });
    expect(items.map(shown)).toEqual([
      {
        address: 'runtask_organization_run_task.gate',
        name: 'gate',
        index: null,
        type: 'organization_run_task',
        config: {
          organization: 'acme',
          name: 'gate',
          url: 'https://relay.example.com/hooks/gate',
          description: 'Checks in acme/terraform-gate',
          enabled: true,
          hmac_key: ENV.RUNTASK_HMAC_KEY,
          hmac_key_version: 1,
        },
        after: [],
      },
      attachment('net-core'),
      attachment('net-prod'),
      {
        address: variable,
        name: 'terraform_gate',
        index: 'RUNTASK_RELAY_URL',
        type: 'repository_variable',
        config: { repository: 'acme/terraform-gate', name: 'RUNTASK_RELAY_URL', value: 'https://relay.example.com' },
        after: [],
      },
      {
        address: workflow,
        name: 'terraform_gate',
        index: '.github/workflows/run-task.yml',
        type: 'repository_workflow',
        config: {
          repository: 'acme/terraform-gate',
          path: '.github/workflows/run-task.yml',
          action: 'org/runtask-action@v1',
          via: 'pull_request',
        },
        after: [variable],
      },
    ]);
  });

  it('knows where each attribute stands: a default of the relay at the relay', () => {
    const config = load(EXAMPLE);
    const { items } = config.expand(WORKSPACES);
    const told = (index: number, ...path: (string | number)[]): string =>
      formatDiagnostic(config.tell(items[index]?.placeOf(path) ?? [], problem(path, 'Wrong', 'Mend it')));
    expect([
      told(0),
      told(0, 'name'),
      told(0, 'url'),
      told(0, 'hmac_key'),
      told(0, 'hmac_key_version'),
      told(0, 'description'),
      told(0, 'agent_pool'),
      told(0, 'organization'),
      told(1),
      told(1, 'workspace'),
      told(1, 'stages', 0),
      told(1, 'enforcement_level'),
      told(1, 'run_task'),
      told(3, 'value'),
      told(4, 'path'),
      told(4, 'repository'),
    ]).toEqual([
      'config.yml:7:3: Wrong (run_tasks.gate). Mend it',
      'config.yml:7:3: Wrong (run_tasks.gate). Mend it',
      'config.yml:5:15: Wrong (relay.url). Mend it',
      'config.yml:5:63: Wrong (relay.hmac_key). Mend it',
      'config.yml:5:108: Wrong (relay.hmac_key_version). Mend it',
      'config.yml:7:24: Wrong (run_tasks.gate.description). Mend it',
      'config.yml:7:3: Wrong (run_tasks.gate.agent_pool). Mend it',
      'config.yml:3:22: Wrong (hcp.organization). Mend it',
      'config.yml:9:5: Wrong (attachments[0]). Mend it',
      'config.yml:9:45: Wrong (attachments[0].workspaces.names[0]). Mend it',
      'config.yml:9:125: Wrong (attachments[0].stages[0]). Mend it',
      'config.yml:9:156: Wrong (attachments[0].enforcement_level). Mend it',
      'config.yml:9:17: Wrong (attachments[0].run_task). Mend it',
      'config.yml:11:160: Wrong (repositories.acme/terraform-gate.variables.RUNTASK_RELAY_URL). Mend it',
      'config.yml:11:44: Wrong (repositories.acme/terraform-gate.workflow.path). Mend it',
      'config.yml:11:3: Wrong (repositories.acme/terraform-gate). Mend it',
    ]);
  });

  it('takes out of what a resource says what could be a secret', () => {
    const pasted = 'a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5';
    const config = load(EXAMPLE.replace('Checks in acme/terraform-gate', pasted));
    const place = ['run_tasks', 'gate', 'description'];
    const told = config.tell(place, problem([], `Bad: ${pasted}`, `Found: ${JSON.stringify(pasted)}, in gate`));
    expect(formatDiagnostic(told)).toBe('config.yml:7:24: Bad: … (run_tasks.gate.description). Found: "…", in gate');
  });
});
