// What is told first when there is not room for all: the order of importance, in one place, for every form that a section takes and for
// many sections in one text. What is urgent of each has its share of the room first, so that no section silences another; then, within a
// step, the sections take their turn in the order in which they are handed in: the worst first. Pure.
import { fitFull, fitLines, type Block, type Budget } from './budget.ts';
import type { GroupName } from './words.ts';

/** Things of one kind, and the room that they stand in. */
export interface Row<V> {
  readonly room: Budget<V>;
  readonly blocks: readonly Block<V>[];
}

/** All that one section has to tell beside what it tells in any case. */
export interface Told<V> {
  readonly room: Budget<V>;
  /** That a check failed, what it found, what to do about it. */
  readonly failed: readonly { readonly heading: Block<V>; readonly findings: readonly Block<V>[]; readonly help: readonly Block<V>[] }[];
  readonly broken: readonly Block<V>[];
  readonly conditions: Row<V>;
  readonly groups: readonly (Row<V> & { readonly name: GroupName })[];
  readonly outputs: Row<V>;
  readonly invocations: Row<V>;
  readonly deferred: Row<V>;
  readonly drift: Row<V>;
  readonly waivers: Row<V>;
  readonly quiet: Row<V>;
}

/** So many that are destroyed or replaced are named before anything is told in detail; but with no more than this part of the room. */
const NAMED_FIRST = 20;
const NAMED_SHARE = 0.4;
/** What nobody has to open gets a little room of its own: never nothing, however large the plan is. */
const QUIET_SHARE = 0.1;

const DANGEROUS: readonly GroupName[] = ['destroy', 'replace'];
const OTHERS: readonly GroupName[] = ['other', 'forget', 'update', 'create', 'import', 'move', 'read'];

/** @param hasCaution  what is destroyed is named above already, whatever becomes of its lines */
export function choose<V>(all: readonly Told<V>[], { hasCaution }: { readonly hasCaution: boolean }): void {
  // However much one of them has to say, or is made to say.
  if (all.length > 1) all.forEach((told, index) => told.room.atMost(told.room.left / (all.length - index), () => tellUrgent(told)));
  for (const step of stepsOf<V>(hasCaution)) for (const told of all) step(told, all.length);
}

/** What a reader must not miss of a section. */
function tellUrgent<V>(told: Told<V>): void {
  const { failed, broken, room } = told;
  for (const { heading, findings } of failed.slice(0, NAMED_FIRST)) {
    fitLines([heading], room);
    if (heading.chosen !== 'none') fitLines(findings.slice(0, 1), room);
  }
  fitLines(broken.slice(0, NAMED_FIRST), room);
  rowsOf(told, DANGEROUS).forEach(({ blocks, ...row }) => lines({ ...row, blocks: blocks.slice(0, NAMED_FIRST) }));
}

const stepsOf = <V>(hasCaution: boolean): readonly ((told: Told<V>, sections: number) => void)[] => [
  // That a check failed is not left out because another one, or another workspace, has much to say.
  ({ failed, room }) => {
    const headings = failed.map(({ heading }) => heading);
    fitLines(headings, room);
  },
  ({ broken, room }) => fitLines(broken, room),
  ({ failed, room }) => {
    for (const { heading, findings } of failed) if (heading.chosen !== 'none') fitLines(findings.slice(0, 1), room);
  },
  ...(hasCaution ? [] : [nameFirst<V>]),
  ({ failed, room }) => {
    for (const { heading, findings } of failed) if (heading.chosen !== 'none') fitLines(findings, room);
  },
  ({ failed, room }) => {
    for (const { heading, help } of failed) if (heading.chosen !== 'none') fitLines(help, room);
  },
  ({ conditions }) => lines(conditions),
  ({ waivers, quiet, room }, sections) => {
    for (const row of [waivers, quiet]) fitLines(row.blocks, row.room.share((room.left * QUIET_SHARE) / sections));
  },
  (told) => rowsOf(told, DANGEROUS).forEach(lines),
  (told) => rowsOf(told, DANGEROUS).forEach(bodies),
  (told) => rowsOf(told, OTHERS).forEach(lines),
  (told) => rowsOf(told, ['other', 'update']).forEach(bodies),
  ({ outputs }) => lines(outputs),
  ({ invocations }) => both(invocations),
  (told) => rowsOf(told, ['create', 'import', 'read']).forEach(bodies),
  ({ deferred }) => lines(deferred),
  ({ drift }) => both(drift),
];

const rowsOf = <V>(told: Told<V>, names: readonly GroupName[]): Row<V>[] =>
  names.flatMap((name) => told.groups.filter((group) => group.name === name));

const lines = <V>({ blocks, room }: Row<V>): void => fitLines(blocks, room);
const bodies = <V>({ blocks, room }: Row<V>): void => fitFull(blocks, room);

function both<V>(row: Row<V>): void {
  lines(row);
  bodies(row);
}

function nameFirst<V>(told: Told<V>): void {
  let left = NAMED_FIRST;
  let limit = told.room.left * NAMED_SHARE;
  for (const { blocks, room } of rowsOf(told, DANGEROUS)) {
    const before = room.left;
    fitLines(blocks.slice(0, left), room.share(limit));
    limit -= before - room.left;
    left -= Math.min(blocks.length, left);
  }
}
