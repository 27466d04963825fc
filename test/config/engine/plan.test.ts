// The rules of planning, one by one.
import { describe, expect, it } from '@jest/globals';
import { planChange } from '../../../src/config/engine/plan.ts';
import {
  computed,
  list,
  number,
  object,
  optional,
  optionalComputed,
  required,
  set,
  string,
  withDefault,
} from '../../../src/config/engine/schema.ts';
import { UNKNOWN, type Value } from '../../../src/config/engine/values.ts';
import { aDeps, aResource, obj, planned } from './a-resource.ts';

const description = 'For a test.';
const rule = object({
  path: required(string, { description, replace: true }),
  mode: withDefault(string, 'warn', { description }),
  id: computed(string, { description, stable: true }),
  seen: computed(string, { description }),
});
const schema = {
  name: required(string, { description, replace: true }),
  text: optional(string, { description }),
  stages: withDefault(set(string), ['a', 'b'], { description }),
  pool: optionalComputed(string, { description }),
  steps: optional(list(rule), { description }),
  rules: optional(set(rule), { description }),
  secret: optional(string, { description, writeOnly: true }),
  secret_version: optional(number, { description, remembered: true }),
  id: computed(string, { description, stable: true }),
  changed_at: computed(string, { description }),
};
const thing = aResource(schema);
const nothing = {
  text: null,
  stages: null,
  pool: null,
  steps: null,
  rules: null,
  secret: null,
  secret_version: null,
  id: null,
  changed_at: null,
};
const config = (over: Record<string, Value> = {}) => obj({ name: 'n', ...nothing, ...over });
const prior = (over: Record<string, Value> = {}) =>
  obj({ name: 'n', ...nothing, stages: ['a', 'b'], pool: 'p', id: '1', changed_at: 't', ...over });
const aRule = (path: string, over: Record<string, Value> = {}): Value => obj({ path, mode: 'warn', id: `id-${path}`, seen: 's', ...over });
const wanted = (path: string, mode: string | null = null): Value => obj({ path, mode, id: null, seen: null });

describe('planChange', () => {
  it('creates: defaults are in, what the API says is unknown, write-only is null', async () => {
    expect(await planned(thing, config({ secret: 'x' }), null)).toEqual({
      action: 'create',
      prior: null,
      planned: obj({ name: 'n', ...nothing, stages: ['a', 'b'], pool: UNKNOWN, id: UNKNOWN, changed_at: UNKNOWN }),
      replacePaths: [],
    });
  });

  it.each<[string, Record<string, Value>, Record<string, Value>]>([
    ['nothing', {}, {}],
    ['the order of a set', { stages: ['b', 'a'] }, {}],
    ['repetition in a set', { stages: ['b', 'a', 'b'] }, {}],
    ['a write-only value without its version', { secret: 'other' }, {}],
    ['the default, written out in a set of objects', { rules: [wanted('y', 'warn'), wanted('x')] }, { rules: [aRule('x'), aRule('y')] }],
    ['what the configuration leaves open', {}, { pool: 'set by other hands' }],
  ])('has nothing to do when this differs: %s', async (_, said, is) => {
    expect((await planned(thing, config(said), prior(is))).action).toBe('no-op');
  });

  it('updates: stable values stay, other computed ones are unknown', async () => {
    const { action, planned: after } = await planned(thing, config({ text: 'x' }), prior());
    expect([action, after]).toEqual(['update', obj({ ...prior(), text: 'x', changed_at: UNKNOWN })]);
  });

  it('does not promise a null that the API may fill', async () => {
    const { planned: after } = await planned(thing, config({ text: 'x' }), prior({ pool: null, id: null }));
    expect(after).toEqual(obj({ ...prior(), text: 'x', pool: UNKNOWN, id: UNKNOWN, changed_at: UNKNOWN }));
  });

  it('gives each element of a set its own computed values, whatever the order', async () => {
    const is: Record<string, Value> = { rules: [aRule('x'), aRule('y', { mode: 'fail' })] };
    const { planned: after } = await planned(thing, config({ rules: [wanted('y', 'fail'), wanted('x')], text: 't' }), prior(is));
    expect(after?.['rules']).toEqual([aRule('y', { mode: 'fail', seen: UNKNOWN }), aRule('x', { seen: UNKNOWN })].reverse());
  });

  it('lets the element choose first of which the configuration says most', async () => {
    const part = object({ pool: optionalComputed(string, { description }), id: computed(string, { description, stable: true }) });
    const resource = aResource({ name: required(string, { description }), parts: optional(set(part), { description }) });
    const said = obj({ name: 'n', parts: [obj({ pool: null, id: null }), obj({ pool: 'p', id: null })] });
    const { planned: after } = await planned(resource, said, obj({ name: 'n', parts: [obj({ pool: 'p', id: '1' })] }));
    expect(after?.['parts']).toEqual([obj({ pool: UNKNOWN, id: UNKNOWN }), obj({ pool: 'p', id: '1' })]);
  });

  it.each<[string, Record<string, Value>, Record<string, Value>, unknown[]]>([
    ['the attribute itself', { name: 'm' }, {}, [['name']]],
    ['something unknown', { name: UNKNOWN }, {}, [['name']]],
    ['an element of a list', { steps: [wanted('x'), wanted('z')] }, { steps: [aRule('x'), aRule('y')] }, [['steps', 1, 'path']]],
    ['one element more', { steps: [wanted('x'), wanted('y')] }, { steps: [aRule('x')] }, [['steps', 1, 'path']]],
    ['a set', { rules: [wanted('z')] }, { rules: [aRule('x')] }, [['rules']]],
    ['a list of which nothing is known', { steps: UNKNOWN }, { steps: [aRule('x')] }, [['steps']]],
  ])('replaces for %s: then nothing computed is known', async (_, said, is, paths) => {
    const { action, planned: after, replacePaths } = await planned(thing, config(said), prior(is));
    expect([action, replacePaths, after?.['id'], after?.['pool']]).toEqual(['replace', paths, UNKNOWN, UNKNOWN]);
  });

  it('does not replace for an attribute beside the marked one', async () => {
    const said: Record<string, Value> = { rules: [wanted('x', 'fail')], steps: [wanted('x', 'fail')] };
    const { action } = await planned(thing, config(said), prior({ rules: [aRule('x')], steps: [aRule('x')] }));
    expect(action).toBe('update');
  });

  it('sends a write-only value again when its version changes, or is no longer remembered', async () => {
    const said = config({ secret: 'x', secret_version: 2 });
    expect((await planned(thing, said, prior({ secret_version: 1 }))).action).toBe('update');
    expect((await planned(thing, said, prior())).action).toBe('update');
    expect((await planned(thing, said, prior({ secret_version: 2 }))).action).toBe('no-op');
  });

  it('knows what follows from the configuration, also when only that differs', async () => {
    const deriving = aResource(schema, { derive: async ({ text }) => ({ changed_at: `derived from ${text}` }) });
    expect((await planned(deriving, config({ text: 'x' }), null)).planned?.['changed_at']).toBe('derived from x');
    expect(await planned(deriving, config(), prior())).toMatchObject({ action: 'update', planned: { changed_at: 'derived from null' } });
    expect((await planned(deriving, config(), prior({ changed_at: 'derived from null' }))).action).toBe('no-op');
    expect((await planned(deriving, config({ text: UNKNOWN }), null)).planned?.['changed_at']).toBe(UNKNOWN);
  });

  it('lets the configuration win over what derive says', async () => {
    const deriving = aResource(schema, { derive: async () => ({ pool: 'derived', text: 'derived', secret: 'derived' }) });
    const { planned: after } = await planned(deriving, config({ pool: 'said', secret: 'x' }), null);
    expect([after?.['pool'], after?.['text'], after?.['secret']]).toEqual(['said', null, null]);
    expect((await planned(deriving, config(), null)).planned?.['pool']).toBe('derived');
  });

  it('makes no plan when derive fails', async () => {
    const failing = aResource(schema, { derive: async () => Promise.reject(new Error('no')) });
    const { value, problems } = await planChange(failing, { config: config(), prior: null }, aDeps());
    expect([value, problems.map(({ summary }) => summary)]).toEqual([null, ['A defect in thing: plan failed']]);
  });

  it('deletes, and has nothing to do for what is gone', async () => {
    expect(await planned(thing, null, prior())).toEqual({ action: 'delete', prior: prior(), planned: null, replacePaths: [] });
    expect((await planned(thing, null, null)).action).toBe('no-op');
  });

  it('takes a state with attributes missing, as an older version kept it', async () => {
    expect((await planned(thing, config(), obj({ name: 'n', stages: ['b', 'a'], gone: 1 }))).action).toBe('no-op');
  });
});
