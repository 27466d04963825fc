// The table of report formats, and the way from a report's bytes to its findings. A new format is one line here, one word in
// contracts/check-kinds.ts and one file.
import { err, type Result } from '../../base/result.ts';
import type { REPORT_FORMATS } from '../../contracts/check-kinds.ts';
import { checkov } from './checkov.ts';
import { conftest } from './conftest.ts';
import { decodeReport } from './decode.ts';
import { junit } from './junit.ts';
import { opa } from './opa.ts';
import type { Report, ReportContext, ReportFinding, ReportFormat } from './report.ts';
import { sarif } from './sarif.ts';

export type FormatName = (typeof REPORT_FORMATS)[number];

/** In the order in which they are looked for: the first that a text looks like. */
const FORMATS: Readonly<Record<FormatName, ReportFormat>> = { sarif, checkov, conftest, opa, junit };
const NAMES = Object.keys(FORMATS) as FormatName[];

export const KNOWN_FORMATS = NAMES.join(', ');

/** null: in none of the known formats. Else which one, and its findings or why it says nothing. */
export function readReport(bytes: Buffer, wanted: FormatName | 'auto', context: ReportContext): ReadReport | null {
  const text = decodeReport(bytes);
  if (!text.ok) return { format: 'unknown', report: text };
  const format = wanted === 'auto' ? NAMES.find((name) => FORMATS[name].looksLike(text.value)) : wanted;
  if (format === undefined) return null;
  return { format, report: shortened(readSafely(FORMATS[format], text.value, context)) };
}

export interface ReadReport {
  readonly format: FormatName | 'unknown';
  readonly report: Result<Report, string>;
}

/** Nothing in a report may break the check in words that quote it. */
function readSafely(format: ReportFormat, text: string, context: ReportContext): Result<Report, string> {
  try {
    return format.read(text, context);
  } catch (error) {
    return err(`The report could not be read (${error instanceof Error ? error.name : typeof error}). This is a defect; please report it`);
  }
}

// The masker looks through all of a text before it is cut, and a cut before that could leave half a secret. So what is absurdly long is
// not shown at all.
const MAX_TEXT = 16 * 1024;

function shortened(report: Result<Report, string>): Result<Report, string> {
  if (!report.ok) return report;
  return { ok: true, value: { ...report.value, findings: report.value.findings.map(withinLength) } };
}

function withinLength(finding: ReportFinding): ReportFinding {
  const { message, ruleId = null, help = null, url = null } = finding;
  const orNull = (text: string | null): string | null => (text !== null && text.length > MAX_TEXT ? null : text);
  if ([message, ruleId, help, url].every((text) => text === null || text.length <= MAX_TEXT)) return finding;
  return {
    ...finding,
    message: orNull(message) ?? `A message of ${message.length} characters, which is not shown`,
    ruleId: orNull(ruleId),
    help: orNull(help),
    url: orNull(url),
  };
}
