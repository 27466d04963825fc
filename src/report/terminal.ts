// The report on a terminal or in a runner's log. Text from outside can neither move the cursor nor give the runner a command.
import { logLine } from './escape.ts';
import { headline } from './headline.ts';
import type { ReportModel } from './model.ts';
import { isWithoutTask } from './run-state.ts';
import { noticesOf } from './section/notices.ts';
import { checksText } from './terminal/checks.ts';
import { plain, toPage, wrap } from './terminal/paint.ts';
import { planText } from './terminal/plan.ts';
import { toView } from './view.ts';
import { isMissed, waiverTrouble } from './waiver-words.ts';
import { terraformLine } from './words.ts';

export interface TerminalOptions {
  readonly colour: boolean;
  /** Columns; words are wrapped, values are not. */
  readonly width: number;
  /** Lines of the plan, after which the rest is counted. Default DEFAULT_MAX_LINES: a job's log is read by people. */
  readonly maxLines?: number;
}

/** A plan of 100,000 changes would fill a log with 100 MB. */
export const DEFAULT_MAX_LINES = 5000;

export const renderTerminal = (model: ReportModel, options: TerminalOptions): string => [...terminalLines(model, options)].join('');

/** Line by line, each with its end. */
export function* terminalLines(model: ReportModel, options: TerminalOptions): Generator<string> {
  for (const line of lines(model, options)) yield `${line}\n`;
}

function* lines(model: ReportModel, { colour, width, maxLines = DEFAULT_MAX_LINES }: TerminalOptions): Generator<string> {
  const page = toPage(colour, width);
  const { paint } = page;
  const view = toView(model);
  const { run, verdict, plan, masker } = model;
  const sign = verdict === null ? '•' : verdict.status === 'passed' ? paint('green', '✓') : paint('red', '✗');
  const title = paint('bold', `${sign} ${logLine(run.workspace)}: ${headline(model, view)}`);
  yield title;
  const task = isWithoutTask(run) ? [] : [logLine(run.run_id), run.stage, run.enforcement];
  const facts = [...task, ...(plan === null ? [] : [terraformLine(plan.counts)])];
  if (facts.length > 0) yield paint('dim', facts.join(' · '));

  const idle = model.waivers.filter((report) => !isMissed(report)).flatMap((report) => waiverTrouble(report) ?? []);
  for (const text of [...noticesOf(model, view).map(plain), ...idle]) yield* wrap(text, width).map((line) => paint('yellow', line));

  const checks = checksText(model.results, page);
  yield* checks;
  if (plan === null || masker === null) return;
  yield* planText(view, masker, page, maxLines);
  // Whoever looks at a terminal sees its end, and the plan may be long.
  if (checks.length > 0) yield* ['', title];
}
