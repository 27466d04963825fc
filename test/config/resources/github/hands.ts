// What a driver does with one object, without a driver: find, plan, review, apply, remember. Each call is a command of its own: what was
// read before is read again.
import { applyChange } from '../../../../src/config/engine/apply.ts';
import { toPlain } from '../../../../src/config/engine/authors.ts';
import { findObject } from '../../../../src/config/engine/find.ts';
import { importObject } from '../../../../src/config/engine/import.ts';
import type { Change, Deps } from '../../../../src/config/engine/operations.ts';
import { planChange } from '../../../../src/config/engine/plan.ts';
import { hasErrors, type Problem } from '../../../../src/config/engine/problem.ts';
import type { AnyResource } from '../../../../src/config/engine/resource.ts';
import { reviewChanges } from '../../../../src/config/engine/review.ts';
import type { Schema } from '../../../../src/config/engine/schema.ts';
import { validateConfig } from '../../../../src/config/engine/validate.ts';
import { UNKNOWN, valueMap, type Value, type ValueMap } from '../../../../src/config/engine/values.ts';
import type { Clients } from '../../../../src/config/resources/clients.ts';
import type { GithubSettings } from '../../../../src/github/settings/index.ts';
import { createEagerClock } from '../../../support/eager-clock.ts';

export type Given = Readonly<Record<string, Value>>;

export interface Planned {
  readonly action: Change['action'] | 'invalid';
  /** Attributes that differ, `from -> to`. */
  readonly changes: Readonly<Record<string, readonly [unknown, unknown]>>;
  readonly problems: readonly Problem[];
  readonly managed: boolean | null;
}

export interface Done extends Planned {
  readonly state: ValueMap | null;
  readonly pending: string | null;
}

export interface Hands {
  plan(given: Given | null): Promise<Planned>;
  apply(given: Given | null): Promise<Done>;
  import(id: string): Promise<{ readonly state: unknown; readonly problems: readonly Problem[] }>;
  /** What the driver's record holds of the object; null: the record is lost. */
  remembered: ValueMap | null;
}

/** @param key  of the object that all calls are about */
export function createHands(resource: AnyResource<Clients>, key: Given, newSettings: () => GithubSettings): Hands {
  const schema = resource.schema as Schema;
  const keep = (state: ValueMap): ValueMap => valueMap(Object.entries(state).filter(([name]) => schema[name]?.remembered === true));
  const newDeps = (): Deps<Clients> => ({
    clients: { hcp: {} as Clients['hcp'], github: newSettings() },
    clock: createEagerClock(),
    signal: new AbortController().signal,
    progress: () => {},
  });

  async function plan(given: Given | null, deps: Deps<Clients>): Promise<Planned & { change: Change | null; config: ValueMap | null }> {
    const nothing = { changes: {}, managed: null, change: null, config: null };
    const validated = given === null ? null : validateConfig(resource, valueMap(Object.entries(given)));
    const problems: Problem[] = [...(validated?.problems ?? [])];
    if (hasErrors(problems)) return { ...nothing, action: 'invalid', problems };
    const found = await findObject(resource, valueMap(Object.entries(key)), hands.remembered, deps);
    problems.push(...found.problems);
    if (hasErrors(problems)) return { ...nothing, action: 'invalid', problems };
    const config = validated?.config ?? null;
    const planned = await planChange(resource, { config, prior: found.value?.state ?? null }, deps);
    problems.push(...planned.problems);
    if (planned.value === null) return { ...nothing, action: 'invalid', problems };
    problems.push(...(await reviewChanges(resource, [planned.value], [config], deps)));
    const { action, prior, planned: to } = planned.value;
    const changes = Object.fromEntries(
      Object.keys(schema)
        .map((name) => [name, [shown(prior?.[name]), shown(to?.[name])]] as const)
        .filter(([, [from, now]]) => JSON.stringify(from) !== JSON.stringify(now)),
    );
    return { action, changes, problems, managed: found.value?.managed ?? null, change: planned.value, config };
  }

  const hands: Hands = {
    remembered: null,
    async plan(given) {
      const { action, changes, problems, managed } = await plan(given, newDeps());
      return { action, changes, problems, managed };
    },
    async apply(given) {
      const deps = newDeps();
      const { change, config, ...planned } = await plan(given, deps);
      if (change === null || hasErrors(planned.problems)) return { ...planned, state: null, pending: null };
      const { state, problems, waits } = await applyChange(resource, change, config, deps);
      // As a driver's record: what is known to be there, also after an error.
      hands.remembered = state === null ? null : keep(state);
      const pending = waits ?? (state === null ? null : (resource.pending?.(toPlain(schema, state)) ?? null));
      return { ...planned, problems: [...planned.problems, ...problems], state, pending };
    },
    async import(id) {
      const { value, problems } = await importObject(resource, id, newDeps());
      return { state: value?.state ?? null, problems };
    },
  };
  return hands;
}

const shown = (value: Value | undefined): unknown => (value === UNKNOWN ? '(known after apply)' : (value ?? null));

/** Everything that people may get to see of it. */
export const textOf = (done: Planned | Done): string => JSON.stringify(done);
