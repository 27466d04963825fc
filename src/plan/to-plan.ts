// Terraform's plan JSON, checked (contracts/plan-json.ts), into the Plan that every other room sees. No I/O.
import type { Json } from '../contracts/json.ts';
import type { ChangeJson, PlanJson, ResourceChangeJson } from '../contracts/plan-json.ts';
import { countChanges } from './counts.ts';
import { isList } from './json-tree.ts';
import type { Action, Change, OutputChange, Plan, PlanConfiguration, ResourceChange, ValuePath } from './model.ts';

/** The checked parts of a plan document. */
export interface PlanParts {
  readonly head: PlanJson;
  readonly changes: readonly ResourceChangeJson[];
  readonly drift: readonly ResourceChangeJson[];
  readonly outputs: readonly (readonly [name: string, change: ChangeJson])[];
  readonly markedElsewhere: readonly Json[];
  readonly configuration: PlanConfiguration | null;
  readonly variables: ReadonlyMap<string, Json>;
}

export function toPlan(parts: PlanParts): Plan {
  const { head } = parts;
  const changes = parts.changes.map(toResourceChange);
  return {
    formatVersion: head.format_version ?? head.plan_format_version ?? '',
    terraformVersion: head.terraform_version ?? null,
    changes,
    drift: parts.drift.map(toResourceChange),
    outputs: parts.outputs.map(([name, change]): OutputChange => ({ name, ...toChange(change) })),
    deferred: (head.deferred_changes ?? []).map((deferred) => ({
      reason: deferred.reason ?? '',
      change: toResourceChange(deferred.resource_change),
    })),
    counts: countChanges(changes, head.action_invocations?.length),
    ...(parts.markedElsewhere.length > 0 ? { markedElsewhere: parts.markedElsewhere } : {}),
    configuration: parts.configuration,
    ...(parts.variables.size > 0 ? { variables: parts.variables } : {}),
    errored: head.errored ?? false,
    complete: head.complete ?? null,
    applyable: head.applyable ?? null,
  };
}

function toResourceChange(json: ResourceChangeJson): ResourceChange {
  const change = toChange(json.change);
  const [first] = json.change.actions;
  const importing = json.change.importing ?? null;
  // Some writers repeat the address of an object that did not move.
  const previous = json.previous_address ?? null;
  return {
    ...change,
    address: json.address,
    previousAddress: previous === json.address || previous === '' ? null : previous,
    module: json.module_address ?? '',
    mode: json.mode ?? 'managed',
    type: json.type,
    name: json.name,
    index: json.index ?? null,
    deposed: json.deposed ?? null,
    provider: json.provider_name ?? null,
    reason: json.action_reason ?? null,
    replaceOrder: change.action !== 'replace' ? null : first === 'delete' ? 'delete-first' : 'create-first',
    replacePaths: toPaths(json.change.replace_paths),
    importing: importing === null ? null : { id: importing.id ?? null },
  };
}

function toChange(json: ChangeJson): Change {
  return {
    actions: json.actions,
    action: toAction(json.actions),
    before: json.before ?? null,
    after: json.after ?? null,
    unknown: json.after_unknown ?? false,
    beforeSensitive: json.before_sensitive ?? false,
    afterSensitive: json.after_sensitive ?? false,
  };
}

export function toAction(actions: readonly string[]): Action {
  const joined = actions.join('+');
  if (joined === 'delete+create' || joined === 'create+delete') return 'replace';
  // A writer that names no action at all has not said "no-op".
  return joined === '' ? '(none)' : joined;
}

function toPaths(json: Json | undefined): ValuePath[] {
  if (!isList(json)) return [];
  const isStep = (step: Json): step is string | number => typeof step === 'string' || typeof step === 'number';
  return json.filter(isList).flatMap((path) => (path.length > 0 && path.every(isStep) ? [path] : []));
}
