// Was this plan made to destroy everything (`terraform plan -destroy`)? Pure. A plan's JSON does not say it in a word.
//
// It matters that removing resources from the code is not taken for it: a pull request that empties its configuration would leave out
// every check that says `destroy: false`. Two things tell them apart. What a destroy run deletes is still in the configuration; and a
// resource that goes for any other cause has that cause as its `action_reason` (Terraform, "JSON Output Format", read 2026-11-22).
import type { Plan, ResourceChange } from '../plan/model.ts';

/** @returns null when the plan does not tell: what it deletes has no reason, and it is too old for one, or how it is configured is not in it */
export function destroysAll(plan: Plan): boolean | null {
  // A deposed object is deleted by whatever run comes next.
  const managed = plan.changes.filter(({ mode, deposed }) => mode === 'managed' && deposed === null);
  // In a destroy plan nothing is left as it is, so that a no-op says that this is none.
  if (managed.length === 0 || managed.some(({ action, reason }) => action !== 'delete' || reason !== null)) return false;
  const { configuration } = plan;
  if (configuration === null || configuration === undefined) return null;
  const configured = new Set(configuration.resources.map(({ address }) => address));
  if (!managed.every((change) => configured.has(withoutKeys(change)))) return false;
  // Format 1.0 came with Terraform 1.1, the first to give deletions a reason: before, `count = 0` looks like a destroy run.
  return plan.formatVersion.startsWith('0.') ? null : true;
}

const withoutKeys = ({ address }: ResourceChange): string => address.replace(/\[(?:"(?:[^"\\]|\\.)*"|-?\d+)\]/g, '');
