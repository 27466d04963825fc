// A run task in a relay session: the job proves itself with its GitHub OIDC token, then speaks with a session token that lives in
// this process's memory only. HCP's access token never comes here.
import { cut } from '../base/cut.ts';
import { Fault } from '../base/fault.ts';
import { ok, type Result } from '../base/result.ts';
import type { Clock } from '../base/clock.ts';
import {
  API_VERSION,
  claimResponseSchema,
  configurationUnavailableSchema,
  planResponseSchema,
  progressResponseSchema,
  renewResponseSchema,
  resultResponseSchema,
  type ClaimRequest,
  type ClaimResponse,
  type RecordedVerdict,
} from '../contracts/relay-api.ts';
import type { ClientPayload } from '../contracts/client-payload.ts';
import { RESULT_LIMITS, type TaskResult } from '../contracts/task-result.ts';
import { openPresigned } from '../hcp/plan.ts';
import { callRelay, openRelay, type Call, type Refusal } from './relay-client.ts';
import { createSharedComment } from './shared-comment.ts';
import { saveDownload } from './save-download.ts';
import type { Download, Finished, RunTaskSession } from './session.ts';

export interface RelaySessionDeps {
  readonly relayUrl: string;
  readonly payload: ClientPayload;
  /** Random per `uses:` step. */
  readonly use: string;
  readonly phase: ClaimRequest['phase'];
  readonly process: ClaimRequest['process'];
  /** A fresh OIDC token for the relay as audience. */
  readonly idToken: () => Promise<string>;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** Hides a value from the log from now on. */
  readonly mask: (secret: string) => void;
  /** How long to try to reach a relay that does not answer the claim. */
  readonly patienceMs: number;
  /** Renews the claim from another thread; returns what ends it. `onVerdict`: somebody else has decided. */
  readonly startRenewals: (renewal: Renewal, onVerdict: (verdict: RecordedVerdict) => void) => () => Promise<void>;
  /** The verdict came from elsewhere (deadline, operator) while we work. */
  readonly onVerdict: (verdict: RecordedVerdict) => void;
}

export interface Renewal {
  readonly url: string;
  readonly sessionToken: string;
  readonly everyMs: number;
}

/** Between pre and main, and between two phases, other steps are at work and the relay hears nothing. It allows no longer time. */
const QUIET_MS = 15 * 60_000;
/** A relay that restarts is back in seconds; the steps that follow wait for this. */
const HAND_ON_PATIENCE_MS = 60_000;
const QUIET = { state: 'quiet', for_ms: QUIET_MS };
const DOWNLOAD_TRIES = 3;
/** HCP writes the JSON of a plan after the plan; it says 204 until then. */
const NOT_READY_WAITS_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

/** What `pre` leaves behind: a claim that stays quiet until main. @throws Fault */
export async function claimQuietly(deps: RelaySessionDeps): Promise<Result<ClaimResponse, Refusal>> {
  const claimed = await claim(deps);
  if (!claimed.ok || claimed.value.verdict !== null) return claimed;
  const renewed = await callRelay(call(deps, claimed.value, 'renew', QUIET), renewResponseSchema, deps);
  return renewed.ok ? claimed : renewed;
}

/** @throws Fault when the relay could not be reached in `patienceMs` */
export async function openRelaySession(deps: RelaySessionDeps): Promise<Result<RunTaskSession, Refusal>> {
  const claimed = await claim(deps);
  return claimed.ok ? ok(createSession(claimed.value, deps)) : claimed;
}

async function claim(deps: RelaySessionDeps): Promise<Result<ClaimResponse, Refusal>> {
  const body: ClaimRequest = { version: API_VERSION, payload: deps.payload, use: deps.use, phase: deps.phase, process: deps.process };
  const path = `/v1/run-tasks/${deps.payload.id}/claim`;
  const until = deps.clock.now() + deps.patienceMs;
  const claimed = await callRelay({ method: 'POST', path, bearer: deps.idToken, body, until }, claimResponseSchema, deps);
  if (!claimed.ok) return claimed;
  deps.mask(claimed.value.session_token);
  if (claimed.value.feedback_token !== null) deps.mask(claimed.value.feedback_token.token);
  return claimed;
}

function createSession(claimed: ClaimResponse, deps: RelaySessionDeps): RunTaskSession {
  const finished: Finished | null =
    claimed.verdict === null ? null : { verdict: claimed.verdict, accepted: false, delivery: claimed.delivery ?? { state: 'pending' } };
  const renewal = {
    url: `${deps.relayUrl}/v1/run-tasks/${deps.payload.id}/renew`,
    sessionToken: claimed.session_token,
    everyMs: claimed.renew_every_ms,
  };
  const stopRenewals = finished === null ? deps.startRenewals(renewal, deps.onVerdict) : async () => {};
  return {
    run: claimed.run,
    observe: claimed.observe,
    feedbackToken: claimed.feedback_token,
    finished,
    deadline: localDeadline(claimed, deps.clock),
    sharedComment: createSharedComment({ id: deps.payload.id, sessionToken: claimed.session_token }, deps),
    plan: (path) => downloadPlan(path, claimed, deps),
    configuration: (path) => downloadConfiguration(path, claimed, deps),
    progress: async (message) => {
      // Ten seconds at most: a progress line is not worth holding up a check for.
      const progress = call(
        deps,
        claimed,
        'progress',
        { message: cut(message, RESULT_LIMITS.message) },
        'PATCH',
        deps.clock.now() + 10_000,
      );
      // Promised by RunTaskSession: never throws. The next line, or the verdict, finds out what is wrong with the relay.
      await callRelay(progress, progressResponseSchema, deps).catch(() => undefined);
    },
    finish: (result) => sendResult(result, claimed, deps),
    handOn: async () => {
      // Ended first: a renewal that came after would call the claim live again, and 90 seconds later lost.
      await stopRenewals();
      const until = deps.clock.now() + HAND_ON_PATIENCE_MS;
      const renewed = await callRelay(call(deps, claimed, 'renew', QUIET, 'POST', until), renewResponseSchema, deps);
      if (!renewed.ok) throw new Fault('E_RELAY_REFUSED', `the relay refused: ${renewed.error.message}`, { retryable: false });
    },
    close: stopRenewals,
  };
}

/** The relay's deadline on the runner's clock, whichever of the two is wrong. */
const localDeadline = (claimed: ClaimResponse, clock: Clock): number => clock.now() + (claimed.deadline_at - claimed.now);

function call(
  deps: RelaySessionDeps,
  claimed: ClaimResponse,
  what: string,
  body: unknown,
  method: Call['method'] = 'POST',
  until?: number,
): Call {
  return {
    method,
    path: `/v1/run-tasks/${deps.payload.id}/${what}`,
    bearer: () => Promise.resolve(claimed.session_token),
    body,
    until: until ?? localDeadline(claimed, deps.clock),
  };
}

async function sendResult(result: TaskResult, claimed: ClaimResponse, deps: RelaySessionDeps): Promise<Finished> {
  const sent = await callRelay(call(deps, claimed, 'result', result, 'PATCH'), resultResponseSchema, deps);
  if (sent.ok) return sent.value;
  // The relay knows us and says no: fenced out by a later attempt, mostly. There is a verdict or will be, and it is not ours.
  const verdict = {
    status: 'failed' as const,
    message: `The relay refused this job's result: ${sent.error.message}`,
    decided_by: 'superseded' as const,
  };
  return { verdict, accepted: false, delivery: { state: 'undeliverable', reason: sent.error.message } };
}

async function downloadPlan(path: string, claimed: ClaimResponse, deps: RelaySessionDeps): Promise<Download> {
  let waits = 0;
  for (let attempt = 1; ; attempt++) {
    const answer = await openPlan(claimed, deps);
    const last = attempt >= DOWNLOAD_TRIES + waits;
    if (answer.kind === 'unavailable') {
      const wait =
        answer.reason === 'not-ready' ? NOT_READY_WAITS_MS[waits++] : last || answer.reason !== 'unreachable' ? undefined : 2_000;
      if (wait === undefined) return answer;
      await deps.clock.sleep(wait);
      continue;
    }
    const saved = await saveDownload(answer.body, path);
    if (saved.ok) return saved.value;
    if (last)
      return {
        kind: 'unavailable',
        reason: 'unreachable',
        detail: `the plan broke off on its way ${DOWNLOAD_TRIES} times: ${saved.error}`,
      };
  }
}

type Opened =
  | { readonly kind: 'stream'; readonly body: ReadableStream<Uint8Array> }
  | { readonly kind: 'unavailable'; readonly reason: string; readonly detail: string };

async function openPlan(claimed: ClaimResponse, deps: RelaySessionDeps): Promise<Opened> {
  const response = await openRelay(call(deps, claimed, 'plan', {}), deps);
  if (!response.ok) return { kind: 'unavailable', reason: response.error.code, detail: response.error.message };
  if (!isJson(response.value)) return streamOf(response.value);
  const answer = planResponseSchema.safeParse(await response.value.json());
  if (!answer.success) return { kind: 'unavailable', reason: 'version', detail: "the relay's answer about the plan is of another version" };
  if (answer.data.kind === 'unavailable') return answer.data;
  deps.mask(answer.data.url);
  return openPresigned(answer.data.url, { fetch: deps.fetch });
}

async function downloadConfiguration(path: string, claimed: ClaimResponse, deps: RelaySessionDeps): Promise<Download> {
  const response = await openRelay(call(deps, claimed, 'configuration', {}), deps);
  if (!response.ok) return { kind: 'unavailable', reason: response.error.code, detail: response.error.message };
  if (isJson(response.value)) {
    const answer = configurationUnavailableSchema.safeParse(await response.value.json());
    return answer.success
      ? answer.data
      : { kind: 'unavailable', reason: 'version', detail: "the relay's answer about the configuration is of another version" };
  }
  const opened = streamOf(response.value);
  if (opened.kind === 'unavailable') return opened;
  const saved = await saveDownload(opened.body, path);
  return saved.ok
    ? saved.value
    : { kind: 'unavailable', reason: 'unreachable', detail: `the configuration broke off on its way: ${saved.error}` };
}

const isJson = (response: Response): boolean => (response.headers.get('content-type') ?? '').startsWith('application/json');

const streamOf = (response: Response): Opened =>
  response.body === null
    ? { kind: 'unavailable', reason: 'empty', detail: 'the relay sent nothing' }
    : { kind: 'stream', body: response.body };
