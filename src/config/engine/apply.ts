// Carries out one planned change, and tells what is there afterwards, whatever went wrong on the way.
import { toPlain } from './authors.ts';
import { call, type Call, type Called } from './call.ts';
import { objectOf } from './canonical.ts';
import { complete, completeState } from './complete.ts';
import { differences, withoutUnknown } from './conform.ts';
import { withDefaults } from './defaults.ts';
import { fillIn } from './fill-in.ts';
import { toldState } from './find.ts';
import type { Applied, Change, Deps } from './operations.ts';
import { hasErrors, problem, type Problem } from './problem.ts';
import type { AnyResource } from './resource.ts';
import type { Schema } from './schema.ts';
import { redactFor, redactProblems } from './secret-values.ts';
import { isMap, valueAt, valueMap, type ValueMap } from './values.ts';

/**
 * @param config  wholly known, with the write-only values; null only for a delete (and then not looked at)
 * @returns after an error: what is known to be there. A failed create has made nothing that is known of, a failed update or delete has left
 *   the object as it was, unless the resource said otherwise.
 */
export async function applyChange<C>(resource: AnyResource<C>, change: Change, config: ValueMap | null, deps: Deps<C>): Promise<Applied> {
  const schema = resource.schema as Schema;
  const prior = change.prior === null ? null : completeState(schema, change.prior);
  if (change.action === 'no-op') return { state: prior, problems: [] };
  if (change.action === 'delete')
    return prior === null ? { state: null, problems: [] } : remove(resource, prior, config === null ? [] : [config], deps);
  if (config === null || change.planned === null) {
    return { state: prior, problems: [problem([], 'There is no configuration to apply', 'Nothing was done.')] };
  }
  const { planned, problems } = fillIn(schema, change.planned, config);
  if (hasErrors(problems)) return { state: prior, problems };
  const work: Work = { planned, config, prior };
  return change.action === 'replace' && prior !== null ? replace(resource, prior, work, deps) : make(resource, work, deps);
}

interface Work {
  readonly planned: ValueMap;
  readonly config: ValueMap;
  /** null: to be created */
  readonly prior: ValueMap | null;
}

/** @param known  what holds secrets beside the object itself: an API may tell them when it refuses */
async function remove<C>(resource: AnyResource<C>, prior: ValueMap, known: readonly ValueMap[], deps: Deps<C>): Promise<Applied> {
  const schema = resource.schema as Schema;
  const about = aboutCall(resource, 'delete', [prior, ...known]);
  const called = await call(async (context) => resource.delete(toPlain(schema, prior), context), about, deps);
  if (!called.ok) return { state: prior, problems: called.problems, ...interruptedAs(called) };
  const { problems, value } = called;
  return value === undefined ? { state: null, problems } : { state: prior, problems, waits: about.redact(value.waits) };
}

/** Delete, then create: two of the same name cannot be there at once. */
async function replace<C>(resource: AnyResource<C>, prior: ValueMap, work: Work, deps: Deps<C>): Promise<Applied> {
  const removed = await remove(resource, prior, [work.planned, work.config], deps);
  // One that waits to go has the place that the new one needs.
  if (removed.state !== null) return removed;
  const made = await make(resource, { ...work, prior: null }, deps);
  const problems = [...removed.problems, ...made.problems];
  if (made.state !== null) return { ...made, problems };
  const half = problem([], 'The old object is deleted, and the new one is not there', 'The next apply makes it.');
  return { ...made, problems: [...problems, half] };
}

async function make<C>(resource: AnyResource<C>, { planned, config, prior }: Work, deps: Deps<C>): Promise<Applied> {
  const schema = resource.schema as Schema;
  const about = aboutCall(resource, prior === null ? 'create' : 'update', [prior, planned, config]);
  const called: Called<unknown> = await call(
    async (context) => {
      const said = withDefaults(schema, config);
      return prior === null
        ? resource.create(toPlain(schema, planned), toPlain(schema, said), context)
        : resource.update(toPlain(schema, planned), toPlain(schema, prior), toPlain(schema, said), context);
    },
    about,
    deps,
  );
  const problems: Problem[] = [...called.problems];
  if (!called.ok) {
    const state = whatIsThere(resource, called.told, { planned, config, prior }, problems);
    return { state, problems, ...interruptedAs(called) };
  }

  const actual = complete(objectOf(schema), toldState(resource, called.value, problems), planned);
  if (!isMap(actual)) return { state: prior, problems };
  problems.push(...redactProblems(differences(schema, planned, actual), about.redact));
  return { state: asState(actual), problems };
}

const interruptedAs = ({ interrupted }: { readonly interrupted: boolean }): Pick<Applied, 'interrupted'> =>
  interrupted ? { interrupted } : {};

/** After a failed create or update: what the resource said of it, or else what was there before. */
function whatIsThere(resource: AnyResource, told: unknown, { planned, prior }: Work, problems: Problem[]): ValueMap | null {
  if (told === undefined || told === null) return prior;
  const schema = resource.schema as Schema;
  const key = valueMap((resource.key as readonly string[]).map((name) => [name, valueAt(planned, name)]));
  return asState(complete(objectOf(schema), toldState(resource, told, problems), prior ?? key));
}

function asState(value: ReturnType<typeof withoutUnknown>): ValueMap | null {
  const state = withoutUnknown(value);
  return isMap(state) ? state : null;
}

const aboutCall = (resource: AnyResource, what: 'create' | 'update' | 'delete', objects: readonly (ValueMap | null)[]): Call => ({
  ...{ name: resource.name, what, kind: 'write', timeoutMs: resource.timeouts?.[what] },
  redact: redactFor(resource.schema as Schema, objects),
});
