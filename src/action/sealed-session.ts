// A run task in a sealed session: the relay is stateless, so the payload itself carries the request, signed by the relay and
// encrypted for this repository. The action talks to HCP Terraform, and to the hosts of `hcp-hosts` only.
//
// What a relay session gives and this one cannot: a verdict when no runner starts or the runner is lost (HCP's own timeout says
// that), and one judge for duplicates (HCP answers 409 to the second).
import { cut } from '../base/cut.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { SealedPayload } from '../contracts/client-payload.ts';
import { toRunFacts, type RunTaskRequest } from '../contracts/run-task-request.ts';
import { RESULT_LIMITS, type TaskProgress, type TaskResult } from '../contracts/task-result.ts';
import { sendCallback, type CallbackAnswer } from '../hcp/callback.ts';
import { toObserved } from '../hcp/observed.ts';
import { openConfiguration } from '../hcp/configuration.ts';
import { checkRequestHosts } from '../hcp/hosts.ts';
import { openPresigned, resolvePlan } from '../hcp/plan.ts';
import { readKey } from '../sealed/keys.ts';
import { openTask, type OpenedTask, type OpenRefusal } from '../sealed/open.ts';
import { readSaid, writeSaid } from './job-folder.ts';
import { PROGRESS_EVERY_MS, type KeepAliveOrders } from './keep-alive.ts';
import { saveDownload } from './save-download.ts';
import type { Download, Finished, RunTaskSession } from './session.ts';

export interface SealedSessionDeps {
  readonly payload: SealedPayload;
  readonly sealKey: string;
  readonly relayKey: string;
  readonly hcpHosts: readonly string[];
  readonly repositoryId: string;
  readonly workflowUrl: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly mask: (secret: string) => void;
  /** The job's folder. */
  readonly folder: string;
  /** Starts what speaks for the run task while no process of ours lives. @throws Fault */
  readonly startKeepAlive: (orders: KeepAliveOrders) => Promise<void>;
}

/**
 * Where the relay does not say: HCP's token lives ten minutes from the request (HashiCorp, "Permissions", run task tokens); the last
 * one is for tries.
 */
const TOKEN_LIFE_MS = 9 * 60_000;
const BACKOFF_MS = [1_000, 2_000, 5_000, 10_000, 20_000] as const;
const DOWNLOAD_TRIES = 4;

const REFUSALS: Record<OpenRefusal, string> = {
  'not-for-this-key': 'the sealed run task cannot be opened with the input seal-key: the relay seals for another key',
  'not-from-the-relay':
    'the sealed run task is not signed by the relay of the input relay-key: somebody else sent this event, or the keys were changed on one side',
  'malformed': 'the sealed run task is of another version: upgrade the older of relay and action',
  'another-repository': 'the sealed run task was made for another repository',
  'expired': "the sealed run task has expired: HCP Terraform's access token is dead by now; start the run again there",
  'label-changed': "the event's names do not match the sealed run task: somebody changed them",
  'id-changed': "the event's id does not match the sealed run task: somebody changed it",
  'bad-request': 'the sealed run task is not one that this version of the action understands',
};

export async function openSealedSession(deps: SealedSessionDeps): Promise<Result<RunTaskSession, string>> {
  // Masked before anything is done with them: a key of several lines is masked line by line.
  deps.mask(deps.sealKey);
  const sealKey = await readKey(deps.sealKey, { form: 'seal', half: 'private' });
  if (!sealKey.ok) return err(`input seal-key: ${sealKey.error}`);
  const relayKey = await readKey(deps.relayKey, { form: 'relay', half: 'public' });
  if (!relayKey.ok) return err(`input relay-key: ${relayKey.error}`);

  const input = { payload: deps.payload, sealKey: sealKey.value, relayKey: relayKey.value, repositoryId: deps.repositoryId };
  const opened = await openTask(input, deps.clock.now());
  if (!opened.ok) return err(REFUSALS[opened.error]);
  const { request } = opened.value;
  maskRequest(request, deps.mask);
  const hosts = checkRequestHosts(secretUrls(request), deps.hcpHosts);
  if (!hosts.ok) return err(`the run task's ${hosts.error.field} ${hosts.error.problem}; the input hcp-hosts names the allowed ones`);
  return ok(createSession(opened.value, await readSaid(deps.folder), deps));
}

const secretUrls = (request: RunTaskRequest): Record<string, string | null> => ({
  task_result_callback_url: request.task_result_callback_url,
  plan_json_api_url: request.plan_json_api_url,
  configuration_version_download_url: request.configuration_version_download_url,
});

function maskRequest(request: RunTaskRequest, mask: (secret: string) => void): void {
  mask(request.access_token);
  for (const url of Object.values(secretUrls(request))) if (url !== null) mask(url);
}

/** @param said  what an earlier step of this job has said already */
function createSession({ request, observe, deadlineAt }: OpenedTask, said: Finished | null, deps: SealedSessionDeps): RunTaskSession {
  const target = { url: request.task_result_callback_url, accessToken: request.access_token };
  const deadline = deadlineAt ?? deps.clock.now() + TOKEN_LIFE_MS;
  let message = 'Started.';
  let stopped = said !== null;
  const tell = async (): Promise<void> => {
    const progress: TaskProgress = { status: 'running', message, url: deps.workflowUrl };
    await sendCallback(target, progress, deps);
  };
  const keepTelling = (): (() => void) => {
    const cancel = deps.clock.after(PROGRESS_EVERY_MS, () => {
      if (stopped) return;
      // sendCallback never throws; a lost progress update is told again at the next turn.
      void tell();
      cancelNext = keepTelling();
    });
    return cancel;
  };
  let cancelNext = keepTelling();
  const stop = (): void => {
    stopped = true;
    cancelNext();
  };
  return {
    run: toRunFacts(request),
    observe,
    feedbackToken: null,
    finished: said,
    deadline,
    sharedComment: null,
    plan: (path) => downloadPlan(path, request, deps),
    configuration: (path) => downloadConfiguration(path, request, deps),
    progress: async (text) => {
      message = cut(text, RESULT_LIMITS.message);
      await tell();
    },
    finish: async (result) => {
      stop();
      const finished = await deliver(observe ? toObserved(result) : result, target, deadline, deps);
      await writeSaid(deps.folder, finished);
      return finished;
    },
    handOn: async () => {
      stop();
      const { url: callbackUrl, accessToken } = target;
      await deps.startKeepAlive({
        callbackUrl,
        accessToken,
        workflowUrl: deps.workflowUrl,
        message,
        observe,
        deadline,
        folder: deps.folder,
      });
    },
    close: async () => stop(),
  };
}

async function deliver(
  result: TaskResult,
  target: { url: string; accessToken: string },
  deadline: number,
  deps: SealedSessionDeps,
): Promise<Finished> {
  const verdict = { status: result.status, message: result.message, decided_by: 'action' as const };
  let inDoubt = false;
  for (let attempt = 1; ; attempt++) {
    const answer = await sendCallback(target, result, deps);
    const settled = settle(answer, inDoubt);
    if (settled !== null) return { verdict, accepted: settled.state === 'delivered', delivery: settled };
    if (answer.kind !== 'retry') throw new Fault('E_HCP_ANSWER', `HCP Terraform answered ${answer.kind}`, { retryable: false });
    inDoubt = true;
    const wait = answer.retryAfterMs ?? BACKOFF_MS[Math.min(attempt, BACKOFF_MS.length) - 1]!;
    if (deps.clock.now() + wait > deadline)
      return { verdict, accepted: false, delivery: { state: 'undeliverable', reason: answer.detail } };
    await deps.clock.sleep(wait);
  }
}

type Delivery = Finished['delivery'];

/** null: try again. */
function settle(answer: CallbackAnswer, inDoubt: boolean): Delivery | null {
  switch (answer.kind) {
    case 'accepted':
      return { state: 'delivered' };
    case 'terminal':
      // A try whose answer was lost may have been the one that HCP took.
      return inDoubt ? { state: 'delivered' } : { state: 'undeliverable', reason: 'HCP Terraform has a result for this run task already' };
    case 'unauthorized':
      return { state: 'undeliverable', reason: "HCP Terraform refused the run task's access token; it lives for 10 minutes" };
    case 'not-found':
      return { state: 'undeliverable', reason: 'HCP Terraform no longer knows this run task; the run may have been canceled' };
    case 'invalid':
      return { state: 'undeliverable', reason: `HCP Terraform refused the result: ${answer.detail}` };
    case 'retry':
      return null;
  }
}

async function downloadPlan(path: string, request: RunTaskRequest, deps: SealedSessionDeps): Promise<Download> {
  if (request.plan_json_api_url === null) return { kind: 'unavailable', reason: 'no-plan-in-stage', detail: 'this stage has no plan' };
  const target = { url: request.plan_json_api_url, accessToken: request.access_token };
  for (let attempt = 1; ; attempt++) {
    const resolved = await resolvePlan(target, deps);
    if (resolved.kind === 'presigned') deps.mask(resolved.url);
    const opened = resolved.kind === 'presigned' ? await openPresigned(resolved.url, deps) : resolved;
    if (opened.kind === 'stream') {
      const saved = await saveDownload(opened.body, path);
      if (saved.ok) return saved.value;
      if (attempt >= DOWNLOAD_TRIES)
        return { kind: 'unavailable', reason: 'unreachable', detail: `the plan broke off on its way: ${saved.error}` };
    } else if (attempt >= DOWNLOAD_TRIES || (opened.reason !== 'not-ready' && opened.reason !== 'unreachable')) return opened;
    await deps.clock.sleep(BACKOFF_MS[attempt - 1] ?? 20_000);
  }
}

async function downloadConfiguration(path: string, request: RunTaskRequest, deps: SealedSessionDeps): Promise<Download> {
  const url = request.configuration_version_download_url;
  if (url === null) return { kind: 'unavailable', reason: 'not-offered', detail: 'HCP Terraform offers no configuration for this run' };
  const opened = await openConfiguration({ url, accessToken: request.access_token }, deps);
  if (opened.kind === 'unavailable') return opened;
  const saved = await saveDownload(opened.body, path);
  return saved.ok
    ? saved.value
    : { kind: 'unavailable', reason: 'unreachable', detail: `the configuration broke off on its way: ${saved.error}` };
}
