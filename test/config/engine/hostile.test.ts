// The engine against an API that lies, forgets and fails at any call: nothing ends as done that is not.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyChange } from '../../../src/config/engine/apply.ts';
import { planChange } from '../../../src/config/engine/plan.ts';
import { hasErrors } from '../../../src/config/engine/problem.ts';
import { validateConfig } from '../../../src/config/engine/validate.ts';
import { UNKNOWN, type Value, type ValueMap } from '../../../src/config/engine/values.ts';
import { aDeps } from './a-resource.ts';
import { createRandomApi } from './random/api.ts';
import { chance, changed, diceOf, nonNull, pick, randomConfig, randomSchema, toMap, type Gen } from './random/gen.ts';
import { showsUnknown, spelled, stateErrors } from './random/witness.ts';

const SECRET = 'never-shown-never-written';

async function tell(g: Gen): Promise<void> {
  const schema = randomSchema(g, undefined, true);
  const api = createRandomApi(g, schema);
  const config = validateConfig(api.resource, withSecrets(randomConfig(g, schema))).config;
  const first = await planChange(api.resource, { config, prior: null }, aDeps());
  let prior: ValueMap | null = null;
  let change = first.value;
  let wanted = config;
  if (chance(g, 50) && change !== null) {
    prior = (await applyChange(api.resource, change, config, aDeps())).state;
    wanted = validateConfig(api.resource, withSecrets(changed(g, schema, config, false))).config;
    change = (await planChange(api.resource, { config: wanted, prior }, aDeps())).value;
  }
  if (change === null || change.action === 'no-op') return;

  let expectsError = true;
  const at = pick(g, 'create', 'update', 'delete');
  const how = pick(g, 'throws', 'lies', 'forgets', 'mistypes');
  let happened = false;
  api.sabotage = (call, told, given) => {
    if (call !== at) return told;
    happened = true;
    if (how === 'throws') throw new Error(`Refused: ${JSON.stringify(wanted)} ${JSON.stringify(given)}`);
    const planned = change.planned ?? {};
    const open = Object.keys(schema).filter((name) => planned[name] === UNKNOWN && !schema[name]?.writeOnly);
    const sure = Object.keys(schema).filter((name) => isSure(name));
    const name = how === 'forgets' ? open[0] : sure[g(Math.max(sure.length, 1))];
    if (name === undefined || call === 'delete') {
      expectsError = false;
      return told;
    }
    if (how === 'forgets') return { ...told, [name]: undefined };
    if (how === 'mistypes') return { ...told, [name]: Symbol('nonsense') };
    return { ...told, [name]: otherThan(g, name) };
  };
  const isSure = (name: string): boolean => {
    const attribute = schema[name];
    return attribute !== undefined && !attribute.writeOnly && !showsUnknown(attribute.type, change.planned?.[name] ?? null);
  };
  const otherThan = (dice: Gen, name: string): Value => {
    const type = schema[name]?.type ?? { kind: 'string' };
    for (let tries = 0; tries < 50; tries++) {
      const value = nonNull(dice, type, 'config');
      if (spelled(type, value) !== spelled(type, change.planned?.[name] ?? null)) return value;
    }
    expectsError = false;
    return change.planned?.[name] ?? null;
  };

  const { state, problems } = await applyChange(api.resource, change, wanted, aDeps());
  if (happened && expectsError) expect(hasErrors(problems)).toBe(true);
  if (!hasErrors(problems)) expect(stateErrors({ kind: 'object', attributes: schema }, change.planned, state)).toEqual([]);
  if (hasErrors(problems) && change.action === 'update') expect(state).not.toBeNull();
  if (happened && how === 'throws') expect(state).toEqual(at === 'create' ? null : prior);
  expect(JSON.stringify([problems, change])).not.toContain(SECRET);
  expect(showsUnknown({ kind: 'object', attributes: schema }, state)).toBe(false);

  function withSecrets(from: ValueMap): ValueMap {
    return toMap(
      Object.entries(from).map(([name, value]) => {
        const { writeOnly, type } = schema[name] ?? {};
        return [name, writeOnly && type?.kind === 'string' ? SECRET : value];
      }),
    );
  }
}

describe('the engine against a hostile API', () => {
  it('never says done when it is not, and never says a secret that it knows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.noShrink(fc.nat()), (seed) => tell(diceOf(seed))),
      { numRuns: 500 },
    );
  }, 60_000);
});
