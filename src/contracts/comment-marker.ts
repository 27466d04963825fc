// The first line of a comment of ours: hidden, and how the next run finds the comment and knows whether it is newer. Written by
// report/, read by github/comment.ts. Only a comment of our own author that *begins* with it counts: plan values come later.
import * as z from 'zod';
import { STAGES, type RunFacts } from './run-facts.ts';

export const commentMarkerSchema = z.object({
  organization: z.string(),
  workspace: z.string(),
  run: z.string(),
  /** ISO 8601, when HCP created the run: newer runs win, whichever workflow ends last. */
  created: z.string(),
  stage: z.enum(STAGES),
  /** The commit that was planned. */
  sha: z.string().nullable(),
  /** Fingerprint of the plan that was reviewed on the pull request, where no relay keeps it. Absent: none. */
  reviewed: z.object({ run: z.string(), fingerprint: z.string() }).optional(),
});

/** Room of the fingerprint in a marker, which is part of the comment. */
export const MAX_MARKED_FINGERPRINT = 4000;

/** One comment for all workspaces of the pull request that a run task of relay.yml told of. */
export const combinedMarkerSchema = z.object({
  /** As the relay calls it: two of one pull request must not take each other's comment for their own. */
  task: z.string(),
  /** Of the sections that it was rendered from. */
  revision: z.number().int(),
});
export type CombinedMarker = z.output<typeof combinedMarkerSchema>;

export type CommentMarker = z.output<typeof commentMarkerSchema>;

// HCP's names are shorter; a hostile one must not fill the comment before it begins.
const short = (text: string): string => text.slice(0, 200);

export const toCommentMarker = (run: RunFacts, sha: string | null): CommentMarker => ({
  organization: short(run.organization),
  workspace: short(run.workspace),
  run: short(run.run_id),
  created: short(run.run_created_at),
  stage: run.stage,
  sha: sha === null ? null : short(sha),
});

const PREFIX = '<!-- runtask v1 ';
// Another word, so that a version before it does not take the combined comment for its own.
const COMBINED_PREFIX = '<!-- runtask combined v1 ';

export const writeCommentMarker = (marker: CommentMarker): string => write(PREFIX, marker);
export const writeCombinedMarker = (marker: CombinedMarker): string => write(COMBINED_PREFIX, { ...marker, task: short(marker.task) });

/** @returns null: not a comment of this tool, or of a version that we cannot read */
export const readCommentMarker = (body: string): CommentMarker | null => read(PREFIX, body, commentMarkerSchema);
export const readCombinedMarker = (body: string): CombinedMarker | null => read(COMBINED_PREFIX, body, combinedMarkerSchema);

/** @returns one line of JSON in an HTML comment; nothing inside can end the comment */
function write(prefix: string, marker: object): string {
  const json = JSON.stringify(marker).replace(
    /[<>&]|-(?=[->])|[^\x20-\x7e]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${prefix}${json} -->`;
}

function read<T>(prefix: string, body: string, schema: z.ZodType<T>): T | null {
  if (!body.startsWith(prefix)) return null;
  const end = body.indexOf(' -->');
  let json: unknown;
  try {
    json = JSON.parse(body.slice(prefix.length, end));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? parsed.data : null;
}
