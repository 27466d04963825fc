// The variables of an expression, by what it is asked of. Pure.
//
// They are getters of classes and not objects that are built: ten rules on 100,000 resources ask for two or three of them each.
import type { Json } from '../../contracts/json.ts';
import type { RunFacts } from '../../contracts/run-facts.ts';
import type { Change, ModuleCall, ProviderConfiguration, ResourceChange } from '../../plan/model.ts';
import { resourceAsJson, type ChangeValues, type View } from './change-values.ts';
import { RESOURCE_TYPE } from './environment.ts';
import { tameIfOdd } from './odd-keys.ts';

/** What all subjects of a check share. */
export interface Shared {
  readonly run: RunFacts;
  readonly params: object;
  readonly view: View;
  /** The plan as a whole: built at most once per view, and only if an expression names it. */
  plan(): object;
}

export class PlanVariables {
  protected readonly shared: Shared;

  constructor(shared: Shared) {
    this.shared = shared;
  }
  get run(): RunFacts {
    return this.shared.run;
  }
  get params(): object {
    return this.shared.params;
  }
  get plan(): object {
    return this.shared.plan();
  }
}

export class ChangeVariables<C extends Change & { readonly name: string }> extends PlanVariables {
  protected readonly values: ChangeValues<C>;

  constructor(values: ChangeValues<C>, shared: Shared) {
    super(shared);
    this.values = values;
  }
  get name(): string {
    return this.values.change.name;
  }
  get action(): string {
    return this.values.change.action;
  }
  get actions(): readonly string[] {
    return this.values.change.actions;
  }
  get before(): unknown {
    return this.values.before(this.shared.view);
  }
  get after(): unknown {
    return this.values.after(this.shared.view);
  }
  /** For isSensitive() alone: no expression can name them (macros.ts). */
  get beforeMarks(): Json {
    return this.values.change.beforeSensitive;
  }
  get afterMarks(): Json {
    return this.values.change.afterSensitive;
  }
}

export class ResourceVariables extends ChangeVariables<ResourceChange> {
  get rc(): object {
    return resourceAsJson(this.values, this.shared.view);
  }
  get address(): string {
    return this.values.change.address;
  }
  get [RESOURCE_TYPE](): string {
    return this.values.change.type;
  }
  get module(): string {
    return this.values.change.module;
  }
}

export class ModuleVariables extends PlanVariables {
  readonly #call: ModuleCall;

  constructor(call: ModuleCall, shared: Shared) {
    super(shared);
    this.#call = call;
  }
  get address(): string {
    return this.#call.address;
  }
  get name(): string {
    return this.#call.name;
  }
  get module(): string {
    return this.#call.module;
  }
  get source(): string {
    return this.#call.source;
  }
  get version(): string | null {
    return this.#call.version;
  }
  get expressions(): unknown {
    return tameIfOdd(this.#call.expressions);
  }
}

export class ProviderVariables extends PlanVariables {
  readonly #provider: ProviderConfiguration;

  constructor(provider: ProviderConfiguration, shared: Shared) {
    super(shared);
    this.#provider = provider;
  }
  get key(): string {
    return this.#provider.key;
  }
  get name(): string {
    return this.#provider.name;
  }
  get full_name(): string | null {
    return this.#provider.fullName;
  }
  get alias(): string | null {
    return this.#provider.alias;
  }
  get version(): string | null {
    return this.#provider.version;
  }
  get module(): string {
    return this.#provider.module;
  }
  get expressions(): unknown {
    return tameIfOdd(this.#provider.expressions);
  }
}
