// The comment on a pull request for all of its workspaces: a table, what is dangerous and what failed, and a fold for each workspace or
// for several that say the same.
import { Budget, fitFull, fitLines, leftOut, toBlock, toldOf, type Block } from './budget.ts';
import { groupParts, isCalm, isFailed, type CombinedPart, type Group } from './combined/groups.ts';
import { headingOf } from './combined/heading.ts';
import { listNames, namesOf } from './combined/names.ts';
import { drawTable, olderWords } from './combined/table.ts';
import { MAX_COMMENT } from './comment.ts';
import { writeCombinedMarker, type CombinedMarker } from '../contracts/comment-marker.ts';
import { fold, HTML, MARKDOWN } from './dialect.ts';
import { renderDocument, withinLimit } from './document.ts';
import { link } from './escape.ts';
import { choose } from './ladder.ts';
import { caution } from './markdown/caution.ts';
import { drawSection, isQuiet, type Drawing } from './markdown/drawing.ts';
import { context, footer, footerLine, headlineWords, leftOutText, noticesText, signOf } from './markdown/verdict.ts';
import type { Section, Whose } from './section/data.ts';
import { plural } from './words.ts';

export type { CombinedPart } from './combined/groups.ts';

const RESERVE = 1000;
/** So many rows have their links before anything is told in detail. */
const LINKED_ROWS = 50;
/** Names alone cost little: this much of what the table leaves is theirs before anybody's details. */
const CALM_SHARE = 0.05;
/** With more that failed, opening them all would push the last ones out of sight. */
const MAX_OPEN = 3;

const measure = (text: string): number => text.length;

/** At most MAX_COMMENT characters, whatever the number of parts. The same parts give the same bytes. */
export function renderCombined(parts: readonly CombinedPart[], marker: CombinedMarker): string {
  const groups = groupParts(parts);
  const [first] = groups;
  const top = writeCombinedMarker(marker);
  if (first !== undefined && parts.length === 1 && first.section !== null) {
    return renderDocument(first.section, first.members[0], { limit: MAX_COMMENT, measure, marker: top });
  }
  const nameOf = namesOf(parts);
  return withinLimit(MAX_COMMENT, measure, (room) => renderGroups(groups, { top, nameOf, room }));
}

interface Setting {
  readonly top: string;
  readonly nameOf: (whose: Whose) => string;
  readonly room: number;
}

function renderGroups(groups: readonly Group[], { top, nameOf, room }: Setting): string {
  const budget = new Budget(room - RESERVE, measure);
  const loud = groups.filter((group) => !isCalm(group));
  const table = drawTable(loud, nameOf);
  const calm = drawCalm(groups.filter(isCalm), nameOf);
  const head = [`${top}\n${headingOf(groups)}`, cautionOf(groups, nameOf)].filter((part) => part !== '');
  const foot = footerLine([
    plural(
      groups.reduce((sum, { members }) => sum + members.length, 0),
      'workspace',
    ),
  ]);
  for (const part of [...head, foot, ...(loud.length > 0 ? [table.frame] : []), ...calm.frame]) budget.spend(measure(`${part}\n\n`));

  const isOpen = loud.filter(isUrgent).length <= MAX_OPEN;
  const folds = loud.flatMap((group) =>
    group.section === null || isQuiet(group.section) ? [] : [drawFold(group, group.section, { nameOf, budget, isOpen })],
  );
  fitLines(table.blocks, budget);
  fitFull(table.blocks.slice(0, LINKED_ROWS), budget);
  fitLines(calm.blocks, budget.share(budget.left * CALM_SHARE));
  for (const one of folds) if (one.isUrgent) one.drawing.told.room.take(0);
  choose(
    folds.map(({ drawing }) => drawing.told),
    { hasCaution: true },
  );
  fitFull(table.blocks, budget);
  fitLines(calm.blocks, budget);
  fitFull(calm.blocks, budget);

  const told = folds.flatMap((one) => one.text());
  const untold = folds.length - told.length;
  const note =
    untold === 0
      ? []
      : [`_Left out for length: what ${plural(untold, 'more workspace')} would say here. The whole is in the job summary of each._`];
  return `${[...head, ...(loud.length > 0 ? [table.text()] : []), ...calm.text(), ...told, ...note, foot].join('\n\n')}\n`;
}

const cautionOf = (groups: readonly Group[], nameOf: (whose: Whose) => string): string =>
  caution(
    groups.flatMap(({ section, members }) =>
      section === null
        ? []
        : [
            {
              section,
              name: members.length === 1 ? nameOf(members[0]) : `${nameOf(members[0])} and ${members.length - 1} more`,
              times: members.length,
            },
          ],
    ),
  );

interface FoldDrawing {
  readonly drawing: Drawing;
  /** Its first lines are told before anybody's details. */
  readonly isUrgent: boolean;
  readonly text: () => string[];
}

/** Somebody has to do something: what failed, what is partial, what looks like a credential. */
const isUrgent = (group: Group): boolean => isFailed(group) || (group.section?.notices.length ?? 0) > 0;

interface FoldSetting {
  readonly nameOf: (whose: Whose) => string;
  readonly budget: Budget;
  readonly isOpen: boolean;
}

function drawFold(group: Group, section: Section, { nameOf, budget, isOpen }: FoldSetting): FoldDrawing {
  const { members, isOlder } = group;
  const summary = [
    `${signOf(section)} <b>${listNames(members, HTML, { nameOf, max: 3, isLinked: false })}</b>`,
    HTML.text(headlineWords(section)),
    ...(members.length > 1 ? ['identical'] : []),
    ...(isOlder && section.commit !== null ? [olderWords(section.commit.sha, HTML.code)] : []),
    // Whoever does not open it must know that there is one.
    ...(section.notices.length > 0 && !isOpen ? ['⚠️ with a warning'] : []),
  ]
    .filter((part) => part !== '')
    .join(' · ');
  const first = [noticesText(section), ...(members.length === 1 ? [context(section, members[0])] : [])].filter((part) => part !== '');
  // Of workspaces that say the same only one's workflow is known.
  const facts = footer(members.length === 1 ? section : { ...section, workflow: null });
  const last = facts.length === 0 ? [] : [`<sub>${facts.join(' · ')}</sub>`];
  const print = (paragraphs: readonly string[], note: string): string =>
    fold(summary, [...first, ...paragraphs, ...(note === '' ? [] : [note]), ...last].join('\n\n'), isOpen && isUrgent(group));
  const room = budget.within(
    `${print([], leftOutText(['the attributes of 100 resources to create; 100 addresses'], section.workflow))}\n\n`,
  );
  const drawing = drawSection(section, room);
  return {
    drawing,
    isUrgent: isUrgent(group),
    text: () => (room.isUsed ? [print(drawing.paragraphs(), leftOutText(drawing.missing(), section.workflow))] : []),
  };
}

interface CalmDrawing {
  readonly blocks: readonly Block[];
  readonly frame: readonly string[];
  readonly text: () => string[];
}

/** `12 workspaces without changes: a, b, …` */
function drawCalm(groups: readonly Group[], nameOf: (whose: Whose) => string): CalmDrawing {
  const members = groups.flatMap((group) => group.members);
  if (members.length === 0) return { blocks: [], frame: [], text: () => [] };
  const blocks = members.map((whose) => {
    const name = MARKDOWN.text(nameOf(whose));
    return toBlock(
      () => `${name},`,
      () => `${link(name, whose.run_url)},`,
    );
  });
  const isJudged = groups.every(({ section }) => section?.verdict === 'passed');
  const title = `${isJudged ? '✅ ' : ''}${plural(members.length, 'workspace')} without changes${isJudged ? ', passed' : ''}`;
  const text = (): string[] => {
    const hidden = leftOut(blocks);
    const names = [...toldOf(blocks).map((name) => name.slice(0, -1)), ...(hidden > 0 ? [`${hidden} more`] : [])];
    return [`${title}: ${names.join(', ')}`];
  };
  return { blocks, frame: [`${title}: and ${members.length} more`], text };
}
