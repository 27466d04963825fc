// The plan in Markdown, resource by resource in order of danger, as much of it as there is room for.
import type { Masker } from '../plan/masking.ts';
import { diffLines } from './diff-lines.ts';
import { fold, MARKDOWN } from './dialect.ts';
import { code, fence, prose } from './escape.ts';
import { fitFull, fitLines, leftOut, withoutFull, type Block, type Budget } from './fit.ts';
import { outputLines, resourceBlock, resourceLine } from './resource-blocks.ts';
import type { Item, View } from './view.ts';
import { GROUP_WORDS, plural, type GroupName } from './words.ts';

// Plans up to this size are read at a glance and stand open (dflook/terraform-plan's threshold is 10 lines).
const SMALL_PLAN_LINES = 12;
const SMALL_PLAN_RESOURCES = 5;
/** For the line that counts what was left out. */
const RESERVE = 1500;

interface PlanSection {
  readonly name: GroupName;
  readonly blocks: readonly Block<Item>[];
}

/** Bodies go in this order when there is room, so they vanish in the opposite one. */
const LESS_DANGEROUS: readonly GroupName[] = ['other', 'forget', 'update', 'create', 'import', 'move', 'read'];

export function renderPlan(view: View, masker: Masker | null, budget: Budget): { parts: string[]; leftOut: string } {
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
