// The job summary: the comment's text with more room and without a marker. And the same in a check run.
import { renderDocument } from './document.ts';
import type { ReportModel } from './model.ts';
import { toSection } from './section/to-section.ts';

/**
 * The runner drops a summary above 1 MiB whole (actions/runner, FileCommandManager, 2026-08), and other steps of the same `uses`
 * may have written to the file before.
 */
export const MAX_SUMMARY_BYTES = 1024 * 1024 - 32 * 1024;

export const renderSummary = (model: ReportModel): string => renderWithin(model, MAX_SUMMARY_BYTES, true);

/** GitHub takes 65,535 characters for a check run's summary, and some of its servers count bytes. */
const MAX_CHECK_RUN_BYTES = 65_535;

export const renderCheckRun = (model: ReportModel): string => renderWithin(model, MAX_CHECK_RUN_BYTES, false);

const renderWithin = (model: ReportModel, limit: number, isWhole: boolean): string =>
  renderDocument(toSection(model), model.run, { limit, measure: (text) => Buffer.byteLength(text), marker: null, isWhole });
