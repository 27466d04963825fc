// The engine against random schemas, configurations and objects: 1,000 stories of create, update, import and delete.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyChange } from '../../../src/config/engine/apply.ts';
import { checkDefinition } from '../../../src/config/engine/definition.ts';
import { findObject } from '../../../src/config/engine/find.ts';
import { importObject } from '../../../src/config/engine/import.ts';
import type { Change, Deps } from '../../../src/config/engine/operations.ts';
import { planChange } from '../../../src/config/engine/plan.ts';
import { hasErrors } from '../../../src/config/engine/problem.ts';
import { readObject } from '../../../src/config/engine/read.ts';
import type { AttributeType, Schema } from '../../../src/config/engine/schema.ts';
import { validateConfig } from '../../../src/config/engine/validate.ts';
import { type ValueMap } from '../../../src/config/engine/values.ts';
import { createEagerClock } from '../../support/eager-clock.ts';
import { createRandomApi, type RandomApi } from './random/api.ts';
import { changed, diceOf, randomConfig, randomSchema, resolved, type Gen } from './random/gen.ts';
import { planErrors, showsUnknown, spelledObject, stateErrors } from './random/witness.ts';

const deps: Deps<null> = { clients: null, clock: createEagerClock(), signal: new AbortController().signal, progress: () => {} };

interface Story {
  readonly g: Gen;
  readonly schema: Schema;
  readonly api: RandomApi;
}

const begin = (g: Gen): Story => {
  const schema = randomSchema(g, undefined, true);
  return { g, schema, api: createRandomApi(g, schema) };
};

/** Plans and checks the plan against the witness. */
async function plan({ schema, api }: Story, config: ValueMap, prior: ValueMap | null): Promise<Change> {
  const { value, problems } = await planChange(api.resource, { config, prior }, deps);
  expect(problems).toEqual([]);
  if (value === null || value.planned === null) throw new Error('no plan');
  expect(planErrors(schema, config, value.action === 'update' || value.action === 'no-op' ? prior : null, value.planned)).toEqual([]);
  return value;
}

/** Applies, checks what came of it, and that nothing is left to do. */
async function apply(story: Story, change: Change, config: ValueMap): Promise<ValueMap> {
  const { schema, api } = story;
  const { state, problems } = await applyChange(api.resource, change, config, deps);
  expect(problems).toEqual([]);
  if (state === null) throw new Error('no state');
  expect(stateErrors({ kind: 'object', attributes: schema }, change.planned, state)).toEqual([]);

  const found = await findObject(api.resource, config, state, deps);
  expect(found.problems).toEqual([]);
  expect(spelledObject(schema, found.value?.state ?? null)).toBe(spelledObject(schema, state));
  const read = await readObject(api.resource, state, deps);
  expect(spelledObject(schema, read.value)).toBe(spelledObject(schema, state));
  expect(await plan(story, config, found.value?.state ?? null)).toMatchObject({ action: 'no-op', prior: state, planned: state });
  return state;
}

const typeOf = (schema: Schema, name: string): AttributeType => schema[name]?.type ?? { kind: 'string' };

/** Which attributes a plan changes. */
const changedNames = (schema: Schema, { prior, planned }: Change): string[] =>
  Object.keys(schema).filter((name) => {
    const only: Schema = Object.fromEntries(Object.entries(schema).filter(([other]) => other === name));
    return spelledObject(only, prior) !== spelledObject(only, planned);
  });

async function tell(g: Gen): Promise<void> {
  const story = begin(g);
  const { schema, api } = story;
  expect(checkDefinition(api.resource)).toEqual([]);

  const first = randomConfig(g, schema, true);
  const created = await plan(story, validated(story, first), null);
  expect(created.action).toBe('create');
  const firstKnown = validated(story, resolved(g, schema, first));
  const state = await apply(story, created, firstKnown);
  expect(api.calls).toEqual(['create']);

  const second = changed(g, schema, firstKnown, true);
  const update = await plan(story, validated(story, second), state);
  if (update.action === 'no-op') expect(showsUnknown({ kind: 'object', attributes: schema }, second)).toBe(false);
  else expect(changedNames(schema, update)).not.toEqual([]);
  expect(update.replacePaths.length > 0).toBe(update.action === 'replace');
  const secondKnown = update.action === 'no-op' ? validated(story, second) : validated(story, resolved(g, schema, second));
  api.calls.length = 0;
  const after = await apply(story, update, secondKnown);
  expect(api.calls).toEqual({ 'no-op': [], 'update': ['update'], 'replace': ['delete', 'create'] }[update.action as 'no-op']);

  const imported = await importObject(api.resource, String(after['name']), deps);
  const adopted = await plan(story, secondKnown, imported.value?.state ?? null);
  // What only the driver remembers is lost; all the rest is as it was.
  const lost = Object.keys(schema).filter((name) => schema[name]?.remembered && after[name] !== null);
  if (lost.length === 0) expect(adopted.action).toBe('no-op');
  else if (adopted.action === 'update') {
    const others = changedNames(schema, adopted).filter((name) => !lost.includes(name));
    expect(others.filter((name) => !showsUnknown(typeOf(schema, name), adopted.planned?.[name] ?? null))).toEqual([]);
  }

  const gone = await planChange(api.resource, { config: null, prior: after }, deps);
  expect(gone.value).toMatchObject({ action: 'delete', planned: null });
  if (gone.value === null) return;
  expect(await applyChange(api.resource, gone.value, null, deps)).toEqual({ state: null, problems: [] });
  expect(api.objects.size).toBe(0);
}

/** What a driver does first; random values are right in everything but repetitions. */
function validated({ api }: Story, config: ValueMap): ValueMap {
  const result = validateConfig(api.resource, config);
  if (hasErrors(result.problems)) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

const seeds = fc.noShrink(fc.nat());

describe('the engine against an API that behaves', () => {
  it('plans what is then there, has nothing to do the second time, and knows what it cannot know', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, (seed) => tell(diceOf(seed))),
      { numRuns: 1000 },
    );
  }, 60_000);
});
