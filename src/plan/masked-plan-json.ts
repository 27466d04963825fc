// The plan in Terraform's own JSON form, safe to hand on: built from the model's masked values and not by cutting things out of the
// original, so that a part of the format that we do not know cannot carry a secret through. Configuration, variables, prior state
// and planned values are left out for that reason. Pure.
import type { Json } from '../contracts/plan-json.ts';
import { SENSITIVE_TEXT, type MaskedValue, type Masker } from './masking.ts';
import type { Change, OutputChange, Plan, ResourceChange } from './model.ts';

type JsonMap = Record<string, Json>;

export function toMaskedPlanJson(plan: Plan, masker: Masker): JsonMap {
  return {
    format_version: plan.formatVersion,
    ...(plan.terraformVersion === null ? {} : { terraform_version: plan.terraformVersion }),
    resource_changes: plan.changes.map((change) => toResource(change, masker)),
    resource_drift: plan.drift.map((change) => toResource(change, masker)),
    output_changes: Object.fromEntries(plan.outputs.map((output) => [output.name, toOutput(output, masker)])),
    deferred_changes: plan.deferred.map(({ reason, change }) => ({ reason, resource_change: toResource(change, masker) })),
    errored: plan.errored,
    ...(plan.complete === null ? {} : { complete: plan.complete }),
    ...(plan.applyable === null ? {} : { applyable: plan.applyable }),
  };
}

function toResource(change: ResourceChange, masker: Masker): JsonMap {
  return {
    address: change.address,
    ...(change.previousAddress === null ? {} : { previous_address: change.previousAddress }),
    ...(change.module === '' ? {} : { module_address: change.module }),
    mode: change.mode,
    type: change.type,
    name: change.name,
    ...(change.index === null ? {} : { index: change.index }),
    ...(change.provider === null ? {} : { provider_name: change.provider }),
    ...(change.deposed === null ? {} : { deposed: change.deposed }),
    ...(change.reason === null ? {} : { action_reason: change.reason }),
    change: {
      ...toChange(change, masker),
      ...(change.replacePaths.length === 0 ? {} : { replace_paths: change.replacePaths }),
      ...(change.importing === null ? {} : { importing: change.importing.id === null ? {} : { id: change.importing.id } }),
    },
  };
}

const toOutput = (output: OutputChange, masker: Masker): JsonMap => toChange(output, masker);

function toChange(change: Change, masker: Masker): JsonMap {
  return {
    actions: change.actions,
    before: toJson(masker.maskedBefore(change)),
    after: toJson(masker.maskedAfter(change)),
    after_unknown: change.unknown,
    before_sensitive: change.beforeSensitive,
    after_sensitive: change.afterSensitive,
  };
}

function toJson(value: MaskedValue): Json {
  switch (value.kind) {
    case 'plain':
      return value.value;
    case 'masked':
      return SENSITIVE_TEXT;
    case 'unknown':
      // As Terraform writes it: null here, true at this place of after_unknown.
      return null;
    case 'list':
      return value.items.map(toJson);
    case 'map':
      return Object.fromEntries(value.entries.map(({ key, value: inner }) => [key, toJson(inner)]));
  }
}
