// Before the verdict of a run that will apply: was this plan shown on its pull request? Asked of the relay, or (sealed) of our own
// comment's marker, in little time; what cannot be learned is a reason and never a silence (findings/reviewed-plan.ts).
//
// Only the relay's memory cannot be forged. A marker is as good as the account that writes our comments: with the job's own token that
// is every workflow of the repository.
import { describeThrown } from '../base/fault.ts';
import { readCommentMarker } from '../contracts/comment-marker.ts';
import { toReviewedResult, type Reviewed } from '../findings/reviewed-plan.ts';
import type { CheckResult } from '../findings/finding.ts';
import type { CheckSet } from '../checks/check-set.ts';
import { isOlder } from '../github/comment.ts';
import { readOwnComments } from '../github/own-comments.ts';
import { fetchViewerLogin } from '../github/viewer.ts';
import { compareWithFingerprint } from '../plan/fingerprint.ts';
import { octokitFor, type Access } from './github-access.ts';
import type { Material } from './material.ts';
import { findRunPullRequests, type PullRequest } from './pull-request.ts';

/** The run waits meanwhile. */
const LIMIT_MS = 15_000;

/** @returns null: not asked of this run, or nothing to say */
export async function checkReviewedPlan(
  mode: CheckSet['planChangedSinceReview'],
  { plan, masker }: Pick<Material, 'plan' | 'masker'>,
  access: Omit<Access, 'total'>,
  signal: AbortSignal,
): Promise<CheckResult | null> {
  const { run } = access.session;
  // A speculative run is what reviewers look at; before planning there is nothing to compare, and after the apply it is too late.
  if (mode === 'ignore' || run.speculative || (run.stage !== 'post_plan' && run.stage !== 'pre_apply')) return null;
  if (plan === null || masker === null)
    return toReviewedResult(mode, { kind: 'unknown', why: 'There is no plan to compare with the one that was reviewed.' });
  const started = access.world.clock.now();
  const shown = await readShown({ ...access, total: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]) }, started + LIMIT_MS);
  if (shown.kind !== 'shown') {
    if (shown.kind === 'unknown' && mode === 'warn') access.world.runner.warning(shown.why);
    return toReviewedResult(mode, shown);
  }
  const { where, fingerprint } = shown;
  const difference = compareWithFingerprint(fingerprint, plan, masker);
  const result = toReviewedResult(mode, difference === null ? { kind: 'same', where } : { kind: 'differs', where, difference });
  return result === null ? null : { ...result, durationMs: access.world.clock.now() - started };
}

type Shown =
  { readonly kind: 'shown'; readonly fingerprint: string; readonly where: string } | Exclude<Reviewed, { readonly where: string }>;

async function readShown(access: Access, until: number): Promise<Shown> {
  try {
    const [pullRequest, ...others] = await findRunPullRequests(access);
    if (pullRequest === undefined)
      return { kind: 'no-pull-request', why: 'This run belongs to no pull request on this GitHub, so no plan of it was reviewed.' };
    // One that anybody may open must not make this a run of none.
    if (others.length > 0) return { kind: 'unknown', why: severalWords([pullRequest, ...others]) };
    const { sharedComment } = access.session;
    const shown = sharedComment === null ? await fromMarker(pullRequest, access) : await fromRelay(pullRequest, access, until);
    const on = `pull request #${pullRequest.number}`;
    if (typeof shown === 'string')
      return { kind: 'unknown', why: `Whether this plan is the one that was reviewed is not known: ${shown}.` };
    if (shown === null)
      return {
        kind: 'not-shown',
        why: `No run of this workspace was shown on ${on}, so nobody reviewed a plan. Start a run on the pull request, or allow it with \`plan_changed_since_review: warn\`.`,
      };
    return { kind: 'shown', fingerprint: shown.fingerprint, where: `${shown.runId} on ${on}` };
  } catch (thrown) {
    return { kind: 'unknown', why: `Whether this plan is the one that was reviewed is not known: ${describeThrown(thrown)}.` };
  }
}

const severalWords = (all: readonly PullRequest[]): string => {
  const named = all.slice(0, 5).map(({ number }) => `#${number}`);
  const more = all.length - named.length;
  return `Whether this plan is the one that was reviewed is not known: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''} are all pull requests of this commit. Merge them one by one, or close what is not meant.`;
};

interface Fingerprint {
  readonly fingerprint: string;
  readonly runId: string;
}

/** A text: why it is not known. */
async function fromRelay(
  { owner, repo, number }: PullRequest,
  { session, world }: Access,
  until: number,
): Promise<Fingerprint | null | string> {
  const answer = await session.sharedComment?.reviewed({ repository: `${owner}/${repo}`, number }, until - world.clock.now());
  if (answer === undefined) return null;
  if (!answer.ok) return `the relay says ${answer.error.code}, ${answer.error.message}`;
  const { reviewed } = answer.value;
  return reviewed === null ? null : { fingerprint: reviewed.fingerprint, runId: reviewed.run_id };
}

async function fromMarker(pullRequest: PullRequest, access: Access): Promise<Fingerprint | null> {
  const { organization, workspace } = access.session.run;
  const octokit = octokitFor(pullRequest, access);
  const comments = await readOwnComments(octokit, pullRequest, await fetchViewerLogin(octokit));
  const markers = comments.flatMap(({ body }) => readCommentMarker(body) ?? []);
  const ours = markers.filter((marker) => marker.organization === organization && marker.workspace === workspace);
  const newest = ours.reduce<(typeof ours)[number] | null>((best, one) => (best === null || isOlder(best, one) ? one : best), null);
  return newest?.reviewed === undefined ? null : { fingerprint: newest.reviewed.fingerprint, runId: newest.reviewed.run };
}
