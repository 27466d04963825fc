// What an expression is evaluated on: one set of variables per resource change, output or plan. Pure.
//
// Two views of the same: `raw` for `when` and `assert`, which must see everything and raise on what is unknown; `shown` for
// messages, where sensitive values are words already, so that no substring of a secret can be built into a text.
import type { RunFacts } from '../../contracts/run-task-request.ts';
import type { Change, OutputChange, Plan, ResourceChange } from '../../plan/model.ts';
import { RESOURCE_TYPE, type CelTarget } from './environment.ts';
import { overlay, raiseUnknown, showText, UnknownValue, WHOLE } from './unknown.ts';

export interface Subject {
  /** Of a resource; null for outputs and the plan. */
  readonly address: string | null;
  /** What it is called in a sentence. */
  readonly label: string;
  readonly action: string | null;
  /** Evaluated when the author wrote no `when`. */
  readonly byDefault: boolean;
  /** null: the plan as a whole. */
  readonly change: Change | null;
  variables(view: View): object;
}

export function* subjectsOf(target: CelTarget, plan: Plan, run: RunFacts): Generator<Subject> {
  const shared = createSharedVariables(plan, run);
  switch (target) {
    case 'resource_changes':
      for (const change of plan.changes) yield resourceSubject(change, shared);
      return;
    case 'drift':
      for (const change of plan.drift) yield resourceSubject(change, shared);
      return;
    case 'outputs':
      for (const output of plan.outputs) yield outputSubject(output, shared);
      return;
    case 'modules':
    case 'providers':
      throw new Error(`for: ${target} is not known to this version`);
    case 'plan':
      yield {
        address: null,
        label: 'the plan',
        action: null,
        byDefault: true,
        change: null,
        variables: (view) => new PlanVariables(shared[view]),
      };
  }
}

type View = 'raw' | 'shown';

/** What all subjects of a plan share. */
interface Shared {
  readonly run: RunFacts;
  readonly view: View;
  plan(): object;
}

function createSharedVariables(plan: Plan, run: RunFacts): Readonly<Record<View, Shared>> {
  // `plan` as a whole is a copy of everything: built at most once per view, and only if an expression names it.
  const lazily = (view: View): Shared => {
    let built: object | null = null;
    return { run, view, plan: () => (built ??= planVariable(plan, view)) };
  };
  return { raw: lazily('raw'), shown: lazily('shown') };
}

// Variables are getters of classes and not objects that are built: ten rules on 100,000 resources ask for two or three of them each,
// and copying `after` around its unknown values is the dear part.
class PlanVariables {
  readonly #shared: Shared;

  constructor(shared: Shared) {
    this.#shared = shared;
  }
  get run(): RunFacts {
    return this.#shared.run;
  }
  get plan(): object {
    return this.#shared.plan();
  }
}

class ChangeVariables<C extends Change & { readonly name: string }> extends PlanVariables {
  protected readonly change: C;
  protected readonly view: View;
  #after: unknown = undefined;

  constructor(change: C, shared: Shared) {
    super(shared);
    this.change = change;
    this.view = shared.view;
  }
  get name(): string {
    return this.change.name;
  }
  get action(): string {
    return this.change.action;
  }
  get actions(): readonly string[] {
    return this.change.actions;
  }
  get before(): unknown {
    return beforeOf(this.change, this.view);
  }
  get after(): unknown {
    return (this.#after ??= afterOf(this.change, this.view));
  }
}

class ResourceVariables extends ChangeVariables<ResourceChange> {
  get rc(): object {
    return resourceVariable(this.change, this.view);
  }
  get address(): string {
    return this.change.address;
  }
  get [RESOURCE_TYPE](): string {
    return this.change.type;
  }
  get module(): string {
    return this.change.module;
  }
}

function resourceSubject(change: ResourceChange, shared: Readonly<Record<View, Shared>>): Subject {
  return {
    address: change.address,
    label: change.address,
    action: change.action,
    byDefault: change.action !== 'no-op' && change.action !== 'read',
    change,
    variables: (view) => new ResourceVariables(change, shared[view]),
  };
}

function outputSubject(output: OutputChange, shared: Readonly<Record<View, Shared>>): Subject {
  return {
    address: null,
    label: `output.${output.name}`,
    action: output.action,
    byDefault: output.action !== 'no-op',
    change: output,
    variables: (view) => new ChangeVariables(output, shared[view]),
  };
}

const LEAVING = new Set(['delete', 'forget']);

/** The object will be gone, for sure: only then is `after` null because there is nothing to say. */
export function isGone({ change }: Subject): boolean {
  if (change === null || change.after !== null || change.actions.length === 0) return false;
  return change.actions.every((action) => LEAVING.has(action)) && overlay(null, change.unknown, raiseUnknown) === null;
}

const SENSITIVE_WORDS = '(sensitive value)';
const UNKNOWN_WORDS = '(known after apply)';
const SENSITIVE = showText(SENSITIVE_WORDS);
const UNKNOWN = showText(UNKNOWN_WORDS);

const beforeOf = (change: Change, view: View): unknown =>
  view === 'raw' ? change.before : hideSensitive(change.before, change.beforeSensitive);

/** @throws UnknownValue in the raw view when nothing of the object is known */
function afterOf(change: Change, view: View): unknown {
  const known = overlay(change.after, change.unknown, view === 'raw' ? raiseUnknown : UNKNOWN);
  if (view === 'shown') return hideSensitive(known === WHOLE ? UNKNOWN_WORDS : known, change.afterSensitive);
  if (known === WHOLE) throw new UnknownValue('');
  return known;
}

function hideSensitive(value: unknown, marks: Change['beforeSensitive']): unknown {
  const shown = overlay(value, marks, SENSITIVE);
  return shown === WHOLE ? SENSITIVE_WORDS : shown;
}

/** `rc` has the keys of the plan's JSON, so that what is written about `resource_changes` elsewhere holds here. */
function resourceVariable(change: ResourceChange, view: View): object {
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
    change: changeVariable(change, view, {
      ...(change.replacePaths.length === 0 ? {} : { replace_paths: change.replacePaths }),
      ...(change.importing === null ? {} : { importing: change.importing }),
    }),
  };
}

function changeVariable(change: Change, view: View, more: object = {}): object {
  const plain = {
    actions: change.actions,
    after_unknown: change.unknown,
    before_sensitive: change.beforeSensitive,
    after_sensitive: change.afterSensitive,
    ...more,
  };
  return Object.defineProperties(plain, {
    before: { enumerable: true, get: () => beforeOf(change, view) },
    after: { enumerable: true, get: () => afterOf(change, view) },
  });
}

function planVariable(plan: Plan, view: View): object {
  return {
    format_version: plan.formatVersion,
    terraform_version: plan.terraformVersion,
    errored: plan.errored,
    complete: plan.complete,
    applyable: plan.applyable,
    resource_changes: plan.changes.map((change) => resourceVariable(change, view)),
    resource_drift: plan.drift.map((change) => resourceVariable(change, view)),
    deferred_changes: plan.deferred.map(({ reason, change }) => ({ reason, resource_change: resourceVariable(change, view) })),
    output_changes: Object.fromEntries(plan.outputs.map((output) => [output.name, changeVariable(output, view)])),
    // Whole numbers in CEL are BigInt; as doubles, `plan.counts.destroy` could not be an index or be taken modulo.
    counts: Object.fromEntries(
      Object.entries(plan.counts).map(([name, value]) => [name, typeof value === 'number' ? BigInt(value) : value]),
    ),
  };
}
