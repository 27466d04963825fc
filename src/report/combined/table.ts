// The table of workspaces: what each plan does, what its checks said, whether it is a gate, and where its run is.
import { leftOut, toBlock, toldOf, type Block } from '../budget.ts';
import { CELL } from '../dialect.ts';
import { code, link } from '../escape.ts';
import { brief, signOf } from '../markdown/verdict.ts';
import { stateWords } from '../run-state.ts';
import type { Section, Whose } from '../section/data.ts';
import { plural, type GroupName } from '../words.ts';
import type { Group } from './groups.ts';
import { listNames } from './names.ts';

const HEAD = '| Workspace | Plan | Checks | Gate | Run |\n|---|---|---|---|---|';
/** Of workspaces that say the same so many are named, and with room for it so many are linked. */
const NAMED = 3;
const LINKED = 20;

export interface Table {
  readonly blocks: readonly Block[];
  /** What it costs without a row. */
  readonly frame: string;
  readonly text: () => string;
}

export function drawTable(groups: readonly Group[], nameOf: (whose: Whose) => string): Table {
  const blocks = groups.map((group) =>
    toBlock(
      () => row(group, nameOf, false),
      () => row(group, nameOf, true),
    ),
  );
  const text = (): string => {
    const hidden = groups.slice(groups.length - leftOut(blocks));
    return [HEAD, ...toldOf(blocks), ...(hidden.length > 0 ? [restRow(hidden)] : [])].join('\n');
  };
  return { blocks, frame: `${HEAD}\n${restRow(groups)}\n\n`, text };
}

function row(group: Group, nameOf: (whose: Whose) => string, isLinked: boolean): string {
  const { members, section } = group;
  const names = listNames(members, CELL, { nameOf, max: isLinked ? LINKED : NAMED, isLinked });
  if (section === null) return cells([names, 'not known: told by another version of runtask', '', '', '']);
  return cells([names, planCell(section), checksCell(section), gateCell(section), runCell(group, section, isLinked)]);
}

const cells = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`;

const MARKS: readonly (readonly [GroupName, string])[] = [
  ['destroy', '−'],
  ['replace', '±'],
  ['update', '\\~'],
  ['create', '+'],
];
const DANGEROUS: ReadonlySet<GroupName> = new Set(['destroy', 'replace']);

/** `**−1** **±1** ~2 +3, 1 import` */
function planCell({ plan, headline, state }: Section): string {
  const tally = plan?.tally ?? {};
  const marks = MARKS.flatMap(([group, mark]) => {
    const count = tally[group] ?? 0;
    return count === 0 ? [] : [DANGEROUS.has(group) ? `**${mark}${count}**` : `${mark}${count}`];
  });
  const words = (['other', 'forget', 'import', 'move'] as const).flatMap((group) =>
    (tally[group] ?? 0) > 0 ? [`${tally[group]} ${group}`] : [],
  );
  const all = [...(marks.length > 0 ? [marks.join(' ')] : []), ...words];
  const says = all.length > 0 ? all.join(', ') : CELL.text(brief(headline.plan));
  return [stateWords(state), says].filter((text) => text !== '').join(': ');
}

function checksCell(section: Section): string {
  const { failed, errored, advisory, passed, warnings } = section.checks.counts;
  const counts = [
    ...(failed > 0 ? [`❌ ${failed}`] : []),
    ...(errored > 0 ? [`🚫 ${errored}`] : []),
    ...(advisory > 0 ? [`🔶 ${advisory}`] : []),
    ...(warnings > 0 ? [`⚠️ ${warnings}`] : []),
    ...(passed > 0 ? [`✅ ${passed}`] : []),
  ];
  // A verdict that the checks do not explain is told beside them: the relay or an operator decided.
  const isOdd = section.verdict === 'failed' && failed + errored === 0;
  return [...(isOdd ? [`${signOf(section)} failed`] : []), ...counts].join(' · ') || 'none';
}

const gateCell = ({ run, isObserved }: Section): string =>
  run.withoutTask ? '' : `${run.enforcement}${isObserved ? ', observed only' : ''}`;

function runCell({ members, isOlder }: Group, { run, workflow, commit }: Section, isLinked: boolean): string {
  return [
    ...(run.withoutTask ? [] : [run.stage.replaceAll('_', '-')]),
    // Of workspaces that say the same only one's is known.
    ...(isLinked && members.length === 1 && workflow !== null ? [link('workflow', workflow)] : []),
    ...(isOlder && commit !== null ? [olderWords(commit.sha, CELL.code)] : []),
  ].join(' · ');
}

/** `planned at abc1234, an older commit` */
export const olderWords = (sha: string, asCode: (text: string) => string = code): string =>
  `planned at ${asCode(brief(sha.slice(0, 7)))}, an older commit`;

function restRow(groups: readonly Group[]): string {
  const members = groups.reduce((sum, group) => sum + group.members.length, 0);
  const total = (group: GroupName): number =>
    groups.reduce((sum, one) => sum + one.members.length * (one.section?.plan?.tally[group] ?? 0), 0);
  const marks = MARKS.flatMap(([group, mark]) => (total(group) > 0 ? [`${mark}${total(group)}`] : []));
  const failed = groups.filter(({ section }) => section?.verdict === 'failed').reduce((sum, group) => sum + group.members.length, 0);
  return cells([`… and ${plural(members, 'more workspace')}`, marks.join(' '), failed > 0 ? `❌ ${failed} failed` : '', '', '']);
}
