// Looks for an object by its key, and makes a state of what was found.
import { toPlain } from './authors.ts';
import { call } from './call.ts';
import { complete } from './complete.ts';
import { objectOf } from './canonical.ts';
import type { Deps, Outcome, ReadObject } from './operations.ts';
import { hasErrors, problem, type Problem } from './problem.ts';
import type { AnyResource, Found } from './resource.ts';
import type { Schema } from './schema.ts';
import { redactFor } from './secret-values.ts';
import { readTold, type Told } from './told.ts';
import { UNKNOWN, isMap, valueAt, valueMap, type ValueMap } from './values.ts';

/**
 * @param key         the key attributes, all known; others in it do not count
 * @param remembered  what the driver kept of the attributes marked `remembered`; null: nothing
 * @returns value null without an error: there is none
 */
export async function findObject<C>(
  resource: AnyResource<C>,
  key: ValueMap,
  remembered: ValueMap | null,
  deps: Deps<C>,
): Promise<Outcome<ReadObject | null>> {
  const schema = resource.schema as Schema;
  const problems: Problem[] = [];
  const keyOnly = valueMap((resource.key as readonly string[]).map((name) => [name, valueAt(key, name)]));
  const missing = Object.entries(keyOnly).filter(([, value]) => value === null || value === UNKNOWN);
  if (missing.length > 0) {
    return { value: null, problems: missing.map(([name]) => problem([name], 'Not known yet, so that the object cannot be looked for')) };
  }
  const known = rememberedOnly(schema, remembered, problems);
  const called = await call<C, Found<Schema> | null>(
    async (context) =>
      resource.find(toPlain(only(schema, keyOnly), keyOnly), remembered === null ? null : toPlain(only(schema, known), known), context),
    {
      ...{ name: resource.name, what: 'search', kind: 'read', timeoutMs: resource.timeouts?.find },
      redact: redactFor(schema, [known]),
    },
    deps,
  );
  problems.push(...called.problems);
  if (!called.ok || called.value === null) return { value: null, problems };

  const told = toldState(resource, called.value.state, problems);
  const state = complete(objectOf(schema), told, valueMap([...Object.entries(known), ...Object.entries(keyOnly)]));
  if (!isMap(state) || hasErrors(problems)) return { value: null, problems };
  return { value: { state, managed: called.value.managed }, problems };
}

/** The part of a schema that an object has. */
const only = (schema: Schema, object: ValueMap): Schema =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => Object.hasOwn(object, name)));

/** What a function of the resource returned; a wrong type is a defect of it. */
export function toldState(resource: AnyResource, returned: unknown, problems: Problem[]): Told {
  const wrong: Problem[] = [];
  const told = readTold(objectOf(resource.schema as Schema), returned ?? {}, [], wrong);
  problems.push(...wrong.map((found) => ({ ...found, summary: `A defect in ${resource.name}: ${found.summary.toLowerCase()}` })));
  return told ?? {};
}

/** The driver's record may have been edited by hand: what has the wrong type in it is told, and then not remembered. */
function rememberedOnly(schema: Schema, remembered: ValueMap | null, problems: Problem[]): ValueMap {
  if (remembered === null) return valueMap([]);
  return valueMap(
    Object.entries(schema).flatMap(([name, { type, remembered: keep, writeOnly }]) => {
      const value = valueAt(remembered, name);
      if (!keep || writeOnly || value === null) return [];
      const wrong: Problem[] = [];
      const told = readTold(type, value, [name], wrong);
      problems.push(
        ...wrong.map((found) => ({ ...found, severity: 'warning' as const, summary: `What was remembered is left out: ${found.summary}` })),
      );
      return wrong.length > 0 ? [] : [[name, complete(type, told, null)]];
    }),
  );
}
