// The comment on the pull request, of the kind that the workflow chose: one for all workspaces, or one for this workspace. Where the
// first cannot be had, the second takes its place: a reviewer who is told nothing takes silence for a pass.
import { Fault } from '../base/fault.ts';
import { MAX_MARKED_FINGERPRINT } from '../contracts/comment-marker.ts';
import { SECTION_LIMITS } from '../contracts/relay-api.ts';
import { upsertComment, type CommentOutcome } from '../github/comment.ts';
import { fetchViewerLogin, type Octokit } from '../github/viewer.ts';
import { fingerprintOf } from '../plan/fingerprint.ts';
import { renderComment } from '../report/comment.ts';
import type { ReportModel } from '../report/model.ts';
import { toSection, writeSection } from '../report/section.ts';
import { tellInCombined, type OwnSection } from './combined-comment.ts';
import { octokitFor, type Access } from './github-access.ts';
import { findRunPullRequests, type PullRequest } from './pull-request.ts';
import type { SharedComment } from './session.ts';

export interface CommentLimits {
  /** When to stop, milliseconds since the epoch. */
  readonly until: number;
  /** 0 to 1. */
  readonly random: () => number;
}

/** @returns the comment's address; null: there is none, or nobody said it. @throws Fault */
export async function writeComment(model: ReportModel, access: Access, limits: CommentLimits): Promise<string | null> {
  const { inputs, session, world } = access;
  if (inputs.comment === 'none') return null;
  const [pullRequest, ...others] = await findRunPullRequests(access);
  if (pullRequest === undefined || others.length > 0) {
    world.runner.info(`No comment: this run belongs to ${others.length > 0 ? 'several pull requests' : 'no pull request on this GitHub'}.`);
    return null;
  }
  const { sharedComment } = session;
  if (inputs.comment === 'per-workspace' || sharedComment === null) return writeOwn(model, pullRequest, access, limits);
  return writeCombined(model, { pullRequest, sharedComment }, access, limits);
}

async function writeCombined(
  model: ReportModel,
  { pullRequest, sharedComment }: { readonly pullRequest: PullRequest; readonly sharedComment: SharedComment },
  access: Access,
  limits: CommentLimits,
): Promise<string | null> {
  const { runner, clock } = access.world;
  const { info, warning } = runner;
  let author: string | null = null;
  const github = async (): Promise<{ octokit: Octokit; author: string }> => {
    // A write that nobody waits for any more may still arrive, and over a newer one: it has all the time that is left.
    const octokit = octokitFor(pullRequest, access, { writesHaveAllTime: true });
    author ??= await fetchViewerLogin(octokit);
    return { octokit, author };
  };
  const told = await tellInCombined(ownSection(model), pullRequest, { ...limits, shared: sharedComment, github, clock, info, warning });
  switch (told.kind) {
    case 'told':
      return told.url !== null && isOn(access.job.serverUrl, told.url) ? told.url : null;
    case 'kept':
      warning(
        `The comment does not tell this run yet: ${told.why.replace(/\.$/, '')}. The next run on the pull request that writes it tells this one too.`,
      );
      return null;
    case 'not-kept':
      warning(`No place in the comment for all workspaces: ${told.why.replace(/\.$/, '')}. This workspace gets a comment of its own.`);
      return writeOwn(model, pullRequest, access, limits);
  }
}

/** The address may be what another job said: later steps of this one may follow it. */
const isOn = (serverUrl: string, url: string): boolean => URL.canParse(url) && new URL(url).origin === new URL(serverUrl).origin;

const ownSection = (model: ReportModel): OwnSection => ({
  ...writeSection(toSection(model)),
  reviewed: shownPlan(model, SECTION_LIMITS.reviewed),
});

/** Fingerprint of the plan that reviewers get to see; null: this run's plan is not there to be reviewed. */
const shownPlan = ({ plan, masker, run }: ReportModel, room: number): string | null =>
  run.speculative && plan !== null && masker !== null ? fingerprintOf(plan, masker, room) : null;

async function writeOwn(model: ReportModel, pullRequest: PullRequest, access: Access, limits: CommentLimits): Promise<string> {
  const octokit = octokitFor(pullRequest, access);
  const author = await fetchViewerLogin(octokit);
  // Without a relay the comment itself remembers what was reviewed.
  const fingerprint = access.session.sharedComment === null ? shownPlan(model, MAX_MARKED_FINGERPRINT) : null;
  const body = renderComment(model, fingerprint === null ? undefined : { run: model.run.run_id, fingerprint });
  const target = { ...pullRequest, author, body };
  const { url, action } = await onceMoreAfterLimit(() => upsertComment(octokit, target), access, limits);
  access.world.runner.info(action === 'stale' ? `Comment left alone, a newer run has written it: ${url}` : `Comment ${action}: ${url}`);
  return url;
}

/** What a rate limit refused was not done: after the wait that GitHub asks for, it is read and written anew. */
async function onceMoreAfterLimit(
  work: () => Promise<CommentOutcome>,
  { world: { clock, runner } }: Access,
  { until }: CommentLimits,
): Promise<CommentOutcome> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== 'E_GITHUB_RATE_LIMIT') throw thrown;
    const wait = thrown.retryAfterMs ?? 60_000;
    if (clock.now() + wait >= until) throw thrown;
    runner.info(`${thrown.message}.`);
    await clock.sleep(wait);
    return work();
  }
}
