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
});

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

/** @returns one line of JSON in an HTML comment; nothing inside can end the comment */
export function writeCommentMarker(marker: CommentMarker): string {
  const json = JSON.stringify(marker).replace(
    /[<>&]|-(?=[->])|[^\x20-\x7e]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${PREFIX}${json} -->`;
}

/** @returns null: not a comment of this tool, or of a version that we cannot read */
export function readCommentMarker(body: string): CommentMarker | null {
  if (!body.startsWith(PREFIX)) return null;
  const end = body.indexOf(' -->');
  let json: unknown;
  try {
    json = JSON.parse(body.slice(PREFIX.length, end));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const parsed = commentMarkerSchema.safeParse(json);
  return parsed.success ? parsed.data : null;
}
