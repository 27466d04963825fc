// How many changes of a kind a plan may have. One finding for each budget that is exceeded, with the first addresses. Pure.
import type { LimitSpec } from '../../contracts/check-kinds.ts';
import type { ResourceChange } from '../../plan/model.ts';
import type { Finder } from './finder.ts';

type Budget = 'create' | 'update' | 'replace' | 'delete' | 'destroy' | 'import' | 'forget' | 'changes';

const HARMLESS = new Set(['no-op', 'read', 'open', 'renew', 'close']);
const KNOWN = new Set([...HARMLESS, 'create', 'update', 'delete', 'forget']);

const does = (change: ResourceChange, action: string): boolean => change.actions.includes(action);
const replaces = (change: ResourceChange): boolean => does(change, 'delete') && does(change, 'create');
/** An action that this version does not know, or none at all on something that will be gone, may be any of them. */
const mayBeAny = ({ actions, before, after }: ResourceChange): boolean =>
  actions.length === 0 ? before !== null && after === null : actions.some((action) => !KNOWN.has(action));

/** What counts for which budget, and how the finding says it. */
const BUDGETS: { readonly [B in Budget]: readonly [counts: (change: ResourceChange) => boolean, words: string] } = {
  create: [(change) => does(change, 'create'), 'created'],
  update: [(change) => does(change, 'update'), 'updated'],
  replace: [replaces, 'replaced'],
  delete: [(change) => does(change, 'delete') && !replaces(change), 'deleted'],
  destroy: [(change) => does(change, 'delete'), 'destroyed'],
  import: [({ importing }) => importing !== null, 'imported'],
  forget: [(change) => does(change, 'forget'), 'forgotten'],
  changes: [(change) => change.importing !== null || change.actions.some((action) => !HARMLESS.has(action)), 'changed'],
};
const NAMES = Object.keys(BUDGETS) as Budget[];

const TOLD = 5;

/** @param invocations  of actions (Terraform 1.14): they change something too, and have no entry among the changes */
export function findOverBudget(spec: LimitSpec, invocations: number): Finder {
  const counters = NAMES.flatMap((name) => {
    const most = spec[name];
    return most === undefined ? [] : [{ name, most, count: name === 'changes' ? invocations : 0, first: [] as string[] }];
  });
  return {
    ask(change) {
      if (change.mode === 'data') return;
      const any = mayBeAny(change);
      for (const counter of counters) {
        if (!any && !BUDGETS[counter.name][0](change)) continue;
        counter.count++;
        if (counter.first.length < TOLD) counter.first.push(change.address);
      }
    },
    end: (tell) => {
      for (const { name, most, count, first } of counters) {
        const words = BUDGETS[name][1];
        tell.explain('the plan', `${count} would be ${words}, at most ${most} may be`);
        if (count <= most) continue;
        const invoked = name === 'changes' ? invocations : 0;
        const more = count - invoked > first.length ? [`${count - invoked - first.length} more`] : [];
        const actions = invoked === 0 ? [] : [`${invoked} invocation${invoked === 1 ? '' : 's'} of actions`];
        const named = first.length === 0 ? [] : [first.join(', ')];
        const subject = count === 1 ? '1 resource' : `${count} resources`;
        tell.finding({ message: `${subject} would be ${words}, at most ${most} may be: ${[...named, ...more, ...actions].join(' and ')}` });
      }
    },
  };
}
