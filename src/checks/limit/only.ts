// `only_types` and `only_providers`: of what the plan may be made. What is deleted or forgotten may be of anything. Pure.
import { matchesAnyGlob } from '../../documents/glob.ts';
import type { Plan, ResourceChange } from '../../plan/model.ts';
import { isAskedOf } from '../select/select.ts';
import type { Finder } from './finder.ts';

/** Is it there afterwards because of this plan? */
export const isPlanned = (change: ResourceChange): boolean => isAskedOf(['create', 'update', 'replace'], change);

export const findOtherTypes = (only: readonly string[]): Finder => ({
  ask(change, { finding }) {
    if (change.mode === 'data' || !isPlanned(change) || matchesAnyGlob(only, change.type)) return;
    finding({
      message: `${change.type} is none of the types that may be: ${only.join(', ')}`,
      address: change.address,
      action: change.action,
    });
  },
});

const TOLD = 3;

/**
 * One finding for each provider. Without a selection those that the configuration names are judged too: data sources are read while the
 * plan is made, and what is known by then is among no changes.
 */
export function findOtherProviders(only: readonly string[], plan: Plan, isWholePlan: boolean): Finder {
  const users = new Map<string, string[]>();
  if (isWholePlan) for (const { fullName, name } of plan.configuration?.providers ?? []) users.set(fullName ?? name, []);
  return {
    ask(change) {
      if ((change.action === 'no-op' && change.importing === null) || (change.mode !== 'data' && !isPlanned(change))) return;
      const name = change.provider ?? `(unknown, of ${change.type})`;
      const list = users.get(name) ?? [];
      users.set(name, [...list, ...(list.length <= TOLD ? [change.address] : [])]);
    },
    end({ finding, explain }) {
      for (const [name, addresses] of users) {
        const may = matchesAnyGlob(only, name);
        explain(name, may ? 'may be' : 'may not be');
        if (may) continue;
        const used =
          addresses.length === 0 ? '' : `, used by ${addresses.slice(0, TOLD).join(', ')}${addresses.length > TOLD ? ' and others' : ''}`;
        finding({ message: `The provider ${name} is none of those that may be (${only.join(', ')})${used}` });
      }
    },
  };
}
