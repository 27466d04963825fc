// /v1/run-tasks/{id}/…: what the action asks. Each function reads, decides under the row's lock, and returns a value or a refusal;
// app.ts turns both into HTTP.
import * as z from 'zod';
import { err, ok, type Result } from '../../base/result.ts';
import {
  API_VERSION,
  claimRequestSchema,
  progressRequestSchema,
  renewRequestSchema,
  resultRequestSchema,
  type ClaimRequest,
  type ClaimResponse,
  type ProgressResponse,
  type RenewResponse,
  type ResultResponse,
} from '../../contracts/relay-api.ts';
import { claimTask, explainAudience, explainRefusal, refuseJob, type ClaimOutcome } from '../claims/claim-task.ts';
import { feedbackToken } from '../claims/feedback-token.ts';
import { deliveryOf, digestOf, findSession, noteProgress, recordedVerdict, recordResult, renew } from '../claims/session.ts';
import type { Job, OidcRefusal, VerifyOidc } from '../claims/verify-oidc.ts';
import type { RelayContext } from '../context.ts';
import { isTicketOf } from '../dispatch/payload.ts';
import { createSessionToken, sha256 } from '../life/accept.ts';
import { RENEW_EVERY } from '../life/numbers.ts';
import { isFinal, verdictOf, type Task } from '../life/task.ts';
import { decide } from '../life/transitions.ts';
import { logFields } from '../task-log.ts';
import { refuse, type ApiRefusal } from './refusals.ts';

export interface Call {
  readonly id: string;
  /** Bearer token; null when there is none. */
  readonly token: string | null;
  /** Parsed JSON. */
  readonly body: unknown;
}

type Answer<T> = Promise<Result<T, ApiRefusal>>;

/** How long the answer to a result waits for HCP's: long enough for the usual second, short for the job. */
const RESULT_WAIT_MS = 5000;
/** A `jti` is refused for as long as its token could be good: ten minutes of age and the clock tolerance, twice over. */
const JTI_KEPT_MS = 30 * 60_000;

export async function claim(call: Call, relay: RelayContext, verify: VerifyOidc): Answer<ClaimResponse> {
  if (call.token === null) return err(refuse('unauthorized'));
  const verified = await verify(call.token);
  if (!verified.ok) return refuseToken(call, verified.error, relay);
  const job = verified.value;
  const request = readClaim(call.body);
  if (!request.ok) return request.error === 'bad-request' ? err(refuse('bad-request')) : refuseVersion(call, job, request.error, relay);

  const session = createSessionToken(relay.random);
  const attempt = { job, request: request.value, sessionHash: sha256(session), webUrl: relay.config.github.webUrl };
  const now = relay.clock.now();
  const changed = await relay.change<ClaimOutcome>(call.id, (task) => {
    const outcome = claimTask(task, attempt, now);
    if (outcome.kind === 'refused') {
      const why = explainRefusal(task, outcome);
      return why === null || isFinal(task) ? { answer: outcome } : { task: { ...task, refusedClaim: why }, answer: outcome };
    }
    return { task: outcome.task, once: { key: `jti ${job.iss} ${job.jti}`, expiresAt: now + JTI_KEPT_MS }, answer: outcome };
  });
  const refusal = refusalOf(changed);
  if (refusal !== null || changed.kind !== 'done' || changed.answer.kind !== 'claimed') {
    const { reason, detail, code } = refusal ?? { reason: 'unknown', detail: '', code: 'not-found' as const };
    relay.log.warn('claim refused', { id: call.id, reason, detail, job: describeJob(job) });
    relay.metrics.count('runtask_claims_total', { result: reason });
    return err(refuse(code));
  }

  const { task, how } = changed.answer;
  relay.claimedRuns.add(job.run_id);
  if (!isFinal(task)) relay.log.learnFor(task.id, session);
  relay.metrics.count('runtask_claims_total', { result: how });
  relay.log.info(how === 'again' ? 'run task claimed again' : 'run task claimed', {
    ...logFields(task),
    how,
    process: request.value.process,
    url: task.claim?.runUrl,
  });
  if (task.facts === null) return err(refuse('not-found'));
  return ok({
    version: API_VERSION,
    session_token: session,
    run: task.facts,
    deadline_at: task.deadlineAt,
    now,
    renew_every_ms: RENEW_EVERY,
    observe: task.observe,
    feedback_token: await feedbackToken(task, relay),
    verdict: recordedVerdict(task),
    delivery: deliveryOf(task),
  });
}

async function refuseToken(call: Call, refusal: OidcRefusal, relay: RelayContext): Promise<Result<never, ApiRefusal>> {
  const { reason } = refusal;
  relay.metrics.count('runtask_claims_total', { result: reason });
  if (reason !== 'other-audience') {
    relay.log.warn('claim refused', { id: call.id, reason, detail: refusal.why });
    return err(refuse(reason === 'invalid' ? 'unauthorized' : 'unavailable'));
  }
  const { job, audience } = refusal;
  const { publicUrl } = relay.config;
  const detail = 'the relay-url of the action and the public_url of relay.yml must be the same, letter for letter';
  relay.log.warn('claim refused', { id: call.id, reason, detail, relay_url: audience, public_url: publicUrl, job: describeJob(job) });
  const request = readClaim(call.body);
  if (request.ok)
    await relay.change(call.id, (task) => {
      const why = explainAudience(task, { job, request: request.value, audience }, publicUrl);
      return why === null || isFinal(task) ? { answer: undefined } : { task: { ...task, refusedClaim: why }, answer: undefined };
    });
  return err(refuse('unauthorized'));
}

function refusalOf(changed: {
  kind: string;
  answer?: ClaimOutcome;
}): { reason: string; detail: string; code: 'not-found' | 'claimed-by-another' | 'fenced' | 'unauthorized' } | null {
  if (changed.kind === 'missing') return { reason: 'unknown-id', detail: '', code: 'not-found' };
  if (changed.kind === 'used-before') return { reason: 'jti-reused', detail: '', code: 'unauthorized' };
  if (changed.answer?.kind !== 'refused') return null;
  const { reason, detail } = changed.answer;
  return { reason, detail, code: reason === 'claimed-by-another' || reason === 'fenced' ? reason : 'not-found' };
}

const describeJob = (job: Job): Record<string, string | number> => ({
  repository: job.repository,
  run: job.run_id,
  attempt: job.run_attempt,
  workflow: job.workflow_ref,
});

function readClaim(body: unknown): Result<ClaimRequest, 'bad-request' | OtherVersion> {
  const other = otherVersionSchema.safeParse(body);
  if (other.success && other.data.version !== API_VERSION) return err(other.data);
  const request = claimRequestSchema.safeParse(body);
  return request.success ? ok(request.data) : err('bad-request');
}

/** The little that any version of the protocol will have in common. */
const otherVersionSchema = z.object({
  version: z.number().int(),
  payload: z.object({ id: z.string(), ticket: z.string() }).optional().catch(undefined),
});
type OtherVersion = z.output<typeof otherVersionSchema>;

/** The job that was dispatched speaks another version: nobody else will ever judge this task, so the verdict is now. */
async function refuseVersion(call: Call, job: Job, other: OtherVersion, relay: RelayContext): Promise<Result<never, ApiRefusal>> {
  const upgrade = other.version > API_VERSION ? 'Upgrade the relay.' : 'Upgrade the action (the version after `@` in the workflow).';
  const message = `The action speaks version ${other.version} of the relay's protocol, the relay version ${API_VERSION}. ${upgrade}`;
  await relay.change(call.id, (task) => {
    const { payload } = other;
    const dispatched = refuseJob(task, job) === null && task.claim === null;
    if (payload === undefined || !dispatched || !isTicketOf(task, payload.ticket)) return { answer: undefined };
    const decided = decide(task, { status: 'failed', by: 'refused-request', message }, relay.clock.now());
    return decided === null ? { answer: undefined } : { task: decided, answer: undefined };
  });
  return err(refuse('version-mismatch', message));
}

/** Changes the row of a good session. `transition` returns null when nothing is to be changed. */
export async function withSession(
  call: Pick<Call, 'id' | 'token'>,
  relay: RelayContext,
  transition: (task: Task) => Task | null,
): Promise<Result<Task, ApiRefusal>> {
  if (call.token === null) return err(refuse('unauthorized'));
  const hash = sha256(call.token);
  const changed = await relay.change<Result<Task, ApiRefusal>>(call.id, (task) => {
    const session = findSession(task, hash);
    if (session !== 'good') return { answer: err(refuse(session === 'fenced' ? 'fenced' : 'not-found')) };
    const next = transition(task);
    return next === null ? { answer: ok(task) } : { task: next, answer: ok(next) };
  });
  return changed.kind === 'done' ? changed.answer : err(refuse('not-found'));
}

export async function renewClaim(call: Call, relay: RelayContext): Answer<RenewResponse> {
  const request = renewRequestSchema.safeParse(call.body);
  if (!request.success) return err(refuse('bad-request'));
  const now = relay.clock.now();
  const task = await withSession(call, relay, (held) => renew(held, request.data, now));
  return task.ok ? ok({ verdict: recordedVerdict(task.value) }) : task;
}

export async function progress(call: Call, relay: RelayContext): Answer<ProgressResponse> {
  const request = progressRequestSchema.safeParse(call.body);
  if (!request.success) return err(refuse('bad-request'));
  const now = relay.clock.now();
  const task = await withSession(call, relay, (held) => noteProgress(held, request.data.message, now));
  return task.ok ? ok({ verdict: recordedVerdict(task.value) }) : task;
}

export async function result(call: Call, relay: RelayContext): Answer<ResultResponse> {
  const request = resultRequestSchema.safeParse(call.body);
  if (!request.success) {
    const problems = request.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    return err(refuse('bad-request', `The result is not within HCP Terraform's limits: ${problems}`));
  }
  const now = relay.clock.now();
  const delivered = relay.settled(call.id, RESULT_WAIT_MS);
  const task = await withSession(call, relay, (held) => recordResult(held, request.data, now));
  if (!task.ok) return task;
  // HCP's answer usually comes within the second: then comment and summary can say so.
  if (deliveryOf(task.value)?.state === 'pending') await delivered;
  const latest = await withSession(call, relay, () => null);
  const final = latest.ok ? latest.value : task.value;
  const verdict = recordedVerdict(final);
  const delivery = deliveryOf(final);
  if (verdict === null || delivery === null) return err(refuse('unavailable'));
  return ok({ verdict, accepted: verdictOf(final)?.digest === digestOf(request.data), delivery });
}
