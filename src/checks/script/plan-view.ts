// The plan as a script sees it (api.ts), made from ours. What the plan does not say throws; it is not an empty list. Pure.
import { matchesAnyGlob } from '../../documents/glob.ts';
import type * as model from '../../plan/model.ts';
import { createConfigured } from '../values/configured.ts';
import type { Attributes, Configuration, Plan, PlannedResource, ResourceChange } from './api.ts';
import { toOutputView, toResourceView, type Seeing } from './change-view.ts';

const UNCHANGED = new Set(['no-op', 'read']);
const GONE = new Set(['delete', 'forget']);

export function toPlanView(plan: model.Plan, onLook: Seeing['onLook']): Plan {
  const seeing: Seeing = { configured: createConfigured(plan), onLook };
  const resources = plan.changes.map((change) => toResourceView(change, seeing));
  const changes = resources.filter(({ action, importing }) => !UNCHANGED.has(action) || importing !== null);
  const planned = changes.filter(({ action }) => !GONE.has(action));
  const configuration = (): Configuration => {
    if (plan.configuration === null || plan.configuration === undefined)
      throw new Error(
        "The plan does not say how it is written (HCP Terraform's redacted plans do not), so modules and providers are not known",
      );
    return plan.configuration;
  };
  return {
    terraformVersion: plan.terraformVersion,
    complete: plan.complete,
    counts: plan.counts,
    resources,
    changes,
    ofType: <Value = Attributes>(...types: readonly string[]) => ofTypes(changes, types) as readonly ResourceChange<Value>[],
    planned: <Value = Attributes>(...types: readonly string[]) =>
      (types.length === 0 ? planned : ofTypes(planned, types)) as readonly PlannedResource<Value>[],
    drift: plan.drift.map((change) => toResourceView(change, seeing)),
    outputs: plan.outputs.map((output) => toOutputView(output, seeing)),
    deferred: plan.deferred.map(({ reason, change }) => ({ reason, change: toResourceView(change, seeing) })),
    variables: Object.fromEntries(plan.variables ?? []),
    get configuration() {
      return configuration();
    },
    get modules() {
      return configuration().modules;
    },
    get providers() {
      return configuration().providers;
    },
  };
}

/** @throws TypeError without a type: `ofType()` would be a rule about nothing, and pass */
function ofTypes(changes: readonly ResourceChange[], types: readonly string[]): readonly ResourceChange[] {
  if (types.length === 0 || types.some((type) => typeof type !== 'string'))
    throw new TypeError('ofType(…) and planned(…) take resource types, such as "aws_s3_bucket" or "aws_*"');
  // Ten rules ask for ten types in a plan of 100,000; the globs are asked once for each type and not for each resource.
  const wanted = new Map<string, boolean>();
  return changes.filter(({ type }) => {
    const known = wanted.get(type) ?? matchesAnyGlob(types, type);
    wanted.set(type, known);
    return known;
  });
}
