// The kind `results`: reports that earlier steps of the job wrote become findings. No program runs here.
//
// Nobody is left to ask whether the tool came to its end: a report that is missing, empty, old or unreadable is an error of the check.
import type { ResultsSpec } from '../../contracts/check-kinds.ts';
import type { CheckTask, FindingDraft, Kind, KindContext, KindOutcome } from '../kind.ts';
import { createReportContext } from '../reports/context.ts';
import { KNOWN_FORMATS, readReport } from '../reports/formats.ts';
import { keepWorst } from '../reports/keep-worst.ts';
import { lookedAtNothing, remainsAfter } from '../reports/looked.ts';
import { openReport } from '../reports/open-report.ts';
import type { Report, ReportFinding } from '../reports/report.ts';
import { findFiles } from './find-files.ts';

export const results: Kind<ResultsSpec> = {
  name: 'results',
  needsPlan: () => false,
  open: (context) => ({
    run: (task) => runOne(task, context),
    close: async () => {},
  }),
};

async function runOne(task: CheckTask<ResultsSpec>, context: KindContext): Promise<KindOutcome> {
  const { spec, isExcepted, signal } = task;
  // Of the workspace also for a check from elsewhere: that is where steps write.
  const found = await findFiles(context.workspaceDir, spec.files, signal);
  if (!found.ok) return { findings: [], reason: found.error };
  const findings: ReportFinding[] = [];
  const reasons: string[] = [];
  for (const file of found.value) {
    signal.throwIfAborted();
    const read = await readOne(file, task, context);
    task.explain?.(file, typeof read === 'string' ? read : `${read.findings.length} findings, ${read.suppressed} suppressed`);
    if (typeof read === 'string') {
      reasons.push(read);
      continue;
    }
    const asked = read.findings.filter(({ address }) => address === null || address === undefined || !isExcepted(address));
    findings.push(...(found.value.length === 1 ? asked : asked.map((finding) => inFile(finding, file))));
    const nothing = read.problem ?? lookedAtNothing(read, remainsAfter(context.plan));
    if (nothing !== null) reasons.push(`${file}: ${nothing}`);
  }
  return { findings: keepWorst(findings), reason: reasons.length === 0 ? null : inOneSentence(reasons) };
}

/** The report, or a sentence that says why it is none. */
async function readOne(file: string, { check, spec, baseDir }: CheckTask<ResultsSpec>, context: KindContext): Promise<Report | string> {
  const opened = await openReport(context.workspaceDir, file);
  if (!opened.ok) return opened.error;
  const { bytes, changedAt } = opened.value;
  const { jobStartedAt } = context;
  if (jobStartedAt !== null && changedAt < jobStartedAt - CLOCK_TOLERANCE_MS)
    return `The report ${file} is from ${new Date(changedAt).toISOString()}, before this job began (${new Date(jobStartedAt).toISOString()}): no step of this job wrote it`;
  const read = readReport(bytes, spec.format, createReportContext(check, baseDir, context));
  if (read === null) return `The report ${file} is in no format that is known here. Known: ${KNOWN_FORMATS}`;
  return read.report.ok ? read.report.value : `${file}: ${read.report.error}`;
}

// Linux stamps files with a clock that is some milliseconds behind, other file systems with whole seconds (FAT: two).
const CLOCK_TOLERANCE_MS = 2000;

/** One check, many reports: which of them says so stands in front. */
const inFile = (finding: ReportFinding, file: string): ReportFinding & FindingDraft => ({
  ...finding,
  message: `${file}: ${finding.message}`,
});

const TOLD = 5;
function inOneSentence(reasons: readonly string[]): string {
  const more = reasons.length - TOLD;
  return [...reasons.slice(0, TOLD), ...(more > 0 ? [`and ${more} more reports that cannot be used`] : [])].join('. ');
}
