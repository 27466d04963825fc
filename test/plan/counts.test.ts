import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countChanges, planLine } from '../../src/plan/counts.ts';
import type { ResourceChange } from '../../src/plan/model.ts';
import { buildResource } from './build-plan.ts';

const NONE = { add: 0, change: 0, destroy: 0, replace: 0, import: 0, forget: 0, move: 0 };
const count = (actions: string[], more: Partial<ResourceChange> = {}): unknown => countChanges([buildResource({ actions, ...more })]);

describe('countChanges', () => {
  it.each([
    [['no-op'], {}],
    [['read'], {}],
    [['create'], { add: 1 }],
    [['update'], { change: 1 }],
    [['delete'], { destroy: 1 }],
    [['delete', 'create'], { add: 1, destroy: 1, replace: 1 }],
    [['create', 'delete'], { add: 1, destroy: 1, replace: 1 }],
    [['forget'], { forget: 1 }],
    [['create', 'forget'], { add: 1, forget: 1 }],
    [['forget', 'create'], { add: 1, forget: 1 }],
    [['open'], {}],
    [['renew', 'close'], {}],
    [[], {}],
  ])('counts %j', (actions, expected) => {
    expect(count(actions)).toEqual({ ...NONE, ...expected });
  });

  it('counts an import beside the action it comes with', () => {
    expect(count(['no-op'], { importing: { id: 'x' } })).toEqual({ ...NONE, import: 1 });
    expect(count(['update'], { importing: { id: null } })).toEqual({ ...NONE, import: 1, change: 1 });
  });

  it('counts a move beside the action it comes with', () => {
    expect(count(['no-op'], { previousAddress: 'a.b' })).toEqual({ ...NONE, move: 1 });
    expect(count(['delete', 'create'], { previousAddress: 'a.b' })).toEqual({ ...NONE, move: 1, add: 1, destroy: 1, replace: 1 });
  });

  it('counts a deposed object like any other and a data source never', () => {
    expect(count(['delete'], { deposed: '0a1b2c3d' })).toEqual({ ...NONE, destroy: 1 });
    expect(count(['delete'], { mode: 'data' })).toEqual(NONE);
  });

  it('tells of invocations only where the plan does', () => {
    expect(countChanges([], 2)).toEqual({ ...NONE, invoke: 2 });
    expect(countChanges([])).toEqual(NONE);
  });

  it('is the sum of its parts, in any order', () => {
    const action = fc.constantFrom(['create'], ['update'], ['delete'], ['delete', 'create'], ['no-op'], ['read'], ['forget'], ['x']);
    fc.assert(
      fc.property(fc.array(action), (all) => {
        const changes = all.map((actions) => buildResource({ actions }));
        const counts = countChanges(changes);
        const times = (name: string): number => changes.filter((change) => change.action === name).length;
        expect(counts).toEqual(countChanges([...changes].reverse()));
        expect(counts.add).toBe(times('create') + times('replace'));
        expect(counts.destroy).toBe(times('delete') + times('replace'));
        expect([counts.change, counts.forget, counts.replace]).toEqual([times('update'), times('forget'), times('replace')]);
      }),
    );
  });
});

describe('planLine', () => {
  it('has the words of terraform show', () => {
    expect(planLine({ ...NONE, add: 2, change: 1 })).toBe('2 to add, 1 to change, 0 to destroy');
    expect(planLine({ ...NONE, import: 5, forget: 3, move: 1 })).toBe('5 to import, 0 to add, 0 to change, 0 to destroy');
    expect(planLine({ ...NONE, destroy: 1, invoke: 2 })).toBe('0 to add, 0 to change, 1 to destroy. Actions: 2 to invoke');
    expect(planLine({ ...NONE, invoke: 0 })).toBe('0 to add, 0 to change, 0 to destroy');
  });
});
