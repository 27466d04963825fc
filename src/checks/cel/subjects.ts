// What an expression is asked of: each resource change, output, module, provider, or the plan. Pure.
import type { RunFacts } from '../../contracts/run-facts.ts';
import type { Params } from '../../contracts/checks-file.ts';
import { createExceptions, type IsExcepted } from '../../findings/exceptions.ts';
import type { ModuleCall, OutputChange, Plan, PlanConfiguration, ProviderConfiguration, ResourceChange } from '../../plan/model.ts';
import { createConfigured } from '../values/configured.ts';
import { changeAsJson, ChangeValues, resourceAsJson, type View } from './change-values.ts';
import type { CelTarget } from './environment.ts';
import { tame, tameIfOdd } from './odd-keys.ts';
import { overlay, raiseUnknown } from './unknown.ts';
import { ChangeVariables, ModuleVariables, PlanVariables, ProviderVariables, ResourceVariables, type Shared } from './variables.ts';

export interface Subject {
  /** Of a resource or module; null for everything else. */
  readonly address: string | null;
  /** What it is called in a sentence. */
  readonly label: string;
  readonly action: string | null;
  /** Something changes: asked of unless `when` chooses among the actions itself. */
  readonly byDefault: boolean;
  /** The object will be gone, for sure: only then is `after` null because there is nothing to say. */
  readonly isGone: boolean;
  variables(shared: Shared): object;
}

/** A plan as expressions see it. What is made for one check is kept for the next: it is the same plan. */
export class CelPlan {
  readonly #plan: Plan;
  readonly #run: RunFacts;
  readonly #byTarget = new Map<CelTarget, readonly Subject[]>();
  readonly #asJson = new Map<View, object>();
  #changes: readonly ChangeValues<ResourceChange>[] | null = null;
  readonly isExcepted: IsExcepted;

  constructor(plan: Plan, run: RunFacts) {
    this.#plan = plan;
    this.#run = run;
    this.isExcepted = createExceptions(plan.changes);
  }

  /** @throws Error when the plan does not have what is asked of: no answer, and never an empty list */
  subjects(target: CelTarget): readonly Subject[] {
    const known = this.#byTarget.get(target) ?? this.#create(target);
    this.#byTarget.set(target, known);
    return known;
  }

  shared(params: Params): Readonly<Record<View, Shared>> {
    const tamed = tameIfOdd(params) as object;
    const of = (view: View): Shared => ({ run: this.#run, params: tamed, view, plan: () => this.#planAsJson(view) });
    return { raw: of('raw'), shown: of('shown') };
  }

  #create(target: CelTarget): Subject[] {
    switch (target) {
      case 'resource_changes':
        return this.#resources().map(resourceSubject);
      case 'drift':
        return this.#plan.drift.map((change) => resourceSubject(new ChangeValues(change, () => false)));
      case 'outputs':
        return this.#plan.outputs.map((output) => outputSubject(new ChangeValues(output, () => false)));
      case 'modules':
        return configurationOf(this.#plan, target).modules.map(moduleSubject);
      case 'providers':
        return configurationOf(this.#plan, target).providers.map(providerSubject);
      case 'plan':
        return [plain({ label: 'the plan', variables: (shared) => new PlanVariables(shared) })];
    }
  }

  #resources(): readonly ChangeValues<ResourceChange>[] {
    const configured = createConfigured(this.#plan);
    return (this.#changes ??= this.#plan.changes.map((change) => new ChangeValues(change, (at) => configured.isSet(change, at))));
  }

  #planAsJson(view: View): object {
    const known = this.#asJson.get(view) ?? planAsJson(this.#plan, () => this.#resources(), view);
    this.#asJson.set(view, known);
    return known;
  }
}

function configurationOf({ configuration }: Plan, target: CelTarget): PlanConfiguration {
  if (configuration !== null && configuration !== undefined) return configuration;
  throw new Error(`\`for: ${target}\` needs the configuration in the plan, and this plan does not have it (it may be a redacted one)`);
}

function plain(over: Partial<Subject> & Pick<Subject, 'label' | 'variables'>): Subject {
  return { address: null, action: null, byDefault: true, isGone: false, ...over };
}

function resourceSubject(values: ChangeValues<ResourceChange>): Subject {
  const { address, action, importing } = values.change;
  return {
    address,
    label: address,
    action,
    // What is imported is new here, also when nothing of it changes.
    byDefault: (action !== 'no-op' && action !== 'read') || importing !== null,
    isGone: isGone(values),
    variables: (shared) => new ResourceVariables(values, shared),
  };
}

function outputSubject(values: ChangeValues<OutputChange>): Subject {
  const { name, action } = values.change;
  return {
    address: null,
    label: `output.${name}`,
    action,
    byDefault: action !== 'no-op',
    isGone: isGone(values),
    variables: (shared) => new ChangeVariables(values, shared),
  };
}

const moduleSubject = (call: ModuleCall): Subject =>
  plain({ address: call.address, label: call.address, variables: (shared) => new ModuleVariables(call, shared) });

const providerSubject = (provider: ProviderConfiguration): Subject =>
  plain({ label: `provider ${provider.key}`, variables: (shared) => new ProviderVariables(provider, shared) });

const LEAVING = new Set(['delete', 'forget']);

function isGone({ change }: ChangeValues): boolean {
  // The actions first: of a large plan each value has to be unpacked.
  if (change.actions.length === 0 || !change.actions.every((action) => LEAVING.has(action))) return false;
  return change.after === null && overlay(null, change.unknown, raiseUnknown) === null;
}

/** Lists of changes are made when an expression names them: most ask for `plan.counts` alone. */
function planAsJson(plan: Plan, changes: () => readonly ChangeValues<ResourceChange>[], view: View): object {
  const ofChange = (change: ResourceChange): object => resourceAsJson(new ChangeValues(change, () => false), view);
  const resources = later(() => changes().map((values) => resourceAsJson(values, view)));
  const drift = later(() => plan.drift.map(ofChange));
  const outputs = later(() => outputsAsJson(plan.outputs, view));
  return {
    format_version: plan.formatVersion,
    terraform_version: plan.terraformVersion,
    errored: plan.errored,
    complete: plan.complete,
    applyable: plan.applyable,
    get resource_changes() {
      return resources();
    },
    get resource_drift() {
      return drift();
    },
    deferred_changes: plan.deferred.map(({ reason, change }) => ({ reason, resource_change: ofChange(change) })),
    get output_changes() {
      return outputs();
    },
    // Whole numbers in CEL are BigInt; as doubles, `plan.counts.destroy` could not be an index or be taken modulo.
    counts: Object.fromEntries(
      Object.entries(plan.counts).map(([name, value]) => [name, typeof value === 'number' ? BigInt(value) : value]),
    ),
  };
}

function later<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

function outputsAsJson(outputs: readonly OutputChange[], view: View): unknown {
  const byName = Object.fromEntries(outputs.map((output) => [output.name, changeAsJson(new ChangeValues(output, () => false), view)]));
  return Object.hasOwn(byName, 'constructor') || Object.hasOwn(byName, '__proto__') ? tame(byName) : byName;
}
