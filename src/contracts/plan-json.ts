// Terraform's plan in JSON (`terraform show -json`), as far as it is used. Source: HashiCorp, "JSON Output Format" (format 1.x;
// 0.x plans of Terraform 0.12 to 1.0 differ only in what is absent). OpenTofu writes the same.
//
// Loose on purpose: unknown keys are kept, unknown actions are literal text, null stands for absent. Only what would make a reading
// wrong is refused. Large and free-form parts stay `unknown` here and are checked one by one where they are read: one bad change
// then has an address, and keys such as `__proto__` are read as the document has them.
import * as z from 'zod';
import type { Json } from './json.ts';

const json = z.unknown().transform((value) => value as Json);
// `false`, `true`, or the shape of the value with true at the marked places.
const marks = json;

export const changeSchema = z.looseObject({
  actions: z.array(z.string()),
  before: json.optional(),
  after: json.optional(),
  after_unknown: marks.optional(),
  before_sensitive: marks.optional(),
  after_sensitive: marks.optional(),
  /** Paths into the value; a decoration, so a form that we do not know is skipped and not refused. */
  replace_paths: json.optional(),
  importing: z.looseObject({ id: z.string().nullish(), identity: json.optional(), unknown: z.boolean().nullish() }).nullish(),
  generated_config: z.string().nullish(),
});

// A condition or an invocation that has another form than the one we know is shown by what can be read of it.
const word = z.string().nullish().catch(null);
const conditionStatus = z.looseObject({ address: z.looseObject({ to_display: word, kind: word }).nullish().catch(null), status: word });
export const conditionSchema = conditionStatus.extend({
  instances: z
    .array(
      conditionStatus.extend({
        problems: z
          .array(z.looseObject({ message: word }))
          .nullish()
          .catch(null),
      }),
    )
    .nullish()
    .catch(null),
});

export const actionInvocationSchema = z.looseObject({
  address: word,
  type: word,
  name: word,
  config_values: json.optional(),
  config_sensitive: marks.optional(),
  config_unknown: marks.optional(),
  lifecycle_action_trigger: z.looseObject({ triggering_resource_address: word, action_trigger_event: word }).nullish().catch(null),
});

export const resourceChangeSchema = z.looseObject({
  address: z.string(),
  previous_address: z.string().nullish(),
  module_address: z.string().nullish(),
  mode: z.string().nullish(),
  type: z.string(),
  name: z.string(),
  index: z.union([z.string(), z.number()]).nullish(),
  index_unknown: z.boolean().nullish(),
  provider_name: z.string().nullish(),
  deposed: z.string().nullish(),
  action_reason: z.string().nullish(),
  change: changeSchema,
});

export const deferredChangeSchema = z.looseObject({ reason: z.string().nullish(), resource_change: resourceChangeSchema });

/** The document without its large lists, whose elements are checked one by one. */
export const planJsonSchema = z.looseObject({
  /** Absent in HCP Terraform's redacted plans, which say `plan_format_version`. */
  format_version: z.string().optional(),
  plan_format_version: z.string().optional(),
  terraform_version: z.string().nullish(),
  resource_changes: z.array(z.unknown()).nullish(),
  resource_drift: z.array(z.unknown()).nullish(),
  /** Name of the output to a change. */
  output_changes: json.optional(),
  deferred_changes: z.array(z.unknown()).nullish(),
  /** Terraform 1.14 and up. */
  action_invocations: z.array(actionInvocationSchema).nullish(),
  deferred_action_invocations: z.array(z.looseObject({ reason: word, action_invocation: actionInvocationSchema })).nullish(),
  checks: z.array(conditionSchema).nullish(),
  relevant_attributes: z
    .array(z.looseObject({ resource: z.string(), attribute: json.optional() }))
    .nullish()
    .catch(null),
  errored: z.boolean().nullish(),
  complete: z.boolean().nullish(),
  applyable: z.boolean().nullish(),
  timestamp: z.string().nullish(),
});

export type ChangeJson = z.output<typeof changeSchema>;
export type ResourceChangeJson = z.output<typeof resourceChangeSchema>;
export type ActionInvocationJson = z.output<typeof actionInvocationSchema>;
export type ConditionJson = z.output<typeof conditionSchema>;
export type PlanJson = z.output<typeof planJsonSchema>;
