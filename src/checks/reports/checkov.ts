// Findings from Checkov's JSON (`-o json`), the one format in which it names resources of a plan. Shape: checkov 3.2, read 2026-11. Pure.
import { err, ok, type Result } from '../../base/result.ts';
import { countOf, listOf, numberOf, objectOf, textOf, type Dict } from '../loose-json.ts';
import { addressOf, fileOfPath, lineOf, webUrl } from './location.ts';
import { parseReportJson } from './parse-json.ts';
import type { Report, ReportContext, ReportFinding, ReportFormat } from './report.ts';
import { severityOfWord, usualSeverity } from './severity.ts';
import { SKIPPED_IN_SOURCE } from './skipped.ts';

export const checkov: ReportFormat = {
  looksLike: (text) => /"check_type"\s*:/.test(text) || /"checkov_version"\s*:/.test(text) || /"failed_checks"\s*:/.test(text),
  read: readCheckov,
};

/** One report, or a list of one for each framework; without anything to look at the bare counts. */
function readCheckov(text: string, context: ReportContext): Result<Report, string> {
  const parsed = parseReportJson(text);
  if (!parsed.ok) return parsed;
  const reports = (listOf(parsed.value) ?? [parsed.value]).map(objectOf);
  if (reports.length === 0) return err("The report is an empty list: Checkov's frameworks looked at nothing");
  const findings: ReportFinding[] = [];
  let looked = 0;
  let problem: string | null = null;
  for (const report of reports) {
    const part = report === null ? null : readPart(report, context);
    if (part === null) return err("The report is not Checkov's JSON: it has no list `failed_checks`");
    findings.push(...part.findings);
    looked += part.looked;
    problem ??= part.problem;
  }
  return ok({ findings, suppressed: 0, looked, problem });
}

interface Part {
  readonly findings: readonly ReportFinding[];
  readonly looked: number;
  readonly problem: string | null;
}

function readPart(report: Dict, context: ReportContext): Part | null {
  const results = objectOf(report['results']);
  // The bare form has its counts at the top.
  const summary = objectOf(report['summary']) ?? report;
  const failed = listOf(results?.['failed_checks']);
  if (failed === null) {
    const isBare = results === null && countOf(report['failed']) === 0 && countOf(report['passed']) === 0;
    return isBare ? { findings: [], looked: 0, problem: unparsed(countOf(report['parsing_errors']) ?? 0) } : null;
  }
  const isPlan = textOf(report['check_type']) === 'terraform_plan';
  const skipped = listOf(results?.['skipped_checks']) ?? [];
  const passed = countOf(summary['passed']) ?? listOf(results?.['passed_checks'])?.length ?? 0;
  const errors = listOf(results?.['parsing_errors'])?.length ?? countOf(summary['parsing_errors']) ?? 0;
  const counted = countOf(summary['failed']) ?? 0;
  return {
    findings: [
      ...failed.map((item) => toFinding(objectOf(item), { isPlan, isSkipped: false }, context)),
      ...skipped.map((item) => toFinding(objectOf(item), { isPlan, isSkipped: true }, context)),
    ],
    looked: passed + failed.length + skipped.length,
    problem:
      counted > failed.length
        ? `The report counts ${counted} failed checks and lists ${failed.length}`
        : // `--quiet` leaves the skipped ones out and still counts them.
          (countOf(summary['skipped']) ?? 0) > skipped.length
          ? 'Comments in the source skip checks, and the report does not list which. Run Checkov without `--quiet`'
          : unparsed(errors),
  };
}

const unparsed = (count: number): string | null =>
  count === 0 ? null : `Checkov could not read ${count} ${count === 1 ? 'file' : 'files'} that it was to look at`;

interface Origin {
  /** Of a plan `resource` is the address; of source it is the name within a module, which another resource may have as its address. */
  readonly isPlan: boolean;
  readonly isSkipped: boolean;
}

function toFinding(item: Dict | null, { isPlan, isSkipped }: Origin, context: ReportContext): ReportFinding {
  if (item === null) return { message: 'The report holds a check that cannot be read', level: 'error', severity: 'high' };
  const ruleId = textOf(item['check_id']) ?? textOf(item['bc_check_id']);
  const message = textOf(item['check_name']) ?? textOf(item['short_description']) ?? ruleId ?? 'The tool gives no message';
  const path = textOf(item['file_path']);
  // It writes `/main.tf` for a file in the root of what it scans.
  const file = path === null ? null : (fileOfPath(path, context) ?? fileOfPath(path.replace(/^[/\\]+/, ''), context));
  return {
    message: isSkipped ? `${message} ${SKIPPED_IN_SOURCE}` : message,
    level: 'error',
    severity: severityOfWord(item['severity']) ?? usualSeverity('error', context),
    ruleId,
    help: textOf(item['description']),
    url: webUrl(textOf(item['guideline'])),
    ...addressOf([textOf(item['resource_address']) ?? (isPlan ? textOf(item['resource']) : null)], context),
    file,
    line: file === null ? null : lineOf(numberOf(listOf(item['file_line_range'])?.[0])),
    attribute: attributeOf(item),
  };
}

/** `evaluated_keys` are paths such as `versioning/[0]/enabled`. */
function attributeOf(item: Dict): string | null {
  const [first] = listOf(objectOf(item['check_result'])?.['evaluated_keys']) ?? [];
  return /^[a-z_][a-z0-9_]{0,99}(?=\/|$)/.exec(textOf(first) ?? '')?.[0] ?? null;
}
