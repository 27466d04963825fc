// The plan in Terraform's own JSON form, safe to hand on: built from the model's masked values and not by cutting things out of the
// original, so that a part of the format that we do not know cannot carry a secret through. Configuration, variables, prior state
// and planned values are left out for that reason. Pure.
import type { Json } from '../contracts/json.ts';
import { SENSITIVE_TEXT, withheldText, type MaskedValue, type Masker } from './masking.ts';
import type { Change, OutputChange, Plan, ResourceChange, ValuePath } from './model.ts';

type JsonMap = Record<string, Json>;

/** The text in pieces, a change each: of a large plan neither the document nor its text is ever whole in memory. */
export function* maskedPlanJson(plan: Plan, masker: Masker): Generator<string> {
  yield `{"format_version":${JSON.stringify(plan.formatVersion)}`;
  if (plan.terraformVersion !== null) yield `,"terraform_version":${JSON.stringify(plan.terraformVersion)}`;
  yield* list('resource_changes', plan.changes, (change) => toResource(change, masker));
  yield* list('resource_drift', plan.drift, (change) => toResource(change, masker));
  yield ',"output_changes":{';
  for (const [i, output] of plan.outputs.entries()) {
    yield `${i === 0 ? '' : ','}${JSON.stringify(output.name)}:${JSON.stringify(toOutput(output, masker))}`;
  }
  yield '}';
  yield* list('deferred_changes', plan.deferred, ({ reason, change }) => ({ reason, resource_change: toResource(change, masker) }));
  yield `,"errored":${plan.errored}`;
  if (plan.complete !== null) yield `,"complete":${plan.complete}`;
  if (plan.applyable !== null) yield `,"applyable":${plan.applyable}`;
  yield '}';
}

function* list<T>(key: string, items: readonly T[], toJson: (item: T) => JsonMap): Generator<string> {
  yield `,"${key}":[`;
  for (const [i, item] of items.entries()) yield `${i === 0 ? '' : ','}${JSON.stringify(toJson(item))}`;
  yield ']';
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
