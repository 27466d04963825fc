// Which changes outside of Terraform its own text tells of. No markup here.
//
// Source: hashicorp/terraform, internal/command/jsonformat/plan.go and diff.go, read 2026-11-22: a refresh-only plan tells of all; another
// one of those that something in it depends on, unless they only moved (the plan tells that itself), and of none when it changes nothing.
// Before 1.2 Terraform told of all.
import type { Drift, Plan } from '../plan/model.ts';

/**
 * The plan proposes nothing and applying it records what changed outside. Its JSON does not say in which mode it was made: only a plan
 * that was made to refresh lists no object at all, not even as a no-op, beside the drift.
 */
export const isRefreshOnly = (plan: Plan): boolean => plan.drift.length > 0 && plan.changes.length === 0 && plan.applyable !== false;

export function isToldByTerraform(plan: Plan): (drift: Drift) => boolean {
  if (isRefreshOnly(plan)) return () => true;
  const changesNothing =
    plan.changes.every((change) => change.action === 'no-op' && change.previousAddress === null) &&
    plan.outputs.every((output) => output.action === 'no-op');
  return ({ isRelevant, action }) => isRelevant === undefined || (isRelevant && !changesNothing && action !== 'no-op');
}
