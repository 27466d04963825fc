// Findings from conftest's JSON (`-o json`): one entry for each file and namespace. Shape: conftest 0.6x, read 2026-11. Pure.
import { err, ok, type Result } from '../../base/result.ts';
import { countOf, listOf, objectOf, textOf, type Dict } from '../loose-json.ts';
import { parseReportJson } from './parse-json.ts';
import { toPolicyFinding } from './policy-finding.ts';
import type { Report, ReportContext, ReportFinding, ReportFormat } from './report.ts';

export const conftest: ReportFormat = {
  looksLike: (text) => /"namespace"\s*:/.test(text) && /"(successes|failures|warnings|exceptions)"\s*:/.test(text),
  read: readConftest,
};

function readConftest(text: string, context: ReportContext): Result<Report, string> {
  const parsed = parseReportJson(text);
  if (!parsed.ok) return parsed;
  const entries = listOf(parsed.value)?.map(objectOf);
  if (entries === undefined) return err("The report is JSON but not conftest's: it is no list");
  const findings: ReportFinding[] = [];
  let suppressed = 0;
  let looked = 0;
  for (const entry of entries) {
    const lists = entry === null ? null : listsOf(entry);
    if (entry === null || lists === null) return err("The report holds an entry that is not conftest's");
    findings.push(...lists.failures.map((item) => toPolicyFinding(item, 'error', context)));
    findings.push(...lists.warnings.map((item) => toPolicyFinding(item, 'warning', context)));
    // Exceptions and skips are rules of the policy, which its owners write; no comment in the judged code makes one.
    suppressed += lists.exceptions.length + lists.skipped.length;
    looked += (countOf(entry['successes']) ?? 0) + Object.values(lists).reduce((sum, list) => sum + list.length, 0);
  }
  return ok({ findings, suppressed, looked, problem: null });
}

const LISTS = ['failures', 'warnings', 'exceptions', 'skipped'] as const;
type Lists = Readonly<Record<(typeof LISTS)[number], readonly unknown[]>>;

/** Lists that are empty are left out. null: the entry is of something else. */
function listsOf(entry: Dict): Lists | null {
  if (textOf(entry['namespace']) === null && textOf(entry['filename']) === null) return null;
  const read = LISTS.map((name) => [name, entry[name] === undefined || entry[name] === null ? [] : listOf(entry[name])] as const);
  if (read.some(([, list]) => list === null)) return null;
  const [failures = [], warnings = [], exceptions = [], skipped = []] = read.map(([, list]) => list ?? []);
  return { failures, warnings, exceptions, skipped };
}
