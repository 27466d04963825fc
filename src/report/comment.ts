// The comment on the pull request: Markdown, at most what GitHub takes, with the hidden marker by which the next run finds it.
import { toCommentMarker, writeCommentMarker } from '../contracts/comment-marker.ts';
import { renderDocument } from './document.ts';
import { link } from './escape.ts';
import type { ReportModel } from './model.ts';

/** GitHub answers 422 above this; it counts characters, we count UTF-16 units, which are never fewer. */
export const MAX_COMMENT = 65_536;

/** The same model gives the same bytes: nothing here is a time of writing. */
export function renderComment(model: ReportModel): string {
  return renderDocument(model, {
    limit: MAX_COMMENT,
    measure: (text) => text.length,
    marker: writeCommentMarker(toCommentMarker(model.run, model.commit)),
    fullReport: model.workflowUrl === null ? null : `The whole is in the ${link('job summary', model.workflowUrl)}.`,
  });
}
