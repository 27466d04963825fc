// `tags` of the kind `require`. Clouds keep them in different attributes, and some in two: what the resource says, and what it will have
// with the provider's defaults. A type that has none of these attributes is not asked. Pure.
import type { Expectation, RequireSpec } from '../../contracts/check-kinds.ts';
import type { Json } from '../../contracts/json.ts';
import { isList, isMap, ownValue } from '../../plan/json-tree.ts';
import type { ProviderConfiguration } from '../../plan/model.ts';
import { compileExpectation, type Expected } from '../values/condition.ts';
import { readPath, type Trail } from '../values/path.ts';
import { isNothing } from '../values/tests.ts';
import type { Found } from '../values/walk.ts';
import { hasAttribute, show, type Subject } from '../values/subject.ts';
import { unknownWords, type Fault, type Judge, type Tools } from './judge.ts';

/**
 * Attributes by the beginning of the type; of each family the first that knows the tag counts, because a resource's own tag goes over the
 * provider's default. AWS and Azure: `tags`, with the default_tags of AWS in `tags_all`. Google: `labels` (its `tags` are firewall
 * targets), with its defaults in `effective_labels`. Kubernetes: `metadata.labels`. Source: the providers' pages, read 2026-11-22.
 */
const FAMILIES: readonly (readonly [prefix: string, attributes: readonly string[]])[] = [
  ['google_', ['labels', 'effective_labels', 'terraform_labels']],
  ['kubernetes_', ['metadata']],
  ['', ['tags', 'tags_all']],
  ['', ['labels']],
];

interface Tag {
  readonly name: string;
  readonly expected: Expected;
}

export function judgeTags(tags: NonNullable<RequireSpec['tags']>, tools: Tools): Judge {
  const wanted: readonly (readonly [string, Expectation])[] = Array.isArray(tags)
    ? tags.map((name): [string, Expectation] => [name, { present: true }])
    : Object.entries(tags);
  const rules = wanted.map(([name, expectation]): Tag => ({ name, expected: compileExpectation(expectation) }));
  return (subject, faults) => {
    const family = familyOf(subject, tools);
    if (family === null) return;
    const missing: string[] = [];
    for (const rule of rules) judgeTag(rule, family, subject, tools, faults, missing);
    const [attribute = ''] = family;
    if (missing.length > 0) faults.unshift({ message: `${wordOf(family)}: ${list(missing)} missing`, attribute, isUnknown: false });
  };
}

/** null: the type has no tags, or lists of words that are called so. */
function familyOf(subject: Subject, { configured }: Tools): readonly string[] | null {
  const { change, value } = subject;
  for (const [prefix, family] of FAMILIES) {
    if (!change.type.startsWith(prefix)) continue;
    const has = family.filter((attribute) => hasAttribute(subject, attribute) || configured.isWritten(change, attribute) === true);
    if (has.some((attribute) => attribute !== 'metadata' && isList(childOf(value, attribute)))) return null;
    if (has.length > 0) return family;
    if (prefix !== '') return null;
  }
  return null;
}

const wordOf = ([first = '']: readonly string[]): string => (first === 'metadata' ? 'labels' : first);
const list = (names: readonly string[]): string =>
  names.length === 1 ? `${names[0]} is` : `${names.slice(0, -1).join(', ')} and ${names.at(-1)} are`;

function judgeTag(
  { name, expected }: Tag,
  family: readonly string[],
  subject: Subject,
  tools: Tools,
  faults: Fault[],
  missing: string[],
): void {
  const { found, trail } = findTag(name, family, subject, tools);
  const nothing = found.kind === 'absent' || (found.kind === 'value' && isNothing(found.value, found.unknown));
  if (nothing && tools.unlessMissing) return;
  const [attribute = ''] = family;
  const fault = (message: string, isUnknown = false): void => {
    faults.push({ message: `${wordOf(family)}: ${message}`, attribute, isUnknown });
  };
  const must = `must ${expected.wanted}`;
  const answer = expected.judge(found, () => found.kind === 'unknown' && found.whole && tools.configured.isSet(subject.change, trail));
  if (nothing && !expected.allowsNothing) missing.push(name);
  else if (answer === 'unknown') fault(`${name} ${unknownWords(subject, attribute, tools.configured)}, ${must}`, true);
  else if (typeof answer === 'object') fault(`${name} ${answer.odd}; ${must}`);
  else if (answer === 'no') fault(`${name} is ${found.kind === 'value' ? show(subject, found.value, trail) : 'set'}, ${must}`);
}

interface FoundTag {
  readonly found: Found;
  readonly trail: Trail;
}

/** A tag that one attribute knows is known, although another, with the same in it, is known only after apply. */
function findTag(name: string, family: readonly string[], subject: Subject, { walk, configured }: Tools): FoundTag {
  let unknown: FoundTag | null = null;
  for (const attribute of family) {
    const steps = attribute === 'metadata' ? [...readPath('metadata.labels'), name] : [attribute, name];
    let here: FoundTag | null = null;
    walk(subject.value, subject.unknown, steps, (found, trail) => {
      here ??= { found, trail: [...trail] };
    });
    const tag = here as FoundTag | null;
    if (tag === null || tag.found.kind === 'absent') continue;
    if (tag.found.kind === 'unknown') unknown ??= tag;
    else if (tag.found.kind !== 'value' || tag.found.value !== null) return tag;
  }
  // The key is known and only its value is not: it stands in the configuration.
  if (unknown !== null && unknown.found.kind === 'unknown' && unknown.found.whole) return unknown;
  if (unknown === null || unknown.trail[0] !== 'tags_all') return unknown ?? NOT_THERE;
  const byDefault = defaultTag(name, configured.providerOf(subject.change));
  if (byDefault === 'unknown') return unknown;
  return byDefault === null ? NOT_THERE : { found: { kind: 'value', value: byDefault, unknown: false, inText: false }, trail: [] };
}

const NOT_THERE: FoundTag = { found: { kind: 'absent' }, trail: [] };

/**
 * What AWS's provider adds to the tags that are known: `tags_all` is unknown as a whole when one of them is, and when there are none. Only
 * constants are in the plan.
 */
function defaultTag(name: string, provider: ProviderConfiguration | null): Json | 'unknown' {
  if (provider === null) return 'unknown';
  const blocks = childOf(provider.expressions, 'default_tags');
  if (blocks === undefined) return null;
  const tags = childOf(isList(blocks) ? blocks[0] : undefined, 'tags');
  const constant = childOf(tags, 'constant_value');
  return constant === undefined ? 'unknown' : (childOf(constant, name) ?? null);
}

const childOf = (value: Json | undefined, key: string): Json | undefined => (isMap(value) ? ownValue(value, key) : undefined);
