// Every mistake that people make in `.runtask/config.yml`, with what they are told: file, line, what is wrong, and what to write instead.
import { describe, expect, it } from '@jest/globals';
import { formatDiagnostic } from '../../../../src/base/diagnostics.ts';
import { read, told, workspace } from './support.ts';

const HCP = `version: 1
hcp: { organization: acme, token: { env: TFE_TOKEN } }
`;
const GITHUB = 'github: { token: { env: GITHUB_TOKEN } }\n';
const RELAY = 'relay: { url: https://relay.example.com/hooks/gate, hmac_key: { env: RUNTASK_HMAC_KEY }, hmac_key_version: 1 }\n';
const TASK = 'run_tasks: { gate: {} }\n';

const WORKSPACES = [
  workspace('net-prod', { tags: ['prod'], tagBindings: { env: 'prod' }, project: 'networking' }),
  workspace('net-test', { project: 'networking' }),
  workspace('app-prod', { tags: ['prod'], project: 'apps' }),
];

/** What is told of the file itself; when nothing is, of what it means in an organization. */
function tellAll(text: string): string[] {
  const result = read(text);
  if (!result.ok) return told(result);
  return result.value.expand(WORKSPACES).problems.map((found) => formatDiagnostic(result.value.tell(found.place, found)));
}

const MISTAKES: readonly (readonly [what: string, text: string, told: readonly string[]])[] = [
  [
    'an empty file',
    '',
    ['config.yml:1:1: The config file is empty. Write at least: version: 1, and hcp: { organization: NAME, token: { env: TFE_TOKEN } }'],
  ],
  [
    'no version',
    'hcp: { organization: acme, token: { env: TFE_TOKEN } }',
    ['config.yml:1:1: "version" is missing (version). Write `version: 1`: this is the only version of the file'],
  ],
  [
    'another version',
    `version: 2
hcp: { organization: acme, token: { env: TFE_TOKEN } }`,
    ['config.yml:1:10: "version" is not valid (version). Use 1. Write `version: 1`: this is the only version of the file'],
  ],
  [
    'a version in quotes',
    `version: "1"
hcp: { organization: acme, token: { env: TFE_TOKEN } }`,
    ['config.yml:1:10: "version" is not valid (version). Use 1. Write `version: 1`: this is the only version of the file'],
  ],
  ['no hcp', 'version: 1', ['config.yml:1:1: "hcp" is missing (hcp). Add: hcp: { organization: NAME, token: { env: TFE_TOKEN } }']],
  [
    'no organization',
    `version: 1
hcp: { token: { env: TFE_TOKEN } }`,
    ['config.yml:2:1: "organization" is missing (hcp.organization). Write the name of the organization on HCP Terraform'],
  ],
  [
    'an organization as people call it',
    `version: 1
hcp: { organization: Acme Inc, token: { env: TFE_TOKEN } }`,
    ['config.yml:2:22: A name has letters, digits, - and _, 90 at most (hcp.organization). Found: "Acme Inc"'],
  ],
  [
    'no token',
    `version: 1
hcp: { organization: acme }`,
    [
      'config.yml:2:1: "token" is missing (hcp.token). Write `token: { env: TFE_TOKEN }` or `token: { file: /run/secrets/name }`, and put the secret there',
    ],
  ],
  [
    'a literal token',
    `version: 1
hcp: { organization: acme, token: a1b2c3d4e5f6g7.atlasv1.and-so-on }`,
    [
      'config.yml:2:35: "token" does not name a secret (hcp.token). A secret is never written into this file. Write `{ env: TFE_TOKEN }` or `{ file: /run/secrets/name }`, and put the secret there',
      'config.yml:2:35: A token or key stands here (hcp.token). Revoke it if others may have seen it. Write { env: NAME } or { file: … } where a secret is asked for, and put it there',
    ],
  ],
  [
    'a literal token of unknown form',
    `version: 1
hcp: { organization: acme, token: swordfish }`,
    [
      'config.yml:2:35: "token" does not name a secret (hcp.token). A secret is never written into this file. Write `{ env: TFE_TOKEN }` or `{ file: /run/secrets/name }`, and put the secret there',
    ],
  ],
  [
    "a token in the place of the variable's name",
    `version: 1
hcp: { organization: acme, token: { env: ghp_16C7e42F292c6912E7710c838347Ae178B4a } }`,
    [
      'config.yml:2:35: The environment variable that is named here is not set (hcp.token). Set it where runtask is started',
      'config.yml:2:42: A token or key stands here (hcp.token.env). Revoke it if others may have seen it. Write { env: NAME } or { file: … } where a secret is asked for, and put it there',
    ],
  ],
  [
    'a variable that is not set',
    `version: 1
hcp: { organization: acme, token: { env: TFE_TOKN } }`,
    ['config.yml:2:35: The environment variable TFE_TOKN is not set (hcp.token). Set it where runtask is started'],
  ],
  [
    'a variable that is empty',
    `version: 1
hcp: { organization: acme, token: { env: EMPTY } }`,
    ['config.yml:2:35: The secret in the environment variable EMPTY is empty (hcp.token). Put the secret there'],
  ],
  [
    'a secret file that is not there',
    `version: 1
hcp: { organization: acme, token: { file: /run/secrets/tfe } }`,
    [
      "config.yml:2:35: The secret file /run/secrets/tfe cannot be read (hcp.token). ENOENT: no such file or directory, open '/run/secrets/tfe'",
    ],
  ],
  [
    'a token in two lines',
    `version: 1
hcp: { organization: acme, token: { env: BROKEN } }`,
    [
      'config.yml:2:35: The secret in the environment variable BROKEN cannot be used (hcp.token). It holds a space, a line break or another character that no token has. Copy it again',
    ],
  ],
  [
    'a secret at two places',
    `version: 1
hcp: { organization: acme, token: { env: TFE_TOKEN, file: /run/secrets/tfe } }`,
    [
      'config.yml:2:35: "token" does not name a secret (hcp.token). A secret is never written into this file. Write `{ env: TFE_TOKEN }` or `{ file: /run/secrets/name }`, and put the secret there',
    ],
  ],
  [
    'a secret at a place of unknown kind',
    `version: 1
hcp: { organization: acme, token: { envv: TFE_TOKEN } }`,
    [
      'config.yml:2:35: "token" does not name a secret (hcp.token). A secret is never written into this file. Write `{ env: TFE_TOKEN }` or `{ file: /run/secrets/name }`, and put the secret there',
    ],
  ],
  [
    'a URL in the place of a host',
    `version: 1
hcp: { organization: acme, token: { env: TFE_TOKEN }, hostname: https://tfe.example.com }`,
    ['config.yml:2:65: "hostname" is not a host name (hcp.hostname). Write the host alone, without https://'],
  ],
  [
    'a host without TLS',
    `version: 1
hcp: { organization: acme, token: { env: TFE_TOKEN }, hostname: http://tfe.example.com }`,
    [
      'config.yml:2:65: "hostname" must be spoken to over https (hcp.hostname). Write the host alone. http:// is for an emulator on this machine only',
    ],
  ],
  [
    'a tab',
    `version: 1
hcp:
\torganization: acme`,
    ['config.yml:3:1: A tab is used as indentation. YAML allows only spaces there'],
  ],
  ['a key twice', `${HCP}hcp: {}`, ['config.yml:3:1: A key is written twice. One of the two would be ignored. Remove or rename it']],
  [
    'a misspelled section',
    `${HCP}run_task: {}`,
    [
      'config.yml:3:1: Unknown key "run_task" (run_task). Did you mean "run_tasks"? Known here: version, hcp, github, relay, run_tasks, attachments, repositories',
    ],
  ],
  [
    'a misspelled key of hcp',
    `version: 1
hcp: { organisation: acme, token: { env: TFE_TOKEN } }`,
    [
      'config.yml:2:1: "organization" is missing (hcp.organization). Write the name of the organization on HCP Terraform',
      'config.yml:2:8: Unknown key "organisation" (hcp.organisation). Did you mean "organization"? Known here: organization, token, hostname',
    ],
  ],
  [
    'a misspelled key of the relay',
    `${HCP}relay: { url: https://relay.example.com, hmac_key: { env: RUNTASK_HMAC_KEY }, hmac_version: 1 }`,
    [
      'config.yml:3:1: "hmac_key_version" is missing (relay.hmac_key_version). Write `hmac_key_version: 1`, and one more whenever the key changes',
      'config.yml:3:79: Unknown key "hmac_version" (relay.hmac_version). Did you mean "hmac_key_version"? Known here: url, hmac_key, hmac_key_version',
    ],
  ],
  [
    'a misspelled key of a run task',
    `${HCP}${RELAY}run_tasks: { gate: { enable: true } }`,
    [
      'config.yml:4:22: Unknown key "enable" (run_tasks.gate.enable). Did you mean "enabled"? Known here: description, enabled, url, hmac_key, hmac_key_version, agent_pool, global',
    ],
  ],
  [
    'a misspelled key of an attachment',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: [net-prod], enforcement: mandatory }]`,
    [
      'config.yml:5:15: "enforcement_level" is missing (attachments[0].enforcement_level). Write `advisory` or `mandatory`',
      'config.yml:5:57: Unknown key "enforcement" (attachments[0].enforcement). Known here: run_task, workspaces, stages, enforcement_level',
    ],
  ],
  [
    'a misspelled key of a selection',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: { name: [net-prod] }, enforcement_level: mandatory }]`,
    [
      'config.yml:5:45: The selection says no workspaces (attachments[0].workspaces). Write `names`, `tags` or `project`; names: ["*"] takes every workspace',
      'config.yml:5:47: Unknown key "name" (attachments[0].workspaces.name). Did you mean "names"? Known here: names, exclude, tags, project',
    ],
  ],
  [
    'a misspelled key of a repository',
    `${HCP}${GITHUB}repositories: { acme/gate: { variable: {} } }`,
    [
      'config.yml:4:30: Unknown key "variable" (repositories.acme/gate.variable). Did you mean "variables"? Known here: workflow, variables, secrets',
    ],
  ],
  [
    'a misspelled key of a workflow',
    `${HCP}${GITHUB}repositories: { acme/gate: { workflow: { path: .github/workflows/a.yml, uses: org/runtask-action@v1 } } }`,
    [
      'config.yml:4:30: "action" is missing (repositories.acme/gate.workflow.action). Write the action with its version: org/runtask-action@v1',
      'config.yml:4:73: Unknown key "uses" (repositories.acme/gate.workflow.uses). Known here: path, action, version_comment, via, relay_url, inputs, runs_on, checkout, event_type',
    ],
  ],
  [
    'a misspelled key of a secret',
    `${HCP}${GITHUB}repositories: { acme/gate: { secrets: { A: { value: { env: GITHUB_TOKEN }, verson: 1 } } } }`,
    [
      'config.yml:4:41: "version" is missing (repositories.acme/gate.secrets.A.version). Write `version: 1`, and one more whenever the value changes',
      'config.yml:4:76: Unknown key "verson" (repositories.acme/gate.secrets.A.verson). Did you mean "version"? Known here: value, version',
    ],
  ],
  [
    'a relay without TLS',
    `${HCP}relay: { url: http://relay.example.com/hooks/gate, hmac_key: { env: RUNTASK_HMAC_KEY }, hmac_key_version: 1 }`,
    ['config.yml:3:15: "url" must be https (relay.url). Run tasks carry an access token to it. Plain http is for this machine only'],
  ],
  [
    'a URL with a password',
    `${HCP}relay: { url: https://me:swordfish@relay.example.com/hooks/gate, hmac_key: { env: RUNTASK_HMAC_KEY }, hmac_key_version: 1 }`,
    [
      'config.yml:3:15: "url" must be a plain URL (relay.url). Write it without user name, password, query and fragment: it is shown in plans',
    ],
  ],
  [
    'a URL without https://',
    `${HCP}relay: { url: relay.example.com/hooks/gate, hmac_key: { env: RUNTASK_HMAC_KEY }, hmac_key_version: 1 }`,
    ['config.yml:3:15: "url" is not valid (relay.url). Must be a URL, such as https://relay.example.com'],
  ],
  [
    'a key that is too short',
    `${HCP}relay: { url: https://relay.example.com/hooks/gate, hmac_key: { env: SHORT }, hmac_key_version: 1 }`,
    [
      'config.yml:3:63: The secret in the environment variable SHORT cannot be used (relay.hmac_key). It has 5 characters, 16 are the least; `openssl rand -hex 32` makes a good one',
    ],
  ],
  [
    'a list of keys, as relay.yml has it',
    `${HCP}relay: { url: https://relay.example.com/hooks/gate, hmac_key: [{ env: RUNTASK_HMAC_KEY }], hmac_key_version: 1 }`,
    [
      'config.yml:3:63: "hmac_key" does not name a secret (relay.hmac_key). A secret is never written into this file. Write `{ env: RUNTASK_HMAC_KEY }` or `{ file: /run/secrets/name }`, and put the secret there',
    ],
  ],
  [
    'a key without its version',
    `${HCP}relay: { url: https://relay.example.com/hooks/gate, hmac_key: { env: RUNTASK_HMAC_KEY } }`,
    [
      'config.yml:3:1: "hmac_key_version" is missing (relay.hmac_key_version). Write `hmac_key_version: 1`, and one more whenever the key changes',
    ],
  ],
  [
    'a version without its key',
    `${HCP}${RELAY}run_tasks: { gate: { hmac_key_version: 2 } }`,
    ['config.yml:4:22: "hmac_key_version" stands without `hmac_key` (run_tasks.gate.hmac_key_version). Write both in the same place'],
  ],
  [
    'a version in words',
    `${HCP}relay: { url: https://relay.example.com/hooks/gate, hmac_key: { env: RUNTASK_HMAC_KEY }, hmac_key_version: one }`,
    [
      'config.yml:3:108: "hmac_key_version" is not valid (relay.hmac_key_version). Must be a number. Found: text. Write `hmac_key_version: 1`, and one more whenever the key changes',
    ],
  ],
  [
    'a run task without URL and key',
    `${HCP}run_tasks: { gate: {} }`,
    [
      'config.yml:3:14: The run task "gate" has no HMAC key (run_tasks.gate). Without one anybody could post a run task. Add to the file: relay: { url: https://relay.example.com/hooks/NAME, hmac_key: { env: RUNTASK_HMAC_KEY }, hmac_key_version: 1 }',
      'config.yml:3:14: The run task "gate" has no URL (run_tasks.gate). Add `url: https://relay.example.com/hooks/NAME` to it, or to `relay`',
    ],
  ],
  [
    'a run task with a space in its name',
    `${HCP}${RELAY}run_tasks: { "my gate": {} }`,
    ['config.yml:4:14: Bad name "my gate" (run_tasks.my gate). A name has letters, digits, - and _, 90 at most'],
  ],
  [
    'a name over the limit',
    `${HCP}${RELAY}run_tasks: { ${'a'.repeat(91)}: {} }`,
    ['config.yml:4:14: Bad name (run_tasks). A name has letters, digits, - and _, 90 at most'],
  ],
  [
    'a run task of which nothing is said',
    `${HCP}${RELAY}run_tasks:
  gate:`,
    [
      'config.yml:5:8: "gate" is not valid (run_tasks.gate). Must be a map of keys and values. Found: nothing. Write {} where there is nothing to say',
    ],
  ],
  [
    'a description without room for the mark',
    `${HCP}${RELAY}run_tasks: { gate: { description: ${'a'.repeat(320)} } }`,
    [
      'config.yml:4:35: The description is too long (run_tasks.gate.description). At most 280 characters; HCP Terraform takes 300, and a mark of ours is the rest. Found: 320',
    ],
  ],
  [
    'two run tasks at the URL of the relay',
    `${HCP}${RELAY}run_tasks:
  gate: {}
  other: {}`,
    [
      'config.yml:6:3: Two run tasks have the same URL: gate and other (run_tasks.other). A relay tells its tasks apart by the URL. Give this one a `url` of its own: https://relay.example.com/hooks/NAME',
    ],
  ],
  [
    'two run tasks with the same URL',
    `${HCP}${RELAY}run_tasks:
  gate: {}
  other: { url: https://relay.example.com/hooks/gate }`,
    [
      'config.yml:6:17: Two run tasks have the same URL: gate and other (run_tasks.other.url). A relay tells its tasks apart by the URL. Give this one a `url` of its own: https://relay.example.com/hooks/NAME',
    ],
  ],
  [
    'an attachment of a run task that is nearly declared',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gates, workspaces: [net-prod], enforcement_level: advisory }]`,
    ['config.yml:5:27: No run task named "gates" is declared (attachments[0].run_task). Did you mean "gate"?'],
  ],
  [
    'an attachment of a run task that is not declared',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: something, workspaces: [net-prod], enforcement_level: advisory }]`,
    [
      'config.yml:5:27: No run task named "something" is declared (attachments[0].run_task). Declare it: run_tasks: { NAME: {} }. Declared: gate',
    ],
  ],
  [
    'a stage with a hyphen',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: [net-prod], stages: [pre-plan], enforcement_level: advisory }]`,
    [
      'config.yml:5:66: Not one of the possible values (attachments[0].stages[0]). Use one of: pre_plan, post_plan, pre_apply, post_apply. Found: "pre-plan". Did you mean "pre_plan"?',
    ],
  ],
  [
    'a stage that is no list',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: [net-prod], stages: pre_plan, enforcement_level: advisory }]`,
    ['config.yml:5:65: Must be a list (attachments[0].stages). Found: "pre_plan". Write [pre_plan]'],
  ],
  [
    'no stage',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: [net-prod], stages: [], enforcement_level: advisory }]`,
    ['config.yml:5:65: "stages" is not valid (attachments[0].stages). Name at least one. Write the stages of the run: [post_plan]'],
  ],
  [
    'a level in capitals',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: [net-prod], enforcement_level: Mandatory }]`,
    [
      'config.yml:5:76: Not one of the possible values (attachments[0].enforcement_level). Use one of: advisory, mandatory. Found: "Mandatory". Did you mean "mandatory"?',
    ],
  ],
  [
    'no level',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: [net-prod] }]`,
    ['config.yml:5:15: "enforcement_level" is missing (attachments[0].enforcement_level). Write `advisory` or `mandatory`'],
  ],
  [
    'mandatory after the apply',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: [net-prod], stages: [post_apply], enforcement_level: mandatory }]`,
    [
      'config.yml:5:98: A run task cannot be mandatory at post_apply (attachments[0].enforcement_level). The apply is over by then, and a failure stops nothing: HCP Terraform treats it as advisory. Write "enforcement_level: advisory", or attach to earlier stages',
    ],
  ],
  [
    'mandatory after the apply, everywhere',
    `${HCP}${RELAY}run_tasks: { gate: { global: { stages: [post_apply], enforcement_level: mandatory } } }`,
    [
      'config.yml:4:73: A run task cannot be mandatory at post_apply (run_tasks.gate.global.enforcement_level). The apply is over by then, and a failure stops nothing: HCP Terraform treats it as advisory. Write "enforcement_level: advisory", or attach to earlier stages',
    ],
  ],
  [
    'a workspace that is no list',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: net-prod, enforcement_level: advisory }]`,
    [
      'config.yml:5:45: Must be a list of texts or a map of keys and values (attachments[0].workspaces). Found: "net-prod". Write names or patterns, [net-prod, "net-*"], or a selection: { names: ["net-*"], exclude: [net-sandbox] }',
    ],
  ],
  [
    'a selection of nothing',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: {}, enforcement_level: advisory }]`,
    [
      'config.yml:5:45: The selection says no workspaces (attachments[0].workspaces). Write `names`, `tags` or `project`; names: ["*"] takes every workspace',
    ],
  ],
  [
    'a selection that only leaves out',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: { exclude: [net-test] }, enforcement_level: advisory }]`,
    [
      'config.yml:5:45: The selection says no workspaces (attachments[0].workspaces). Write `names`, `tags` or `project`; names: ["*"] takes every workspace',
    ],
  ],
  [
    'an empty list of workspaces',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: [], enforcement_level: advisory }]`,
    [
      'config.yml:5:45: "workspaces" is not valid (attachments[0].workspaces). Name at least one. Write names or patterns, [net-prod, "net-*"], or a selection: { names: ["net-*"], exclude: [net-sandbox] }',
    ],
  ],
  [
    'a star without quotes',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: [*-prod], enforcement_level: advisory }]`,
    ['config.yml:5:46: The alias `*…` names nothing. A text that begins with * must be in quotes: "*-prod"'],
  ],
  [
    'a pattern with brackets',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: ["net-[ab]"], enforcement_level: advisory }]`,
    [
      'config.yml:5:46: "workspaces[0]" is not valid (attachments[0].workspaces[0]). A name or pattern has letters, digits, - and _, * for any text and ? for one character',
    ],
  ],
  [
    'workspaces that are not there',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: [net-prd, nothing-like-it], enforcement_level: advisory }]`,
    [
      'config.yml:5:46: acme has no workspace "net-prd" (attachments[0].workspaces[0]). Did you mean "net-prod"?',
      'config.yml:5:55: acme has no workspace "nothing-like-it" (attachments[0].workspaces[1]). Make the workspace first, or remove the name. A token sees only the workspaces that it may read',
    ],
  ],
  [
    'a pattern that matches nothing',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: ["dev-*"], enforcement_level: advisory }]`,
    [
      'config.yml:5:46: warning: No workspace matches "dev-*" (attachments[0].workspaces[0]). A token sees only the workspaces that it may read',
    ],
  ],
  [
    'exclusions that leave nothing out',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: { names: ["net-*"], exclude: [net-tset, "dev-*"] }, enforcement_level: advisory }]`,
    [
      'config.yml:5:75: warning: "net-tset" leaves nothing out (attachments[0].workspaces.exclude[0]). Did you mean "net-test"?',
      'config.yml:5:85: warning: "dev-*" leaves nothing out (attachments[0].workspaces.exclude[1]). Nothing that the rest selects matches it',
    ],
  ],
  [
    'exclusions that leave nothing',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: { names: ["net-*"], exclude: ["net-*"] }, enforcement_level: advisory }]`,
    ['config.yml:5:74: warning: Everything that is selected is left out (attachments[0].workspaces.exclude). Of 2 workspaces none remains'],
  ],
  [
    'a tag that no workspace has',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: { tags: [prods, env=prod] }, enforcement_level: advisory }]`,
    ['config.yml:5:54: warning: No workspace has the tag "prods" (attachments[0].workspaces.tags[0]). Did you mean "prod"?'],
  ],
  [
    'a project that no workspace is in',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: { project: network }, enforcement_level: advisory }]`,
    ['config.yml:5:56: warning: No workspace is in a project "network" (attachments[0].workspaces.project). Did you mean "networking"?'],
  ],
  [
    'conditions that no workspace meets',
    `${HCP}${RELAY}${TASK}attachments: [{ run_task: gate, workspaces: { names: [net-test], tags: [prod] }, enforcement_level: advisory }]`,
    [
      'config.yml:5:45: warning: The selection takes no workspace (attachments[0].workspaces). All that it says must hold of the same workspace',
    ],
  ],
  [
    'a workspace with two levels',
    `${HCP}${RELAY}${TASK}attachments:
  - { run_task: gate, workspaces: ["*"], enforcement_level: advisory }
  - { run_task: gate, workspaces: ["net-*"], enforcement_level: mandatory }`,
    [
      'config.yml:7:5: Two attachments say different things of the workspace "net-prod" and 1 more (attachments[1]). Line 6: advisory at post_plan. Line 7: mandatory at post_plan. Leave the workspace out of one of them with `exclude`',
    ],
  ],
  [
    'a repository without its owner',
    `${HCP}${GITHUB}repositories: { gate: {} }`,
    ['config.yml:4:17: Bad name "gate" (repositories.gate). A repository is OWNER/NAME: acme/terraform-gate'],
  ],
  [
    'repositories without a token for GitHub',
    `${HCP}repositories: { acme/gate: {} }`,
    ['config.yml:3:1: "github" is missing (repositories). Add: github: { token: { env: GITHUB_TOKEN } }'],
  ],
  [
    'a repository in capitals and small letters',
    `${HCP}${GITHUB}repositories: { acme/gate: {}, Acme/Gate: {} }`,
    ['config.yml:4:32: This repository is written twice (repositories.Acme/Gate). GitHub does not tell capitals from small letters'],
  ],
  [
    'a workflow where GitHub does not look',
    `${HCP}${GITHUB}repositories: { acme/gate: { workflow: { path: workflows/gate.yml, action: org/runtask-action@v1 } } }`,
    [
      'config.yml:4:48: GitHub reads workflows at .github/workflows/NAME.yml (repositories.acme/gate.workflow.path). Found: "workflows/gate.yml"',
    ],
  ],
  [
    'an action without a version',
    `${HCP}${GITHUB}repositories: { acme/gate: { workflow: { path: .github/workflows/gate.yml, action: org/runtask-action } } }`,
    [
      'config.yml:4:84: An action is OWNER/NAME@VERSION, or OWNER/NAME@ and the whole hash of a commit: org/runtask-action@v1 (repositories.acme/gate.workflow.action). Found: "org/runtask-action"',
    ],
  ],
  [
    'an unknown way to bring the workflow',
    `${HCP}${GITHUB}repositories: { acme/gate: { workflow: { path: .github/workflows/gate.yml, action: org/runtask-action@v1, via: pr } } }`,
    [
      'config.yml:4:112: Not one of the possible values (repositories.acme/gate.workflow.via). Use one of: commit, pull_request. Found: "pr"',
    ],
  ],
  [
    'a workflow that reaches the relay without TLS',
    `${HCP}${GITHUB}repositories: { acme/gate: { workflow: { path: .github/workflows/gate.yml, action: org/runtask-action@v1, relay_url: http://relay.example.com } } }`,
    [
      'config.yml:4:118: The relay is not reached over https (repositories.acme/gate.workflow.relay_url). Such as "https://relay.example.com"; leave it out to use the repository variable RUNTASK_RELAY_URL',
    ],
  ],
  [
    'a secret without its version',
    `${HCP}${GITHUB}repositories: { acme/gate: { secrets: { A: { value: { env: GITHUB_TOKEN } } } } }`,
    [
      'config.yml:4:41: "version" is missing (repositories.acme/gate.secrets.A.version). Write `version: 1`, and one more whenever the value changes',
    ],
  ],
  [
    'a literal in the place of a secret',
    `${HCP}${GITHUB}repositories: { acme/gate: { secrets: { A: swordfish } } }`,
    [
      'config.yml:4:44: "A" is not valid (repositories.acme/gate.secrets.A). Must be a map of keys and values. Found: text. Write { value: { env: NAME }, version: 1 }',
    ],
  ],
  [
    "a literal as a secret's value",
    `${HCP}${GITHUB}repositories: { acme/gate: { secrets: { A: { value: swordfish, version: 1 } } } }`,
    [
      'config.yml:4:53: "value" does not name a secret (repositories.acme/gate.secrets.A.value). A secret is never written into this file. Write `{ env: NAME }` or `{ file: /run/secrets/name }`, and put the secret there',
    ],
  ],
  [
    'a version 0',
    `${HCP}${GITHUB}repositories: { acme/gate: { secrets: { A: { value: { env: GITHUB_TOKEN }, version: 0 } } } }`,
    [
      'config.yml:4:85: "version" is not valid (repositories.acme/gate.secrets.A.version). Must be at least 1. Write `version: 1`, and one more whenever the value changes',
    ],
  ],
  [
    'variables that are no text',
    `${HCP}${GITHUB}repositories: { acme/gate: { variables: { A: 5, B: true } } }`,
    [
      'config.yml:4:46: "A" is not valid (repositories.acme/gate.variables.A). Must be text. Found: a number. Write the text in quotes',
      'config.yml:4:52: "B" is not valid (repositories.acme/gate.variables.B). Must be text. Found: true or false. Write the text in quotes',
    ],
  ],
  [
    'a variable without a value',
    `${HCP}${GITHUB}repositories: { acme/gate: { variables: { A: "" } } }`,
    [
      'config.yml:4:46: The value is empty (repositories.acme/gate.variables.A). GitHub keeps no empty ones: give it a value, or take it out',
    ],
  ],
  [
    'a variable as inputs are called',
    `${HCP}${GITHUB}repositories: { acme/gate: { variables: { relay-url: x } } }`,
    [
      'config.yml:4:43: Bad name "relay-url" (repositories.acme/gate.variables.relay-url). A name has capital letters, digits and _; it begins with no digit and not with GITHUB_',
    ],
  ],
  [
    "a variable with a name of GitHub's",
    `${HCP}${GITHUB}repositories: { acme/gate: { variables: { GITHUB_X: x } } }`,
    [
      'config.yml:4:43: Bad name "GITHUB_X" (repositories.acme/gate.variables.GITHUB_X). A name has capital letters, digits and _; it begins with no digit and not with GITHUB_',
    ],
  ],
  [
    'token in a variable',
    `${HCP}${GITHUB}repositories: { acme/gate: { variables: { A: ghp_16C7e42F292c6912E7710c838347Ae178B4a } } }`,
    [
      'config.yml:4:46: A token or key stands here (repositories.acme/gate.variables.A). Revoke it if others may have seen it. Write { env: NAME } or { file: … } where a secret is asked for, and put it there',
    ],
  ],
  [
    "GitHub's API without TLS",
    `${HCP}github: { token: { env: GITHUB_TOKEN }, api_url: "http://ghe.example.com/api/v3" }`,
    ['config.yml:3:50: "api_url" must be https (github.api_url). The GitHub token travels to it. Plain http is for this machine only'],
  ],
  [
    '__proto__ as a name',
    `${HCP}${RELAY}run_tasks: { __proto__: {} }`,
    ['config.yml:4:14: Unknown key "__proto__" (run_tasks.__proto__). No name of anything'],
  ],
  [
    'aliases that multiply',
    `${HCP}a: &a [x, x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
d: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]`,
    ['config.yml:1:1: The config file cannot be expanded. Its aliases multiply. Write the parts out instead of referring to them with `*`'],
  ],
  [
    'two documents',
    `${HCP}---
HCP`,
    ['config.yml:3:1: The file holds more than one YAML document. Only one is read. Remove the line with `---`'],
  ],
  [
    'a list in the place of the file',
    '- version: 1',
    ['config.yml:1:1: "the file" is not valid. Must be a map of keys and values. Found: a list'],
  ],
  [
    'attachments that are no list',
    `${HCP}attachments: { gate: {} }`,
    [
      'config.yml:3:14: "attachments" is not valid (attachments). Must be a list. Found: a map of keys and values. Write [{ run_task: NAME, workspaces: ["net-*"], enforcement_level: mandatory }]',
    ],
  ],
  [
    'run tasks that are no map',
    `${HCP}${RELAY}run_tasks: [gate]`,
    ['config.yml:4:12: "run_tasks" is not valid (run_tasks). Must be a map of keys and values. Found: a list. Write { NAME: {} }'],
  ],
  [
    'a workflow outside of its folder',
    `${HCP}${GITHUB}repositories: { acme/gate: { workflow: { path: .github/workflows/../../gate.yml, action: org/runtask-action@v1 } } }`,
    [
      'config.yml:4:48: GitHub reads workflows at .github/workflows/NAME.yml (repositories.acme/gate.workflow.path). Found: ".github/workflows/../../gate.yml"',
    ],
  ],
  [
    'an input that the config tool sets',
    `${HCP}${GITHUB}repositories: { acme/gate: { workflow: { path: .github/workflows/gate.yml, action: org/runtask-action@v1, inputs: { relay-url: https://relay.example.com } } } }`,
    ['config.yml:4:128: The relay is set by `relay_url` (repositories.acme/gate.workflow.inputs.relay-url). Write it there'],
  ],
  [
    'an input that is no text',
    `${HCP}${GITHUB}repositories: { acme/gate: { workflow: { path: .github/workflows/gate.yml, action: org/runtask-action@v1, inputs: { raw-plan: true } } } }`,
    [
      'config.yml:4:127: "raw-plan" is not valid (repositories.acme/gate.workflow.inputs.raw-plan). Must be text. Found: true or false. Write the text in quotes',
    ],
  ],
  [
    'a secret file that is empty',
    `${HCP}${RELAY}run_tasks: { gate: { hmac_key: { file: /run/secrets/empty }, hmac_key_version: 1 } }`,
    ['config.yml:4:32: The secret in /run/secrets/empty is empty (run_tasks.gate.hmac_key). Put the secret there'],
  ],
  [
    'an alias that names nothing',
    `${HCP}${RELAY}run_tasks: { gate: *other }`,
    ['config.yml:4:20: The alias `*…` names nothing. A text that begins with * must be in quotes: "*-prod"'],
  ],
  [
    'a bracket that is not closed',
    `${HCP}${RELAY}run_tasks: { gate: {}`,
    ['config.yml:4:22: Not valid YAML. Flow map in block collection must be sufficiently indented and end with a }'],
  ],
  [
    'everything at once',
    `version: 1
hcp: { organization: acme, tokn: { env: TFE_TOKEN }, hostname: "tfe example" }
relay: { url: http://relay.example.com, hmac_key: { env: SHORT } }
run_tasks: { gate: { enabled: yes } }
attachments: [{ run_task: gat, workspaces: {}, enforcement_level: hard }]
repositories: { gate: { secrets: { A: { value: swordfish } } } }`,
    [
      'config.yml:2:1: "token" is missing (hcp.token). Write `token: { env: TFE_TOKEN }` or `token: { file: /run/secrets/name }`, and put the secret there',
      'config.yml:2:28: Unknown key "tokn" (hcp.tokn). Did you mean "token"? Known here: organization, token, hostname',
      'config.yml:2:64: "hostname" is not a host name (hcp.hostname). Write the host alone, with a port if it is not 443: app.terraform.io',
      'config.yml:3:1: "hmac_key_version" is missing (relay.hmac_key_version). Write `hmac_key_version: 1`, and one more whenever the key changes',
      'config.yml:3:15: "url" must be https (relay.url). Run tasks carry an access token to it. Plain http is for this machine only',
      'config.yml:3:51: The secret in the environment variable SHORT cannot be used (relay.hmac_key). It has 5 characters, 16 are the least; `openssl rand -hex 32` makes a good one',
      'config.yml:4:31: "enabled" is not valid (run_tasks.gate.enabled). Must be true or false. Found: text',
      'config.yml:5:27: No run task named "gat" is declared (attachments[0].run_task). Did you mean "gate"?',
      'config.yml:5:44: The selection says no workspaces (attachments[0].workspaces). Write `names`, `tags` or `project`; names: ["*"] takes every workspace',
      'config.yml:5:67: Not one of the possible values (attachments[0].enforcement_level). Use one of: advisory, mandatory. Found: "hard"',
      'config.yml:6:1: "github" is missing (repositories). Add: github: { token: { env: GITHUB_TOKEN } }',
      'config.yml:6:17: Bad name "gate" (repositories.gate). A repository is OWNER/NAME: acme/terraform-gate',
    ],
  ],
];

describe('a mistake in the config file', () => {
  it.each(MISTAKES)('%s', (_what, text, expected) => expect(tellAll(text)).toEqual(expected));

  it('is one of many, and each is told once', () => {
    expect(MISTAKES.length).toBeGreaterThanOrEqual(40);
    expect(new Set(MISTAKES.map(([what]) => what)).size).toBe(MISTAKES.length);
  });

  it('tells line and remedy: each has a place, and says more than what is wrong', () => {
    for (const line of MISTAKES.flatMap(([, , lines]) => lines)) expect(line).toMatch(/^config\.yml:\d+:\d+: (warning: )?\S.{10,}/);
  });
});
