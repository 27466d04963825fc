// What a tool's end means: findings, or the reason why it says nothing. Pure.
//
// Two sources may disagree, exit code and report; the worse one counts. An exit code without any finding is an error of the check,
// because a tool that crashed looks exactly like that.
import { stripVTControlCharacters } from 'node:util';
import type { Result } from '../../base/result.ts';
import type { RunSpec } from '../../contracts/check-kinds.ts';
import type { FindingDraft, KindOutcome } from '../kind.ts';
import { KNOWN_FORMATS, readReport, type ReadReport } from '../reports/formats.ts';
import { keepWorst } from '../reports/keep-worst.ts';
import { lookedAtNothing, type Remains } from '../reports/looked.ts';
import type { Report, ReportContext } from '../reports/report.ts';
import type { ToolEnd } from './run-tool.ts';

export interface ToolRun {
  readonly spec: RunSpec;
  readonly program: string;
  /** The check's own words, in front of the tool's. */
  readonly message: string | undefined;
  /** The check says by severity what fails; the tool's exit code then only says that there is something. */
  readonly hasThreshold: boolean;
  readonly isExcepted: (address: string) => boolean;
  readonly end: Exclude<ToolEnd, { kind: 'aborted' }>;
  /** null: the check names no report file. */
  readonly report: Result<Buffer, string> | null;
  readonly context: ReportContext;
  readonly remains: Remains;
  readonly explain: (subject: string, saw: string) => void;
}

export function judgeToolEnd(run: ToolRun): KindOutcome {
  const { spec, program, end, report, context, explain } = run;
  switch (end.kind) {
    case 'not-started':
      return errored(notStarted(program, end.code));
    case 'killed':
      return errored(`${program} was killed (${end.by})${said(end.tail)}`);
    case 'too-much-output':
      return errored(`${program} was ended because it printed more than 32 MiB to ${end.stream}`);
    case 'exited':
      break;
  }
  const { code, tail } = end;
  explain('exit code', String(code));
  explain('last lines', said(tail).slice(2) || 'none');
  // What a shell says when the program that it was to start is missing or is no program.
  if (code === 126 || code === 127)
    return errored(`${program} ended with exit code ${code}: a command in it was not found or is not executable${said(tail)}`);
  if (report !== null && !report.ok) return errored(`${report.error}. ${program} ended with exit code ${code}${said(tail)}`);

  if (spec.format === 'exit-code') return byExitCode(run, code, tail);
  const bytes = report?.value ?? end.stdout;
  if (spec.format !== 'auto' && bytes.toString('latin1', 0, 4096).trim() === '')
    return errored(`${program} printed no report (exit code ${code})${said(tail)}`);
  const read = readReport(bytes, spec.format, context);
  if (read !== null) return byReport(run, read, code);
  if (report === null) return byExitCode(run, code, tail);
  return errored(
    `The report ${spec.report ?? ''} is in no format that is known here. Known: ${KNOWN_FORMATS}; or write \`format: exit-code\``,
  );
}

function byExitCode({ program, message, explain }: ToolRun, code: number, tail: string): KindOutcome {
  explain('judged by', 'its exit code');
  if (code === 0) return { findings: [], reason: null };
  const own = message ?? `${program} ended with exit code ${code}`;
  return { findings: [{ message: `${own}${said(tail)}` }], reason: null };
}

function byReport(
  { spec, program, hasThreshold, isExcepted, remains, explain }: ToolRun,
  { format, report }: ReadReport,
  code: number,
): KindOutcome {
  explain('judged by', report.ok ? `its report (${format}): ${countsOf(report.value)}` : `its report (${format}), which cannot be used`);
  if (!report.ok) return errored(`${report.error}. ${program} ended with exit code ${code}`);
  const { findings, problem, suppressed } = report.value;
  const asked = findings.filter(({ address }) => address === null || address === undefined || !isExcepted(address));
  const kept = keepWorst(asked);
  if (problem !== null) return { findings: kept, reason: `${problem}. ${program} ended with exit code ${code}` };
  if (code === 0) return { findings: kept, reason: lookedAtNothing(report.value, remains) };
  if (findings.length === 0)
    return errored(
      `${program} ended with exit code ${code} although its report holds no finding${suppressedNote(suppressed)}: it may have crashed. Its exit code must be 0 when it finds nothing`,
    );
  // Nobody said that it reports in this format. What it printed may be a value of the plan that is written like a report, and then neither
  // its severities nor its addresses may make a pass of an exit code that says no.
  const isGuessed = spec.format === 'auto' && spec.report === undefined;
  if (isGuessed && (hasThreshold || (hasError(findings) && !hasError(asked))))
    return {
      findings: kept,
      reason: `${program} ended with exit code ${code} and printed what looks like a report. For \`fail_on\` and \`except\` to overrule its exit code, name it: \`format: ${format}\``,
    };
  if (hasThreshold || hasError(findings)) return { findings: kept, reason: null };
  // The tool says no, its report only warns. It was told to fail on these; a pass would be our invention.
  const refusal: FindingDraft = {
    message: `${program} ended with exit code ${code}, though none of its ${findings.length} findings is an error. If they shall not fail, let it exit with 0 or write \`fail_on\``,
    level: 'error',
  };
  return { findings: [refusal, ...kept], reason: null };
}

const hasError = (findings: Report['findings']): boolean => findings.some(({ level }) => level === 'error');

function countsOf({ findings, suppressed, looked }: Report): string {
  const count = (level: string): number => findings.filter((finding) => finding.level === level).length;
  const counts = [`${count('error')} errors`, `${count('warning')} warnings`, `${count('note')} notes`, `${suppressed} suppressed`];
  return `${counts.join(', ')}${looked === null ? '' : `, looked at ${looked}`}`;
}

const errored = (reason: string): KindOutcome => ({ findings: [], reason });

const suppressedNote = (n: number): string => (n === 0 ? '' : ` (${n} suppressed)`);

function notStarted(program: string, code: string): string {
  if (code === 'ENOENT')
    return `${program} is not installed on this runner, or not on its PATH. Add a step that installs it before this one`;
  if (code === 'EACCES') return `${program} may not be executed (EACCES). Make the file executable: git update-index --chmod=+x`;
  return `${program} could not be started (${code})`;
}

const LINES = 5;

/** The last lines that hold something, as one paragraph's end. Progress bars and colours are taken out; the masker comes later. */
function said(tail: string): string {
  const lines = stripVTControlCharacters(tail)
    .split(/\r?\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-LINES);
  return lines.length === 0 ? '' : `: ${lines.join('\n')}`;
}
