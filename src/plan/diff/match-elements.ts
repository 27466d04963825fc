// Which elements of a list are the same, and which have become others. The plan does not say what is a list and what is a set, so elements
// are matched by what they hold: equal ones in order, equal ones elsewhere, then those that are alike. No I/O.
import { align, type Match } from './align.ts';
import type { Side, Sides } from './side.ts';

export interface Matching {
  /** Equal to look at, and in order. */
  readonly kept: readonly Match[];
  /** Equal to look at, elsewhere. */
  readonly moved: readonly Match[];
  /** Another value of what seems to be the same element. */
  readonly changed: readonly Match[];
}

/** So many comparisons of attributes are made for one list; what is left over then is told as removed and added. */
const MAX_COMPARED = 200_000;
/** Share of what two elements say that is the same. */
const ALIKE = 0.5;
/** What names an element within its list, the most telling first. */
const NAMING = ['id', 'name', 'key', 'sid', 'rule_no', 'rule_number', 'priority', 'device_name', 'path', 'host', 'hostname', 'domain'];
const NAMING_WEIGHT = 3;

export function matchElements(before: readonly Side[], after: readonly Side[], { lookOf }: Sides): Matching {
  const [old, fresh] = [before.map(lookOf), after.map(lookOf)];
  const kept = align(old, fresh);
  const [left, right] = [withoutMatched(old.length, kept, 0), withoutMatched(fresh.length, kept, 1)];

  const moved: Match[] = [];
  const places = new Map<number, number[]>();
  for (const i of [...left].reverse()) {
    const known = places.get(old[i] ?? 0);
    if (known === undefined) places.set(old[i] ?? 0, [i]);
    else known.push(i);
  }
  for (const j of right) {
    const i = places.get(fresh[j] ?? 0)?.pop();
    if (i === undefined) continue;
    moved.push([i, j]);
    left.delete(i);
    right.delete(j);
  }

  const changed: Match[] = [];
  const pair = (i: number, j: number): void => {
    changed.push([i, j]);
    left.delete(i);
    right.delete(j);
  };
  const only = before.length === 1 && after.length === 1;
  if (only && left.size === 1 && right.size === 1) pair(0, 0);
  pairByName();
  pairByLikeness();
  pairInGaps();
  // All others are the same and it stands where it stood: it is the same element too, however little is left of it.
  const [i, j] = [left.values().next().value, right.values().next().value];
  if (before.length === after.length && left.size === 1 && right.size === 1 && i !== undefined && i === j) {
    const isOneAttribute = sizeOf(before[i]) === 1 && sizeOf(after[j]) === 1;
    if (before[i]?.type === 'map' && after[j]?.type === 'map' && (isOneAttribute || likeness(before[i], after[j]) > 0)) pair(i, j);
  }
  return { kept, moved, changed };

  /** A name that one element has on each side. */
  function pairByName(): void {
    for (const name of NAMING) {
      if (left.size === 0 || right.size === 0) return;
      const [of, to] = [byName(before, left, name), byName(after, right, name)];
      for (const [look, i] of of) {
        const j = to.get(look);
        if (i !== null && j !== null && j !== undefined) pair(i, j);
      }
    }
  }

  function byName(sides: readonly Side[], indexes: ReadonlySet<number>, name: string): Map<number, number | null> {
    const found = new Map<number, number | null>();
    for (const i of indexes) {
      const value = namingEntry(sides[i], name);
      if (value === undefined || value.type !== 'scalar' || value.value === '' || value.value === null || isHidden(value)) continue;
      const look = lookOf(value);
      found.set(look, found.has(look) ? null : i);
    }
    return found;
  }

  function pairByLikeness(): void {
    const [of, to] = [[...left].filter((i) => isContainer(before[i])), [...right].filter((j) => isContainer(after[j]))];
    const width = [...of.map((i) => sizeOf(before[i])), ...to.map((j) => sizeOf(after[j]))].reduce((a, b) => Math.max(a, b), 1);
    const scored: { i: number; j: number; score: number }[] = [];
    const consider = (i: number, j: number): void => {
      const score = likeness(before[i], after[j]);
      if (score >= ALIKE) scored.push({ i, j, score });
    };
    if (of.length * to.length * width <= MAX_COMPARED) for (const i of of) for (const j of to) consider(i, j);
    // Too many to try them all: the first with the first, the second with the second.
    else of.slice(0, to.length).forEach((i, at) => consider(i, to[at] ?? 0));
    scored.sort((a, b) => b.score - a.score || Math.abs(a.i - a.j) - Math.abs(b.i - b.j) || a.i - b.i || a.j - b.j);
    for (const { i, j } of scored) if (left.has(i) && right.has(j)) pair(i, j);
  }

  function likeness(a: Side | undefined, b: Side | undefined): number {
    if (a === undefined || b === undefined || a.type !== b.type) return 0;
    return a.type === 'list' ? listLikeness(a, b) : mapLikeness(a, b);
  }

  function listLikeness(a: Side, b: Side): number {
    const looks = new Set(a.items.map(lookOf));
    const shared = b.items.filter((item) => looks.has(lookOf(item))).length;
    return shared / Math.max(a.items.length, b.items.length, 1);
  }

  /** What is empty or false on both sides says nothing: the attributes that nobody set. */
  function mapLikeness(a: Side, b: Side): number {
    let same = 0;
    let all = 0;
    for (const key of new Set([...a.entries.keys(), ...b.entries.keys()])) {
      const [x, y] = [a.entries.get(key), b.entries.get(key)];
      const isSame = x !== undefined && y !== undefined && lookOf(x) === lookOf(y);
      if ((isSame || y === undefined || x === undefined) && saysNothing(x ?? y)) continue;
      if (isHidden(x) && isHidden(y)) continue;
      const weight = NAMING.includes(key.toLowerCase()) && isSame ? NAMING_WEIGHT : 1;
      all += weight;
      if (isSame) same += weight;
    }
    return all === 0 ? 0 : same / all;
  }

  /** Hidden values are all alike, which says nothing of them. */
  function isHidden(side: Side | undefined): boolean {
    return side?.type === 'hidden' || (side?.type === 'scalar' && lookOf(side) !== side.identity);
  }

  /** Between two elements that stay: what is not known yet takes the place of what goes; one long text becomes the other. */
  function pairInGaps(): void {
    let [i, j] = [0, 0];
    for (const [nextI, nextJ] of [...kept, [before.length, after.length] as const]) {
      const of = indexes(i, nextI).filter((at) => left.has(at));
      const to = indexes(j, nextJ).filter((at) => right.has(at));
      const unknown = to.filter((at) => after[at]?.type === 'unknown');
      unknown.slice(0, of.length).forEach((at, k) => pair(of[k] ?? 0, at));
      const [first, second] = [of[0], to[0]];
      if (of.length === 1 && to.length === 1 && first !== undefined && second !== undefined && unknown.length === 0) {
        if (isText(before[first]) && isText(after[second])) pair(first, second);
      }
      [i, j] = [nextI + 1, nextJ + 1];
    }
  }
}

/** Long enough that its parts are worth comparing: documents, scripts. */
const isText = (side: Side | undefined): boolean =>
  side?.type === 'scalar' && typeof side.value === 'string' && (side.value.length >= 80 || side.value.includes('\n'));

const isContainer = (side: Side | undefined): boolean => side?.type === 'map' || side?.type === 'list';

const sizeOf = (side: Side | undefined): number => (side === undefined ? 0 : side.items.length + side.entries.size);

function namingEntry(side: Side | undefined, name: string): Side | undefined {
  if (side === undefined || side.type !== 'map') return undefined;
  // AWS policies write "Sid", Kubernetes "name".
  return side.entries.get(name) ?? side.entries.get(name.charAt(0).toUpperCase() + name.slice(1));
}

function saysNothing(side: Side | undefined): boolean {
  if (side === undefined || side.type === 'absent') return true;
  if (side.type === 'list') return side.items.length === 0;
  if (side.type === 'map') return side.entries.size === 0;
  return side.type === 'scalar' && (side.value === null || side.value === false || side.value === '');
}

function withoutMatched(length: number, matches: readonly Match[], at: 0 | 1): Set<number> {
  const rest = new Set(indexes(0, length));
  for (const match of matches) rest.delete(match[at]);
  return rest;
}

const indexes = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
