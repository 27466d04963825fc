// The report in Markdown, as the comment and the job summary show it: verdict and counts, danger, failed checks, then the plan,
// resource by resource. Order of telling and order of importance differ: when room is short, first the bodies of creates go, then
// those of updates, then lists of addresses; what is destroyed or replaced and what failed goes last. What was left out is said.
import { renderFailedChecks, renderQuietChecks } from './checks-section.ts';
import { diffLines } from './diff-lines.ts';
import { fold, MARKDOWN } from './dialect.ts';
import { code, cut, fence, link, prose } from './escape.ts';
import { Budget, fitFull, fitLines, leftOut, withoutFull, type Block, type Measure } from './fit.ts';
import type { Masker } from '../plan/masking.ts';
import type { ReportModel } from './model.ts';
import { outputLines, resourceBlock, resourceLine, whyWords } from './resource-blocks.ts';
import { countHidden, toView, type Item, type View } from './view.ts';
import {
  checkWords,
  countChecks,
  deciderWords,
  GROUP_WORDS,
  isExplained,
  plural,
  tallyWords,
  terraformLine,
  type GroupName,
} from './words.ts';

export interface DocumentOptions {
  readonly limit: number;
  readonly measure: Measure;
  /** The marker of a comment; a summary has none. */
  readonly marker: string | null;
  /** Where the whole is to be read when this is cut short; Markdown. */
  readonly fullReport: string | null;
}

// For the words about what was left out, and joints.
const RESERVE = 1500;
/** A caution names so many; the rest follows below, one by one. */
const MAX_CAUTION = 20;
/** Of names that HCP and Terraform keep far shorter. */
const MAX_NAME = 200;
// Plans up to this size are read at a glance and stand open (dflook/terraform-plan's threshold is 10 lines).
const SMALL_PLAN_LINES = 12;
const SMALL_PLAN_RESOURCES = 5;

export function renderDocument(model: ReportModel, options: DocumentOptions): string {
  const view = toView(model);
  const budget = new Budget(options.limit - RESERVE, options.measure);
  const head = [
    options.marker === null ? '' : options.marker,
    heading(model, view),
    troubles(model),
    context(model),
    caution(view, model.masker),
  ].filter((part) => part !== '');
  const foot = footer(model, view);
  for (const part of [...head, foot]) budget.spend(`${part}\n\n`);

  const failed = renderFailedChecks(model, budget);
  const plan = renderPlan(model, view, budget);
  const quiet = renderQuietChecks(model, budget);
  const notes = plan.leftOut === '' ? [] : [`_${plan.leftOut}${options.fullReport === null ? '' : ` ${options.fullReport}`}_`];
  const [marker, ...rest] = [...head, ...failed, ...(quiet === null ? [] : [quiet]), ...plan.parts, ...notes, foot];
  // The heading stands right under the marker, so that a preview of the text begins with it.
  return options.marker === null ? [marker, ...rest].join('\n\n') + '\n' : `${marker}\n${rest.join('\n\n')}\n`;
}

/** Verdict and counts in plain text: what a mail or a chat shows. */
export function headline(model: ReportModel, view: View): string {
  const verdict = isExplained(model) ? checkWords(countChecks(model)) : (model.verdict?.status ?? '');
  const plan = model.plan === null ? (model.planProblem === null ? '' : 'no plan') : tallyWords(view.tally, view.outputs.length);
  return [model.observe ? `observed only, ${verdict}` : verdict, plan].filter((part) => part !== '').join(' · ');
}

const heading = (model: ReportModel, view: View): string =>
  `### ${verdictSign(model)} ${prose(cut(model.run.workspace, MAX_NAME))}: ${headline(model, view)}`;

function verdictSign(model: ReportModel): string {
  if (model.verdict === null) return '📋';
  // Passed although a check failed: observed only, or all that failed is advisory.
  if (model.verdict.status === 'passed') return hasFailures(model) ? '⚠️' : '✅';
  return '❌';
}

const hasFailures = (model: ReportModel): boolean => model.results.some((r) => r.status === 'failed' || r.status === 'errored');

/** Whatever makes the verdict another one than the checks', or keeps it from HCP Terraform. One alert: they must not follow each other. */
function troubles(model: ReportModel): string {
  const lines: string[] = [];
  const decider = deciderWords(model);
  if (model.verdict !== null) {
    const message = prose(cut(model.verdict.message, 1000));
    if (decider !== null) lines.push(`**${decider}** (on record: ${model.verdict.status}). ${message}`);
    else if (!isExplained(model)) lines.push(message);
  }
  if (model.planProblem !== null && decider === null) lines.push(`**There is no plan to show.** ${prose(cut(model.planProblem, 1000))}`);
  if (model.observe) lines.push('**Observed only.** The route does not enforce: the verdict on record is passed, whatever the checks say.');
  if (model.delivery?.state === 'undeliverable') {
    lines.push(`**HCP Terraform did not take this verdict.** ${prose(cut(model.delivery.reason ?? 'No reason was given.', 500))}`);
  } else if (model.delivery?.state === 'pending') {
    const reason = model.delivery.reason === undefined ? '' : ` ${prose(cut(model.delivery.reason, 500))}`;
    lines.push(`**HCP Terraform does not have this verdict yet.** The relay keeps sending it.${reason}`);
  }
  if (model.plan?.errored === true) lines.push('**The plan is incomplete**: Terraform met an error while it planned.');
  else if (model.plan?.complete === false)
    lines.push('**The plan is partial**: it was targeted or has deferred changes; another run must follow.');
  return lines.length === 0 ? '' : `> [!WARNING]\n${lines.map((line) => `> ${line}`).join('\n>\n')}`;
}

function context(model: ReportModel): string {
  const { run } = model;
  const parts = [
    link(code(cut(run.run_id, MAX_NAME)), run.run_url),
    run.stage.replaceAll('_', '-'),
    run.enforcement,
    ...(run.speculative ? ['speculative'] : []),
    ...(model.plan === null ? [] : [terraformLine(model.plan.counts)]),
  ];
  return parts.join(' · ');
}

function caution(view: View, masker: Masker | null): string {
  const items = view.groups.filter(({ name }) => name === 'destroy' || name === 'replace').flatMap((group) => group.items);
  if (items.length === 0) return '';
  const { destroy, replace } = view.tally;
  const title = [
    ...(destroy > 0 ? [`Destroys ${plural(destroy, 'resource')}`] : []),
    ...(replace > 0 ? [`${destroy > 0 ? 'replaces' : 'Replaces'} ${plural(replace, 'resource')}`] : []),
  ].join(', ');
  const lines = items.slice(0, MAX_CAUTION).map((item) => {
    const why = masker === null ? '' : whyWords(item, masker, MARKDOWN);
    return `> - ${GROUP_WORDS[item.group].sign} ${code(cut(item.address, 500))}${why === '' ? '' : ` — ${why}`}`;
  });
  if (items.length > MAX_CAUTION) lines.push(`> - … and ${items.length - MAX_CAUTION} more`);
  return `> [!CAUTION]\n> **${title}**\n>\n${lines.join('\n')}`;
}

interface PlanSection {
  readonly name: GroupName;
  readonly blocks: readonly Block<Item>[];
}

/** Bodies go in this order when there is room, so they vanish in the opposite one. */
const LESS_DANGEROUS: readonly GroupName[] = ['other', 'forget', 'update', 'create', 'import', 'move', 'read'];

function renderPlan(model: ReportModel, view: View, budget: Budget): { parts: string[]; leftOut: string } {
  const { masker } = model;
  if (masker === null) return { parts: [], leftOut: '' };
  const open = isSmall(view, masker);
  const sections = view.groups.map(({ name, items }): PlanSection => ({
    name,
    blocks: items.map((item) => resourceBlock(item, masker, open)),
  }));
  const of = (names: readonly GroupName[]): Block<Item>[] =>
    names.flatMap((name) => sections.filter((s) => s.name === name).flatMap((s) => s.blocks));
  for (const { name, blocks } of sections) budget.spend(`#### ${GROUP_WORDS[name].heading} (${blocks.length})\n\n`);

  const dangerous = of(['destroy', 'replace']);
  const rest = of(LESS_DANGEROUS);
  fitLines(dangerous, budget);
  fitFull(dangerous, budget);
  fitLines(rest, budget);
  fitFull(of(['other', 'update']), budget);
  const outputs = section(view.outputs.length, 'Outputs', () => fence(outputLines(view.outputs, masker), 'diff'), open, budget);
  fitFull(of(['create', 'import', 'read']), budget);
  const deferred = section(
    view.deferred.length,
    'Deferred to a later run',
    () => asMany(view.deferred, budget, '\n', ({ item, reason }) => `- ${resourceLine(item, masker, MARKDOWN)} · ${prose(reason)}`),
    false,
    budget,
  );
  const drift = section(
    view.drift.length,
    'Changed outside of Terraform',
    () => asMany(view.drift, budget, '\n\n', (item) => driftText(item, masker)),
    false,
    budget,
  );

  const parts = sections.map(({ name, blocks }) => groupText(name, blocks));
  const missing = [
    ...sections.flatMap(({ name, blocks }) => {
      const hidden = withoutFull(blocks);
      return hidden > 0 ? [`the attributes of ${plural(hidden, 'resource')} ${GROUP_WORDS[name].toDo}`] : [];
    }),
    ...[outputs, deferred, drift].flatMap((one) => (one.missing === '' ? [] : [one.missing])),
    ...(sections.some(({ blocks }) => leftOut(blocks) > 0) ? ['addresses, as counted above'] : []),
  ];
  return {
    parts: [...parts, outputs.text, deferred.text, drift.text].filter((text) => text !== ''),
    leftOut: missing.length === 0 ? '' : `Left out for length: ${missing.join('; ')}.`,
  };
}

function isSmall(view: View, masker: Masker): boolean {
  const items = view.groups.flatMap((group) => group.items);
  if (items.length === 0 || items.length > SMALL_PLAN_RESOURCES)
    return view.outputs.length > 0 && view.outputs.length <= SMALL_PLAN_LINES && items.length === 0;
  return items.reduce((sum, item) => sum + diffLines(item.change, masker).length, 0) <= SMALL_PLAN_LINES;
}

// A longer list of addresses alone is folded: it would push everything after it out of sight.
const MAX_OPEN_LINES = 25;

/** Those with their diff first, then a list of the others. */
function groupText(name: GroupName, blocks: readonly Block<Item>[]): string {
  const full = blocks.filter((block) => block.chosen === 'full').map((block) => block.text);
  const lines = blocks.filter((block) => block.chosen === 'line').map((block) => block.text);
  const hidden = leftOut(blocks);
  const isDangerous = name === 'destroy' || name === 'replace';
  const list = lines.join('\n');
  const folded = lines.length > MAX_OPEN_LINES && !isDangerous;
  return [
    `#### ${GROUP_WORDS[name].heading} (${blocks.length})`,
    ...full,
    ...(lines.length === 0
      ? []
      : [folded ? fold(`${lines.length}${full.length === 0 ? '' : ' more'} ${GROUP_WORDS[name].toDo}`, list) : list]),
    ...(hidden > 0 ? [`… and ${hidden} more ${GROUP_WORDS[name].toDo}`] : []),
  ].join('\n\n');
}

function section(count: number, title: string, body: () => string, open: boolean, budget: Budget): { text: string; missing: string } {
  if (count === 0) return { text: '', missing: '' };
  const text = fold(`<b>${title}</b> (${count})`, body(), open);
  return budget.take(`${text}\n\n`) ? { text, missing: '' } : { text: '', missing: `${title.toLowerCase()} (${count})` };
}

/** As many as fit, then how many more there are. */
function asMany<T>(items: readonly T[], budget: Budget, joint: string, render: (item: T) => string): string {
  const parts: string[] = [];
  let left = budget.left - RESERVE;
  for (const item of items) {
    const text = render(item);
    left -= budget.measure(text + joint);
    if (left < 0) return [...parts, `- … and ${items.length - parts.length} more`].join(joint);
    parts.push(text);
  }
  return parts.join(joint);
}

function driftText(item: Item, masker: Masker): string {
  const lines = diffLines(item.change, masker);
  const moved = item.change.previousAddress === null ? '' : ` · moved from ${code(item.change.previousAddress)}`;
  const title = `${GROUP_WORDS[item.group].sign} ${code(item.address)}${moved}`;
  return lines.length === 0 ? title : `${title}\n\n${fence(lines, 'diff')}`;
}

function footer(model: ReportModel, view: View): string {
  const { run, plan, masker } = model;
  const hidden = masker === null ? 0 : countHidden(view, masker);
  const sha = model.commit;
  const parts = [
    ...(sha === null ? [] : [`commit ${link(code(sha.slice(0, 12)), run.vcs.commit_url)}`]),
    ...(model.workflowUrl === null ? [] : [link('workflow run', model.workflowUrl)]),
    ...(plan?.terraformVersion ? [`Terraform ${prose(cut(plan.terraformVersion, 40))}`] : []),
    ...(hidden > 0 ? [`${plural(hidden, 'sensitive value')} hidden`] : []),
    'runtask',
  ];
  return `<sub>${parts.join(' · ')}</sub>`;
}
