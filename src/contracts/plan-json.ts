// Terraform's plan in JSON (`terraform show -json`), as far as it is used. Source: HashiCorp, "JSON Output Format" (format 1.x;
// 0.x plans of Terraform 0.12 to 1.0 differ only in what is absent). OpenTofu writes the same.
//
// Loose on purpose: unknown keys are kept, unknown actions are literal text. Only what would make a reading wrong is refused.
import * as z from 'zod';

/** Any JSON value: what providers put into attributes. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

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
  replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
  importing: z.looseObject({ id: z.string().optional(), identity: json.optional(), unknown: z.boolean().optional() }).nullish(),
});

export const resourceChangeSchema = z.looseObject({
  address: z.string(),
  previous_address: z.string().optional(),
  module_address: z.string().optional(),
  mode: z.string().optional(),
  type: z.string(),
  name: z.string(),
  index: z.union([z.string(), z.number()]).nullish(),
  index_unknown: z.boolean().optional(),
  provider_name: z.string().optional(),
  deposed: z.string().optional(),
  action_reason: z.string().optional(),
  change: changeSchema,
});

export const planJsonSchema = z.looseObject({
  format_version: z.string(),
  terraform_version: z.string().optional(),
  resource_changes: z.array(z.unknown()).nullish(),
  resource_drift: z.array(z.unknown()).nullish(),
  output_changes: z.record(z.string(), changeSchema).nullish(),
  deferred_changes: z.array(z.looseObject({ reason: z.string().optional(), resource_change: resourceChangeSchema })).nullish(),
  checks: z.array(z.unknown()).nullish(),
  errored: z.boolean().optional(),
  complete: z.boolean().optional(),
  applyable: z.boolean().optional(),
  timestamp: z.string().optional(),
});

export type ChangeJson = z.output<typeof changeSchema>;
export type ResourceChangeJson = z.output<typeof resourceChangeSchema>;
export type PlanJson = z.output<typeof planJsonSchema>;
