// Looks for the object that an import id names.
import { findObject } from './find.ts';
import type { Deps, Outcome, ReadObject } from './operations.ts';
import { problem } from './problem.ts';
import type { AnyResource } from './resource.ts';
import { valueMap, type Value, type ValueMap } from './values.ts';

/** @param id  as people write it: `acme/gate`. That there is no such object is an error. */
export async function importObject<C>(resource: AnyResource<C>, id: string, deps: Deps<C>): Promise<Outcome<ReadObject>> {
  const key = keyOf(resource, id);
  if (key === null) {
    return {
      value: null,
      problems: [problem([], `Not an import id of ${resource.name}: ${JSON.stringify(id)}`, `Write ${resource.import.form}.`)],
    };
  }
  const { value, problems } = await findObject(resource, key, null, deps);
  if (value !== null || problems.some(({ severity }) => severity === 'error')) return { value, problems };
  const remedy = 'It may have another name, or the token may not see it: APIs say the same of both.';
  return { value: null, problems: [...problems, problem([], `There is no ${resource.name} ${JSON.stringify(id)}`, remedy)] };
}

/** @returns null when the id has not the form that the resource's ids have */
export function keyOf(resource: AnyResource, id: string): ValueMap | null {
  const key = resource.import.toKey(id) as Readonly<Record<string, Value>> | null;
  return key === null ? null : valueMap(Object.entries(key));
}
