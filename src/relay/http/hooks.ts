// POST /hooks/{task}: HCP Terraform tells of a run. 200 says: kept durably, a verdict will come. Nothing else happens here.
import { describeThrown } from '../../base/fault.ts';
import { ok, err, type Result } from '../../base/result.ts';
import { isRegistrationTest, readCallback, readRunTaskRequest, type RunTaskRequest } from '../../contracts/run-task-request.ts';
import { checkRequestHosts } from '../../hcp/hosts.ts';
import type { RelayContext } from '../context.ts';
import { acceptTask, type Accepted } from '../life/accept.ts';
import { decide, type Decision } from '../life/transitions.ts';
import { verdictOf, type Task, type TaskNames } from '../life/task.ts';
import type { ResolvedTask } from '../config/resolved.ts';
import { routeTask } from '../routes.ts';
import { logFields } from '../task-log.ts';
import { readBody } from './read-body.ts';
import type { HookRefusal } from './refusals.ts';
import { verifySignature } from './verify-signature.ts';

export const MAX_HOOK_BYTES = 1024 * 1024;

/** A verified post, for `runtask relay --record`. */
export type RecordPost = (post: { readonly task: string; readonly body: unknown }) => Promise<void>;

export type HookAnswer = 'kept' | 'known' | 'registration-test';

interface Refused {
  readonly refusal: HookRefusal;
  readonly detail: string;
}

/**
 * 1 read the bytes, with a limit  2 verify them  3 registration test? 200, no effect  4 parse  5 lists: hosts, organization,
 * route  6 keep it, with its verdict when there is one already.
 * @throws Fault when the store does not work
 */
export async function receiveHook(
  request: Request,
  taskName: string,
  relay: RelayContext,
  record: RecordPost | null,
): Promise<Result<HookAnswer, Refused>> {
  const task = Object.hasOwn(relay.config.tasks, taskName) ? relay.config.tasks[taskName] : undefined;
  if (task === undefined) return err({ refusal: 'unknown-task', detail: '' });
  const bytes = await readBody(request, MAX_HOOK_BYTES);
  if (!bytes.ok) return err({ refusal: bytes.error === 'too-large' ? 'too-large' : 'broken-body', detail: '' });

  const signature = verifySignature(bytes.value, request.headers.get('x-tfc-task-signature') ?? undefined, task.hmacKeys);
  if (signature !== 'good') return err({ refusal: signature === 'missing' ? 'signature-missing' : 'signature-mismatch', detail: '' });
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? ''))
    return err({ refusal: 'wrong-content-type', detail: '' });
  const body = parseJson(bytes.value);
  if (!body.ok) return err({ refusal: 'not-json', detail: '' });
  if (record !== null) await keepRecord(record, task.name, body.value, relay);
  if (isRegistrationTest(body.value)) {
    relay.log.info('registration test answered', { task: task.name });
    return ok('registration-test');
  }

  const now = relay.clock.now();
  const read = readPost(body.value, task, relay.config.github.webUrl);
  if (!read.ok) return err({ refusal: 'no-usable-callback', detail: read.error });
  const { accepted, decision } = read.value;
  const received = acceptTask(accepted, now, relay.random);
  const row = decision === null ? received : (decide(received, decision, now) ?? received);
  // Before the row exists somewhere, so that no line about it can come earlier.
  relay.log.learn(row);
  const { kind } = await relay.store.put(row);
  if (kind === 'known') relay.log.forget(row.id);
  note(relay, row, kind);
  return ok(kind);
}

/** A full disk under --record is no reason to leave a run without a verdict. */
async function keepRecord(record: RecordPost, task: string, body: unknown, relay: RelayContext): Promise<void> {
  try {
    await record({ task, body });
  } catch (thrown) {
    relay.log.warn('post not recorded', { task, error: describeThrown(thrown) });
  }
}

function parseJson(bytes: Uint8Array): Result<unknown, void> {
  try {
    return ok(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown);
  } catch {
    // The parser's message would quote the body, which may hold a token.
    return err(undefined);
  }
}

/** What is to be kept. A `decision` is there when nothing is left to judge. Err: nobody could be told the verdict. */
function readPost(body: unknown, task: ResolvedTask, webUrl: string): Result<{ accepted: Accepted; decision: Decision | null }, string> {
  const callback = readCallback(body);
  if (!callback.ok) return err(callback.error.map(({ path, message }) => `${path}: ${message}`).join('; '));
  const { task_result_callback_url: callbackUrl, access_token: accessToken, task_result_id: taskResultId } = callback.value;
  const hosts = checkRequestHosts({ task_result_callback_url: callbackUrl }, task.hcp_hosts);
  if (!hosts.ok) return err(`${hosts.error.field} ${hosts.error.problem}`);

  const names: TaskNames = {
    organization: cut(callback.value.organization_name),
    workspace: cut(callback.value.workspace_name),
    run: cut(callback.value.run_id),
    stage: cut(callback.value.stage),
  };
  const base = {
    key: { task: task.name, host: new URL(callbackUrl).host, taskResultId },
    names,
    callbackUrl,
    accessToken,
    tokenLifeMs: task.token_life,
  };
  const refuse = (message: string, by: Decision['by'], observe = false) =>
    ok({ accepted: { ...base, request: null, route: null, observe }, decision: { status: 'failed', message, by } satisfies Decision });

  const request = readRunTaskRequest(body);
  if (!request.ok) {
    const problems = request.error.map(({ path, message }) => `${path}: ${message}`).join('; ');
    return refuse(
      `The relay does not understand this run task request (${problems}). Is the relay older than this HCP Terraform? Upgrade it.`,
      'refused-request',
    );
  }
  const foreign = checkRequestHosts(urlsOf(request.value), task.hcp_hosts);
  if (!foreign.ok)
    return refuse(
      `The request's ${foreign.error.field} ${foreign.error.problem}. Its access token is sent nowhere else; if the host is yours, add it to hcp_hosts in relay.yml.`,
      'refused-request',
    );
  if (!task.organizations.includes(request.value.organization_name))
    return refuse(
      `Organization "${request.value.organization_name}" is not among the organizations of task "${task.name}" in relay.yml.`,
      'refused-request',
    );

  const routing = routeTask(request.value, task, webUrl);
  const full = { ...base, names: { ...names, stage: request.value.stage }, request: request.value };
  switch (routing.kind) {
    case 'route':
      return ok({ accepted: { ...full, route: routing.route, observe: routing.observe }, decision: null });
    case 'refused':
      return ok({
        accepted: { ...full, route: null, observe: routing.observe },
        decision: { status: 'failed', message: routing.message, by: 'route' },
      });
    case 'unrouted':
      return ok({
        accepted: { ...full, route: null, observe: false },
        decision:
          task.unrouted === 'fail'
            ? { status: 'failed', message: routing.message, by: 'route' }
            : { status: 'passed', message: `Not checked: ${routing.message}`, by: 'route' },
      });
  }
}

/** For log lines: a name of HCP's is far shorter, and a hostile one should not fill the disk. */
const cut = (name: string | undefined): string => (name ?? '').slice(0, 128);

/** All of them on one host: those that get the token, and those that people are shown. */
const urlsOf = (request: RunTaskRequest): Record<string, string | null> => ({
  task_result_callback_url: request.task_result_callback_url,
  plan_json_api_url: request.plan_json_api_url,
  configuration_version_download_url: request.configuration_version_download_url,
  run_app_url: request.run_app_url,
  workspace_app_url: request.workspace_app_url,
});

function note(relay: RelayContext, task: Task, kind: 'kept' | 'known'): void {
  if (kind === 'known') {
    relay.log.info('run task known already', { ...logFields(task), id: undefined });
    return;
  }
  relay.log.info('run task received', { ...logFields(task), deadline: new Date(task.deadlineAt).toISOString() });
  const verdict = verdictOf(task);
  if (verdict === null) return;
  const { status, message } = verdict.result;
  relay.metrics.count('runtask_verdicts_total', { status, by: verdict.by });
  relay.log.info('verdict on record', { ...logFields(task), status, by: verdict.by, message });
}
