// The plan in Markdown: resource by resource in order of danger, by module where there are several; then what is no resource.
import { leftOut, toBlock, toldOf, withoutFull, type Block, type Budget } from '../budget.ts';
import { fold, HTML, MARKDOWN } from '../dialect.ts';
import { code, fence } from '../escape.ts';
import type { Row, Told } from '../ladder.ts';
import { say, sayResource } from '../phrase.ts';
import type { Listed, Section, SectionPlan, SectionResource, WithBody } from '../section/data.ts';
import { GROUP_WORDS, GROUPS, plural, type GroupName } from '../words.ts';

// Plans up to this size are read at a glance and stand open: one screen. With less, one rule of one security group was a click away.
const SMALL_PLAN_LINES = 30;
const SMALL_PLAN_RESOURCES = 5;
// A longer list of addresses alone is folded: it would push everything after it out of sight.
const MAX_OPEN_LINES = 25;
/** In a shorter group a heading for each module would be more text than the resources. */
const MODULES_FROM = 8;
/** With fewer for each heading, as the mean, every second line is a heading, and the addresses tell the module anyway. */
const MEMBERS = 2;

export interface PlanDrawing {
  readonly told: Pick<Told<string>, 'groups' | 'outputs' | 'invocations' | 'deferred' | 'drift'>;
  readonly parts: () => string[];
  /** In words, each thing that was left out. */
  readonly missing: () => string[];
}

/** @param isAlone  there is one section only: its groups are counted even where none of them has room */
export function drawPlan(plan: SectionPlan | null, room: Budget, isAlone: boolean): PlanDrawing {
  const isOpen = plan !== null && isSmall(plan);
  const groups = GROUPS.flatMap((name) => (plan === null || !plan.tally[name] ? [] : [drawGroup(name, plan, isOpen, room, isAlone)]));
  const outputs = drawFold('Outputs', plan?.outputs, room, isOpen, {
    // Each with a fence of its own, which may be long for what stands in it; printed in one.
    block: (lines) => toBlock(() => fence(lines, 'diff')),
    print: (_texts, items) => fence(items.flat(), 'diff'),
  });
  const invocations = drawFold('Actions to invoke', plan?.invocations, room, false, {
    block: (item) => diffBlock('⚡', item),
    print: paragraphs,
  });
  const deferred = drawFold('Deferred to a later run', plan?.deferred, room, false, {
    block: (phrase) => toBlock(() => `- ${say(phrase, MARKDOWN)}`),
    print: (texts) => texts.join('\n'),
  });
  const drift = drawFold('Changed outside of Terraform', plan?.drift, room, false, {
    block: (item) => diffBlock('📝', item),
    print: paragraphs,
  });
  const folds = [outputs, invocations, deferred, drift];
  return {
    told: {
      groups: groups.flatMap(({ rows }) => rows),
      outputs: outputs.row,
      invocations: invocations.row,
      deferred: deferred.row,
      drift: drift.row,
    },
    parts: () => [
      ...groups.flatMap(({ text }) => text()),
      ...folds.flatMap(({ text }) => text()),
      ...otherDrift({ plan }).map((words) => `${words}.`),
    ],
    missing: () => missingWords(groups, folds),
  };
}

function isSmall({ tally, resources, outputs }: SectionPlan): boolean {
  const count = Object.values(tally).reduce((sum, one) => sum + one, 0);
  if (count === 0) return outputs.more === 0 && outputs.items.length <= SMALL_PLAN_LINES;
  if (count > SMALL_PLAN_RESOURCES || resources.some(({ body }) => body === undefined)) return false;
  return resources.reduce((sum, { body = [] }) => sum + body.length, 0) <= SMALL_PLAN_LINES;
}

interface GroupDrawing {
  readonly name: GroupName;
  readonly rows: readonly (Row<string> & { readonly name: GroupName })[];
  readonly text: () => string[];
  /** How many are not named, and how many that are named are without their attributes. */
  readonly unnamed: () => number;
  readonly bare: () => number;
}

function drawGroup(name: GroupName, plan: SectionPlan, isOpen: boolean, room: Budget, isAlone: boolean): GroupDrawing {
  const { heading, toDo } = GROUP_WORDS[name];
  const count = plan.tally[name] ?? 0;
  const resources = plan.resources.filter(({ group }) => group === name);
  const title = `#### ${heading} (${count})`;
  const inside = room.within(`${title}\n\n… and ${count} more ${toDo}\n\n`);
  if (isAlone) inside.take(0);
  const modules = byModule(resources, count >= MODULES_FROM).map(([module, members]) => {
    const blocks = members.map((resource) => resourceBlock(resource, isOpen));
    const heading = module === null ? '' : `##### ${module === '' ? 'Root module' : code(module)}\n\n`;
    const listFold = fold(`${blocks.length} more ${toDo}`, '');
    return { heading, blocks, row: { name, blocks, room: inside.within(`${heading}${isFolded(name, blocks.length) ? listFold : ''}\n`) } };
  });
  const named = (): number => modules.reduce((sum, { blocks }) => sum + blocks.length - leftOut(blocks), 0);
  const text = (): string[] => {
    if (!inside.isUsed) return [];
    const hidden = count - named();
    return [
      title,
      ...modules.flatMap(({ heading, blocks }) => {
        const parts = moduleParts(name, blocks);
        return parts.length === 0 || heading === '' ? parts : [heading.trimEnd(), ...parts];
      }),
      ...(hidden > 0 ? [`… and ${hidden} more ${toDo}`] : []),
    ];
  };
  const withoutBody = resources.filter(({ body }) => body === undefined).length;
  return {
    name,
    rows: modules.map(({ row }) => row),
    text,
    unnamed: () => count - named(),
    bare: () => modules.reduce((sum, { blocks }) => sum + withoutFull(blocks), 0) + withoutBody,
  };
}

function resourceBlock(resource: SectionResource, isOpen: boolean): Block {
  const { body, failed } = resource;
  const line = (): string => `- ${sayResource(resource, MARKDOWN)}`;
  if (body === undefined || body.length === 0) return toBlock(line);
  return toBlock(line, () => fold(sayResource(resource, HTML), fence(body, 'diff'), isOpen || failed.length > 0));
}

/** Those with their diff first, then a list of the others. */
function moduleParts(name: GroupName, blocks: readonly Block[]): string[] {
  const full = toldOf(blocks.filter(({ chosen }) => chosen === 'full'));
  const lines = toldOf(blocks.filter(({ chosen }) => chosen === 'line'));
  const list = lines.join('\n');
  const title = `${lines.length}${full.length === 0 ? '' : ' more'} ${GROUP_WORDS[name].toDo}`;
  return [...full, ...(lines.length === 0 ? [] : [isFolded(name, lines.length) ? fold(title, list) : list])];
}

/** A folded list of creates costs a click; a folded list of destroys costs a database. */
const isFolded = (name: GroupName, lines: number): boolean => lines > MAX_OPEN_LINES && name !== 'destroy' && name !== 'replace';

/** One entry with null: not told apart. */
function byModule(resources: readonly SectionResource[], isLarge: boolean): [string | null, SectionResource[]][] {
  const modules = new Map<string, SectionResource[]>();
  for (const resource of resources) {
    const members = modules.get(resource.module ?? '');
    if (members === undefined) modules.set(resource.module ?? '', [resource]);
    else members.push(resource);
  }
  const isTelling = modules.size > 1 && resources.length >= MEMBERS * modules.size;
  return isLarge && isTelling ? [...modules] : [[null, [...resources]]];
}

interface FoldDrawing {
  readonly title: string;
  readonly row: Row<string>;
  readonly text: () => string[];
  readonly unnamed: () => number;
  readonly bare: () => number;
}

interface FoldWays<T> {
  readonly block: (item: T) => Block;
  /** What is told, as text and as it was. */
  readonly print: (texts: readonly string[], items: readonly T[]) => string;
}

function drawFold<T>(title: string, list: Listed<T> | undefined, room: Budget, isOpen: boolean, ways: FoldWays<T>): FoldDrawing {
  const { items, more } = list ?? { items: [], more: 0 };
  const blocks = items.map(ways.block);
  const summary = `<b>${title}</b> (${items.length + more})`;
  // For the fold, and for a fence.
  const row = { room: room.within(`${fold(summary, '```diff\n\n```\n\n… and 100000 more', isOpen)}\n\n`), blocks };
  const unnamed = (): number => more + leftOut(blocks);
  const text = (): string[] => {
    const texts = toldOf(blocks);
    if (texts.length === 0) return [];
    const told = items.filter((_, index) => blocks[index]?.chosen !== 'none');
    return [fold(summary, [ways.print(texts, told), ...(unnamed() > 0 ? [`… and ${unnamed()} more`] : [])].join('\n\n'), isOpen)];
  };
  return { title, row, text, unnamed, bare: () => withoutFull(blocks) };
}

function diffBlock(sign: string, { line, body = [] }: WithBody): Block {
  const text = (): string => `${sign} ${say(line, MARKDOWN)}\n`;
  return toBlock(text, body.length === 0 ? null : () => `${text()}\n${fence(body, 'diff')}`);
}

const paragraphs = (texts: readonly string[]): string => texts.map((text) => text.trimEnd()).join('\n\n');

export const otherDrift = ({ plan }: Pick<Section, 'plan'>): string[] =>
  plan === null || plan.otherDrift === 0
    ? []
    : [`${plural(plan.otherDrift, 'object')} changed outside of Terraform that nothing here depends on`];

function missingWords(groups: readonly GroupDrawing[], folds: readonly FoldDrawing[]): string[] {
  const unnamed = groups.reduce((sum, one) => sum + one.unnamed(), 0);
  return [
    ...groups
      .filter((one) => one.bare() > 0)
      .map((one) => `the attributes of ${plural(one.bare(), 'resource')} ${GROUP_WORDS[one.name].toDo}`),
    ...(unnamed > 0 ? [plural(unnamed, 'address', 'addresses')] : []),
    ...folds.filter((one) => one.unnamed() > 0).map((one) => `${one.title.toLowerCase()} (${one.unnamed()})`),
  ];
}
