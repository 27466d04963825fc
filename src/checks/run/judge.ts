// What a tool's end means: findings, or the reason why it says nothing. Pure.
//
// Two sources may disagree, exit code and report; the worse one counts. An exit code without any finding is an error of the check,
// because a tool that crashed looks exactly like that.
import { stripVTControlCharacters } from 'node:util';
import type { Result } from '../../base/result.ts';
import type { RunSpec } from '../../contracts/check-kinds.ts';
import { worstFirst } from '../../findings/sort.ts';
import { MAX_FINDINGS, toUnlisted } from '../finding-limit.ts';
import type { FindingDraft, KindOutcome } from '../kind.ts';
import type { LocationContext } from './sarif-location.ts';
import { looksLikeSarif, readSarif } from './sarif.ts';
import type { ToolEnd } from './run-tool.ts';

export interface ToolRun {
  readonly spec: RunSpec;
  readonly program: string;
  /** The check's own words, in front of the tool's. */
  readonly message: string | undefined;
  readonly end: Exclude<ToolEnd, { kind: 'aborted' }>;
  /** null: the check names no report file. */
  readonly report: Result<string, string> | null;
  readonly location: LocationContext;
}

export function judgeToolEnd({ spec, program, message, end, report, location }: ToolRun): KindOutcome {
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
  // What a shell says when the program that it was to start is missing or is no program.
  if (end.code === 126 || end.code === 127)
    return errored(`${program} ended with exit code ${end.code}: a command in it was not found or is not executable${said(end.tail)}`);
  if (report !== null && !report.ok) return errored(`${report.error}. ${program} ended with exit code ${end.code}${said(end.tail)}`);

  const text = report?.value ?? end.stdout.toString('utf8');
  if (spec.format === 'exit-code') return byExitCode(end.code, program, message, end.tail);
  if (spec.format === 'sarif' || looksLikeSarif(text)) return bySarif(text, end.code, program, end.tail, location);
  if (report !== null)
    return errored(`The report ${spec.report ?? ''} is in no format that is known here. Known: sarif; or write \`format: exit-code\``);
  return byExitCode(end.code, program, message, end.tail);
}

function byExitCode(code: number, program: string, message: string | undefined, tail: string): KindOutcome {
  if (code === 0) return { findings: [], reason: null };
  const own = message ?? `${program} ended with exit code ${code}`;
  return { findings: [{ message: `${own}${said(tail)}` }], reason: null };
}

function bySarif(text: string, code: number, program: string, tail: string, location: LocationContext): KindOutcome {
  if (text.trim() === '') return errored(`${program} printed no report (exit code ${code})${said(tail)}`);
  const report = readSarif(text, location);
  if (!report.ok) return errored(`${report.error}. ${program} ended with exit code ${code}`);

  const sorted = worstFirst(report.value.findings);
  const kept: FindingDraft[] = sorted.slice(0, MAX_FINDINGS);
  const [firstUnlisted] = sorted.slice(MAX_FINDINGS);
  if (firstUnlisted !== undefined) kept.push(toUnlisted(sorted.length - MAX_FINDINGS, firstUnlisted.level));
  if (code === 0) return { findings: kept, reason: null };
  if (sorted.length === 0)
    return errored(
      `${program} ended with exit code ${code} although its report holds no finding${suppressedNote(report.value.suppressed)}: it may have crashed. Its exit code must be 0 when it finds nothing`,
    );
  if (sorted[0]?.level === 'error') return { findings: kept, reason: null };
  // The tool says no, its report only warns. It was told to fail on these; a pass would be our invention.
  const message = `${program} ended with exit code ${code}, though none of its ${sorted.length} findings is an error. If they shall not fail, let it exit with 0`;
  return { findings: [{ message, level: 'error' }, ...kept], reason: null };
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
