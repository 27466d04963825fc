// Which attributes of an object change, by name, and whether they are nothing but labels. Without comparing what stands below in parts:
// this is asked of every resource of a plan. No I/O.
import type { Json } from '../../contracts/json.ts';
import { holdsTrue, isEqualJson, isMap, ownValue } from '../json-tree.ts';
import { isMarked } from '../marks.ts';
import { mapKeys, marksAfter, marksBefore } from '../masking.ts';
import type { Change, ResourceChange } from '../model.ts';

/**
 * Names of the top-level attributes that change, sorted. They come from the provider's schema and hold no secret. That is not so for
 * outputs, whose keys are values: use diffChange there.
 */
export function summarizeChange(change: ResourceChange): string[] {
  const { before, after, unknown } = change;
  if (isMarked(before, marksBefore(change)) || isMarked(after, marksAfter(change))) return [];
  if (![before, after].every((side) => side === null || isMap(side))) return [];
  const respelled = respelledNames(change);
  const names = new Set([...mapKeys(before, undefined), ...mapKeys(after, unknown)]);
  return [...names].sort().filter((name) => {
    const [was, is] = [entryOf(before, name), entryOf(after, name)];
    if (holdsTrue(entryOf(unknown, name))) return true;
    if (isNothing(was) && isNothing(is)) return false;
    return !isEqualJson(was, is) || respelled.has(name) || isMarkedAnew(change, name);
  });
}

/** Labels by which people and bills sort resources. */
const LABELS = new Set([
  'tags',
  'tags_all',
  'labels',
  'effective_labels',
  'terraform_labels',
  'annotations',
  'effective_annotations',
  'default_tags',
]);
/** How long Terraform waits for the provider. */
const BOOKKEEPING = new Set(['timeouts']);
/** Here they are what the resource is for: selectors, roles of service accounts, settings of an ingress. */
const ACTING = /^kubernetes_/;

/**
 * Whether an update touches nothing but labels, or nothing outside of Terraform at all. Only what is certain: tags that are a list are
 * something else (on Google's instances, firewall rules aim at them).
 */
export function onlyMetadata(change: ResourceChange): 'labels' | 'bookkeeping' | null {
  if (change.action !== 'update' || ACTING.test(change.type)) return null;
  const names = summarizeChange(change);
  if (names.length === 0) return null;
  if (names.every((name) => BOOKKEEPING.has(name))) return 'bookkeeping';
  return names.every((name) => BOOKKEEPING.has(name) || (LABELS.has(name) && isLabels(change, name))) ? 'labels' : null;
}

function isLabels({ before, after, unknown }: Change, name: string): boolean {
  const sides = [entryOf(before, name), entryOf(after, name), entryOf(unknown, name)];
  return sides.every((side) => isNothing(side) || typeof side === 'boolean' || isMap(side));
}

/** A number can change in digits that a double does not hold. */
function respelledNames({ exactNumbers }: Change): ReadonlySet<string> {
  const names = new Set<string>();
  if (exactNumbers === undefined) return names;
  const { before, after } = exactNumbers;
  for (const place of new Set([...before.keys(), ...after.keys()])) {
    if (before.get(place) === after.get(place)) continue;
    const [name] = JSON.parse(place) as unknown[];
    if (typeof name === 'string') names.add(name);
  }
  return names;
}

/** Terraform counts it as a change that a value begins or ceases to be sensitive. */
function isMarkedAnew(change: Change, name: string): boolean {
  if (change.action !== 'update') return false;
  const marks = (side: Json): boolean => holdsTrue(entryOf(side, name));
  return marks(change.beforeSensitive) !== marks(change.afterSensitive);
}

const isNothing = (value: Json | undefined): boolean => value === null || value === undefined;

const entryOf = (map: Json, name: string): Json | undefined => (isMap(map) ? ownValue(map, name) : undefined);
