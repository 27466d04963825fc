// What files of several shapes declare: other servers, keys of their own, many repositories, names that meet.
import { describe, expect, it } from '@jest/globals';
import { ENV, load, workspace } from './support.ts';

const HCP = `version: 1
hcp: { organization: acme, token: { env: TFE_TOKEN } }
`;
const GITHUB = 'github: { token: { env: GITHUB_TOKEN } }\n';
const RELAY = 'relay: { url: https://relay.example.com/hooks/gate, hmac_key: { env: RUNTASK_HMAC_KEY }, hmac_key_version: 3 }\n';
const TASK = 'run_tasks: { gate: {} }\n';
const WORKSPACES = [workspace('b'), workspace('a'), workspace('c')];

const itemsOf = (text: string) => load(text).expand(WORKSPACES).items;
const addresses = (text: string): string[] => itemsOf(text).map(({ address }) => address);

describe('where the config tool talks to', () => {
  it.each([
    ['tfe.example.com', 'tfe.example.com', 'https://tfe.example.com'],
    ['TFE.example.com:8443', 'tfe.example.com:8443', 'https://tfe.example.com:8443'],
    ['http://127.0.0.1:8080', '127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:8080/', 'localhost:8080', 'http://localhost:8080'],
  ])('%s', (written, hostname, url) => {
    const { settings } = load(`version: 1\nhcp: { organization: acme, token: { env: TFE_TOKEN }, hostname: "${written}" }`);
    expect(settings).toEqual({ hcp: { hostname, url, organization: 'acme', token: ENV.TFE_TOKEN }, github: null });
  });

  it('a GitHub Enterprise Server, also while nothing on it is declared: what was may have to go', () => {
    const { settings } = load(`${HCP}github: { token: { env: GITHUB_TOKEN }, api_url: "https://ghe.example.com/api/v3/" }`);
    expect(settings.github).toEqual({ apiUrl: 'https://ghe.example.com/api/v3', token: ENV.GITHUB_TOKEN });
  });
});

describe('the items of a file', () => {
  it('are none where nothing is declared', () => expect(itemsOf(HCP)).toEqual([]));

  it('take URL and key from the relay, or from the run task that has its own', () => {
    const [gate, other] = itemsOf(
      `${HCP}${RELAY}run_tasks:\n  gate: {}\n  other: { url: https://relay.example.com/hooks/other, hmac_key: { file: /run/secrets/hmac }, hmac_key_version: 1, enabled: false, agent_pool: p, global: { stages: [pre_plan], enforcement_level: advisory } }`,
    );
    expect([gate?.config, other?.config]).toEqual([
      {
        organization: 'acme',
        name: 'gate',
        url: 'https://relay.example.com/hooks/gate',
        description: '',
        enabled: true,
        hmac_key: ENV.RUNTASK_HMAC_KEY,
        hmac_key_version: 3,
      },
      {
        organization: 'acme',
        name: 'other',
        url: 'https://relay.example.com/hooks/other',
        description: '',
        enabled: false,
        hmac_key: 'another-key-of-enough-characters',
        hmac_key_version: 1,
        agent_pool: 'p',
        global: { stages: ['pre_plan'], enforcement_level: 'advisory' },
      },
    ]);
    expect(other?.placeOf(['hmac_key'])).toEqual(['run_tasks', 'other', 'hmac_key']);
    expect(other?.placeOf(['global', 'stages', 0])).toEqual(['run_tasks', 'other', 'global', 'stages', 0]);
  });

  it('stand in the order of the file, workspaces by name', () => {
    const sections = {
      attachments: 'attachments: [{ run_task: gate, workspaces: ["*"], enforcement_level: advisory }]\n',
      repositories: 'repositories: { acme/gate: { variables: { A: x } } }\n',
    };
    const attached = ['a', 'b', 'c'].map((name) => `runtask_workspace_run_task.gate["${name}"]`);
    const variable = 'runtask_repository_variable.gate["A"]';
    const task = 'runtask_organization_run_task.gate';
    expect(addresses(HCP + GITHUB + RELAY + sections.repositories + TASK + sections.attachments)).toEqual([variable, task, ...attached]);
    expect(addresses(HCP + GITHUB + RELAY + sections.attachments + sections.repositories + TASK)).toEqual([...attached, variable, task]);
  });

  it('have addresses of their own, whatever their names', () => {
    expect(
      addresses(
        `${HCP}${GITHUB}${RELAY}run_tasks:\n  a-b: {}\n  a_b: { url: https://relay.example.com/2 }\n  1st: { url: https://relay.example.com/3 }\nrepositories:\n  acme/gate: { variables: { A: x } }\n  other/gate: { variables: { A: x } }\n  acme/my.gate: { secrets: { A: { value: { env: TFE_TOKEN }, version: 2 } } }`,
      ),
    ).toEqual([
      'runtask_organization_run_task.a_b',
      'runtask_organization_run_task.a_b_2',
      'runtask_organization_run_task._1st',
      'runtask_repository_variable.acme_gate["A"]',
      'runtask_repository_variable.other_gate["A"]',
      'runtask_repository_secret.my_gate["A"]',
    ]);
  });

  it('of a workflow say what the file says, and leave the rest to the resource', () => {
    const workflow = 'path: .github/workflows/a.yml, action: org/runtask-action@v1, runs_on: big, inputs: { raw-plan: "true" }';
    const items = itemsOf(
      `${HCP}${GITHUB}repositories: { acme/gate: { workflow: { ${workflow} }, secrets: { A: { value: { env: SHORT }, version: 2 } } } }`,
    );
    expect(items.map(({ config }) => config)).toEqual([
      { repository: 'acme/gate', name: 'A', value: 'short', value_version: 2 },
      {
        repository: 'acme/gate',
        path: '.github/workflows/a.yml',
        action: 'org/runtask-action@v1',
        via: 'commit',
        runs_on: 'big',
        inputs: { 'raw-plan': 'true' },
      },
    ]);
    expect(items[1]?.after).toEqual(['runtask_repository_secret.gate["A"]']);
  });

  it('are made once where two attachments say the same, whatever the order of the stages', () => {
    const { items, problems } = load(
      `${HCP}${RELAY}${TASK}attachments:\n  - { run_task: gate, workspaces: [a], stages: [pre_plan, post_plan], enforcement_level: advisory }\n  - { run_task: gate, workspaces: ["*"], stages: [post_plan, pre_plan], enforcement_level: advisory }`,
    ).expand(WORKSPACES);
    expect(problems).toEqual([]);
    expect(items.map(({ address }) => address)).toEqual([
      'runtask_organization_run_task.gate',
      'runtask_workspace_run_task.gate["a"]',
      'runtask_workspace_run_task.gate["b"]',
      'runtask_workspace_run_task.gate["c"]',
    ]);
    expect(items[1]?.placeOf(['workspace'])).toEqual(['attachments', 0, 'workspaces', 0]);
    expect(items[2]?.placeOf(['workspace'])).toEqual(['attachments', 1, 'workspaces', 0]);
  });

  it('needs no workspaces where nothing is attached: a token for repositories only is enough', () => {
    expect(load(`${HCP}${RELAY}${TASK}`).needsWorkspaces).toBe(false);
  });

  it('of 1,000 workspaces in ten attachments are made within a second', () => {
    const many = Array.from({ length: 1000 }, (_, index) => workspace(`w-${index}`, { tags: [`t${index % 7}`], project: `p${index % 5}` }));
    const attachments = Array.from(
      { length: 10 },
      (_, index) => `  - { run_task: gate, workspaces: ["w-*${index}"], enforcement_level: advisory }`,
    );
    const config = load(`${HCP}${RELAY}${TASK}attachments:\n${attachments.join('\n')}`);
    const begin = performance.now();
    expect(config.expand(many).items).toHaveLength(1001);
    expect(performance.now() - begin).toBeLessThan(1000);
  });
});

describe('what an organization says is not repeated when it looks like no name', () => {
  it('for a name that is nearly there', () => {
    const text = `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: { project: "evil\\e[2J" }, enforcement_level: advisory }]`;
    const config = load(text);
    const { problems } = config.expand([workspace('a', { project: 'evil\u001b[2K' })]);
    expect(problems.map(({ summary, detail }) => [summary, detail])).toEqual([
      ['No workspace is in a project of that name', 'A token sees only the workspaces that it may read'],
    ]);
  });
});
