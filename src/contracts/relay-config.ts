// `relay.yml`: what the operator of a relay decides. Schema and types only; reading the file, the environment and the secret
// files is in relay/config.ts.
import * as z from 'zod';
import { DEFAULT_EVENT_TYPE } from './client-payload.ts';
import { STAGES } from './run-facts.ts';
import { secretSchema } from './secret-ref.ts';

const host = z
  .string()
  .regex(/^[a-z0-9.-]+(:\d{1,5})?$/i, 'A host name, with a port if it is not 443: app.terraform.io')
  .transform((text) => text.toLowerCase());
const httpUrl = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''));
const repository = z.string().regex(/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/, 'owner/name');
const address = (port: number) =>
  z.strictObject({ host: z.string().min(1).default('127.0.0.1'), port: z.number().int().min(0).max(65535).default(port) });
const duration = z
  .string()
  .regex(/^\d{1,5}(s|m)$/, 'A number and a unit: 90s or 10m')
  .transform((text) => Number.parseInt(text, 10) * (text.endsWith('m') ? 60_000 : 1000));
const globs = z.array(z.string().min(1)).min(1);

const routeCommon = {
  /** Which tasks this route takes; absent means all. The first route that matches is used. */
  workspaces: globs.optional(),
  stages: z.array(z.enum(STAGES)).min(1).optional(),
  /** File name under .github/workflows of the only workflow that may claim. */
  workflow: z
    .string()
    .regex(/^[A-Za-z0-9._-]+\.ya?ml$/, 'A file name, such as run-task.yml')
    .default('run-task.yml'),
  event_type: z.string().min(1).max(100).default(DEFAULT_EVENT_TYPE),
  /** For a workflow that calls a central reusable one: the claim's `job_workflow_ref` must equal this. */
  job_workflow_ref: z.string().min(1).optional(),
  /** Always passed; the message says what would have failed. */
  observe: z.boolean().default(false),
};

export const gateRouteSchema = z.strictObject({ ...routeCommon, repository });
export const vcsRouteSchema = z.strictObject({ ...routeCommon, from: z.literal('vcs'), owners: globs });
export const routeSchema = z.union([gateRouteSchema, vcsRouteSchema]);

export const taskConfigSchema = z.strictObject({
  /** Several while rotating. No default: a task without a key could be forged by anybody. */
  hmac_keys: z.array(secretSchema).min(1, 'At least one key: without it anybody could post a run task'),
  hcp_hosts: z.array(host).min(1).default(['app.terraform.io']),
  organizations: z.array(z.string().min(1)).min(1),
  routes: z.array(routeSchema).default([]),
  /** What a run that no route takes gets. Must be written. */
  unrouted: z.enum(['fail', 'pass']),
  /** Repositories (globs) for which a claim may receive a comment-and-status token, when the workflow runs in a gate repository. */
  feedback_repositories: globs.optional(),
  /** How long HCP's access token lives; 10 minutes is what HashiCorp documents. Raises the deadline, up to 55 minutes. */
  token_life: duration.refine((ms) => ms >= 2 * 60_000 && ms <= 60 * 60_000, 'Between 2m and 60m').default(600_000),
  /** `relay` (the action claims from the relay) or `sealed` (everything travels encrypted in the payload). */
  transport: z.enum(['relay', 'sealed']).default('relay'),
  /** For `sealed`: the repository's public key, as `runtask keys` writes it (a JWK). */
  seal_public_key: secretSchema.optional(),
  /** Hand the presigned plan URL to the action, or stream the plan through the relay (private Terraform Enterprise). */
  plan: z.enum(['presigned', 'stream']).default('presigned'),
});

export const githubConfigSchema = z
  .strictObject({
    app_id: z.union([z.number().int().positive(), z.string().regex(/^\d+$/)]).optional(),
    private_key: secretSchema.optional(),
    token: secretSchema.optional(),
    /** For GitHub Enterprise Server: https://HOST/api/v3. */
    api_url: httpUrl.default('https://api.github.com'),
    /** Derived from api_url when absent. */
    web_url: httpUrl.optional(),
    /** OIDC issuers that may be trusted at all; the first is the one that dispatched tasks are bound to. Derived when absent. */
    oidc_issuers: z.array(httpUrl).min(1).optional(),
  })
  .superRefine((github, context) => {
    const app = github.app_id !== undefined && github.private_key !== undefined;
    const half = (github.app_id !== undefined) !== (github.private_key !== undefined);
    if (half) context.addIssue({ code: 'custom', message: 'A GitHub App needs both `app_id` and `private_key`' });
    else if (app === (github.token !== undefined))
      context.addIssue({ code: 'custom', message: 'Either a GitHub App (`app_id` and `private_key`) or a `token`' });
  });

export const relayConfigSchema = z.strictObject({
  public_url: httpUrl,
  /** Where HCP Terraform and the jobs come in, through a proxy that speaks TLS. */
  listen: address(8080).prefault({}),
  /** A second listener for the operator alone: metrics. It has no login. Absent: there is none. */
  admin: address(8081).optional(),
  /** A folder for the embedded SQLite store. */
  store: z.string().min(1).default('./data'),
  encryption_key: secretSchema,
  /** For `sealed` tasks: the relay's signing key, as `runtask keys` writes it (a private JWK). */
  signing_key: secretSchema.optional(),
  github: githubConfigSchema,
  tasks: z
    .record(z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'A name of letters, digits, - and _: it is part of the URL'), taskConfigSchema)
    .refine((tasks) => Object.keys(tasks).length > 0, 'At least one task'),
});

export type RouteConfig = z.output<typeof routeSchema>;
export type TaskConfig = z.output<typeof taskConfigSchema>;
export type GithubConfig = z.output<typeof githubConfigSchema>;
export type RelayConfig = z.output<typeof relayConfigSchema>;
