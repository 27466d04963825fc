// What HCP Terraform tells of a run to a token of the user's own: the facts that no run task carries, the plan, the configuration.
// The access token of a run task may read none of the first (HashiCorp, "Permissions", run task tokens, read 2026-11).
//
// Source: HashiCorp, "Runs API", "Applies API", "Workspaces API", "Projects API", and its OpenAPI (getRun, getApply, …). One try each;
// who retries decides the caller. The token goes to the address that the caller has checked, and no redirect is followed with it.
import * as z from 'zod';
import { err, ok, type Result } from '../base/result.ts';
import { checkTransport } from './hosts.ts';
import { openPresigned, resolvePlan, type Stream, type Unavailable, type UnavailableReason } from './plan.ts';
import { discard, exchange, type HcpDeps } from './request.ts';

/** Where a run is, from the address of its page. */
export interface RunAddress {
  /** `https://app.terraform.io`, or that of a Terraform Enterprise. */
  readonly origin: string;
  /** With a port where it is not the default; what `hcp-hosts` lists. */
  readonly host: string;
  readonly organization: string;
  readonly workspace: string;
  readonly runId: string;
}

export interface RunDetails {
  readonly message: string;
  /** ISO 8601; null: not said. */
  readonly createdAt: string | null;
  readonly status: string;
  /** Destroys everything. null: not said. */
  readonly destroy: boolean | null;
  readonly speculative: boolean;
  readonly workspaceId: string;
  /** null: the run has none. */
  readonly configurationVersionId: string | null;
  readonly applyId: string | null;
}

export interface WorkspaceDetails {
  readonly name: string;
  readonly workingDirectory: string;
  /** null: not said (Terraform Enterprise before projects). */
  readonly projectId: string | null;
}

/** A sentence without its full stop; never the token, never a URL. */
export interface RunProblem {
  readonly detail: string;
  /** The same may be asked again. */
  readonly retryable: boolean;
}

const NAME = /^[A-Za-z0-9_-]{1,128}$/;

/** `https://HOST/app/ORG/workspaces/WORKSPACE/runs/run-…`, or without `workspaces/`, as run tasks write it. */
export function readRunUrl(text: string): Result<RunAddress, string> {
  const remedy = 'copy the address of the run’s page, such as https://app.terraform.io/app/ORG/workspaces/WORKSPACE/runs/run-…';
  if (!URL.canParse(text)) return err(`not a URL: ${remedy}`);
  const url = new URL(text);
  const transport = checkTransport(url);
  if (transport !== null) return err(`the address ${transport}: ${remedy}`);
  const [app, organization = '', ...rest] = url.pathname.split('/').filter((part) => part !== '');
  const [workspace = '', runs, runId = ''] = rest[0] === 'workspaces' && rest[2] === 'runs' ? rest.slice(1) : rest;
  const isRun = app === 'app' && runs === 'runs' && NAME.test(organization) && NAME.test(workspace) && /^run-[A-Za-z0-9]+$/.test(runId);
  return isRun ? ok({ origin: url.origin, host: url.host, organization, workspace, runId }) : err(`not the address of a run: ${remedy}`);
}

const one = z.object({ data: z.object({ id: z.string() }).nullish() }).nullish();
const relationId = (relation: z.output<typeof one>): string | null => relation?.data?.id ?? null;

const runSchema = z.object({
  data: z.object({
    attributes: z.object({
      'message': z.string().nullish(),
      'created-at': z.string().nullish(),
      'status': z.string().nullish(),
      'is-destroy': z.boolean().nullish(),
      'plan-only': z.boolean().nullish(),
    }),
    relationships: z.object({ 'workspace': one, 'configuration-version': one, 'apply': one }),
  }),
});
const workspaceSchema = z.object({
  data: z.object({
    attributes: z.object({ 'name': z.string(), 'working-directory': z.string().nullish() }),
    relationships: z.object({ project: one }).nullish(),
  }),
});
const applySchema = z.object({ data: z.object({ attributes: z.object({ status: z.string() }) }) });
const projectSchema = z.object({ data: z.object({ attributes: z.object({ name: z.string() }) }) });

/** @param origin  of an address whose host may have the token */
export async function fetchRunDetails(
  { origin, runId }: Pick<RunAddress, 'origin' | 'runId'>,
  token: string,
  deps: HcpDeps,
): Promise<Result<RunDetails, RunProblem>> {
  const answer = await get(`${origin}/api/v2/runs/${encodeURIComponent(runId)}`, runSchema, `the run ${runId}`, token, deps);
  if (!answer.ok) return answer;
  const { attributes, relationships } = answer.value.data;
  const workspaceId = relationId(relationships.workspace);
  if (workspaceId === null) return err({ detail: `HCP Terraform names no workspace of the run ${runId}`, retryable: false });
  return ok({
    message: attributes.message ?? '',
    createdAt: attributes['created-at'] ?? null,
    status: attributes.status ?? '',
    destroy: attributes['is-destroy'] ?? null,
    speculative: attributes['plan-only'] ?? false,
    workspaceId,
    configurationVersionId: relationId(relationships['configuration-version']),
    applyId: relationId(relationships.apply),
  });
}

/** `finished`, `errored`, `canceled`, or how far it is. After the apply the run's own status only says that its tasks are at work. */
export async function fetchApplyStatus(origin: string, applyId: string, token: string, deps: HcpDeps): Promise<Result<string, RunProblem>> {
  const answer = await get(`${origin}/api/v2/applies/${encodeURIComponent(applyId)}`, applySchema, 'the apply', token, deps);
  return answer.ok ? ok(answer.value.data.attributes.status) : answer;
}

export async function fetchWorkspace(
  origin: string,
  workspaceId: string,
  token: string,
  deps: HcpDeps,
): Promise<Result<WorkspaceDetails, RunProblem>> {
  const url = `${origin}/api/v2/workspaces/${encodeURIComponent(workspaceId)}`;
  const answer = await get(url, workspaceSchema, 'the workspace', token, deps);
  if (!answer.ok) return answer;
  const { attributes, relationships } = answer.value.data;
  return ok({
    name: attributes.name,
    workingDirectory: attributes['working-directory'] ?? '',
    projectId: relationId(relationships?.project),
  });
}

/** The name of the project that a workspace is in. */
export async function fetchProjectName(
  origin: string,
  { projectId }: WorkspaceDetails,
  token: string,
  deps: HcpDeps,
): Promise<Result<string, RunProblem>> {
  if (projectId === null) return err({ detail: 'HCP Terraform names no project of the workspace', retryable: false });
  const answer = await get(`${origin}/api/v2/projects/${encodeURIComponent(projectId)}`, projectSchema, 'the project', token, deps);
  return answer.ok ? ok(answer.value.data.attributes.name) : answer;
}

/** The plan in JSON. The token must belong to an administrator of the workspace ("Plans API", read 2026-11). */
export async function openRunPlan(
  { origin, runId }: Pick<RunAddress, 'origin' | 'runId'>,
  token: string,
  deps: HcpDeps,
): Promise<Stream | Unavailable<UnavailableReason>> {
  const url = `${origin}/api/v2/runs/${encodeURIComponent(runId)}/plan/json-output`;
  return forUser(await open(url, 'plan', token, deps), 'plan: reading it in JSON needs the permission admin on the workspace');
}

/** The configuration (.tar.gz) that a run was made from. */
export async function openRunConfiguration(
  origin: string,
  configurationVersionId: string,
  token: string,
  deps: HcpDeps,
): Promise<Stream | Unavailable<UnavailableReason>> {
  const url = `${origin}/api/v2/configuration-versions/${encodeURIComponent(configurationVersionId)}/download`;
  const what = 'configuration, or has discarded it: the files of VCS runs go when the runs are complete';
  return forUser(await open(url, 'configuration', token, deps), what);
}

async function open(
  url: string,
  what: 'plan' | 'configuration',
  accessToken: string,
  deps: HcpDeps,
): Promise<Stream | Unavailable<UnavailableReason>> {
  const resolved = await resolvePlan({ url, accessToken }, deps, what);
  return resolved.kind === 'presigned' ? openPresigned(resolved.url, deps) : resolved;
}

/** What the exchange says of a run task's token is not true of a person's. */
function forUser<T extends Stream>(opened: T | Unavailable<UnavailableReason>, what: string): T | Unavailable<UnavailableReason> {
  if (opened.kind !== 'unavailable') return opened;
  if (opened.reason === 'token-expired') return { ...opened, detail: REFUSED };
  if (opened.reason === 'not-found') return { ...opened, detail: `HCP Terraform does not show this token the ${what}` };
  return opened;
}

const REFUSED = 'HCP Terraform refused the token: it is wrong, expired or revoked';

async function get<S extends z.ZodType>(
  url: string,
  schema: S,
  what: string,
  token: string,
  deps: HcpDeps,
): Promise<Result<z.output<S>, RunProblem>> {
  const answer = await exchange(url, { headers: { Authorization: `Bearer ${token}`, Accept: 'application/vnd.api+json' } }, deps);
  if (answer.kind === 'no-answer') return err({ detail: `HCP Terraform could not be reached (${answer.detail})`, retryable: true });
  const { response } = answer;
  if (response.status !== 200) {
    await discard(response);
    return err(refuse(response.status, what));
  }
  // A body that breaks off, or is a proxy's page: both may be over at the next try.
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  return parsed.success ? ok(parsed.data) : err({ detail: `HCP Terraform's answer about ${what} could not be read`, retryable: true });
}

function refuse(status: number, what: string): RunProblem {
  if (status === 401 || status === 403) return { detail: REFUSED, retryable: false };
  if (status === 404) return { detail: `HCP Terraform does not know ${what}, or the token may not read it`, retryable: false };
  return { detail: `HCP Terraform answered ${status} when asked for ${what}`, retryable: status === 429 || status >= 500 };
}
