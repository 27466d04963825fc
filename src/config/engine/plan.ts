// What is to be done to make an object as the configuration says. Reads nothing but what the resource's `derive` reads, and changes nothing.
import { toPlain } from './authors.ts';
import { call } from './call.ts';
import { equal, objectOf } from './canonical.ts';
import { complete, completeState } from './complete.ts';
import { withDefaults } from './defaults.ts';
import { toldState } from './find.ts';
import type { Change, Deps, Outcome } from './operations.ts';
import { hasErrors, type Problem } from './problem.ts';
import { isLeftToTheApi, propose } from './propose.ts';
import { replacePaths } from './replace-paths.ts';
import type { AnyResource } from './resource.ts';
import type { Schema } from './schema.ts';
import { redactFor } from './secret-values.ts';
import { isToldMap } from './told.ts';
import { isWhollyKnown, valueAt, valueMap, type Value, type ValueMap } from './values.ts';

/**
 * In this order: the configuration wins; what it leaves open is what `derive` says, or what it was; if anything differs, what is computed
 * and not stable is unknown; if a `replace` attribute differs, everything computed is.
 *
 * @param config  as validateConfig made it; may hold UNKNOWN. null: the object is not wanted
 * @param prior   as it is. null: there is none
 */
export async function planChange<C>(
  resource: AnyResource<C>,
  { config, prior: given }: { readonly config: ValueMap | null; readonly prior: ValueMap | null },
  deps: Deps<C>,
): Promise<Outcome<Change>> {
  const schema = resource.schema as Schema;
  const prior = given === null ? null : completeState(schema, given);
  if (config === null) {
    return { value: { action: prior === null ? 'no-op' : 'delete', prior, planned: null, replacePaths: [] }, problems: [] };
  }
  const problems: Problem[] = [];
  const derived = await deriveValues(resource, config, deps, problems);
  if (derived === null) return { value: null, problems };
  const withDerived = (planned: ValueMap): ValueMap => valueMap([...Object.entries(planned), ...derived]);
  const outcome = (change: Change): Outcome<Change> => ({ value: change, problems });

  const anew = (): ValueMap => withDerived(propose(schema, config, undefined, 'changed'));
  if (prior === null) return outcome({ action: 'create', prior, planned: anew(), replacePaths: [] });
  const proposed = withDerived(propose(schema, config, prior, 'same'));
  if (equal(objectOf(schema), proposed, prior)) return outcome({ action: 'no-op', prior, planned: prior, replacePaths: [] });
  const paths = replacePaths(schema, proposed, prior);
  if (paths.length > 0) return outcome({ action: 'replace', prior, planned: anew(), replacePaths: paths });
  return outcome({ action: 'update', prior, planned: withDerived(propose(schema, config, prior, 'changed')), replacePaths: [] });
}

/** @returns what `derive` says of the attributes that the configuration leaves open; null when it failed */
async function deriveValues<C>(
  resource: AnyResource<C>,
  config: ValueMap,
  deps: Deps<C>,
  problems: Problem[],
): Promise<[string, Value][] | null> {
  const { derive } = resource;
  // An author's configuration has no unknown values in it: with one, what follows from it is not known either.
  if (derive === undefined || !isWhollyKnown(config)) return [];
  const schema = resource.schema as Schema;
  const called = await call<C, unknown>(
    async (context) => derive.call(resource, toPlain(schema, withDefaults(schema, config)), context),
    { name: resource.name, what: 'plan', kind: 'read', timeoutMs: resource.timeouts?.find, redact: redactFor(schema, [config]) },
    deps,
  );
  problems.push(...called.problems);
  if (!called.ok) return null;
  const told = toldState(resource, called.value, problems);
  if (hasErrors(problems) || !isToldMap(told)) return null;
  return Object.entries(schema).flatMap(([name, attribute]) => {
    const value = told[name];
    const open = isLeftToTheApi(attribute, valueAt(config, name)) && !attribute.writeOnly;
    return open && value !== undefined ? [[name, complete(attribute.type, value, null)]] : [];
  });
}
