// What a tool's report is to us, whatever format it is in, and what a format is. Types only.
import type { Result } from '../../base/result.ts';
import type { Severity } from '../../contracts/check-words.ts';
import type { FindingDraft } from '../kind.ts';

export type ReportFinding = FindingDraft & Required<Pick<FindingDraft, 'level' | 'severity'>>;

export interface Report {
  readonly findings: readonly ReportFinding[];
  /** Set aside by those who own the rules, not by those whose code is judged: no findings. */
  readonly suppressed: number;
  /** How much the tool looked at. 0: nothing, so that the report says nothing. null: the format does not tell. */
  readonly looked: number | null;
  /** Why the report is not the whole truth, as a sentence; the findings still count. null: it is. */
  readonly problem: string | null;
}

/** What a report is read against: nothing in it is believed that does not fit. */
export interface ReportContext {
  /** Every address of the plan, with its action. */
  readonly actions: ReadonlyMap<string, string>;
  /** What resources in modules are called there, without keys: `aws_x.y` of `module.a.aws_x.y[0]`. */
  readonly namesInModules: ReadonlySet<string>;
  /** Folders whose files may be named; an absolute path inside one is told relative to it. */
  readonly roots: readonly string[];
  /** A finding on the plan itself is on no file that a person has. */
  readonly planPath: string | null;
  /** Of errors for which the report has none. */
  readonly severity: Severity;
}

export interface ReportFormat {
  /**
   * Would a person call this text such a report? By content, because tools name their files as they like. A report that was cut off, or
   * that stands behind a line of chatter, must be recognised as a broken one: of a tool that always ends with 0 it is all that there is.
   */
  looksLike(text: string): boolean;
  /** @returns a sentence when the report as a whole says nothing that can be relied on; no text of the report is in it */
  read(text: string, context: ReportContext): Result<Report, string>;
}
