// /v1/run-tasks/{id}/comment/…: the combined comment. Keeps the section of each workspace and hands out the lock to write the comment;
// what is newer and who may write is decided in comment/, under the pull request's row lock. Sections stand in no log line.
import type * as z from 'zod';
import { err, ok, type Result } from '../../base/result.ts';
import {
  commentLockRequestSchema,
  commentReleaseRequestSchema,
  reviewedRequestSchema,
  SECTION_LIMITS,
  sectionRequestSchema,
  SECTIONS_LARGE,
  SECTIONS_MEDIUM,
  type CommentLockResponse,
  type CommentReleaseResponse,
  type PullRequestKey,
  type ReviewedResponse,
  type SectionRequest,
  type SectionResponse,
} from '../../contracts/relay-api.ts';
import type { RunFacts } from '../../contracts/run-facts.ts';
import type { CommentPlace, SectionEntry, SectionLength } from '../comment/comment.ts';
import { releaseLock, takeLock, type LockOutcome } from '../comment/lock.ts';
import { placeOf, withPullRequest } from '../comment/pull-request.ts';
import { putSection, type PutOutcome } from '../comment/put-section.ts';
import type { RelayContext } from '../context.ts';
import { createSessionToken, sha256 } from '../life/accept.ts';
import { COMMENT_LEASE, MOST_WORKSPACES } from '../life/numbers.ts';
import type { Task } from '../life/task.ts';
import type { CommentChange } from '../store/comment-port.ts';
import { logFields } from '../task-log.ts';
import { refuse, type ApiRefusal } from './refusals.ts';
import { withSession, type Call } from './run-tasks.ts';

type Answer<T> = Promise<Result<T, ApiRefusal>>;

export async function putCommentSection(call: Call, relay: RelayContext): Answer<SectionResponse> {
  const writer = await admitWriter(call, sectionRequestSchema, relay, { remember: true });
  if (!writer.ok) return writer;
  const { request, run, place, fields } = writer.value;
  const problem = tooLong(request);
  if (problem !== null) return refuseSection(relay, problem);
  const now = relay.clock.now();
  const outcome = await relay.store.comments.change(place, run, (kept): CommentChange<PutOutcome> => {
    const put = putSection(kept, run, request, now);
    return put.kind === 'kept' ? { comment: put.comment, section: put.section, answer: put } : { answer: put };
  });
  if (outcome.kind === 'too-many')
    return refuseSection(relay, `This pull request has sections of ${MOST_WORKSPACES} workspaces, and no comment has room for more.`);
  relay.metrics.count('runtask_comment_sections_total', { result: outcome.kind });
  const revision = outcome.kind === 'kept' ? outcome.comment.revision : outcome.revision;
  relay.log.info(outcome.kind === 'older' ? 'section not kept: a newer one is there' : 'section kept', { ...fields, revision });
  return ok({ kept: outcome.kind !== 'older', revision });
}

function refuseSection(relay: RelayContext, message: string): Result<never, ApiRefusal> {
  relay.metrics.count('runtask_comment_sections_total', { result: 'refused' });
  return err(refuse('bad-request', message));
}

function tooLong(request: SectionRequest): string | null {
  for (const [field, limit] of Object.entries(SECTION_LIMITS)) {
    const text = request[field as keyof typeof SECTION_LIMITS];
    if (text !== null && Buffer.byteLength(text) > limit) return `"${field}" of a section has at most ${limit} bytes of UTF-8.`;
  }
  return null;
}

export async function lockComment(call: Call, relay: RelayContext): Answer<CommentLockResponse> {
  const writer = await admitWriter(call, commentLockRequestSchema, relay);
  if (!writer.ok) return writer;
  const { task, request, run, place, fields } = writer.value;
  const token = createSessionToken(relay.random);
  const asker = { revision: request.revision, hash: sha256(token), by: task.id, random: (relay.random(1)[0] ?? 0) / 255 };
  const now = relay.clock.now();
  const outcome = await relay.store.comments.change(place, run, (kept): CommentChange<LockOutcome | null> => {
    // Without a section of its own there is nothing that it could want to write.
    if (kept.comment === null || kept.head === null) return { answer: null };
    const answer = takeLock(kept.comment, asker, now);
    return answer.kind === 'written' || answer.comment === kept.comment ? { answer } : { comment: answer.comment, answer };
  });
  if (outcome === null)
    return err(refuse('bad-request', 'The relay has no section of this workspace for the pull request: send it first.'));
  relay.metrics.count('runtask_comment_locks_total', { answer: outcome.kind });
  if (outcome.kind !== 'written' && outcome.lost !== null)
    relay.log.warn('comment lock lost: its holder did not release in time', { ...fields, holder: outcome.lost.by });
  relay.log.debug('comment lock asked for', { ...fields, answer: outcome.kind });
  if (outcome.kind === 'written') return ok({ kind: 'written', url: outcome.url });
  if (outcome.kind === 'wait') return ok({ kind: 'wait', retry_after_ms: outcome.retryAfterMs });
  return ok(await handOut(outcome, token, place, relay, fields));
}

/** Read after the lock is durable: the sections may be newer than the revision that goes with them, never older. */
async function handOut(
  { comment, lock }: LockOutcome & { kind: 'held' },
  token: string,
  place: CommentPlace,
  relay: RelayContext,
  fields: Record<string, unknown>,
): Promise<CommentLockResponse> {
  const { entries, unreadable } = await relay.store.comments.sections(place, lengthFor);
  if (unreadable > 0)
    relay.log.error('sections unreadable', {
      ...fields,
      count: unreadable,
      remedy: 'their cells in the store were damaged; their next runs write new ones',
    });
  return {
    kind: 'held',
    lock: token,
    expires_in_ms: COMMENT_LEASE,
    revision: lock.revision,
    // Two hosts have two comments, each with its own sections: under one name they would write over each other's.
    task: `${place.task}/${place.host}`,
    comment: comment.standing,
    sections: entries.map(toWire),
  };
}

const lengthFor = (digests: number): SectionLength =>
  digests <= SECTIONS_LARGE ? 'large' : digests <= SECTIONS_MEDIUM ? 'medium' : 'small';

const toWire = ({ head, text }: SectionEntry) => ({
  organization: head.organization,
  workspace: head.workspace,
  run_id: head.runId,
  run_url: head.runUrl,
  run_created_at: head.createdAt,
  stage: head.stage,
  digest: head.digest,
  text,
  own: head.own,
});

export async function releaseComment(call: Call, relay: RelayContext): Answer<CommentReleaseResponse> {
  const writer = await admitWriter(call, commentReleaseRequestSchema, relay);
  if (!writer.ok) return writer;
  const { request, run, place, fields } = writer.value;
  const release = { hash: sha256(request.lock), written: request.written };
  const now = relay.clock.now();
  const kind = await relay.store.comments.change(place, run, (kept): CommentChange<CommentReleaseResponse['kind']> => {
    // Forgotten meanwhile, or never there: whoever wrote cannot know what it overwrote.
    if (kept.comment === null) return { answer: 'again' };
    const { kind: answer, comment } = releaseLock(kept.comment, release, now);
    return comment === kept.comment ? { answer } : { comment, answer };
  });
  relay.metrics.count('runtask_comment_releases_total', { answer: kind, wrote: request.written === null ? 'no' : 'yes' });
  const told = { ...fields, wrote: request.written !== null, ...(request.written === null ? {} : { comment: request.written.comment.id }) };
  if (kind === 'done') relay.log.info('comment released', told);
  else relay.log.warn('comment released too late: its holder has to begin anew', told);
  return ok({ kind });
}

export async function reviewedPlan(call: Call, relay: RelayContext): Answer<ReviewedResponse> {
  const writer = await admitWriter(call, reviewedRequestSchema, relay);
  if (!writer.ok) return writer;
  const { run, place } = writer.value;
  const reviewed = await relay.store.comments.reviewed(place, run);
  return ok({
    reviewed: reviewed === null ? null : { fingerprint: reviewed.fingerprint, run_id: reviewed.runId, run_url: reviewed.runUrl },
  });
}

interface Writer<Request> {
  readonly task: Task;
  readonly request: Request;
  readonly run: RunFacts;
  readonly place: CommentPlace;
  /** For the log. */
  readonly fields: Record<string, unknown>;
}

/** A good session, a body of the right form, and a pull request that is the run's own. */
async function admitWriter<Request extends { readonly pull_request: PullRequestKey }>(
  call: Call,
  schema: z.ZodType<Request>,
  relay: RelayContext,
  { remember }: { readonly remember: boolean } = { remember: false },
): Promise<Result<Writer<Request>, ApiRefusal>> {
  const parsed = schema.safeParse(call.body);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    return err(refuse('bad-request', `The relay does not understand this call: ${problems}`));
  }
  const request = parsed.data;
  const { webUrl } = relay.config.github;
  const held = await withSession(call, relay, (task) => (remember ? withPullRequest(task, request.pull_request, webUrl) : null));
  if (!held.ok) return held;
  const task = held.value;
  const place = placeOf(task, request.pull_request, webUrl);
  if (!place.ok || task.facts === null) {
    relay.log.warn('pull request refused', { ...logFields(task), reason: place.ok ? 'no facts' : place.error });
    return err(refuse('bad-request', place.ok ? undefined : place.error));
  }
  const { repository, number } = place.value;
  return ok({
    task,
    request,
    run: task.facts,
    place: place.value,
    fields: { ...logFields(task), pull_request: `${repository}#${number}` },
  });
}
