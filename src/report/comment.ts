// The comment on the pull request: Markdown, at most what GitHub takes, with the hidden marker by which the next run finds it.
import { MAX_MARKED_FINGERPRINT, toCommentMarker, writeCommentMarker, type CommentMarker } from '../contracts/comment-marker.ts';
import { renderDocument } from './document.ts';
import type { ReportModel } from './model.ts';
import { toSection } from './section/to-section.ts';

/** GitHub answers 422 above this; it counts characters, we count UTF-16 units, which are never fewer. */
export const MAX_COMMENT = 65_536;

/** For a fingerprint and the run that it is of. */
const MARKER_ROOM = MAX_MARKED_FINGERPRINT + 300;

/**
 * The same model gives the same bytes: nothing here is a time of writing.
 * @param reviewed  fingerprint of the plan that is shown, where no relay keeps it
 */
export function renderComment(model: ReportModel, reviewed?: CommentMarker['reviewed']): string {
  const marker = { ...toCommentMarker(model.run, model.commit), ...(reviewed === undefined ? {} : { reviewed }) };
  return renderDocument(toSection(model), model.run, {
    // Whoever writes over a comment keeps what was reviewed: there is always room for it.
    limit: reviewed === undefined ? MAX_COMMENT - MARKER_ROOM : MAX_COMMENT,
    measure: (text) => text.length,
    marker: writeCommentMarker(marker),
  });
}
