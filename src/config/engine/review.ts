// Lets a resource look at everything that is planned of its kind at once: limits that only the sum exceeds.
import { toPlain } from './authors.ts';
import { call } from './call.ts';
import { withDefaults } from './defaults.ts';
import type { Change, Deps } from './operations.ts';
import type { Problem } from './problem.ts';
import type { AnyResource, PlannedChange } from './resource.ts';
import type { Schema } from './schema.ts';
import { redactFor, redactProblems } from './secret-values.ts';
import { isWhollyKnown, type ValueMap } from './values.ts';

/** @param configs  one for each change; null: to be deleted. One with something unknown in it is handed on as null. */
export async function reviewChanges<C>(
  resource: AnyResource<C>,
  changes: readonly Change[],
  configs: readonly (ValueMap | null)[],
  deps: Deps<C>,
): Promise<readonly Problem[]> {
  const { review } = resource;
  if (review === undefined || changes.length === 0) return [];
  const schema = resource.schema as Schema;
  const plain = <T>(object: ValueMap | null): T | null => (object === null ? null : toPlain<T>(schema, object));
  const redact = redactFor(schema, [...configs, ...changes.flatMap(({ prior, planned }) => [prior, planned])]);
  const called = await call(
    async (context) =>
      review.call(
        resource,
        changes.map(({ action, prior, planned }) => ({ action, prior: plain(prior), planned: plain(planned) }) as PlannedChange<Schema>),
        configs.map((config) => (config === null || !isWhollyKnown(config) ? null : plain(withDefaults(schema, config)))),
        context,
      ),
    {
      ...{ name: resource.name, what: 'review', kind: 'read', timeoutMs: resource.timeouts?.find },
      redact,
    },
    deps,
  );
  return called.ok ? [...called.problems, ...redactProblems(called.value, redact)] : called.problems;
}
