// The plan of one object: its configuration with what it refers to in place, what is there, and what is to be done.
import { toPlain } from '../engine/authors.ts';
import { withDefaults } from '../engine/defaults.ts';
import { findObject } from '../engine/find.ts';
import { keyOf } from '../engine/import.ts';
import type { Change, Outcome, ReadObject } from '../engine/operations.ts';
import { planChange } from '../engine/plan.ts';
import { hasErrors, problem, type Problem } from '../engine/problem.ts';
import type { AnyResource } from '../engine/resource.ts';
import type { Schema } from '../engine/schema.ts';
import { digestOf } from '../engine/state-digest.ts';
import { validateConfig } from '../engine/validate.ts';
import { UNKNOWN, valueAt, type Value, type ValueMap } from '../engine/values.ts';
import type { Clients } from '../resources/clients.ts';
import { engineDeps, typeOf, type DriverDeps } from './deps.ts';
import type { Item } from './item.ts';
import type { Claims } from './record/claims.ts';
import { rememberedIn } from './record/remember.ts';
import type { RecordEntry } from './record/record-file.ts';
import { withValues, type ValueOf } from './references.ts';

/** What came of one item. */
export interface PlannedOne {
  /** As the engine took it; what others refer to when there is no plan of this one. */
  readonly config: ValueMap;
  /** null while a part of the key is not known, or wrong. */
  readonly id: string | null;
  /** null: it did not come to a plan; `mistakes` or `trouble` says why. */
  readonly plan: {
    readonly change: Change;
    readonly found: ReadObject | null;
    /** Ours by its own mark, or by the record. */
    readonly ours: boolean;
    readonly changedOutside: boolean | null;
    readonly pending: string | null;
  } | null;
  /** Of the file. */
  readonly mistakes: readonly Problem[];
  /** Of the world. */
  readonly trouble: readonly Problem[];
}

/** @param destroy  only the key has to be right then: what goes need not be able to come */
export async function planItem(
  item: Item,
  context: { readonly destroy: boolean; readonly claims: Claims; readonly valueOf: ValueOf },
  deps: DriverDeps,
): Promise<PlannedOne> {
  const { resource } = item;
  const validated = validateConfig(resource, withValues(item, context.valueOf));
  const keys = resource.key as readonly string[];
  const mistakes = context.destroy ? validated.problems.filter(({ path: [at] }) => keys.includes(String(at))) : validated.problems;
  const { config } = validated;
  const nothing = { config, plan: null, mistakes };
  if (keys.some((name) => valueAt(config, name) === null)) return { ...nothing, id: null, trouble: [] };
  const known = keys.every((name) => valueAt(config, name) !== UNKNOWN);
  const id = known ? idOf(resource, config) : null;
  if (hasErrors(mistakes)) return { ...nothing, id, trouble: [] };

  const entry = id === null ? undefined : context.claims.entryOf({ type: typeOf(resource), id })?.entry;
  const looked: Outcome<ReadObject | null> = known
    ? await findObject(resource, config, rememberedIn(entry), engineDeps(deps))
    : { value: null, problems: [] };
  if (hasErrors(looked.problems)) return { ...nothing, id, trouble: looked.problems };
  const found = looked.value;

  const planned = await planChange(resource, { config: context.destroy ? null : config, prior: found?.state ?? null }, engineDeps(deps));
  const trouble = [...looked.problems, ...planned.problems];
  if (planned.value === null || hasErrors(trouble)) return { ...nothing, id, trouble };
  return {
    ...{ config, id, mistakes, trouble },
    plan: {
      change: planned.value,
      found,
      ours: isOurs(found, entry),
      changedOutside: isChanged(resource, found, entry),
      pending: found === null ? null : pendingOf(resource, found.state),
    },
  };
}

/** What is to be done with something that only the record knows. */
export async function planOrphan(
  resource: AnyResource<Clients>,
  { id, entry }: { readonly id: string; readonly entry: RecordEntry },
  deps: DriverDeps,
): Promise<{ readonly found: ReadObject | null; readonly change: Change | null; readonly problems: readonly Problem[] }> {
  const key = keyOf(resource, id);
  if (key === null) {
    const detail = `Of ${resource.name} they are written ${resource.import.form}. Take the entry out, or restore the record from version control.`;
    return { found: null, change: null, problems: [problem([], `The record has an id that is none: ${JSON.stringify(id)}`, detail)] };
  }
  const looked = await findObject(resource, key, rememberedIn(entry), engineDeps(deps));
  if (looked.value === null) return { found: null, change: null, problems: looked.problems };
  const planned = await planChange(resource, { config: null, prior: looked.value.state }, engineDeps(deps));
  return { found: looked.value, change: planned.value, problems: [...looked.problems, ...planned.problems] };
}

/** What is in an object's own mark counts more than the record, which may be old; for those without room for a mark the record decides. */
export const isOurs = (found: ReadObject | null, entry: RecordEntry | undefined): boolean =>
  found !== null && (found.managed === true || entry !== undefined);

/** null: nothing is known of how it was left. */
export function isChanged(resource: AnyResource, found: ReadObject | null, entry: RecordEntry | undefined): boolean | null {
  if (entry === undefined || entry.creating === true) return null;
  if (found === null) return true;
  return entry.digest === undefined ? null : digestOf(resource.schema as Schema, found.state) !== entry.digest;
}

/** @returns why an object that is there is not in effect; null when it is */
export const pendingOf = (resource: AnyResource, state: ValueMap): string | null =>
  resource.pending?.(toPlain(resource.schema as Schema, state)) ?? null;

/** The import id of a configuration or state whose key is known. */
export function idOf(resource: AnyResource, values: ValueMap): string {
  const plain = toPlain(resource.schema as Schema, values);
  const key = (resource.key as readonly string[]).map((name) => [name, plain[name]] as const);
  return resource.import.toId(Object.fromEntries(key) as Readonly<Record<string, never>>);
}

/** What another item gets when it refers to an attribute of this one. */
export function valueFrom({ config, plan }: PlannedOne, item: Item, attribute: string): Value {
  const schema = item.resource.schema as Schema;
  if (!Object.hasOwn(schema, attribute)) return UNKNOWN;
  if (plan !== null) return valueAt(plan.change.planned ?? plan.change.prior ?? config, attribute);
  // It has a mistake of its own: what it says plainly is still good enough to look at the others.
  const value = valueAt(withDefaults(schema, config), attribute);
  return value === null ? UNKNOWN : value;
}
