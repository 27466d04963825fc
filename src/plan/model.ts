// The plan as every other room sees it: Terraform's plan JSON, normalised, raw values included. Checks need raw values; whatever
// leaves for people goes through the masker (masking.ts) first. Types only.
import type { Json } from '../contracts/json.ts';

/**
 * One word for a list of actions. `replace` is delete+create in either order. A list that we do not know is joined with "+"
 * ("open", "create+forget"), so that a future action is shown literally and never taken for another.
 */
export type Action = 'no-op' | 'create' | 'read' | 'update' | 'delete' | 'replace' | 'forget' | (string & {});

/** A path into a value: map keys and list indexes. */
export type ValuePath = readonly (string | number)[];

export interface Change {
  /** As in the plan, e.g. `["delete","create"]`. */
  readonly actions: readonly string[];
  readonly action: Action;
  /** null when the object does not exist on that side. */
  readonly before: Json;
  readonly after: Json;
  /** true, or the shape of `after` with true where the value is known only after apply; false or {} when all is known. */
  readonly unknown: Json;
  /** true, or the shape of the value with true at marked places. */
  readonly beforeSensitive: Json;
  readonly afterSensitive: Json;
  /** Numbers that a double does not hold, as the plan spells them. Absent: every number is what it looks like. */
  readonly exactNumbers?: { readonly before: ExactNumbers; readonly after: ExactNumbers };
}

/** Spelling by place: the place is `JSON.stringify` of its ValuePath. */
export type ExactNumbers = ReadonlyMap<string, string>;

export interface ResourceChange extends Change {
  readonly address: string;
  /** Set when the object moved. */
  readonly previousAddress: string | null;
  /** `module.a["x"].module.b`; empty string for the root module. */
  readonly module: string;
  readonly mode: 'managed' | 'data' | (string & {});
  readonly type: string;
  readonly name: string;
  readonly index: string | number | null;
  /** Key of a deposed object, else null. */
  readonly deposed: string | null;
  readonly provider: string | null;
  /** Terraform's `action_reason`, e.g. `replace_because_cannot_update`. */
  readonly reason: string | null;
  /** Only for `replace`. */
  readonly replaceOrder: 'delete-first' | 'create-first' | null;
  /** Which attributes force the replacement. */
  readonly replacePaths: readonly ValuePath[];
  /** Set when the object is imported in this plan. The id may be null (unknown until apply, or by identity). */
  readonly importing: { readonly id: string | null; readonly identity?: Json } | null;
  /** Terraform wrote the configuration for this import. */
  readonly hasGeneratedConfig?: boolean;
}

/** A change outside of Terraform. */
export interface Drift extends ResourceChange {
  /** Something in this plan depends on it (`relevant_attributes`). Terraform's own text tells only of these. Absent: not known. */
  readonly isRelevant?: boolean;
}

/** A check block, a precondition, a postcondition or a variable's validation, and what came of it while planning. */
export interface Condition {
  /** `check.certificate`, `module.m.check.dns`, `terraform_data.web`, `var.env`; one for all instances. */
  readonly address: string;
  /** `check`, `resource`, `output_value`, `var`, or a word of a later Terraform. */
  readonly kind: string;
  readonly status: 'pass' | 'fail' | 'error' | 'unknown' | (string & {});
  readonly instances: readonly { readonly address: string; readonly status: string; readonly problems: readonly string[] }[];
}

/** An action that Terraform invokes (1.14 and up). */
export interface ActionInvocation {
  /** `action.aws_lambda_invoke.warm` */
  readonly address: string;
  readonly type: string;
  readonly name: string;
  /** The resource whose change invokes it, and when (`AfterCreate`); null: invoked from the command line, or not said. */
  readonly trigger: { readonly address: string; readonly event: string } | null;
  /** Why it is left to a later run; null: it is invoked in this one. */
  readonly deferred: string | null;
  /** Its configuration, as a value that comes into being: for the diff and the masker. */
  readonly config: Change;
}

export interface OutputChange extends Change {
  readonly name: string;
}

export interface DeferredChange {
  readonly reason: string;
  readonly change: ResourceChange;
}

/** What `terraform show` prints as its "Plan:" line. A replace counts in add and in destroy, and once in `replace`. */
export interface PlanCounts {
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
  readonly replace: number;
  readonly import: number;
  readonly forget: number;
  /** Objects whose address changes. Terraform's line leaves them out. */
  readonly move: number;
  /** Actions to invoke (`action_invocations`, Terraform 1.14 and up). Absent: the plan does not speak of actions. */
  readonly invoke?: number;
}

/** A module call, wherever it stands. */
export interface ModuleCall {
  /** Without instance keys: `module.a.module.b`. */
  readonly address: string;
  readonly name: string;
  /** Address of the module that calls it; empty: the root module. */
  readonly module: string;
  /** As written: `./modules/net`, `app.terraform.io/acme/net/aws`, `git::https://…`. */
  readonly source: string;
  /** Version constraint; null: none is written. */
  readonly version: string | null;
  readonly expressions: Json;
  /** What the module gives back, `{ NAME: { expression } }`. Absent: not known. */
  readonly outputs?: Json;
}

export interface ProviderConfiguration {
  /** Terraform's key, which resources name: `aws`, `aws.eu`, `module.a:aws`. */
  readonly key: string;
  readonly name: string;
  /** `registry.terraform.io/hashicorp/aws`; null in plans before Terraform 1.1. */
  readonly fullName: string | null;
  readonly alias: string | null;
  readonly version: string | null;
  readonly module: string;
  readonly expressions: Json;
}

/** A resource or data block as it is written; one for all of its instances. */
export interface ConfiguredResource {
  /** Without instance keys. */
  readonly address: string;
  readonly module: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  /** `key` of its provider configuration. */
  readonly provider: string | null;
  /** Terraform's expressions, `{ constant_value }` or `{ references }`, nested as the blocks are. */
  readonly expressions: Json;
}

export interface PlanConfiguration {
  readonly providers: readonly ProviderConfiguration[];
  readonly modules: readonly ModuleCall[];
  readonly resources: readonly ConfiguredResource[];
}

export interface Plan {
  readonly formatVersion: string;
  readonly terraformVersion: string | null;
  /** All entries of resource_changes, no-ops and reads included, in plan order. */
  readonly changes: readonly ResourceChange[];
  /** Changes outside of Terraform (`resource_drift`). */
  readonly drift: readonly Drift[];
  readonly outputs: readonly OutputChange[];
  readonly deferred: readonly DeferredChange[];
  /** Absent: the plan does not speak of them. */
  readonly conditions?: readonly Condition[];
  /** Absent: the plan does not speak of actions. */
  readonly invocations?: readonly ActionInvocation[];
  readonly counts: PlanCounts;
  /**
   * Values marked sensitive outside of the changes: sensitive variables, planned values, prior state (data sources, outputs).
   * They are here only so that the masker finds their copies; nothing shows them. Absent: none.
   */
  readonly markedElsewhere?: readonly Json[];
  /** How it is written. null or absent: the plan does not say (HCP Terraform's redacted plans). */
  readonly configuration?: PlanConfiguration | null;
  /** Values of the root module's variables, sensitive ones included; absent: none. */
  readonly variables?: ReadonlyMap<string, Json>;
  readonly errored: boolean;
  /** null: this version of Terraform does not say. */
  readonly complete: boolean | null;
  readonly applyable: boolean | null;
}
