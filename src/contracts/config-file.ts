// `.runtask/config.yml`: both sides of a run task, declared. Schema and types only; reading (YAML, lines, secrets, what does not fit
// together) is in config/driver-yaml/read/.
//
// Strict: a key that we do not know is an error, because a misspelled `exclude` would attach a gate to what it should leave alone.
import * as z from 'zod';
import { ENFORCEMENT_LEVELS, STAGES } from './run-facts.ts';
import { secretSchema } from './secret-ref.ts';

/** HashiCorp, "Run tasks API" and "Workspaces API" (read 2026-11). Of organizations, workspaces and run tasks. */
const name = z.string().regex(/^[A-Za-z0-9_-]{1,90}$/, 'A name has letters, digits, - and _, 90 at most');
const pattern = z
  .string()
  .regex(/^[A-Za-z0-9_*?-]{1,90}$/, 'A name or pattern has letters, digits, - and _, * for any text and ? for one character');
const key = { hmac_key: secretSchema, hmac_key_version: z.number().int().min(1).max(99_999) };
const KEY_VERSION =
  'Raise it by one whenever the key changes: HCP Terraform never shows a key, so the number tells that there is a new one.';
const stages = z.array(z.enum(STAGES)).min(1);
const url = z.url({ protocol: /^https?$/ });

const hcpSchema = z.strictObject({
  organization: name.describe('Name of the organization.'),
  token: secretSchema.describe('An API token: of a user, a team with “Manage run tasks”, or the organization.'),
  hostname: z
    .string()
    .min(1)
    .default('app.terraform.io')
    .describe('Host of a Terraform Enterprise. With `http://`: only an emulator on this machine.'),
});

const githubSchema = z.strictObject({
  token: secretSchema.describe('A token that may change the repositories below.'),
  api_url: url.default('https://api.github.com').describe('For GitHub Enterprise Server: `https://HOST/api/v3`.'),
});

const relaySchema = z.strictObject({
  url: url
    .optional()
    .describe('Where HCP Terraform posts run tasks: the relay’s URL with `/hooks/NAME`. For run tasks that name no other.'),
  hmac_key: key.hmac_key
    .optional()
    .describe('The key that HCP Terraform signs with: the same as in `relay.yml`. For run tasks that name no other.'),
  hmac_key_version: key.hmac_key_version.optional().describe(KEY_VERSION),
});

const globalSchema = z.strictObject({
  stages: stages.describe('Stages of the run.'),
  enforcement_level: z.enum(ENFORCEMENT_LEVELS).describe('`advisory`: told, but does not stop a run.'),
});

const runTaskSchema = z.strictObject({
  description: z.string().default('').describe('What people read in HCP Terraform, at most 280 characters.'),
  enabled: z.boolean().default(true).describe('false: it stays attached, and every run passes.'),
  url: url.optional().describe('In place of `relay.url`. No two run tasks have the same.'),
  hmac_key: key.hmac_key.optional().describe('In place of `relay.hmac_key`.'),
  hmac_key_version: key.hmac_key_version.optional().describe(KEY_VERSION),
  agent_pool: z.string().min(1).optional().describe('Name of the agent pool through which it is posted (HCP Terraform Premium).'),
  global: globalSchema.optional().describe('For every workspace of the organization, attached or not.'),
});

const selectorSchema = z.strictObject({
  names: z.array(pattern).min(1).optional().describe('Names or patterns: `net-*`. One must match.'),
  exclude: z.array(pattern).min(1).optional().describe('Names or patterns that are left out.'),
  tags: z.array(z.string().min(1)).min(1).optional().describe('Tags: `prod`, or `env=prod` for a tag with a value. All must be there.'),
  project: z.string().min(1).optional().describe('Name of the project.'),
});

const attachmentSchema = z.strictObject({
  run_task: z.string().min(1).describe('One of `run_tasks`, by its name.'),
  workspaces: z
    .union([z.array(pattern).min(1), selectorSchema])
    .describe('Names or patterns; or a selection, of which all that is said must hold.'),
  stages: stages.default(['post_plan']).describe('Stages of the run.'),
  enforcement_level: z.enum(ENFORCEMENT_LEVELS).describe('`mandatory`: a failed run task stops the run. `advisory`: it is told.'),
});

const repositorySecretSchema = z.strictObject({
  value: secretSchema.describe('Where this machine finds it. A line break at its end is left out.'),
  version: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .describe('Raise it by one whenever the value changes: GitHub never shows a secret, so the number tells that there is a new one.'),
});

/** GitHub keeps names in capitals, whatever is written. Source: GitHub, "Secrets reference" and "Variables reference" (2026-11-22). */
const settingName = z
  .string()
  .regex(/^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/, 'A name has capital letters, digits and _; it begins with no digit and not with GITHUB_');

/** OWNER/NAME of an action, a folder in it, and a version, a tag or the whole hash of a commit. */
const action = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}(\/[A-Za-z0-9._-]+)*@[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}$/,
    'An action is OWNER/NAME@VERSION, or OWNER/NAME@ and the whole hash of a commit: org/runtask-action@v1',
  );

const workflowSchema = z.strictObject({
  path: z
    .string()
    .regex(/^\.github\/workflows\/[A-Za-z0-9_][A-Za-z0-9._-]{0,90}\.ya?ml$/, 'GitHub reads workflows at .github/workflows/NAME.yml')
    .describe('Where it is written: `.github/workflows/run-task.yml`, as the relay’s route names it.'),
  action: action.describe('The action, with its version or the whole hash of a commit: `org/runtask-action@v1`.'),
  version_comment: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.+-]{0,99}$/, 'A version is written as v1.2.3')
    .optional()
    .describe('Which version the commit of `action` is, `v1.2.3`: a comment that people and Dependabot read.'),
  via: z
    .enum(['commit', 'pull_request'])
    .default('commit')
    .describe('`pull_request`: for a default branch that takes no direct pushes. It is in effect when it is merged.'),
  relay_url: url
    .optional()
    .describe('The relay, without `/hooks/…`. Default: the workflow reads the repository variable `RUNTASK_RELAY_URL`.'),
  inputs: z
    .record(z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'An input has small letters, digits and -'), z.string())
    .optional()
    .describe('More inputs of the action, as text.'),
  runs_on: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_. -]{0,99}$/, 'A label of a runner has letters, digits, ".", -, _ and spaces: ubuntu-latest')
    .optional()
    .describe('The label of the runner. Default: `ubuntu-latest`.'),
  checkout: action
    .optional()
    .describe('The action that checks the repository out. Default: `actions/checkout`, in a version that was tested.'),
  event_type: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,100}$/, 'An event has letters, digits, ".", - and _, as in relay.yml')
    .optional()
    .describe('The event that the relay sends, as in relay.yml. Default: `hcp-terraform-run-task`.'),
});

const repositorySchema = z.strictObject({
  workflow: workflowSchema.optional().describe('The workflow that judges. The file is written for you.'),
  variables: z
    .record(settingName, z.string())
    .optional()
    .describe('Variables for workflows. Everybody who reads the repository can read them.'),
  secrets: z.record(settingName, repositorySecretSchema).optional().describe('Secrets for workflows.'),
});

const repositoryName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/, 'A repository is OWNER/NAME: acme/terraform-gate');

export const configFileSchema = z.strictObject({
  version: z.literal(1).describe('Version of this format.'),
  hcp: hcpSchema.describe('The organization on HCP Terraform or Terraform Enterprise.'),
  github: githubSchema.optional().describe('Needed where `repositories` has something.'),
  relay: relaySchema.optional().describe('The relay that the run tasks are posted to.'),
  run_tasks: z.record(name, runTaskSchema).default({}).describe('Run tasks of the organization.'),
  attachments: z.array(attachmentSchema).default([]).describe('Which workspaces have which run task.'),
  repositories: z.record(repositoryName, repositorySchema).default({}).describe('What the repositories need.'),
});

export type ConfigFile = z.output<typeof configFileSchema>;
export type RunTaskSpec = z.output<typeof runTaskSchema>;
export type AttachmentSpec = z.output<typeof attachmentSchema>;
export type RepositorySpec = z.output<typeof repositorySchema>;
