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
  /** The object will be gone, for sure: only then is `after` null because there is nothing to say. */
  readonly gone: boolean;
  readonly raw: object;
  readonly shown: object;
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
    case 'plan':
      yield {
        address: null,
        label: 'the plan',
        action: null,
        byDefault: true,
        gone: false,
        raw: variables({}, shared.raw),
        shown: variables({}, shared.shown),
      };
  }
}

type View = 'raw' | 'shown';
interface Shared {
  readonly run: RunFacts;
  plan(): object;
}

function createSharedVariables(plan: Plan, run: RunFacts): Readonly<Record<View, Shared>> {
  // `plan` as a whole is a copy of everything: built at most once per view, and only if an expression names it.
  const lazily = (view: View): (() => object) => {
    let built: object | null = null;
    return () => (built ??= planVariable(plan, view));
  };
  return { raw: { run, plan: lazily('raw') }, shown: { run, plan: lazily('shown') } };
}

function variables(own: Record<string, PropertyDescriptor>, shared: Shared): object {
  return Object.defineProperties({}, { ...own, run: { value: shared.run }, plan: { get: () => shared.plan() } });
}

function resourceSubject(change: ResourceChange, shared: Readonly<Record<View, Shared>>): Subject {
  return {
    address: change.address,
    label: change.address,
    action: change.action,
    byDefault: change.action !== 'no-op' && change.action !== 'read',
    gone: isGone(change),
    // Getters: most plans are evaluated without a single message, and `rc` is rarely named.
    get raw() {
      return variables(resourceVariables(change, 'raw'), shared.raw);
    },
    get shown() {
      return variables(resourceVariables(change, 'shown'), shared.shown);
    },
  };
}

function outputSubject(output: OutputChange, shared: Readonly<Record<View, Shared>>): Subject {
  return {
    address: null,
    label: `output.${output.name}`,
    action: output.action,
    byDefault: output.action !== 'no-op',
    gone: isGone(output),
    get raw() {
      return variables({ name: { value: output.name }, ...changeVariables(output, 'raw') }, shared.raw);
    },
    get shown() {
      return variables({ name: { value: output.name }, ...changeVariables(output, 'shown') }, shared.shown);
    },
  };
}

const LEAVING = new Set(['delete', 'forget']);

function isGone(change: Change): boolean {
  const leaves = change.actions.length > 0 && change.actions.every((action) => LEAVING.has(action));
  return leaves && change.after === null && overlay(null, change.unknown, raiseUnknown) === null;
}

function resourceVariables(change: ResourceChange, view: View): Record<string, PropertyDescriptor> {
  return {
    rc: { get: () => resourceVariable(change, view) },
    address: { value: change.address },
    [RESOURCE_TYPE]: { value: change.type },
    name: { value: change.name },
    module: { value: change.module },
    ...changeVariables(change, view),
  };
}

function changeVariables(change: Change, view: View): Record<string, PropertyDescriptor> {
  return { ...sides(change, view), actions: { value: change.actions }, action: { value: change.action } };
}

const SENSITIVE = showText('(sensitive value)');
const UNKNOWN = showText('(known after apply)');

function sides(change: Change, view: View): { before: PropertyDescriptor; after: PropertyDescriptor } {
  if (view === 'raw') {
    const after = overlay(change.after, change.unknown, raiseUnknown);
    return {
      before: { enumerable: true, value: change.before },
      after: after === WHOLE ? wholeUnknown : { enumerable: true, value: after },
    };
  }
  const known = overlay(change.after, change.unknown, UNKNOWN);
  return {
    before: shownSide(change.before, change.beforeSensitive),
    after: shownSide(known === WHOLE ? '(known after apply)' : known, change.afterSensitive),
  };
}

function shownSide(value: unknown, marks: Change['beforeSensitive']): PropertyDescriptor {
  const shown = overlay(value, marks, SENSITIVE);
  return { enumerable: true, value: shown === WHOLE ? '(sensitive value)' : shown };
}

const wholeUnknown: PropertyDescriptor = {
  enumerable: true,
  get: () => {
    throw new UnknownValue('');
  },
};

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
  return Object.defineProperties(plain, sides(change, view));
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
