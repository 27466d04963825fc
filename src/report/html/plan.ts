// The plan, resource by resource in order of danger, by module, each with its whole diff.
import type { Masker } from '../../plan/masking.ts';
import { diffLines } from '../diff-lines.ts';
import { WHOLE } from '../diff-values.ts';
import { hasBody } from '../section/resource.ts';
import type { Item, View } from '../view.ts';
import { GROUP_WORDS, plural, type GroupName } from '../words.ts';
import { code, diff, markup, NOTHING, type Html } from './markup.ts';
import type { Outline } from './outline.ts';
import { itemMarkOf, markOf, resourceWords } from './resource-words.ts';
import type { Room } from './room.ts';

export interface PlanPart {
  readonly view: View;
  readonly masker: Masker;
  readonly outline: Outline;
  readonly room: Room;
  /** Of the headings of groups. */
  readonly level: number;
}

/** Plans up to this size are read at a glance and stand open. */
const SMALL_PLAN = 12;

export function* planPieces(part: PlanPart): Generator<string> {
  const { view, room, outline, level } = part;
  const open = view.groups.reduce((sum, { items }) => sum + items.length, 0) <= SMALL_PLAN;
  for (const { name, items } of view.groups) {
    const title = markup`${markOf(name)} ${GROUP_WORDS[name].heading} <small>${items.length}</small>`;
    yield room.must(markup`<section><h${level} id="${outline.id(name)}">${title}</h${level}>`);
    yield* groupPieces(part, name, items, open);
    yield '</section>\n';
  }
}

function* groupPieces(part: PlanPart, name: GroupName, items: readonly Item[], open: boolean): Generator<string> {
  const { room, level } = part;
  const { toDo } = GROUP_WORDS[name];
  const modules = Map.groupBy(items, (item) => item.change.module);
  let short = 0;
  let told = 0;
  for (const [module, members] of modules) {
    if (!room.has('line')) break;
    if (modules.size > 1 || module !== '') {
      const title = module === '' ? markup`Root module` : markup`Module ${code(module)}`;
      yield room.must(markup`<h${level + 1}>${title} <small>${members.length}</small></h${level + 1}>`);
    }
    yield '<ul class="resources">\n';
    for (const item of members) {
      const full = room.has('full') ? room.take(resource(item, part, open), 'full') : null;
      const piece = full ?? room.take(line(item, part), 'line');
      if (piece === null) break;
      if (full === null && hasBody(item)) short++;
      told++;
      yield piece;
    }
    yield '</ul>\n';
  }
  const missing = items.length - told;
  room.missed(short + missing);
  if (short > 0) yield room.must(markup`<p class="cut">Left out for length: the attributes of ${plural(short, 'resource')} ${toDo}.</p>`);
  if (missing > 0) yield room.must(markup`<p class="cut">Left out for length: ${missing} more ${toDo}.</p>`);
}

function line(item: Item, { masker, outline }: PlanPart): Html {
  return markup`<li${idOf(item, outline)}>${itemMarkOf(item)} ${resourceWords(item, masker)}</li>`;
}

function resource(item: Item, part: PlanPart, open: boolean): Html {
  const lines = hasBody(item) ? diffLines(item.change, part.masker, '', WHOLE) : [];
  if (lines.length === 0) return line(item, part);
  const state = open || item.failedChecks.size > 0 ? markup` open` : NOTHING;
  const title = markup`${itemMarkOf(item)} ${resourceWords(item, part.masker)}`;
  // The anchor is inside of the fold: a browser that is led there opens it.
  return markup`<li><details${state}><summary>${title}</summary><div${idOf(item, part.outline)}>${diff(lines)}</div></details></li>`;
}

function idOf(item: Item, outline: Outline): Html {
  const anchor = outline.anchorOfItem(item);
  return anchor === undefined ? NOTHING : markup` id="${anchor}"`;
}
