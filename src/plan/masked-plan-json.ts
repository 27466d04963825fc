// The plan in Terraform's own JSON form, safe to hand on: built from the model's masked values and not by cutting things out of the
// original, so that a part of the format that we do not know cannot carry a secret through. Configuration, variables, prior state
// and planned values are left out for that reason. Pure.
import type { Json } from '../contracts/json.ts';
import { SENSITIVE_TEXT, withheldText, type MaskedValue, type Masker } from './masking.ts';
import type { Change, OutputChange, Plan, ResourceChange, ValuePath } from './model.ts';

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
      ...(change.replacePaths.length === 0 ? {} : { replace_paths: change.replacePaths.map((path) => toPath(path, masker)) }),
      ...(change.importing === null ? {} : { importing: change.importing.id === null ? {} : { id: masker.text(change.importing.id) } }),
    },
  };
}

const toOutput = (output: OutputChange, masker: Masker): JsonMap => toChange(output, masker);

const toPath = (path: ValuePath, masker: Masker): ValuePath => path.map((step) => (typeof step === 'string' ? masker.key(step) : step));

function toChange(change: Change, masker: Masker): JsonMap {
  const before = masker.maskedBefore(change);
  const after = masker.maskedAfter(change);
  return {
    actions: change.actions,
    before: toJson(before),
    after: toJson(after),
    // Marks are made anew, and not handed through: below a marked place they name keys that are hidden, and nothing checked that
    // they hold marks only.
    after_unknown: toMarks(after, 'unknown'),
    before_sensitive: toMarks(before, 'masked'),
    after_sensitive: toMarks(after, 'masked'),
  };
}

function toJson(value: MaskedValue): Json {
  switch (value.kind) {
    case 'plain':
      return value.value;
    case 'masked':
      return SENSITIVE_TEXT;
    case 'withheld':
      return withheldText(value.what);
    case 'unknown':
      // As Terraform writes it: null here, true at this place of after_unknown.
      return null;
    case 'list':
      return value.items.map(toJson);
    case 'map':
      return Object.fromEntries(value.entries.map(({ key, value: inner }) => [key, toJson(inner)]));
  }
}

/** The shape of the value with true where it is of this kind, as Terraform writes it: a map names only what holds a mark. */
function toMarks(value: MaskedValue, kind: 'masked' | 'unknown'): Json {
  if (value.kind === kind) return true;
  if (value.kind === 'list') return value.items.map((item) => toMarks(item, kind));
  if (value.kind !== 'map') return false;
  return Object.fromEntries(
    value.entries.map((entry) => [entry.key, toMarks(entry.value, kind)] as const).filter(([, marks]) => marks !== false),
  );
}
