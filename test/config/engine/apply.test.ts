// What an apply tells when a resource fails, lies, hangs or is interrupted.
import { describe, expect, it } from '@jest/globals';
import { Fault } from '../../../src/base/fault.ts';
import { applyChange } from '../../../src/config/engine/apply.ts';
import { findObject } from '../../../src/config/engine/find.ts';
import { ProblemError, problem } from '../../../src/config/engine/problem.ts';
import type { AnyResource, Resource } from '../../../src/config/engine/resource.ts';
import { computed, number, object, optional, required, set, string, withDefault } from '../../../src/config/engine/schema.ts';
import { UNKNOWN, type ValueMap } from '../../../src/config/engine/values.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { aDeps, aResource, obj, planned } from './a-resource.ts';

const description = 'For a test.';
const schema = {
  name: required(string, { description, replace: true }),
  url: required(string, { description }),
  stages: withDefault(set(string), ['post_plan'], { description }),
  key: optional(string, { description, writeOnly: true }),
  key_version: optional(number, { description, remembered: true }),
  note: optional(string, { description, sensitive: true }),
  id: computed(string, { description, stable: true }),
};
const KEY = 'a-key-that-nobody-may-see';
const NOTE = 'sensitive-note';
const config = obj({ name: 'gate', url: 'https://a', stages: null, key: KEY, key_version: 1, note: NOTE, id: null });
const prior = obj({ name: 'gate', url: 'https://old', stages: ['post_plan'], key: null, key_version: 1, note: NOTE, id: 'task-1' });
const made = obj({ name: 'gate', url: 'https://a', stages: ['post_plan'], key: null, key_version: 1, note: NOTE, id: 'task-1' });

const thing = (over: Partial<Resource<typeof schema, null, 'name'>> = {}): AnyResource<null> => aResource(schema, over);

async function applied(resource: AnyResource<null>, before: ValueMap | null, wanted: ValueMap | null = config, deps = aDeps()) {
  return applyChange(resource, await planned(resource, wanted, before), wanted, deps);
}

describe('applyChange', () => {
  it('gives the author plain objects: unknown is undefined, defaults are in, the write-only value only in the configuration', async () => {
    const seen: unknown[] = [];
    const resource = thing({ create: async (plan, said) => (seen.push(plan, said), { id: 'task-1' }) });
    expect(await applied(resource, null)).toEqual({ state: made, problems: [] });
    expect(seen).toEqual([
      { name: 'gate', url: 'https://a', stages: ['post_plan'], key: null, key_version: 1, note: NOTE, id: undefined },
      { name: 'gate', url: 'https://a', stages: ['post_plan'], key: KEY, key_version: 1, note: NOTE, id: null },
    ]);
  });

  it.each<[string, () => Error, object]>([
    [
      'a ProblemError',
      () => new ProblemError([problem(['url'], 'Not reachable', `with ${KEY}`)]),
      problem(['url'], 'Not reachable', 'with ***'),
    ],
    ['a Fault', () => new Fault('E_X', `HCP said no to ${KEY}`, { retryable: false }), problem([], 'HCP said no to ***')],
    [
      'a defect',
      () => new TypeError(`x of undefined (${NOTE})\n at y`),
      problem([], 'A defect in thing: create failed', 'x of undefined (***) at y'),
    ],
  ])('tells %s without stack and secret, and knows of nothing made', async (_, thrown, expected) => {
    const create = async (): Promise<never> => {
      throw thrown();
    };
    expect(await applied(thing({ create }), null)).toEqual({ state: null, problems: [expected] });
  });

  it('takes a secret of many lines out, also where a text quotes one line of it', async () => {
    const create = async (): Promise<never> => {
      throw new Fault('E_X', 'Refused: the-second-line', { retryable: false });
    };
    const wanted = obj({ ...config, key: 'the-first-line\nthe-second-line' });
    expect((await applied(thing({ create }), null, wanted)).problems).toEqual([problem([], 'Refused: ***')]);
  });

  it('keeps what was made before it failed', async () => {
    const create = async (): Promise<never> => {
      throw new ProblemError([problem([], 'Half done')], { state: { id: 'task-1', url: 'https://a' } });
    };
    const state = obj({ name: 'gate', url: 'https://a', stages: null, key: null, key_version: null, note: null, id: 'task-1' });
    expect(await applied(thing({ create }), null)).toEqual({ state, problems: [problem([], 'Half done')] });
  });

  it('keeps the object as it was after a failed update or delete', async () => {
    const fail = async (): Promise<never> => {
      throw new Fault('E_X', 'No', { retryable: true });
    };
    expect(await applied(thing({ update: fail }), prior)).toEqual({ state: prior, problems: [problem([], 'No')] });
    expect(await applied(thing({ delete: fail }), prior, null)).toEqual({ state: prior, problems: [problem([], 'No')] });
  });

  it('says that a replacement is half done', async () => {
    const create = async (): Promise<never> => {
      throw new Fault('E_X', 'No', { retryable: true });
    };
    const { state, problems } = await applied(thing({ create }), obj({ ...prior, name: 'old' }));
    expect(state).toBeNull();
    expect(problems.map(({ summary }) => summary)).toEqual(['No', 'The old object is deleted, and the new one is not there']);
  });

  it('tells no key of the new object when the old one could not be deleted', async () => {
    const renamed = obj({ ...config, name: 'other' });
    const remove = async (): Promise<never> => {
      throw new Error(`refused: ${KEY}`);
    };
    const { state, problems } = await applied(thing({ delete: remove }), prior, renamed);
    expect({ state, problems }).toEqual({ state: prior, problems: [problem([], 'A defect in thing: delete failed', 'refused: ***')] });
  });

  it('does not create when the old one could not be deleted', async () => {
    const calls: string[] = [];
    const resource = thing({
      delete: async () => {
        throw new Fault('E_X', 'Still attached', { retryable: false });
      },
      create: async () => (calls.push('create'), {}),
    });
    const before = obj({ ...prior, name: 'old' });
    expect(await applied(resource, before)).toEqual({ state: before, problems: [problem([], 'Still attached')] });
    expect(calls).toEqual([]);
  });

  it('names both values when the API has another one, and keeps the one of the API', async () => {
    const { state, problems } = await applied(thing({ update: async () => ({ url: 'https://b', stages: ['post_plan'] }) }), prior);
    expect(state).toEqual(obj({ ...made, url: 'https://b' }));
    const detail = 'Planned: "https://a". The API says: "https://b". The state holds what the API says.';
    expect(problems).toEqual([problem(['url'], 'The API has another value than the one that was planned', detail)]);
  });

  it('does not name a value inside a sensitive object', async () => {
    const inner = object({ user: required(string, { description }) });
    const resource = aResource(
      { name: required(string, { description }), login: required(inner, { description, sensitive: true }) },
      { create: async () => ({ login: { user: 'another-secret' } }) },
    );
    const { problems } = await applied(resource, null, obj({ name: 'n', login: obj({ user: 'a-secret-user' }) }));
    expect(problems).toEqual([
      problem(['login', 'user'], 'The API has another value than the one that was planned', 'The state holds what the API says.'),
    ]);
  });

  it('does not name a sensitive value', async () => {
    const { problems } = await applied(thing({ update: async () => ({ note: 'another-secret' }) }), prior);
    expect(problems).toEqual([
      problem(['note'], 'The API has another value than the one that was planned', 'The state holds what the API says.'),
    ]);
  });

  it('says so when nobody told a value, and leaves it empty', async () => {
    const { state, problems } = await applied(thing({ create: async () => ({}) }), null);
    expect(state).toEqual(obj({ ...made, id: null }));
    expect(problems).toEqual([problem(['id'], 'The API did not tell this value', 'It is left empty. The next plan reads it again.')]);
  });

  it('tells a wrong type as a defect', async () => {
    const { problems } = await applied(thing({ create: async () => ({ id: 7 as never }) }), null);
    expect(problems[0]).toEqual(problem(['id'], 'A defect in thing: not a string', 'It is a number.'));
  });

  it('refuses a configuration other than the planned one, and one that is not known', async () => {
    const change = await planned(thing(), obj({ ...config, url: UNKNOWN }), prior);
    const open = await applyChange(thing(), change, obj({ ...config, url: UNKNOWN }), aDeps());
    expect(open).toEqual({ state: prior, problems: [problem(['url'], 'Still not known, so that nothing was done')] });
    const other = await applyChange(thing(), change, obj({ ...config, url: 'https://a', note: 'x' }), aDeps());
    expect(other).toMatchObject({ state: prior, problems: [{ path: ['note'], summary: 'Not as it was planned' }] });
    expect(await applyChange(thing(), change, config, aDeps())).toEqual({ state: made, problems: [] });
  });

  it('refuses a set that has lost what was planned for what was unknown', async () => {
    const resource = aResource({ name: required(string, { description }), tags: required(set(string), { description }) });
    const change = await planned(resource, obj({ name: 'n', tags: ['kept', UNKNOWN] }), null);
    const { problems } = await applyChange(resource, change, obj({ name: 'n', tags: ['other'] }), aDeps());
    expect(problems).toMatchObject([{ path: ['tags'], summary: 'Not as it was planned' }]);
  });

  it('keeps what a plan promised of one element when another was wholly unknown', async () => {
    const part = object({ id: computed(string, { description, stable: true }), at: computed(string, { description }) });
    const update = async (): Promise<object> => ({ parts: [{ id: 'kept', at: 'now' }] });
    const resource = aResource({ name: required(string, { description }), parts: optional(set(part), { description }) }, { update });
    const open = obj({ id: null, at: null });
    const before = obj({ name: 'n', parts: [obj({ id: 'kept', at: 'then' })] });
    const change = await planned(resource, obj({ name: 'n', parts: [UNKNOWN, open] }), before);
    const state = obj({ name: 'n', parts: [obj({ id: 'kept', at: 'now' })] });
    expect(await applyChange(resource, change, obj({ name: 'n', parts: [open] }), aDeps())).toEqual({ state, problems: [] });
    const lying = aResource(resource.schema as typeof schema, { update: async () => ({ parts: [{ id: 'other', at: 'now' }] }) as object });
    const { problems } = await applyChange(lying, change, obj({ name: 'n', parts: [open] }), aDeps());
    expect(problems.map(({ path }) => path)).toEqual([['parts']]);
  });

  it('withholds a message that holds a secret too short to be cut out', async () => {
    const create = async (): Promise<never> => {
      throw new Fault('E_X', 'the key abc is short', { retryable: false });
    };
    const { problems } = await applied(thing({ create }), null, obj({ ...config, key: 'abc' }));
    expect(JSON.stringify(problems)).not.toContain('abc');
  });
});

describe('time and interruption', () => {
  it('begins nothing when interrupted before', async () => {
    const result = await applied(thing(), null, config, aDeps({ signal: AbortSignal.abort() }));
    expect(result).toEqual({ state: null, problems: [problem([], 'Interrupted', 'The create was not begun.')], interrupted: true });
  });

  it('awaits a write that has begun, so that its result is not lost', async () => {
    const [stop, answer] = [new AbortController(), Promise.withResolvers<{ id: string }>()];
    const result = applied(thing({ create: async () => (stop.abort(), answer.promise) }), null, config, aDeps({ signal: stop.signal }));
    await new Promise(setImmediate);
    answer.resolve({ id: 'task-1' });
    expect(await result).toEqual({ state: made, problems: [] });
  });

  it('says that it was interrupted when the resource stops waiting', async () => {
    const stop = new AbortController();
    const create = async (_: unknown, __: unknown, { signal }: { signal: AbortSignal }): Promise<never> => {
      stop.abort();
      throw new Fault('E_NET', 'unreachable', { retryable: true, cause: signal.reason });
    };
    const { problems } = await applied(thing({ create }), null, config, aDeps({ signal: stop.signal }));
    expect(problems).toEqual([problem([], 'Interrupted', 'Whether it was done is not known: the next plan shows what is there.')]);
  });

  it('says what is left of a replacement that was interrupted in the middle', async () => {
    const stop = new AbortController();
    const resource = thing({ delete: async () => stop.abort() });
    const result = await applied(resource, obj({ ...prior, name: 'old' }), config, aDeps({ signal: stop.signal }));
    expect(result).toEqual({
      state: null,
      interrupted: true,
      problems: [
        problem([], 'Interrupted', 'The create was not begun.'),
        problem([], 'The old object is deleted, and the new one is not there', 'The next apply makes it.'),
      ],
    });
  });

  it('does not take the abort of somebody else for an interruption', async () => {
    const create = async (): Promise<never> => {
      throw new DOMException('gone', 'AbortError');
    };
    const { problems } = await applied(thing({ create }), null);
    expect(problems).toEqual([problem([], 'A defect in thing: create failed', 'gone')]);
  });

  it('leaves no timer behind', async () => {
    const clock = createManualClock();
    await applied(thing({ create: async () => ({ id: 'task-1' }) }), null, config, aDeps({ clock }));
    expect(clock.waiting).toBe(0);
  });

  it('leaves a read at once', async () => {
    const stop = new AbortController();
    const find = (): Promise<never> => (queueMicrotask(() => stop.abort()), new Promise(() => {}));
    const found = await findObject(thing({ find }), obj({ name: 'gate' }), null, aDeps({ signal: stop.signal }));
    expect(found).toEqual({ value: null, problems: [problem([], 'Interrupted')] });
  });

  it('tells the resource when its time is over, and leaves one that does not listen after the grace', async () => {
    const clock = createManualClock();
    const aborted: number[] = [];
    const create = (_: unknown, __: unknown, { signal }: { signal: AbortSignal }): Promise<never> => {
      signal.addEventListener('abort', () => aborted.push(clock.now()));
      return new Promise(() => {});
    };
    const start = clock.now();
    const result = applied(thing({ create, timeouts: { create: 60_000 } }), null, config, aDeps({ clock }));
    await clock.advance(89_999);
    expect(aborted).toEqual([start + 60_000]);
    await clock.advance(1);
    expect(await result).toEqual({
      state: null,
      problems: [
        problem([], 'The create did not end within 60 seconds', 'Whether it was done is not known: the next plan shows what is there.'),
      ],
    });
    expect(clock.waiting).toBe(0);
  });
});
