// Reads an object of which a driver has the state: what it is now.
import { call } from './call.ts';
import { complete, completeState } from './complete.ts';
import { objectOf } from './canonical.ts';
import { toPlain } from './authors.ts';
import { toldState } from './find.ts';
import type { Deps, Outcome } from './operations.ts';
import { hasErrors, type Problem } from './problem.ts';
import type { AnyResource } from './resource.ts';
import type { Schema } from './schema.ts';
import { redactFor } from './secret-values.ts';
import { isMap, type ValueMap } from './values.ts';

/** @returns value null without an error: it is gone. Where the API does not tell, the state stands. */
export async function readObject<C>(resource: AnyResource<C>, given: ValueMap, deps: Deps<C>): Promise<Outcome<ValueMap>> {
  const schema = resource.schema as Schema;
  const state = completeState(schema, given);
  const called = await call<C, unknown>(
    async (context) => resource.read(toPlain(schema, state), context),
    { name: resource.name, what: 'read', kind: 'read', timeoutMs: resource.timeouts?.find, redact: redactFor(schema, [state]) },
    deps,
  );
  const problems: Problem[] = [...called.problems];
  if (!called.ok || called.value === null) return { value: null, problems };
  const now = complete(objectOf(schema), toldState(resource, called.value, problems), state);
  return { value: isMap(now) && !hasErrors(problems) ? now : null, problems };
}
