// The findings as GitHub's annotations: level, title, text, and where. For the log of a job and for a check run alike. Pure.
import { cut } from '../base/cut.ts';
import { isWaived } from '../findings/count.ts';
import type { CheckResult, Finding } from '../findings/finding.ts';
import { worstFirst } from '../findings/sort.ts';
import { oneLine, visible } from './escape.ts';
import type { ReportModel } from './model.ts';
import { messageOf } from './words.ts';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  /** At most 200 characters, one line. */
  readonly title: string;
  /** At most 4,000 characters: the runner cuts a message after 4,096 (actions/runner 2.336.0, ExecutionContext). Never empty. */
  readonly message: string;
  /** Relative to the configuration's root; null: on no file. */
  readonly file: string | null;
  /** 1-based. */
  readonly line: number | null;
}

const MAX_TITLE = 200;
const MAX_MESSAGE = 4000;

/** Worst first: errors of mandatory checks, checks that could not run, then the rest. What is waived needs nobody's eye. */
export function toAnnotations({ results }: ReportModel): Annotation[] {
  const findings = results.flatMap((result) =>
    result.findings.filter((finding) => !isWaived(finding)).map((finding) => ({ result, finding })),
  );
  const ranked = [
    ...findings.map(({ result, finding }) => ({
      level: levelOf(result, finding),
      severity: finding.severity,
      annotation: ofFinding(result, finding),
    })),
    ...results
      .filter(({ status }) => status === 'errored')
      .map((result) => ({ level: errorOf(result), severity: 'high' as const, annotation: ofErrored(result) })),
  ];
  return worstFirst(ranked).map(({ annotation }) => annotation);
}

/** What does not fail the run must not look as if it did. */
const errorOf = ({ enforcement }: CheckResult): 'error' | 'warning' => (enforcement === 'advisory' ? 'warning' : 'error');
const levelOf = (result: CheckResult, { level }: Finding): Finding['level'] => (level === 'error' ? errorOf(result) : level);

function ofFinding(result: CheckResult, finding: Finding): Annotation {
  const level = levelOf(result, finding);
  const place = finding.address === null ? '' : `${oneLine(finding.address)}: `;
  const help = finding.help === null ? '' : `\n${visible(finding.help)}`;
  return {
    level: level === 'note' ? 'notice' : level,
    title: titleOf(result, finding.ruleId),
    message: cut(`${place}${oneLine(messageOf(finding))}${help}`, MAX_MESSAGE),
    file: finding.file,
    line: finding.line,
  };
}

const ofErrored = (result: CheckResult): Annotation => ({
  level: errorOf(result),
  title: titleOf(result, 'could not run'),
  message: cut(oneLine(result.reason ?? 'no reason given'), MAX_MESSAGE) || 'no reason given',
  file: null,
  line: null,
});

const titleOf = ({ check }: CheckResult, rule: string | null): string =>
  cut(oneLine(rule === null ? check : `${check}: ${rule}`), MAX_TITLE);
