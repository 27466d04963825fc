// What changes within one object, attribute by attribute, already masked. No I/O.
//
// Compares raw values, so that a changed secret is told as changed; shows masked ones. Lists are compared by index and a JSON document
// in a string is one string: true, and the place where a finer rendering will go deeper. Numbers are what JSON.parse makes of them: two
// integers beyond 2^53 that differ only in digits lost there count as equal.
import type { Json } from '../contracts/json.ts';
import { displayMasked, type DisplayValue } from './display.ts';
import { holdsTrue, isEqualJson, isList, isMap, ownValue } from './json-tree.ts';
import { isMarked, marksAt, type Marks } from './marks.ts';
import { mapKeys, marksAfter, marksBefore, type Masker } from './masking.ts';
import type { Change, ResourceChange, ValuePath } from './model.ts';

export interface AttributeDiff {
  /** `ingress[0].cidr_blocks[1]`, `tags["Cost Center"]`; empty for a value without attributes. Copies of secrets in keys are masked. */
  readonly path: string;
  /** null counts as absent, as it does in Terraform's own rendering. */
  readonly kind: 'add' | 'remove' | 'change';
  /** null for `add`. */
  readonly before: DisplayValue | null;
  /** null for `remove`. */
  readonly after: DisplayValue | null;
  readonly forcesReplacement: boolean;
}

/** Both sides of one place. */
interface Pair {
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  readonly unknown: Json | undefined;
  readonly beforeMarks: Marks;
  readonly afterMarks: Marks;
}

/** In order of path: keys sorted, indexes ascending. Empty for a change that changes nothing. */
export function diffChange(change: Change & { readonly replacePaths?: readonly ValuePath[] }, masker: Masker): AttributeDiff[] {
  const diffs: AttributeDiff[] = [];
  const path: (string | number)[] = [];
  // An object that comes or goes as a whole: its empty lists and maps say nothing.
  const wholeObject = change.before === null || change.after === null;

  function walk(pair: Pair): void {
    const container = containerOf(pair);
    if (container === null) return compare(pair);
    for (const step of container === 'list' ? listSteps(pair) : mapSteps(pair)) {
      path.push(step);
      walk(pairAt(pair, step));
      path.pop();
    }
  }

  function compare(pair: Pair): void {
    const had = !isNothing(pair.before);
    const has = pair.unknown === true || !isNothing(pair.after);
    if (!had && !has) return;
    if (pair.unknown !== true && isEqualJson(pair.before, pair.after)) return;
    if (wholeObject && had !== has && pair.unknown !== true && isEmptyContainer(had ? pair.before : pair.after)) return;
    // Terraform, too, hides both sides when one is marked: the other is often the same secret.
    const hidden = isPairMarked(pair);
    const show = (value: Json | undefined, marks: Marks, unknown: Json | undefined): DisplayValue =>
      displayMasked(hidden ? { kind: 'masked' } : masker.mask(value, marks, unknown));
    diffs.push({
      path: pathLabel(path, masker),
      kind: !had ? 'add' : !has ? 'remove' : 'change',
      before: had ? show(pair.before, pair.beforeMarks, undefined) : null,
      after: has ? show(pair.after, pair.afterMarks, pair.unknown) : null,
      forcesReplacement: (change.replacePaths ?? []).some((replaced) => replaced.length > 0 && shareLine(replaced, path)),
    });
  }

  walk(rootPair(change));
  return diffs;
}

/**
 * Names of the top-level attributes that change, sorted. They come from the provider's schema and hold no secret. That is not so for
 * outputs, whose keys are values: use diffChange there.
 */
export function summarizeChange(change: ResourceChange): string[] {
  const root = rootPair(change);
  if (containerOf(root) !== 'map') return [];
  return mapSteps(root).filter((name) => {
    const { before, after, unknown } = pairAt(root, name);
    return holdsTrue(unknown) || (!(isNothing(before) && isNothing(after)) && !isEqualJson(before, after));
  });
}

const rootPair = (change: Change): Pair => ({
  before: change.before,
  after: change.after,
  unknown: change.unknown,
  beforeMarks: marksBefore(change),
  afterMarks: marksAfter(change),
});

function pairAt(pair: Pair, step: string | number): Pair {
  return {
    before: childOf(pair.before, step),
    after: childOf(pair.after, step),
    unknown: childOf(pair.unknown, step),
    beforeMarks: marksAt(pair.beforeMarks, step),
    afterMarks: marksAt(pair.afterMarks, step),
  };
}

/** What both sides are made of, when it can be compared element by element; null when the place is compared as one value. */
function containerOf(pair: Pair): 'list' | 'map' | null {
  if (pair.unknown === true || isPairMarked(pair)) return null;
  const before = kindOf(pair.before);
  // Where nothing is known yet of a list or map, only the marks of unknowns tell its form.
  const after = isNothing(pair.after) && holdsTrue(pair.unknown) ? kindOf(pair.unknown) : kindOf(pair.after);
  const kind = before === 'nothing' ? after : before;
  if ((after !== kind && after !== 'nothing') || (kind !== 'list' && kind !== 'map')) return null;
  // `[]` against nothing has no element to tell of.
  const nothingInside = [pair.before, pair.after].every((value) => isNothing(value) || isEmptyContainer(value));
  return nothingInside && !holdsTrue(pair.unknown) ? null : kind;
}

const isPairMarked = (pair: Pair): boolean => isMarked(pair.before, pair.beforeMarks) || isMarked(pair.after, pair.afterMarks);

function kindOf(value: Json | undefined): 'nothing' | 'scalar' | 'list' | 'map' {
  if (isNothing(value)) return 'nothing';
  return isList(value) ? 'list' : isMap(value) ? 'map' : 'scalar';
}

const isNothing = (value: Json | undefined): value is null | undefined => value === null || value === undefined;

const isEmptyContainer = (value: Json | undefined): boolean =>
  isList(value) ? value.length === 0 : isMap(value) && Object.keys(value).length === 0;

function childOf(value: Json | undefined, step: string | number): Json | undefined {
  if (isList(value)) return typeof step === 'number' ? value[step] : undefined;
  return isMap(value) ? ownValue(value, String(step)) : undefined;
}

function listSteps(pair: Pair): number[] {
  const lengthOf = (value: Json | undefined): number => (isList(value) ? value.length : 0);
  return Array.from({ length: Math.max(lengthOf(pair.before), lengthOf(pair.after), lengthOf(pair.unknown)) }, (_, i) => i);
}

const mapSteps = (pair: Pair): string[] => [...new Set([...mapKeys(pair.before, undefined), ...mapKeys(pair.after, pair.unknown)])].sort();

/** One path leads to, or through, the other. */
const shareLine = (a: ValuePath, b: ValuePath): boolean => {
  const shorter = Math.min(a.length, b.length);
  return a.slice(0, shorter).every((step, i) => step === b[i]);
};

function pathLabel(path: ValuePath, masker: Masker): string {
  return path.reduce<string>((label, step) => {
    if (typeof step === 'number') return `${label}[${step}]`;
    const key = masker.key(step);
    if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${label}[${JSON.stringify(key)}]`;
    return label === '' ? key : `${label}.${key}`;
  }, '');
}
