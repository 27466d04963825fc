// What an expression sees of one change: `before`, `after`, and `rc` and `change` with the keys of the plan's JSON. Pure.
//
// Two views of the same: `raw` for `when` and `assert`, which must see everything and raise on what is unknown; `shown` for messages,
// where sensitive values are words already, so that no substring of a secret can be built into a text.
import type { Json } from '../../contracts/json.ts';
import type { Change, ResourceChange, ValuePath } from '../../plan/model.ts';
import { isPacked } from '../../plan/read/packed-change.ts';
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
  // Ten rules ask each of 10,000 resources: copying `after` around its unknown values is the dear part, and done once; but of a plan that
  // is kept packed for its size, nothing is kept: it would be 1 GB for 100,000 resources.
  readonly #keeps: boolean;
  #before: unknown = undefined;
  #after: unknown = undefined;

  /** @param isSet  does the configuration set what is unknown at this path? */
  constructor(change: C, isSet: (at: ValuePath) => boolean) {
    this.change = change;
    this.#isSet = isSet;
    this.#keeps = !isPacked(change);
  }

  before(view: View): unknown {
    const { before, beforeSensitive } = this.change;
    if (view === 'shown') return hide(before, beforeSensitive, isOdd(before) || isOdd(beforeSensitive));
    if (!this.#keeps) return tameIfOdd(before);
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
    const made = this.#after ?? this.#makeAfter(after, unknown);
    if (this.#keeps) this.#after = made;
    if (made === WHOLE) throw new UnknownValue([]);
    return made;
  }

  #makeAfter(after: Json, unknown: Json): unknown {
    const known = overlay(after, unknown, raiseUnknownUnlessAsked(this.#isSet));
    return isOdd(after) || isOdd(unknown) ? tame(known) : known;
  }
}

function hide(value: unknown, marks: Json, odd: boolean): unknown {
  const shown = overlay(value, marks, SENSITIVE);
  if (shown === WHOLE) return SENSITIVE_WORDS;
  return odd ? tame(shown) : shown;
}

/** As `resource_changes` has it, so that what is written about those elsewhere holds here: what the plan does not have is absent. */
export function resourceAsJson(values: ChangeValues<ResourceChange>, view: View): object {
  const { change } = values;
  const inner = changeAsJson(values, view);
  if (change.replacePaths.length > 0) inner['replace_paths'] = change.replacePaths;
  if (change.importing !== null) inner['importing'] = change.importing;
  const json: Record<string, unknown> = { address: change.address, mode: change.mode, type: change.type, name: change.name, change: inner };
  // By hand and not by spreading: a rule about the plan makes one of each of 100,000 changes.
  if (change.module !== '') json['module_address'] = change.module;
  if (change.index !== null) json['index'] = change.index;
  if (change.provider !== null) json['provider_name'] = change.provider;
  if (change.previousAddress !== null) json['previous_address'] = change.previousAddress;
  if (change.deposed !== null) json['deposed'] = change.deposed;
  if (change.reason !== null) json['action_reason'] = change.reason;
  return json;
}

/** With the keys of the plan's JSON; what costs is made when it is asked for. */
export function changeAsJson(values: ChangeValues, view: View): Record<string, unknown> {
  const { change } = values;
  return {
    actions: change.actions,
    get before() {
      return values.before(view);
    },
    get after() {
      return values.after(view);
    },
    get after_unknown() {
      return tameIfOdd(change.unknown);
    },
    get before_sensitive() {
      return tameIfOdd(change.beforeSensitive);
    },
    get after_sensitive() {
      return tameIfOdd(change.afterSensitive);
    },
  };
}
