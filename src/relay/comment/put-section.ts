// A workspace's section comes in: is it newer than what is there? Pure: what is kept and what comes in, out comes what to write.
import { createHash } from 'node:crypto';
import type { SectionRequest } from '../../contracts/relay-api.ts';
import { STAGES, type RunFacts } from '../../contracts/run-facts.ts';
import { MOST_WORKSPACES } from '../life/numbers.ts';
import type { Kept, KeptSection } from '../store/comment-port.ts';
import type { CombinedComment, SectionHead } from './comment.ts';

export type PutOutcome =
  | { readonly kind: 'kept'; readonly comment: CombinedComment; readonly section: KeptSection }
  /** The same call again: its answer was lost. */
  | { readonly kind: 'unchanged'; readonly revision: number }
  /** A newer run, or a later stage of this one, is there. */
  | { readonly kind: 'older'; readonly revision: number }
  | { readonly kind: 'too-many' };

export function putSection(kept: Kept, run: RunFacts, request: SectionRequest, now: number): PutOutcome {
  const head = toHead(run, request);
  const revision = kept.comment?.revision ?? 0;
  if (kept.head === null && kept.workspaces >= MOST_WORKSPACES) return { kind: 'too-many' };
  if (kept.head !== null && isOlder(head, kept.head)) return { kind: 'older', revision };
  if (kept.head?.sum === head.sum) return { kind: 'unchanged', revision };
  const { large, medium, small, reviewed } = request;
  return {
    kind: 'kept',
    comment: { ...(kept.comment ?? NO_COMMENT), revision: nextRevision(revision, now), touchedAt: now },
    section: {
      head,
      texts: { large, medium, small },
      // What an apply run planned was not shown for review: it leaves alone what was.
      ...(run.speculative
        ? { reviewed: reviewed === null ? null : { fingerprint: reviewed, runId: run.run_id, runUrl: run.run_url } }
        : {}),
    },
  };
}

const NO_COMMENT: CombinedComment = { revision: 0, standing: null, told: 0, dirty: false, lock: null, released: null, touchedAt: 0 };

/** Never less than the seconds of the clock: a store that was lost or pruned does not begin again below what a comment's marker says. */
const nextRevision = (revision: number, now: number): number => Math.max(revision + 1, Math.floor(now / 1000));

function toHead(run: RunFacts, request: SectionRequest): SectionHead {
  const { large, medium, small, own, reviewed } = request;
  // The digest that a job names is its own word: alone, it would let the job speak for whoever has the same.
  const digest = digestOf([request.digest, large, medium, small]);
  const sent = [run.run_id, run.run_url, run.run_created_at, run.stage, digest, own, reviewed];
  return {
    organization: run.organization,
    workspace: run.workspace,
    runId: run.run_id,
    runUrl: run.run_url,
    createdAt: run.run_created_at,
    stage: run.stage,
    digest,
    own,
    sum: digestOf(sent),
  };
}

const digestOf = (values: readonly (string | null)[]): string => createHash('sha256').update(JSON.stringify(values)).digest('base64url');

/** By the time HCP created the run; within one run, by stage. What cannot be compared is not older. */
function isOlder(one: SectionHead, other: SectionHead): boolean {
  const [created, otherCreated] = [Date.parse(one.createdAt), Date.parse(other.createdAt)];
  if (created !== otherCreated) return created < otherCreated;
  return one.runId === other.runId && STAGES.indexOf(one.stage) < STAGES.indexOf(other.stage);
}
