import { describe, expect, it } from '@jest/globals';
import type { Drift } from '../../src/plan/model.ts';
import { readPlan } from '../../src/plan/read-plan.ts';
import { chunksOf, planDocument } from './build-plan.ts';

const drifted = (before: unknown, after: unknown): object => ({
  address: 't.n',
  mode: 'managed',
  type: 't',
  name: 'n',
  change: { actions: ['update'], before, after },
});

async function relevance(more: { readonly [key: string]: unknown }): Promise<Drift['isRelevant']> {
  const read = await readPlan(chunksOf(planDocument(more)));
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value.drift[0]?.isRelevant;
}

const before = { id: 'a', tags: { owner: 'x', env: 'dev' }, rules: [{ port: 1 }, { port: 2 }], kept: 1 };
const after = { id: 'b', tags: { owner: 'x', env: 'prod' }, rules: [{ port: 1 }, { port: 3 }], kept: 1 };

describe('a change outside of Terraform', () => {
  it.each([
    ['what is named changed', [['id']], true],
    ['what is named is the same', [['kept']], false],
    ['one of two changed', [['kept'], ['id']], true],
    ['the object as a whole is named', [[]], true],
    ['a key that changed', [['tags', 'env']], true],
    ['a key that did not', [['tags', 'owner']], false],
    ['an index that changed', [['rules', 1, 'port']], true],
    ['an index that did not', [['rules', 0, 'port']], false],
    ['an index written as text', [['rules', '1', 'port']], true],
    ['nothing is there: the last that is there is compared', [['tags', 'constructor']], true],
    ['no attribute is said', [undefined], true],
    ['the attribute has another form', ['id'], true],
  ])('counts when something depends on it: %s', async (_name, paths, expected) => {
    const relevant = paths.map((attribute) => ({ resource: 't.n', attribute }));
    expect(await relevance({ resource_drift: [drifted(before, after)], relevant_attributes: relevant })).toBe(expected);
  });

  it('does not count when something depends on another object', async () => {
    const drift = { resource_drift: [drifted(before, after)] };
    expect(await relevance({ ...drift, relevant_attributes: [{ resource: 't.other', attribute: ['id'] }] })).toBe(false);
    expect(await relevance({ ...drift, relevant_attributes: [{ resource: '', attribute: ['id'] }] })).toBe(true);
  });

  it('counts when the object is gone', async () => {
    const gone = { resource_drift: [drifted(before, null)], relevant_attributes: [{ resource: 't.n', attribute: ['kept'] }] };
    expect(await relevance(gone)).toBe(true);
  });

  it('is not said to count or not by a plan that cannot say, or says it in another form', async () => {
    const drift = { resource_drift: [drifted(before, after)] };
    expect(await relevance(drift)).toBe(false);
    expect(await relevance({ ...drift, format_version: '1.0' })).toBeUndefined();
    expect(await relevance({ ...drift, format_version: '0.2' })).toBeUndefined();
    expect(await relevance({ ...drift, relevant_attributes: { new: 'form' } })).toBeUndefined();
    expect(await relevance({ ...drift, format_version: undefined, plan_format_version: '1.1' })).toBe(false);
  });
});
