// Terraform's keywords in words: why an action was chosen, why a change is deferred, when an action is invoked, what a condition is. What
// this version does not know is shown literally. No I/O.
//
// Sources, read 2026-11-22: hashicorp/terraform 1.17-dev, internal/command/jsonplan/plan.go, internal/configs/action.go and
// internal/command/jsonchecks/; opentofu/opentofu 1.13-dev, internal/command/jsonplan/plan.go.
import type { ActionInvocation, ResourceChange } from '../plan/model.ts';

type Words = Readonly<Record<string, string>>;

const lookUp = (words: Words, keyword: string): string => (Object.hasOwn(words, keyword) ? (words[keyword] ?? keyword) : keyword);

const REASONS: Words = {
  replace_because_tainted: 'the last apply left it incomplete (tainted)',
  replace_because_cannot_update: 'cannot be changed in place',
  replace_by_request: 'asked for with -replace',
  replace_by_triggers: 'triggered by replace_triggered_by',
  delete_because_no_resource_config: 'no longer in the configuration',
  delete_because_wrong_repetition: 'its key no longer fits count or for_each',
  delete_because_count_index: 'its index is out of the range of count',
  delete_because_each_key: 'its key is no longer in for_each',
  delete_because_enabled_false: 'enabled is false',
  delete_because_no_module: 'its module is no longer in the configuration',
  delete_because_no_move_target: 'it was moved to an address that is not in the configuration',
  read_because_config_unknown: 'its configuration is known only after apply',
  read_because_dependency_pending: 'it depends on something that changes first',
  read_because_check_nested: 'it is read for a check block',
  forgot_because_lifecycle_destroy_in_state: 'lifecycle.destroy was false before it left the configuration',
  forgot_because_lifecycle_destroy_in_config: 'lifecycle.destroy is false',
};

/** Why the action was chosen; null: Terraform gives no reason. */
export const reasonWords = (reason: string | null): string | null => (reason === null ? null : lookUp(REASONS, reason));

const ORDERS = { 'delete-first': 'the old one is destroyed first', 'create-first': 'the new one is created first' } as const;

/** What comes first in a replacement; null: no replacement. */
export function orderWords({ action, replaceOrder }: ResourceChange): string | null {
  if (action === 'create+forget' || action === 'forget+create') return 'the old one is not destroyed, only forgotten';
  return replaceOrder === null ? null : ORDERS[replaceOrder];
}

const DEFERRED: Words = {
  instance_count_unknown: 'how many instances there will be is not known yet',
  resource_config_unknown: 'its configuration is not known yet',
  provider_config_unknown: 'the configuration of its provider is not known yet',
  absent_prereq: 'something it needs does not exist yet',
  deferred_prereq: 'something it needs is deferred',
  unknown: 'Terraform gives no reason',
};

/** Why a change or an invocation is left to a later run. */
export const deferredWords = (reason: string): string => (reason === '' ? (DEFERRED['unknown'] ?? '') : lookUp(DEFERRED, reason));

const EVENTS: Words = {
  BeforeCreate: 'before it is created',
  AfterCreate: 'after it is created',
  BeforeUpdate: 'before it is updated',
  AfterUpdate: 'after it is updated',
  BeforeDestroy: 'before it is destroyed',
  AfterDestroy: 'after it is destroyed',
};

/** When Terraform invokes an action, seen from the resource that triggers it; null: from the command line, or not said. */
export const eventWords = ({ trigger }: ActionInvocation): string | null =>
  trigger === null ? null : trigger.event === '' ? 'when it changes' : lookUp(EVENTS, trigger.event);

const CONDITION_KINDS: Words = {
  check: 'check block',
  resource: 'precondition or postcondition',
  output_value: 'precondition of an output',
  var: 'validation of a variable',
};

export const conditionKindWords = (kind: string): string => (kind === '' ? 'condition' : lookUp(CONDITION_KINDS, kind));

const CONDITION_STATUSES: Words = {
  pass: 'passed',
  fail: 'failed',
  error: 'could not be evaluated',
  unknown: 'known only after apply',
};

export const conditionStatusWords = (status: string): string => lookUp(CONDITION_STATUSES, status);
