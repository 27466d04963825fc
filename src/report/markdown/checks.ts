// What the checks said, in Markdown: failed ones open with their findings, those that could not run, conditions of the configuration, and
// in folds what nobody has to open.
import { leftOut, toBlock, toldOf, type Block, type Budget } from '../budget.ts';
import { fold, HTML, MARKDOWN } from '../dialect.ts';
import { helpText, prose } from '../escape.ts';
import type { Row, Told } from '../ladder.ts';
import { say } from '../phrase.ts';
import type { Aside, BrokenCheck, FailedCheck, Section } from '../section/data.ts';
import { plural } from '../words.ts';
import { findingLine } from './finding.ts';

/** Room for the line that counts what was left out. */
const LEFT_OUT = '- … and 100000 more findings, left out for length\n';

export interface ChecksDrawing {
  readonly told: Pick<Told<string>, 'failed' | 'broken' | 'conditions' | 'waivers' | 'quiet'>;
  /** Paragraphs, once it is chosen what is told. */
  readonly loud: () => string[];
  readonly folds: () => string[];
}

export function drawChecks({ checks, conditions, waivers, quiet }: Section, room: Budget): ChecksDrawing {
  const failed = checks.failed.items.map(drawFailed);
  const broken = checks.broken.items.map((check) => ({ check, block: toBlock(() => `- ${brokenLine(check)}`) }));
  const met = drawConditions(conditions, room);
  const waived = drawAsides(waiversTitle(checks.counts, waivers), waivers, room);
  const calm = drawAsides(quietTitle(checks.counts, quiet), quiet, room);
  const loud = (): string[] => {
    const of = (isAdvisory: boolean): string[] =>
      failed.filter(({ check }) => check.isAdvisory === isAdvisory).flatMap((one) => one.text());
    const errors = toldOf(broken.map(({ block }) => block));
    const hidden =
      checks.failed.more + checks.broken.more + leftOut(failed.map(({ heading }) => heading)) + leftOut(broken.map(({ block }) => block));
    return [
      ...of(false),
      ...(errors.length > 0 ? [errors.join('\n')] : []),
      ...of(true),
      ...(hidden > 0 ? [`… and ${plural(hidden, 'more failed check')}, left out for length.`] : []),
      ...met.text(),
    ];
  };
  return {
    told: { failed, broken: broken.map(({ block }) => block), conditions: met.row, waivers: waived.row, quiet: calm.row },
    loud,
    folds: () => [...waived.text(), ...calm.text()],
  };
}

interface FailedDrawing {
  readonly check: FailedCheck;
  readonly heading: Block;
  readonly findings: readonly Block[];
  readonly help: readonly Block[];
  readonly text: () => string[];
}

function drawFailed(check: FailedCheck): FailedDrawing {
  const summary = failedSummary(check);
  // Paid for with the heading, so that it can be closed.
  const heading = toBlock(() => fold(summary, LEFT_OUT, true));
  const findings = check.findings.items.map((finding) => toBlock(() => `- ${findingLine(finding)}`));
  const help = check.help.map((text) => toBlock(() => `${helpText(text)}\n`));
  const text = (): string[] => {
    if (heading.chosen === 'none') return [];
    const lines = toldOf(findings);
    const hidden = check.findings.more + leftOut(findings);
    if (hidden > 0) lines.push(`- … and ${plural(hidden, 'more finding')}, left out for length`);
    // Help belongs to the rule, so it is told once however many resources broke it.
    return [fold(summary, [lines.join('\n'), ...toldOf(help).map((one) => one.trimEnd())].join('\n\n'), true)];
  };
  return { check, heading, findings, help, text };
}

function failedSummary({ name, isAdvisory, origin, count, broke }: FailedCheck): string {
  const notes = [
    `${plural(count, 'finding')}${broke ? ' before it broke' : ''}`,
    ...(isAdvisory ? ['advisory'] : []),
    ...(origin === undefined ? [] : [HTML.text(`from ${origin}`)]),
  ];
  return `${isAdvisory ? '🔶' : '❌'} ${HTML.bold(HTML.text(name))} · ${notes.join(' · ')}`;
}

const brokenLine = ({ reason, ...check }: BrokenCheck): string =>
  `🚫 ${MARKDOWN.bold(prose(check.name))} could not run${besides(check)}: ${prose(reason)}`;

/** ` (advisory, from acme/policies@1a2b3c4)`, or nothing. */
function besides({ isAdvisory, origin }: Pick<BrokenCheck, 'isAdvisory' | 'origin'>): string {
  const parts = [...(isAdvisory ? ['advisory'] : []), ...(origin === undefined ? [] : [prose(`from ${origin}`)])];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

interface RowDrawing {
  readonly row: Row<string>;
  readonly text: () => string[];
}

function drawConditions({ items, more }: Section['conditions'], room: Budget): RowDrawing {
  const count = items.length + more;
  const summary = `⚠️ ${HTML.bold('Conditions of the configuration')} · ${count} not met`;
  const blocks = items.map(({ line, problems }) =>
    toBlock(() => [`- ${say(line, MARKDOWN)}`, ...problems.map((problem) => `  - ${prose(problem)}`)].join('\n')),
  );
  return drawList(summary, blocks, more, room, true);
}

const SIGNS: Readonly<Record<Aside['kind'], string>> = {
  warning: '⚠️ ',
  note: 'ℹ️ ',
  passed: '✅ ',
  skipped: '⏭️ ',
  waived: '',
  idle: '',
};

const WITH_FINDING: ReadonlySet<Aside['kind']> = new Set(['warning', 'note', 'waived']);

function asideLine({ kind, name, finding, words, ...check }: Aside): string {
  const says = words === undefined ? '' : prose(words);
  if (name === undefined) return `- ${SIGNS[kind]}${says}`;
  if (!WITH_FINDING.has(kind) || finding === undefined) {
    return `- ${SIGNS[kind]}${prose(name)}${kind === 'passed' ? besides(check) : ''}${says === '' ? '' : `: ${says}`}`;
  }
  return `- ${SIGNS[kind]}**${prose(name)}** ${findingLine(finding)}${says === '' ? '' : ` — waived: ${says}`}`;
}

function quietTitle({ warnings, passed, notApplicable }: Section['checks']['counts'], { notes }: Section['quiet']): string {
  return [
    ...(warnings > 0 ? [`⚠️ ${plural(warnings, 'warning')}`] : []),
    ...(notes > 0 ? [`ℹ️ ${plural(notes, 'note')}`] : []),
    ...(passed > 0 ? [`✅ ${plural(passed, 'check')} passed`] : []),
    ...(notApplicable > 0 ? [`⏭️ ${notApplicable} not applicable`] : []),
  ].join(' · ');
}

function waiversTitle({ waived }: Section['checks']['counts'], { idle }: Section['waivers']): string {
  return [
    ...(waived > 0 ? [`🔕 ${plural(waived, 'finding')} waived`] : []),
    ...(idle > 0 ? [`${plural(idle, 'waiver')} that nothing needs`] : []),
  ].join(' · ');
}

const drawAsides = (title: string, { items, more }: { items: readonly Aside[]; more: number }, room: Budget): RowDrawing =>
  drawList(
    title,
    items.map((aside) => toBlock(() => asideLine(aside))),
    more,
    room,
    false,
  );

/** A fold of bullets that is there when one of them is told. */
function drawList(summary: string, blocks: readonly Block[], more: number, room: Budget, isOpen: boolean): RowDrawing {
  const row = { room: room.within(`${fold(summary, '- … and 100000 more', isOpen)}\n\n`), blocks };
  const text = (): string[] => {
    const lines = toldOf(blocks);
    if (lines.length === 0) return [];
    const hidden = more + leftOut(blocks);
    return [fold(summary, [...lines, ...(hidden > 0 ? [`- … and ${hidden} more`] : [])].join('\n'), isOpen)];
  };
  return { row, text };
}
