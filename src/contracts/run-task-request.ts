// What HCP Terraform posts to a run task's URL. Schemas and types, no behaviour beyond reading.
//
// Tolerant of unknown keys, exact about those used. Source: HashiCorp, "Run tasks integration" (page of 2025-11-19),
// payload table; the 2021 beta differs (version as a string, no stage, no capabilities) and is accepted too.
import * as z from 'zod';
import { err, ok, type Result } from '../base/result.ts';
import { ENFORCEMENT_LEVELS, STAGES, type RunFacts } from './run-facts.ts';

// HCP names are short; 8 KiB stops a hostile body from carrying a novel into every log line and URL that we build.
const text = z.string().max(8192);
const required = text.min(1);
// It goes into a header. What cannot stand there makes HTTP clients quote it in their error, which is told to people.
const token = required.regex(/^[\x21-\x7e]+$/, 'not a token');
// Integrators see null, "" and an absent key for the same fact, depending on stage and version.
const optional = z
  .union([text, z.null()])
  .optional()
  .transform((value) => (value === undefined || value === '' ? null : value));
const optionalUrl = optional.refine((value) => value === null || URL.canParse(value), 'not a URL');
const url = required.refine((value) => URL.canParse(value), 'not a URL');

const schema = z
  .object({
    payload_version: z.union([z.literal(1), z.literal('1')]).transform(() => 1 as const),
    // Absent only in payloads of the 2021 beta, when post_plan was the only stage there was.
    stage: z.enum(STAGES).optional().default('post_plan'),
    access_token: token,
    // `capabilitites` is how HashiCorp's own SDK spelled the key; the wire has the right spelling.
    capabilities: z.object({ outcomes: z.boolean().optional().default(false) }).nullish(),
    capabilitites: z.object({ outcomes: z.boolean().optional().default(false) }).nullish(),
    configuration_version_download_url: optionalUrl,
    configuration_version_id: optional,
    is_speculative: z
      .boolean()
      .nullish()
      .transform((value) => value ?? false),
    organization_name: required,
    plan_json_api_url: optionalUrl,
    run_app_url: url,
    run_created_at: required.refine((value) => !Number.isNaN(Date.parse(value)), 'not a time'),
    run_created_by: optional,
    run_id: required,
    // The subject of a commit, usually: text from anybody who can push. Never part of a payload, a name or a command.
    run_message: z
      .string()
      .nullish()
      .transform((value) => value ?? ''),
    task_result_callback_url: url,
    task_result_enforcement_level: z.enum(ENFORCEMENT_LEVELS),
    task_result_id: required,
    vcs_branch: optional,
    vcs_commit_hash: optional,
    vcs_commit_url: optional,
    vcs_pull_request_url: optional,
    vcs_repo_url: optional,
    workspace_app_url: optionalUrl,
    workspace_id: required,
    workspace_name: required,
    workspace_working_directory: optional.transform((value) => value ?? ''),
  })
  .transform(({ capabilitites, ...rest }) => ({
    ...rest,
    capabilities: { outcomes: (rest.capabilities ?? capabilitites)?.outcomes ?? false },
  }));

/** Wire spelling; `null` means HCP did not say. Holds secrets: `access_token`, `task_result_callback_url` and both download URLs. */
export type RunTaskRequest = z.output<typeof schema>;

/** What is wrong with a request, without the values: they may be secrets. */
export interface RequestProblem {
  /** e.g. `stage` */
  readonly path: string;
  /** e.g. `Invalid option: expected one of "pre_plan"|…` */
  readonly message: string;
}

export function readRunTaskRequest(body: unknown): Result<RunTaskRequest, readonly RequestProblem[]> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return ok(parsed.data);
  return err(parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })));
}

/**
 * The registration test that HCP posts when a task is created or changed: verified like any other, answered 200, no effect.
 * Decided by the token alone, as HashiCorp's scaffolding does: a real request can never carry it.
 */
export const isRegistrationTest = (body: unknown): boolean => z.object({ access_token: z.literal('test-token') }).safeParse(body).success;

const callbackSchema = z.object({
  access_token: token,
  task_result_callback_url: url,
  task_result_id: required,
  organization_name: text.optional().catch(undefined),
  workspace_name: text.optional().catch(undefined),
  run_id: text.optional().catch(undefined),
  stage: text.optional().catch(undefined),
  task_result_enforcement_level: z.enum(ENFORCEMENT_LEVELS).optional().catch(undefined),
  is_speculative: z.boolean().optional().catch(undefined),
});

/** The least that lets us answer a signed request that we cannot serve. */
export type CallbackOnly = z.output<typeof callbackSchema>;

export function readCallback(body: unknown): Result<CallbackOnly, readonly RequestProblem[]> {
  const parsed = callbackSchema.safeParse(body);
  if (parsed.success) return ok(parsed.data);
  return err(parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })));
}

export function toRunFacts(request: RunTaskRequest): RunFacts {
  return {
    stage: request.stage,
    enforcement: request.task_result_enforcement_level,
    organization: request.organization_name,
    workspace: request.workspace_name,
    workspace_id: request.workspace_id,
    workspace_url: request.workspace_app_url,
    workspace_working_directory: request.workspace_working_directory,
    run_id: request.run_id,
    run_url: request.run_app_url,
    run_created_at: request.run_created_at,
    run_created_by: request.run_created_by,
    run_message: request.run_message,
    speculative: request.is_speculative,
    task_result_id: request.task_result_id,
    configuration_version_id: request.configuration_version_id,
    has_plan: request.plan_json_api_url !== null,
    has_configuration: request.configuration_version_download_url !== null,
    outcomes: request.capabilities.outcomes,
    vcs: {
      branch: request.vcs_branch,
      commit_hash: request.vcs_commit_hash ?? commitHashFromUrl(request.vcs_commit_url),
      commit_url: request.vcs_commit_url,
      pull_request_url: request.vcs_pull_request_url,
      repository_url: request.vcs_repo_url,
    },
  };
}

// `…/commit/<sha>` on GitHub, `…/-/commit/<sha>` in the 2021 beta and on GitLab. vcs_commit_hash came late (HCP 2025, TFE 2.0).
function commitHashFromUrl(commitUrl: string | null): string | null {
  return commitUrl?.match(/\/commits?\/([0-9a-f]{7,64})$/i)?.[1] ?? null;
}

/** A schema for {@link RunFacts} as it travels in a claim's answer and in a sealed payload. */
export const runFactsSchema = z.object({
  stage: z.enum(STAGES),
  enforcement: z.enum(ENFORCEMENT_LEVELS),
  organization: z.string(),
  workspace: z.string(),
  workspace_id: z.string(),
  workspace_url: z.string().nullable(),
  workspace_working_directory: z.string(),
  run_id: z.string(),
  run_url: z.string(),
  run_created_at: z.string(),
  run_created_by: z.string().nullable(),
  run_message: z.string(),
  speculative: z.boolean(),
  project: z.string().nullable().optional(),
  destroy: z.boolean().nullable().optional(),
  task_result_id: z.string(),
  configuration_version_id: z.string().nullable(),
  has_plan: z.boolean(),
  has_configuration: z.boolean(),
  outcomes: z.boolean(),
  vcs: z.object({
    branch: z.string().nullable(),
    commit_hash: z.string().nullable(),
    commit_url: z.string().nullable(),
    pull_request_url: z.string().nullable(),
    repository_url: z.string().nullable(),
  }),
}) satisfies z.ZodType<RunFacts>;
