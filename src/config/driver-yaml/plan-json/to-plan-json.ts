// A plan of the config tool as Terraform's plan JSON, so that whatever reads plans reads these: our own checks, our renderer, a policy
// engine. Nothing sensitive is in it. No I/O.
//
// Source: HashiCorp, "JSON Output Format", plan representation, format 1.2 (read 2026-11-22). What Terraform has no place for stands
// under `runtask`: keys that a reader does not know are to be ignored.
import { hasErrors } from '../../../base/diagnostics.ts';
import type { Json } from '../../../contracts/json.ts';
import type { ValueMap } from '../../engine/values.ts';
import { typeOf } from '../deps.ts';
import type { ConfigPlan, PlannedItem } from '../plan.ts';
import { toConfigurationJson } from './configuration.ts';
import { toDiagnosticJson } from './diagnostic-json.ts';
import { toResourceChange, toResourceValues } from './resource-change.ts';

export type PlanDocument = Readonly<Record<string, Json>>;

export interface PlanFacts {
  /** Of this package. */
  readonly version: string;
  /** Milliseconds since the epoch: when the plan was made. */
  readonly now: number;
}

export function toPlanJson(plan: ConfigPlan, { version, now }: PlanFacts): PlanDocument {
  const { items, diagnostics } = plan;
  const declared = new Set(items.filter(({ item }) => item !== null).map((item) => `${typeOf(item.resource)}.${item.name}`));
  const errored = hasErrors(diagnostics);
  const pending = items.filter((item) => item.pending !== null);
  return {
    format_version: '1.2',
    runtask_version: version,
    planned_values: { root_module: { resources: valuesOf(items, ({ change }) => change.planned) } },
    resource_changes: items.map((item) => toResourceChange(item, declared)),
    prior_state: { format_version: '1.0', values: { root_module: { resources: valuesOf(items, ({ change }) => change.prior) } } },
    configuration: toConfigurationJson(items),
    timestamp: new Date(now).toISOString(),
    applyable: !errored && hasChanges(plan),
    // As Terraform has it: another apply must follow this one.
    complete: !errored && pending.length === 0,
    errored,
    diagnostics: diagnostics.map(toDiagnosticJson),
    runtask: {
      changed_outside: items.filter(({ changedOutside }) => changedOutside === true).map(({ address }) => address),
      pending: pending.map(({ address, pending: reason }) => ({ address, reason: reason ?? '' })),
    },
  };
}

/** Is there anything for an apply to do? Taking over an object is something. */
export const hasChanges = ({ items }: Pick<ConfigPlan, 'items'>): boolean =>
  items.some(({ change, importing }) => change.action !== 'no-op' || importing);

const valuesOf = (items: readonly PlannedItem[], pick: (item: PlannedItem) => ValueMap | null): Json =>
  items.flatMap((item) => {
    const state = pick(item);
    return state === null ? [] : [toResourceValues(item, state)];
  });
