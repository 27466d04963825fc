// What authors of script checks import from 'runtask-action/check': the plan as they see it, and `check(…)`. Types, and nothing that
// touches the world; the check's process (serve.ts) fills it with life.
import type { RunFacts } from '../../contracts/run-facts.ts';
import type { Action, ConfiguredResource, ModuleCall, PlanCounts, ProviderConfiguration, ValuePath } from '../../plan/model.ts';

/**
 * Only the provider knows which attributes there are, so each is `any`, as in every JSON that TypeScript reads. Name a type of your own
 * where you want help: `plan.planned<{ acl: string | null }>('aws_s3_bucket_acl')`.
 */
export type Attribute = ReturnType<typeof JSON.parse>;
export interface Attributes {
  readonly [name: string]: Attribute;
}

/** Something that the plan may change. */
export interface Change<Value = Attributes> {
  /** One word; `replace` is a deletion and a creation, in either order. */
  readonly action: Action;
  /** Terraform's own list, such as `["delete", "create"]`. */
  readonly actions: readonly string[];
  /** Real values, sensitive ones too. null: it does not exist yet. */
  readonly before: Value | null;
  /**
   * Real values, sensitive ones too. null: it will not exist any more. Reading what is known only after apply throws
   * {@link UnknownValue}.
   */
  readonly after: Value | null;
  /**
   * Is the planned value, or a part of it, known only after apply?
   * @param path  `acl`, `ingress[0].cidr_blocks`, `tags["a:b"]`; nothing: the object as a whole
   */
  isUnknown(path?: string): boolean;
  /** Has Terraform marked the value, or a part of it, as sensitive, before or after? */
  isSensitive(path?: string): boolean;
}

export interface ResourceChange<Value = Attributes> extends Change<Value> {
  readonly address: string;
  /** Set when it moved. */
  readonly previousAddress: string | null;
  /** `module.a["x"].module.b`; empty: the root module. */
  readonly module: string;
  readonly mode: 'managed' | 'data' | (string & {});
  readonly type: string;
  readonly name: string;
  /** Its `count` index or `for_each` key. */
  readonly index: string | number | null;
  /** Key of a deposed object, else null. */
  readonly deposed: string | null;
  readonly provider: string | null;
  /** Terraform's `action_reason`. */
  readonly reason: string | null;
  readonly replaceOrder: 'delete-first' | 'create-first' | null;
  /** What forces the replacement. */
  readonly replacePaths: readonly ValuePath[];
  readonly importing: { readonly id: string | null } | null;
  /**
   * Will the attribute or block have a value? Where that is known only after apply, the configuration is asked: does it give it one?
   * @param path  as of {@link Change.isUnknown}
   */
  isSet(path: string): boolean;
}

/** It will exist after apply. */
export interface PlannedResource<Value = Attributes> extends ResourceChange<Value> {
  readonly after: Value;
}

export interface OutputChange extends Change<Attribute> {
  /** `output.NAME`: for `fail` and for `except`. The message should name the output. */
  readonly address: string;
  readonly name: string;
}

/** How the plan's configuration is written. */
export interface Configuration {
  readonly modules: readonly ModuleCall[];
  readonly providers: readonly ProviderConfiguration[];
  readonly resources: readonly ConfiguredResource[];
}

export interface Plan {
  readonly terraformVersion: string | null;
  /** false: more is to be planned after this apply. null: this Terraform does not say. */
  readonly complete: boolean | null;
  readonly counts: PlanCounts;
  /** Every resource and data source of the plan, unchanged ones too. */
  readonly resources: readonly ResourceChange[];
  /** Those that change: without `no-op` and `read`. What is imported is among them, also when nothing of it changes. */
  readonly changes: readonly ResourceChange[];
  /** Changes of these types. `*` is any characters, `?` one. */
  ofType<Value = Attributes>(...types: readonly string[]): readonly ResourceChange<Value>[];
  /** Changes of these types (default: all) whose resource will exist after apply: neither deleted nor forgotten. */
  planned<Value = Attributes>(...types: readonly string[]): readonly PlannedResource<Value>[];
  /** Changes that were made outside of Terraform. */
  readonly drift: readonly ResourceChange[];
  readonly outputs: readonly OutputChange[];
  /** What Terraform put off to a later plan. */
  readonly deferred: readonly { readonly reason: string; readonly change: ResourceChange }[];
  /** Values of the root module's variables, sensitive ones too. */
  readonly variables: Readonly<Record<string, Attribute>>;
  /** @throws when the plan does not say how it is written (HCP Terraform's redacted plans) */
  readonly configuration: Configuration;
  /** `configuration.modules`: module calls. */
  readonly modules: readonly ModuleCall[];
  /** `configuration.providers`. */
  readonly providers: readonly ProviderConfiguration[];
}

/** Whom a finding is about: a resource (or anything with an address), an address, or the plan as a whole. */
export type Subject = { readonly address: string } | string | null;

export interface FindingOptions {
  /** Which rule, where one file holds several. */
  readonly rule?: string;
  /** Default: the check's. */
  readonly severity?: 'info' | 'low' | 'medium' | 'high' | 'critical';
  /** Top-level attribute or block that it is about: its line in the `.tf` file is told. */
  readonly attribute?: string;
  /** What to do about it; simple Markdown. Default: the check's. */
  readonly help?: string;
  /** http(s). */
  readonly url?: string;
  /** Relative to the configuration's root. */
  readonly file?: string;
  readonly line?: number;
}

export type Tell = (subject: Subject, message: string, options?: FindingOptions) => void;

export interface EachOptions {
  /** What it means that a value cannot be known. Default `fail`. */
  readonly unknown?: 'fail' | 'warn' | 'pass';
  readonly rule?: string;
}

export interface Each {
  /** An async `judge` must be awaited. */
  <Item>(subjects: Iterable<Item>, judge: (subject: Item) => Promise<void>, options?: EachOptions): Promise<void>;
  <Item>(subjects: Iterable<Item>, judge: (subject: Item) => void, options?: EachOptions): void;
}

export interface CheckContext {
  readonly plan: Plan;
  readonly run: RunFacts;
  /** `params` of the check, over those of its file. */
  readonly params: Readonly<Record<string, Attribute>>;
  /** It must not be: the check fails. */
  readonly fail: Tell;
  /** It should not be: told, and does not fail. */
  readonly warn: Tell;
  /** Worth knowing. */
  readonly note: Tell;
  /**
   * Judges one after the other. Where `judge` reads a value that is known only after apply, that is a finding about its subject, and
   * the next one's turn.
   */
  readonly each: Each;
}

export type Judge = (context: CheckContext) => void | Promise<void>;

export interface Check {
  readonly judge: Judge;
}

/** `export default check(({ plan, fail }) => { … })` */
export const check = (judge: Judge): Check => {
  if (typeof judge !== 'function') throw new TypeError('check(…) takes the function that judges');
  return Object.freeze({ judge });
};

/** Thrown by reading a value that is known only after apply: comparing it would be a guess. */
export class UnknownValue extends Error {
  /** Of the resource; for an output `output.NAME`. */
  readonly address: string;
  /** e.g. `tags.Owner`; empty: the object as a whole. */
  readonly path: string;

  constructor(address: string, path: string) {
    super(`${address}: ${path === '' ? 'the object' : path} is known only after apply`);
    this.name = 'UnknownValue';
    this.address = address;
    this.path = path;
  }
}

export type { Action, ConfiguredResource, ModuleCall, PlanCounts, ProviderConfiguration, RunFacts, ValuePath };
