// Reads a data source: its configuration, and what the API said to it. Makes nothing, and waits for what is not known yet.
import { toPlain } from './authors.ts';
import { call } from './call.ts';
import { objectOf } from './canonical.ts';
import { complete } from './complete.ts';
import { differences, withoutUnknown } from './conform.ts';
import { withDefaults } from './defaults.ts';
import type { Deps, Outcome } from './operations.ts';
import type { Problem } from './problem.ts';
import { propose } from './propose.ts';
import type { AnyDataSource } from './resource.ts';
import type { Schema } from './schema.ts';
import { redactFor, redactProblems } from './secret-values.ts';
import { readTold } from './told.ts';
import { isMap, isWhollyKnown, type ValueMap } from './values.ts';

/**
 * @param config  as validateConfig made it
 * @returns the configuration with what was read. With something unknown in it nothing is read, and what is computed is unknown.
 */
export async function readData<C>(source: AnyDataSource<C>, config: ValueMap, deps: Deps<C>): Promise<Outcome<ValueMap>> {
  const schema = source.schema as Schema;
  const planned = propose(schema, config, undefined, 'changed');
  if (!isWhollyKnown(config)) return { value: planned, problems: [] };
  const redact = redactFor(schema, [config]);
  const called = await call<C, unknown>(
    async (context) => source.read(toPlain(schema, withDefaults(schema, config)), context),
    { name: source.name, what: 'read', kind: 'read', timeoutMs: undefined, redact },
    deps,
  );
  if (!called.ok) return { value: null, problems: called.problems };
  const wrong: Problem[] = [];
  const actual = complete(objectOf(schema), readTold(objectOf(schema), called.value ?? {}, [], wrong) ?? {}, planned);
  const problems = [...called.problems, ...wrong, ...(isMap(actual) ? redactProblems(differences(schema, planned, actual), redact) : [])];
  const value = withoutUnknown(actual);
  return { value: isMap(value) && !problems.some(({ severity }) => severity === 'error') ? value : null, problems };
}
