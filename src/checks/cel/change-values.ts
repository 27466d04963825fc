// What an expression sees of one change: `before`, `after`, and `rc` and `change` with the keys of the plan's JSON. Pure.
//
// Two views of the same: `raw` for `when` and `assert`, which must see everything and raise on what is unknown; `shown` for messages,
// where sensitive values are words already, so that no substring of a secret can be built into a text.
import type { Json } from '../../contracts/plan-json.ts';
import type { Change, ResourceChange, ValuePath } from '../../plan/model.ts';
import { isOdd, tame, tameIfOdd } from './odd-keys.ts';
import { overlay, raiseUnknownUnlessAsked, showText, UnknownValue, WHOLE } from './unknown.ts';

export type View = 'raw' | 'shown';

const SENSITIVE_WORDS = '(sensitive value)';
const UNKNOWN_WORDS = '(known after apply)';
const SENSITIVE = showText(SENSITIVE_WORDS);
const UNKNOWN = showText(UNKNOWN_WORDS);

export class ChangeValues<C extends Change = Change> {
  readonly change: C;
  readonly #isSet: (at: ValuePath) => boolean;
  // Ten rules ask each of 100,000 resources: copying `after` around its unknown values is the dear part, and done once.
  #before: unknown = undefined;
  #after: unknown = undefined;

  /** @param isSet  does the configuration set what is unknown at this path? */
  constructor(change: C, isSet: (at: ValuePath) => boolean) {
    this.change = change;
    this.#isSet = isSet;
  }

  before(view: View): unknown {
    const { before, beforeSensitive } = this.change;
    if (view === 'shown') return hide(before, beforeSensitive, isOdd(before) || isOdd(beforeSensitive));
    return (this.#before ??= tameIfOdd(before));
  }

  /** @throws UnknownValue in the raw view when nothing of the object is known */
  after(view: View): unknown {
    const { after, unknown, afterSensitive } = this.change;
    if (view === 'shown') {
      const known = overlay(after, unknown, UNKNOWN);
      const odd = isOdd(after) || isOdd(unknown) || isOdd(afterSensitive);
      return hide(known === WHOLE ? UNKNOWN_WORDS : known, afterSensitive, odd);
    }
    if (this.#after === undefined) {
      const known = overlay(after, unknown, raiseUnknownUnlessAsked(this.#isSet));
      this.#after = isOdd(after) || isOdd(unknown) ? tame(known) : known;
    }
    if (this.#after === WHOLE) throw new UnknownValue([]);
    return this.#after;
  }

  /** With the keys of the plan's JSON. */
  asJson(view: View, more: object = {}): object {
    const { change } = this;
    const before = (): unknown => this.before(view);
    const after = (): unknown => this.after(view);
    return {
      get before() {
        return before();
      },
      get after() {
        return after();
      },
      actions: change.actions,
      after_unknown: tameIfOdd(change.unknown),
      before_sensitive: tameIfOdd(change.beforeSensitive),
      after_sensitive: tameIfOdd(change.afterSensitive),
      ...more,
    };
  }
}

function hide(value: unknown, marks: Json, odd: boolean): unknown {
  const shown = overlay(value, marks, SENSITIVE);
  if (shown === WHOLE) return SENSITIVE_WORDS;
  return odd ? tame(shown) : shown;
}

/** As `resource_changes` has it, so that what is written about those elsewhere holds here. */
export function resourceAsJson(values: ChangeValues<ResourceChange>, view: View): object {
  const { change } = values;
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
    change: values.asJson(view, {
      ...(change.replacePaths.length === 0 ? {} : { replace_paths: change.replacePaths }),
      ...(change.importing === null ? {} : { importing: change.importing }),
    }),
  };
}
