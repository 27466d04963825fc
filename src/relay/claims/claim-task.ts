// May this job have this run task? Pure: a verified job, the request, the row as it is under lock.
//
// The claim is the lock of the whole design: a dispatch may happen twice, a workflow may be run again, a network may eat an
// answer, and still one job at a time speaks for a run task.
import type { ClaimRequest, Phase } from '../../contracts/relay-api.ts';
import { decide, news } from '../life/transitions.ts';
import { LIVE_LEASE, LONGEST_QUIET } from '../life/numbers.ts';
import { isFinal, verdictOf, type Claim, type Lease, type Task } from '../life/task.ts';
import { scheduled } from '../life/timers.ts';
import { differingField, isTicketOf } from '../dispatch/payload.ts';
import type { Job } from './verify-oidc.ts';

/** For the log; all but the last two look alike from outside: `not-found`. */
export type ClaimRefusal =
  | 'wrong-ticket'
  | 'not-dispatched'
  | 'other-issuer'
  | 'other-repository'
  | 'other-owner'
  | 'other-event'
  | 'other-ref'
  | 'other-workflow'
  | 'other-job-workflow'
  | 'other-payload'
  | 'claimed-by-another'
  | 'fenced';

export type ClaimOutcome =
  | { readonly kind: 'refused'; readonly reason: ClaimRefusal; readonly detail: string }
  | { readonly kind: 'claimed'; readonly how: 'first' | 'again' | 'takeover'; readonly task: Task };

export interface ClaimAttempt {
  readonly job: Job;
  readonly request: ClaimRequest;
  readonly sessionHash: string;
  readonly webUrl: string;
}

export function claimTask(task: Task, attempt: ClaimAttempt, now: number): ClaimOutcome {
  const { job, request } = attempt;
  const refusal = refuse(task, job, request);
  if (refusal !== null) return refusal;

  const claim = task.claim;
  if (claim === null) return claimed('first', task, firstClaim(attempt, 1, [], now), now);
  if (claim.runId !== job.run_id) return refused('claimed-by-another', `run ${claim.runId} has it`);
  if (job.run_attempt < claim.runAttempt) return refused('fenced', `attempt ${claim.runAttempt} has taken over`);
  if (job.run_attempt > claim.runAttempt) {
    const fenced = [...claim.fenced, ...claim.sessions].slice(-KEPT_SESSIONS);
    return claimed('takeover', task, firstClaim(attempt, claim.number + 1, fenced, now), now);
  }
  if (claim.checkRunId !== (job.check_run_id ?? null)) return refused('claimed-by-another', 'another job of the same run has it');

  const known = claim.uses.some(({ use }) => use === request.use);
  const uses = known ? claim.uses : [...claim.uses, { use: request.use, phase: request.phase }];
  const sessions = [...claim.sessions, attempt.sessionHash].slice(-KEPT_SESSIONS);
  const again = claimed('again', task, { ...claim, uses, sessions, lease: leaseFor(request.process, now) }, now);
  if (known || arePhasesOfOne(uses.map(({ phase }) => phase))) return again;
  const decided = decide(again.task, { status: 'failed', by: 'two-uses', message: TWO_USES }, now);
  return decided === null ? again : { ...again, task: decided };
}

const TWO_USES =
  'Two steps of the same job use this action, and each would judge with half of the checks. Use it once, or as `phase: begin` and `phase: finish`.';
/** pre, main and post of two phases, each asked again a few times. */
const KEPT_SESSIONS = 20;

function refuse(task: Task, job: Job, request: ClaimRequest): ClaimOutcome | null {
  const { payload } = request;
  if (!('ticket' in payload) || !isTicketOf(task, payload.ticket)) return refused('wrong-ticket');
  const stranger = refuseJob(task, job);
  if (stranger !== null) return stranger;
  const differing = payload.id === task.id ? differingField(task, payload.task) : 'id';
  return differing === null ? null : refused('other-payload', differing);
}

/** Is this the job that the dispatch was for, in every part? Null: it is. */
export function refuseJob(task: Task, job: Job): (ClaimOutcome & { kind: 'refused' }) | null {
  const { binding } = task;
  if (binding === null) return refused('not-dispatched');
  if (job.iss !== binding.issuer) return refused('other-issuer', job.iss);
  if (job.repository_id !== String(binding.repositoryId)) return refused('other-repository', job.repository_id);
  if (job.repository_owner_id !== String(binding.repositoryOwnerId)) return refused('other-owner', job.repository_owner_id);
  if (job.event_name !== 'repository_dispatch') return refused('other-event', job.event_name);
  if (job.ref !== binding.ref) return refused('other-ref', job.ref);
  // The repository is proven by its id above; its name may have changed since the dispatch, so it is taken from the same token.
  if (job.workflow_ref !== `${job.repository}/.github/workflows/${binding.workflow}@${binding.ref}`)
    return refused('other-workflow', job.workflow_ref);
  if (binding.jobWorkflowRef !== null && job.job_workflow_ref !== binding.jobWorkflowRef)
    return refused('other-job-workflow', job.job_workflow_ref ?? 'none');
  return null;
}

/**
 * What a refusal says about the workflow, where the job is one of the right repository with the right ticket: then it is a mistake
 * in relay.yml or in the workflow, and the verdict should name it. Null: it could be anybody.
 */
export function explainRefusal(task: Task, { reason, detail }: ClaimOutcome & { kind: 'refused' }): string | null {
  switch (reason) {
    case 'other-workflow':
      return `a job of ${detail} asked for it, and relay.yml names ${task.binding?.workflow ?? ''} on ${task.binding?.ref ?? ''}`;
    case 'other-ref':
      return `a job on ${detail} asked for it, and only ${task.binding?.ref ?? ''} may`;
    case 'other-event':
      return `a job of event ${detail} asked for it, and only repository_dispatch may`;
    case 'other-job-workflow':
      return `a job of the reusable workflow ${detail} asked for it, and relay.yml names ${task.binding?.jobWorkflowRef ?? ''}`;
    case 'other-payload':
      return `a job asked for it with a changed ${detail} in the payload`;
    case 'wrong-ticket':
    case 'not-dispatched':
    case 'other-issuer':
    case 'other-repository':
    case 'other-owner':
    case 'claimed-by-another':
    case 'fenced':
      return null;
  }
}

/** The same for a job whose token was made for another relay's address: relay-url and public_url differ. */
export function explainAudience(
  task: Task,
  { job, request, audience }: Pick<ClaimAttempt, 'job' | 'request'> & { readonly audience: string },
  publicUrl: string,
): string | null {
  const refusal = refuse(task, job, request);
  // What cannot be explained could come from anybody.
  if (refusal?.kind === 'refused' && explainRefusal(task, refusal) === null) return null;
  return `a job of ${job.repository} asked for it with the relay-url ${audience}, and public_url in relay.yml is ${publicUrl}; both must be the same, letter for letter`;
}

const refused = (reason: ClaimRefusal, detail = ''): ClaimOutcome & { kind: 'refused' } => ({ kind: 'refused', reason, detail });

function firstClaim({ job, request, sessionHash, webUrl }: ClaimAttempt, number: number, fenced: readonly string[], now: number): Claim {
  return {
    number,
    runId: job.run_id,
    runAttempt: job.run_attempt,
    checkRunId: job.check_run_id ?? null,
    runUrl: `${webUrl}/${job.repository}/actions/runs/${job.run_id}/attempts/${job.run_attempt}`,
    uses: [{ use: request.use, phase: request.phase }],
    sessions: [sessionHash],
    fenced,
    lease: leaseFor(request.process, now),
  };
}

/** After `pre` other steps of the job may take minutes, and nothing of ours lives meanwhile; `pre` may name a shorter time. */
export const leaseFor = (process: ClaimRequest['process'], now: number): Lease =>
  process === 'pre'
    ? { kind: 'quiet', until: now + LONGEST_QUIET, silentSince: null }
    : { kind: 'live', until: now + LIVE_LEASE, silentSince: null };

const arePhasesOfOne = (phases: readonly Phase[]): boolean => phases.length === 2 && phases.includes('begin') && phases.includes('finish');

/** With a verdict on record nothing but the claim changes: the job comes late and only shows it. */
function claimed(how: 'first' | 'again' | 'takeover', task: Task, claim: Claim, now: number): ClaimOutcome & { kind: 'claimed' } {
  if (verdictOf(task) !== null || isFinal(task)) return { kind: 'claimed', how, task: { ...task, claim } };
  const running = how === 'again' ? task.running : news(task, now, null);
  return { kind: 'claimed', how, task: scheduled({ ...task, claim, running, state: { name: 'claimed' } }) };
}
