// The comment for all workspaces of a pull request, from this job's side:
//
//   1. give the relay our section; it says no when a newer run of the workspace has told its own
//   2. ask for the lock, and wait as told; or hear that somebody else's comment tells our section already
//   3. render the comment from all sections in the answer, ours among them, and write it before the lock ends
//   4. give the lock back; if it was lost meanwhile, what we wrote may be older than what was there: begin anew at 2
//   5. shrink comments of older formats that say the same
//
// GitHub has no compare-and-set on comments: that no section gets lost rests on 4. Nothing here can change the verdict.
import type { Clock } from '../base/clock.ts';
import { describeThrown, Fault } from '../base/fault.ts';
import type { CommentMarker } from '../contracts/comment-marker.ts';
import type { CommentLockResponse, PullRequestKey, SectionRequest } from '../contracts/relay-api.ts';
import { isOlder } from '../github/comment.ts';
import { writeCombinedComment, type CombinedOutcome } from '../github/combined-comment.ts';
import type { OwnComment } from '../github/own-comments.ts';
import { retireComments } from '../github/retire-comments.ts';
import type { Octokit } from '../github/viewer.ts';
import { renderCombined, type CombinedPart } from '../report/combined.ts';
import { movedLine } from '../report/moved-line.ts';
import { readSection, withOwn, type Section } from '../report/section.ts';
import type { PullRequest } from './pull-request.ts';
import type { Refusal } from './relay-client.ts';
import type { SharedComment } from './session.ts';

export interface CombinedDeps {
  readonly shared: SharedComment;
  /** For the pull request's repository, and who writes with it. Asked for once there is something to write. */
  readonly github: () => Promise<{ readonly octokit: Octokit; readonly author: string }>;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  /** When to stop, milliseconds since the epoch. */
  readonly until: number;
  readonly info: (text: string) => void;
  readonly warning: (text: string) => void;
}

export type CombinedResult =
  /** The comment tells our section, or one that is newer. `url` is null where nobody said it. */
  | { readonly kind: 'told'; readonly url: string | null }
  /** The relay has our section, the comment does not tell it yet. */
  | { readonly kind: 'kept'; readonly why: string }
  /** The relay does not have our section, or is of a version with which we never get to tell it. */
  | { readonly kind: 'not-kept'; readonly why: string };

export type OwnSection = Omit<SectionRequest, 'pull_request'>;
type Held = Extract<CommentLockResponse, { kind: 'held' }>;

/** A relay that hangs must leave time for a comment of another kind. */
const PUT_LIMIT_MS = 25_000;
const LOCK_LIMIT_MS = 20_000;
/** Also when all time is used up: the next one waits for it. */
const RELEASE_LIMIT_MS = 10_000;
/** Of a lock's time, for a request to arrive. */
const MARGIN_MS = 3_000;
/** Begun anew so often, something is wrong that another turn does not mend. */
const MAX_TURNS = 4;
/** Whatever a relay says: without it, one that says nothing of the kind is asked without end. */
const LEAST_WAIT_MS = 200;
/** GitHub's trouble of a moment; and the least between two writes. */
const TROUBLE_WAIT_MS = 2_000;

/** @throws Fault when GitHub refuses, or may have taken a comment without saying so */
export async function tellInCombined(section: OwnSection, pullRequest: PullRequest, deps: CombinedDeps): Promise<CombinedResult> {
  const key = { repository: `${pullRequest.owner}/${pullRequest.repo}`, number: pullRequest.number };
  const put = await orFault(() => deps.shared.put({ pull_request: key, ...section }, PUT_LIMIT_MS));
  if (put instanceof Fault) return { kind: 'not-kept', why: put.message };
  if (!put.ok) return whyNotKept(put.error);
  if (!put.value.kept) {
    deps.info('Comment left alone: a newer run of this workspace, or a later stage of this one, has its section there.');
    return { kind: 'told', url: null };
  }
  return writeUntilTold({ key, pullRequest, revision: put.value.revision }, deps);
}

function whyNotKept({ status, code, message }: Refusal): CombinedResult {
  // The work goes on in another job, and that one tells.
  if (status === 409) return { kind: 'kept', why: `the relay refused this job's section: ${message}` };
  const isOlderRelay = status === 404 || status === 405;
  return {
    kind: 'not-kept',
    why: isOlderRelay
      ? 'this relay is of a version that keeps no sections. Upgrade it, or set `comment: per-workspace`'
      : `the relay refused the section (${code}): ${message.replace(/\.$/, '')}.${status === 400 ? ' Relay and action are of different versions: upgrade the older of the two' : ''}`,
  };
}

interface Task {
  readonly key: PullRequestKey;
  readonly pullRequest: PullRequest;
  readonly revision: number;
}

async function writeUntilTold(task: Task, deps: CombinedDeps): Promise<CombinedResult> {
  const { shared, clock, info } = deps;
  let overwriteNewer = false;
  for (let turn = 1; ;) {
    const askedAt = clock.now();
    const answer = await orFault(() => shared.lock({ pull_request: task.key, revision: task.revision }, LOCK_LIMIT_MS));
    // An answer of another version stays one: there would be no comment at all, run after run.
    if (answer instanceof Fault) return { kind: answer.retryable ? 'kept' : 'not-kept', why: answer.message };
    if (!answer.ok) return { kind: 'kept', why: `the relay refused the lock: ${answer.error.message}` };
    const lock = answer.value;
    if (lock.kind === 'written') {
      info(`The comment tells this run already, another job wrote it: ${lock.url}`);
      return { kind: 'told', url: lock.url };
    }
    if (lock.kind === 'wait') {
      // Jittered, so that twenty who were told the same do not come back at once.
      if (!(await pause(Math.max(lock.retry_after_ms, LEAST_WAIT_MS) * (1 + deps.random() / 2), deps)))
        return { kind: 'kept', why: 'other jobs were still writing it' };
      continue;
    }
    const ended = await useLock(
      task,
      { lock, endsAt: endOf(lock, askedAt), lostAt: clock.now() + lock.expires_in_ms, overwriteNewer },
      deps,
    );
    if (ended.kind === 'told' || ended.kind === 'kept') return ended;
    overwriteNewer = ended.kind === 'newer';
    if (++turn > MAX_TURNS || !(await pause(ended.waitMs, deps))) return { kind: 'kept', why: ended.why };
  }
}

/** By our own clock, from before we asked: never later than the relay's. */
const endOf = ({ expires_in_ms }: Held, askedAt: number): number => askedAt + expires_in_ms - Math.min(MARGIN_MS, expires_in_ms / 4);

interface Turn {
  readonly lock: Held;
  /** Nothing is written after this. */
  readonly endsAt: number;
  /** Not earlier than the relay takes the lock for lost. */
  readonly lostAt: number;
  readonly overwriteNewer: boolean;
}

type Ended =
  Exclude<CombinedResult, { kind: 'not-kept' }> | { readonly kind: 'again' | 'newer'; readonly waitMs: number; readonly why: string };

async function useLock(task: Task, turn: Turn, deps: CombinedDeps): Promise<Ended> {
  const { lock } = turn;
  let outcome: CombinedOutcome;
  try {
    outcome = await write(task, turn, deps);
  } catch (thrown) {
    await release(task, lock, null, deps);
    return beginAnewAfter(thrown);
  }
  if (outcome.kind === 'late' || outcome.kind === 'newer') {
    await release(task, lock, null, deps);
    const why = outcome.kind === 'late' ? 'the lock ended before the comment could be written' : 'another job knows more';
    return { kind: outcome.kind === 'late' ? 'again' : 'newer', waitMs: 0, why };
  }
  if (outcome.kind === 'unknown') return beginAnewInDoubt(task, turn, outcome, deps);
  const { kind, comment, note } = outcome;
  deps.info(`Comment ${kind}, for ${lock.sections.length === 1 ? 'one workspace' : `${lock.sections.length} workspaces`}: ${comment.url}`);
  if (note !== null) deps.warning(note);
  if ((await release(task, lock, comment, deps)) === 'again') {
    deps.info('Meanwhile another job has written the comment. It is written once more, from all sections.');
    return { kind: 'again', waitMs: 1000, why: `the comment may show an older state: ${comment.url}` };
  }
  await retire(task, lock, comment, deps);
  return { kind: 'told', url: comment.url };
}

/**
 * What GitHub may still do, it should do while the lock is ours; if it does it later, over a comment of somebody else's, the relay has to
 * know. So the lock is given back when it has ended: as one that has written late.
 */
async function beginAnewInDoubt(
  task: Task,
  { lock, lostAt }: Turn,
  { comment, fault }: CombinedOutcome & { kind: 'unknown' },
  deps: CombinedDeps,
): Promise<Ended> {
  const why = `${fault.message}. It may have been written`;
  const left = lostAt - deps.clock.now();
  // Without the time to wait, the lock ends by itself: whoever takes it next does not rely on what is there.
  if (left >= 0 && !(await pause(left + 1, deps))) return { kind: 'kept', why };
  await release(task, lock, comment, deps);
  return { kind: 'again', waitMs: TROUBLE_WAIT_MS, why };
}

async function write({ pullRequest }: Task, { lock, endsAt, overwriteNewer }: Turn, deps: CombinedDeps): Promise<CombinedOutcome> {
  const { octokit, author } = await deps.github();
  return writeCombinedComment(octokit, {
    ...pullRequest,
    author,
    body: renderCombined(toParts(lock), { task: lock.task, revision: lock.revision }),
    remembered: lock.comment,
    isReplaced: (marker) => isToldBy(lock, marker),
    mayWrite: () => deps.clock.now() < endsAt,
    overwriteNewer,
  });
}

/** Sections that say the same come with one text. */
function toParts({ sections }: Held): CombinedPart[] {
  const read = new Map<string, Section | null>();
  for (const { digest, text } of sections) if (text !== null) read.set(digest, readSection(text));
  return sections.map(({ organization, workspace, run_id, run_url, run_created_at, digest, own }) => {
    const section = read.get(digest) ?? null;
    return {
      ...{ organization, workspace, run_id, run_url, run_created_at, digest },
      section: section === null ? null : withOwn(section, own),
    };
  });
}

/** A comment about one workspace may be newer than its section: written while the relay was away. */
function isToldBy({ sections }: Held, marker: CommentMarker): boolean {
  const section = sections.find((one) => one.organization === marker.organization && one.workspace === marker.workspace);
  return section !== undefined && !isOlder({ run: section.run_id, created: section.run_created_at, stage: section.stage }, marker);
}

/** Best effort: the lock ends by itself, and whoever comes next finds the comment by its marker. */
async function release({ key }: Task, { lock, revision }: Held, comment: OwnComment | null, deps: CombinedDeps): Promise<'done' | 'again'> {
  const written = comment === null ? null : { revision, comment: { id: comment.id, url: comment.url } };
  const released = await orFault(() => deps.shared.release({ pull_request: key, lock, written }, RELEASE_LIMIT_MS));
  if (!(released instanceof Fault) && released.ok) return released.value.kind;
  const why = released instanceof Fault ? released.message : released.error.message;
  deps.info(`The relay was not told that we are done with the comment (${why}); its lock ends by itself.`);
  return 'done';
}

/** @throws what another turn does not mend */
function beginAnewAfter(thrown: unknown): Ended {
  // A changed comment may be changed again; that a create is not repeated has been seen to where it is made.
  if (!(thrown instanceof Fault) || !thrown.retryable) throw thrown;
  return { kind: 'again', waitMs: thrown.retryAfterMs ?? TROUBLE_WAIT_MS, why: thrown.message };
}

async function retire({ pullRequest }: Task, lock: Held, comment: OwnComment, deps: CombinedDeps): Promise<void> {
  try {
    const { octokit, author } = await deps.github();
    const isReplaced = (marker: CommentMarker): boolean => isToldBy(lock, marker);
    const target = { ...pullRequest, author, task: lock.task, keptId: comment.id, isReplaced, line: movedLine(comment.url) };
    const count = await retireComments(octokit, target, deps);
    if (count > 0) deps.info(`${count === 1 ? 'One comment' : `${count} comments`} of older formats shrunk to a line with a link.`);
  } catch (thrown) {
    deps.warning(`Comments of older formats could not be shrunk: ${describeThrown(thrown)}`);
  }
}

/** @returns false, at once, when the time is up before it would be over */
async function pause(ms: number, { clock, until }: CombinedDeps): Promise<boolean> {
  if (clock.now() + ms >= until) return false;
  await clock.sleep(ms);
  return true;
}

async function orFault<T>(work: () => Promise<T>): Promise<T | Fault> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown;
    throw thrown;
  }
}
