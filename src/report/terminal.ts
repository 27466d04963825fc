// The report on a terminal or in a runner's log. Text from outside can neither move the cursor nor give the runner a command.
import { cut } from '../base/cut.ts';
import type { CheckResult, Finding } from '../findings/finding.ts';
import type { Masker } from '../plan/masking.ts';
import { diffLines } from './diff-lines.ts';
import { logLine, logLines } from './escape.ts';
import type { ReportModel } from './model.ts';
import { hasBody, outputLines, resourceLine } from './resource-blocks.ts';
import type { Dialect } from './dialect.ts';
import { headline } from './headline.ts';
import { countHidden, toView, type Item, type View } from './view.ts';
import { waivedWords, waiverTrouble } from './waiver-words.ts';
import { isWaived } from '../findings/count.ts';
import { deciderWords, GROUP_WORDS, isExplained, messageOf, plural, terraformLine, type GroupName } from './words.ts';

export interface TerminalOptions {
  readonly colour: boolean;
  /** Columns; words are wrapped, values are not. */
  readonly width: number;
  /** Lines of the plan, after which the rest is counted. Default DEFAULT_MAX_LINES: a job's log is read by people. */
  readonly maxLines?: number;
}

/** A plan of 100,000 changes would fill a log with 100 MB. */
export const DEFAULT_MAX_LINES = 5000;

const SGR = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
type Style = keyof typeof SGR;
type Paint = (style: Style, text: string) => string;

const PLAIN: Dialect = { code: logLine, text: logLine, bold: (markup) => markup };

const GROUP_STYLE: Readonly<Record<GroupName, Style>> = {
  destroy: 'red',
  replace: 'red',
  other: 'yellow',
  forget: 'yellow',
  update: 'yellow',
  create: 'green',
  import: 'cyan',
  move: 'cyan',
  read: 'cyan',
};

export function renderTerminal(model: ReportModel, { colour, width, maxLines = DEFAULT_MAX_LINES }: TerminalOptions): string {
  const paint: Paint = (style, text) => (colour ? `\u001b[${SGR[style]}m${text}\u001b[0m` : text);
  const view = toView(model);
  const sign = model.verdict === null ? '•' : model.verdict.status === 'passed' ? paint('green', '✓') : paint('red', '✗');
  const lines = [
    paint('bold', `${sign} ${logLine(model.run.workspace)}: ${headline(model, view)}`),
    paint(
      'dim',
      [
        logLine(model.run.run_id),
        model.run.stage,
        model.run.enforcement,
        ...(model.plan === null ? [] : [terraformLine(model.plan.counts)]),
      ].join(' · '),
    ),
    ...notices(model).flatMap((text) => wrap(text, width).map((line) => paint('yellow', line))),
  ];
  const results = inOrder(model.results);
  const loud = results.filter((result) => rank(result) < QUIET).flatMap((result) => checkLines(result, paint, width));
  const quiet = results.filter((result) => rank(result) === QUIET).flatMap((result) => checkLines(result, paint, width));
  const checks = [...loud, ...(loud.length > 0 && quiet.length > 0 ? [''] : []), ...quiet];
  const plan = planLines(model, view, paint, width, maxLines);
  // Whoever looks at a terminal sees its end, and the plan may be long.
  const again = checks.length > 0 && plan.length > 0 ? ['', lines[0] ?? ''] : [];
  return `${[...lines, ...checks, ...plan, ...again].join('\n')}\n`;
}

/** As in the comment: what stops the run, what is advisory, and then the rest, each in the order of the file. */
const inOrder = (results: readonly CheckResult[]): CheckResult[] => [...results].sort((a, b) => rank(a) - rank(b));
const QUIET = 2;
const rank = ({ status, enforcement }: CheckResult): number =>
  status === 'passed' || status === 'not-applicable' ? QUIET : enforcement === 'mandatory' ? 0 : 1;

function notices(model: ReportModel): string[] {
  const decider = deciderWords(model);
  return [
    ...(!isExplained(model) ? [[decider, model.verdict?.message ?? null].filter((part) => part !== null).join('. ')] : []),
    ...(model.planProblem === null ? [] : [`There is no plan to show. ${model.planProblem}`]),
    ...(model.observe ? ['Observed only: the verdict on record is passed, whatever the checks say.'] : []),
    ...(model.delivery?.state === 'undeliverable' ? [`HCP Terraform did not take this verdict. ${model.delivery.reason ?? ''}`] : []),
    ...model.waivers.map(waiverTrouble).filter((text) => text !== null),
  ];
}

function checkLines(result: CheckResult, paint: Paint, width: number): string[] {
  const name = logLine(result.check);
  const notes = [
    ...(result.enforcement === 'advisory' ? ['advisory'] : []),
    ...(result.origin === undefined ? [] : [`from ${logLine(result.origin)}`]),
  ];
  const aside = notes.length === 0 ? '' : ` (${notes.join(', ')})`;
  switch (result.status) {
    case 'passed':
      return [`${paint('green', '  passed ')} ${name}${aside}`, ...findingLines(result.findings, paint, width)];
    case 'not-applicable':
      return [paint('dim', `  skipped  ${name}${result.reason === null ? '' : `: ${logLine(result.reason)}`}`)];
    case 'errored':
      return [
        '',
        `${paint('red', '  ERROR  ')} ${paint('bold', name)}${aside}`,
        ...indented(result.reason ?? 'no reason given', width, '      '),
        ...findingLines(result.findings, paint, width),
      ];
    case 'failed':
      return ['', `${paint('red', '  FAILED ')} ${paint('bold', name)}${aside}`, ...findingLines(result.findings, paint, width)];
  }
}

function findingLines(findings: readonly Finding[], paint: Paint, width: number): string[] {
  const helps = new Set<string>();
  const lines = findings.flatMap((finding) => {
    const sign = isWaived(finding)
      ? paint('dim', 'w')
      : finding.level === 'error'
        ? paint('red', '✗')
        : finding.level === 'warning'
          ? paint('yellow', '!')
          : paint('dim', 'i');
    const place = [
      ...(finding.address === null ? [] : [paint('bold', logLine(finding.address))]),
      ...(finding.action === null ? [] : [`(${logLine(finding.action)})`]),
      ...(finding.file === null ? [] : [logLine(finding.line === null ? finding.file : `${finding.file}:${finding.line}`)]),
    ].join(' ');
    if (finding.help !== null) helps.add(finding.help);
    const rule = finding.ruleId === null ? '' : ` [${logLine(finding.ruleId)}]`;
    const waived = isWaived(finding) ? indented(`Waived: ${waivedWords(finding)}`, width, '        ') : [];
    const message = cut(messageOf(finding), 2000);
    const [first, ...rest] = place === '' ? indented(`${message}${rule}`, width, '        ') : [`        ${place}${rule}`];
    return [
      `      ${sign} ${(first ?? '').trimStart()}`,
      ...rest,
      ...(place === '' ? [] : indented(message, width, '        ')),
      ...waived,
    ];
  });
  return [...lines, ...[...helps].flatMap((help) => indented(help, width, '      → '))];
}

function planLines(model: ReportModel, view: View, paint: Paint, width: number, maxLines: number): string[] {
  const { masker } = model;
  if (masker === null) return [];
  const title = (text: string, count: number): string[] => ['', paint('bold', `${text} (${count})`)];
  const sections: readonly (readonly [string[], readonly (() => string[])[]])[] = [
    ...view.groups.map(
      ({ name, items }) =>
        [title(GROUP_WORDS[name].heading, items.length), items.map((item) => () => itemLines(item, masker, paint, width))] as const,
    ),
    [title('Outputs', view.outputs.length), view.outputs.map((output) => () => painted(outputLines([output], masker), paint, width))],
    [
      title('Changed outside of Terraform', view.drift.length),
      view.drift.map((item) => () => [`  ${logLine(item.address)}`, ...painted(diffLines(item.change, masker), paint, width)]),
    ],
  ];
  const lines: string[] = [];
  for (const [heading, items] of sections) {
    if (items.length === 0) continue;
    lines.push(...heading);
    let shown = 0;
    for (; shown < items.length && lines.length < maxLines; shown++) for (const line of items[shown]?.() ?? []) lines.push(line);
    if (shown < items.length) lines.push(paint('dim', `  … and ${items.length - shown} more, left out for length`));
  }
  const hidden = countHidden(view, masker);
  return hidden === 0 ? lines : [...lines, '', paint('dim', `${plural(hidden, 'sensitive value')} hidden`)];
}

function itemLines(item: Item, masker: Masker, paint: Paint, width: number): string[] {
  const { sign, mark } = GROUP_WORDS[item.group];
  // The sign of the comment is an emoji; a terminal gets Terraform's own marks.
  const words = resourceLine(item, masker, PLAIN).slice(sign.length + 1);
  const line = `  ${paint(GROUP_STYLE[item.group], mark.padEnd(3))} ${words}`;
  return hasBody(item) ? [line, ...painted(diffLines(item.change, masker), paint, width)] : [line];
}

/** Values stay on their line. The names of what is known only after apply are words, and there may be fifty of them. */
function painted(diff: readonly string[], paint: Paint, width: number): string[] {
  return diff.flatMap(logLines).flatMap((line) => {
    const texts = line.startsWith('+ (known after apply: ') ? indented(line.slice(2), width, '      + ') : [`      ${line}`];
    const style = ({ '+': 'green', '-': 'red', '!': 'yellow' } as const)[line.charAt(0)];
    return style === undefined ? texts : texts.map((text) => paint(style, text));
  });
}

function indented(text: string, width: number, indent: string): string[] {
  const blank = ' '.repeat(indent.length);
  return logLines(text.trim())
    .flatMap((line) => wrap(line, width - indent.length))
    .map((line, index) => `${index === 0 ? indent : blank}${line}`);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of logLine(text).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > Math.max(width, 20)) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  // A word that was in the middle of a line may stand at its start now.
  return [...lines, line].map(logLine);
}
