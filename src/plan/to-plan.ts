// Terraform's plan JSON, checked (contracts/plan-json.ts), into the Plan that every other room sees. No I/O.
import type { Json } from '../contracts/json.ts';
import type { ActionInvocationJson, ChangeJson, ConditionJson, PlanJson, ResourceChangeJson } from '../contracts/plan-json.ts';
import { countChanges } from './counts.ts';
import { isList } from './json-tree.ts';
import type {
  Action,
  ActionInvocation,
  Change,
  Condition,
  DeferredChange,
  Drift,
  OutputChange,
  Plan,
  PlanConfiguration,
  ResourceChange,
  ValuePath,
} from './model.ts';
import type { ChangeValues } from './read/packed-change.ts';
import { relevanceOf } from './relevance.ts';

/** The checked parts of a plan document. */
export interface PlanParts {
  readonly head: PlanJson;
  readonly changes: readonly ResourceChange[];
  readonly drift: readonly ResourceChange[];
  readonly outputs: readonly OutputChange[];
  readonly deferred: readonly DeferredChange[];
  readonly markedElsewhere: readonly Json[];
  /** Asked once, when somebody looks at it. */
  readonly configuration: () => PlanConfiguration | null;
  readonly variables: ReadonlyMap<string, Json>;
}

export function toPlan(parts: PlanParts): Plan {
  const { head, changes } = parts;
  let configuration: PlanConfiguration | null | undefined;
  return {
    formatVersion: head.format_version ?? head.plan_format_version ?? '',
    terraformVersion: head.terraform_version ?? null,
    changes,
    drift: toDrift(parts.drift, head),
    // A document may name them in any order; Terraform's is that of their names.
    outputs: parts.outputs.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    deferred: parts.deferred,
    ...(head.checks ? { conditions: head.checks.map(toCondition) } : {}),
    ...(head.action_invocations || head.deferred_action_invocations ? { invocations: toInvocations(head) } : {}),
    counts: countChanges(changes, head.action_invocations?.length),
    ...(parts.markedElsewhere.length > 0 ? { markedElsewhere: parts.markedElsewhere } : {}),
    get configuration() {
      return (configuration ??= parts.configuration());
    },
    ...(parts.variables.size > 0 ? { variables: parts.variables } : {}),
    errored: head.errored ?? false,
    complete: head.complete ?? null,
    applyable: head.applyable ?? null,
  };
}

/** Gives back the first of equal texts, or of equal lists of texts: 100,000 changes name few types and providers. */
export type Share = <T extends string | readonly string[] | null>(value: T) => T;

/** What is small of a change, and kept as it is. */
export function toResourceFacts(json: ResourceChangeJson, share: Share): Omit<ResourceChange, keyof ChangeValues> {
  const action = toAction(json.change.actions);
  const [first] = json.change.actions;
  const importing = json.change.importing ?? null;
  // Some writers repeat the address of an object that did not move.
  const previous = json.previous_address ?? null;
  return {
    actions: share(json.change.actions),
    action: share(action),
    address: json.address,
    previousAddress: previous === json.address || previous === '' ? null : previous,
    module: share(json.module_address ?? ''),
    mode: share(json.mode ?? 'managed'),
    type: share(json.type),
    name: share(json.name),
    index: json.index ?? null,
    deposed: json.deposed ?? null,
    provider: share(json.provider_name ?? null),
    reason: share(json.action_reason ?? null),
    replaceOrder: action !== 'replace' ? null : first === 'delete' ? 'delete-first' : 'create-first',
    replacePaths: toPaths(json.change.replace_paths),
    importing:
      importing === null
        ? null
        : { id: importing.id ?? null, ...(importing.identity === undefined ? {} : { identity: importing.identity }) },
    ...(json.change.generated_config ? { hasGeneratedConfig: true } : {}),
  };
}

export const toOutputFacts = (name: string, json: ChangeJson, share: Share): Omit<OutputChange, keyof ChangeValues> => ({
  name,
  actions: share(json.actions),
  action: share(toAction(json.actions)),
});

function toDrift(changes: readonly ResourceChange[], head: PlanJson): readonly Drift[] {
  const relevance = relevanceOf(head);
  return changes.map((change) => {
    const isRelevant = relevance(change);
    // Not a copy: that would hold the values of a change that keeps them packed.
    return isRelevant === undefined ? change : Object.assign(change, { isRelevant });
  });
}

const toCondition = ({ address, status, instances }: ConditionJson): Condition => ({
  address: address?.to_display ?? '',
  kind: address?.kind ?? '',
  status: status ?? 'unknown',
  instances: (instances ?? []).map((instance) => ({
    address: instance.address?.to_display ?? '',
    status: instance.status ?? 'unknown',
    problems: (instance.problems ?? []).flatMap(({ message }) => message ?? []),
  })),
});

const toInvocations = (head: PlanJson): ActionInvocation[] => [
  ...(head.action_invocations ?? []).map((json) => toInvocation(json, null)),
  ...(head.deferred_action_invocations ?? []).map((json) => toInvocation(json.action_invocation, json.reason ?? 'unknown')),
];

function toInvocation(json: ActionInvocationJson, deferred: string | null): ActionInvocation {
  const trigger = json.lifecycle_action_trigger;
  return {
    address: json.address ?? '',
    type: json.type ?? '',
    name: json.name ?? '',
    trigger: trigger?.triggering_resource_address
      ? { address: trigger.triggering_resource_address, event: trigger.action_trigger_event ?? '' }
      : null,
    deferred,
    config: toChange({
      actions: ['create'],
      after: json.config_values,
      after_unknown: json.config_unknown,
      after_sensitive: json.config_sensitive,
    }),
  };
}

const toChange = (json: ChangeJson): Change => ({ actions: json.actions, action: toAction(json.actions), ...toValues(json) });

/** What is large of a change. */
export function toValues(
  json: Pick<ChangeJson, 'before' | 'after' | 'after_unknown' | 'before_sensitive' | 'after_sensitive'>,
): ChangeValues {
  return {
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

const NO_PATHS: readonly ValuePath[] = [];

function toPaths(json: Json | undefined): readonly ValuePath[] {
  if (!isList(json) || json.length === 0) return NO_PATHS;
  const isStep = (step: Json): step is string | number => typeof step === 'string' || typeof step === 'number';
  return json.filter(isList).flatMap((path) => (path.length > 0 && path.every(isStep) ? [path] : []));
}
