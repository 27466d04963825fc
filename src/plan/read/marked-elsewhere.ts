// Values that a plan document marks as sensitive outside of its changes. Their copies may stand in a change without a mark: what a
// provider computes from a marked value, or what a data source read while planning. Collected element by element: planned values and
// prior state are as large as the changes, and nobody else needs them. No I/O.
import type { Json } from '../../contracts/json.ts';
import { isList, isMap, ownValue } from '../json-tree.ts';
import { eachMarked } from '../secret-values.ts';
import type { Shape } from './json-splitter.ts';
import { dropped, tableOf } from './shapes.ts';

export class MarkedElsewhere {
  /** Texts and numbers: the same secret stands in planned values, prior state and variables. */
  readonly #found = new Set<Json>();

  values(): Json[] {
    return [...this.#found];
  }

  /** Of `planned_values` and of `prior_state.values`. */
  valuesShape(): Shape {
    return tableOf({
      outputs: eachOf((output) => {
        const value = at(output, 'value');
        if (at(output, 'sensitive') === true && value !== undefined) this.#add(value);
      }),
      root_module: this.#module(),
    });
  }

  #module(): Shape {
    return tableOf({
      resources: eachOf((resource) => {
        const own = at(resource, 'sensitive_values');
        const value = at(resource, 'values');
        if (own !== undefined && value !== undefined) eachMarked(value, { own, other: false }, (marked) => this.#add(marked));
      }),
      child_modules: { ...dropped(0), list: () => () => this.#module(), map: () => () => this.#module() },
    });
  }

  /**
   * `variables` holds plain values; only the configuration says which are sensitive.
   * @param declared  `configuration.root_module.variables`
   */
  addVariables(given: Json | undefined, declared: Json | undefined): void {
    if (!isMap(declared)) return;
    for (const name of Object.keys(declared)) {
      const declaration = ownValue(declared, name);
      if (at(declaration, 'sensitive') !== true && at(declaration, 'ephemeral') !== true) continue;
      for (const value of [at(isMap(given) ? ownValue(given, name) : undefined, 'value'), at(declaration, 'default')]) {
        if (value !== undefined) this.#add(value);
      }
    }
  }

  /** Its texts and numbers: a secret is one of these, however deep it stands. */
  #add(value: Json): void {
    if (typeof value === 'string' || typeof value === 'number') this.#found.add(value);
    else if (isList(value)) for (const item of value) this.#add(item);
    else if (isMap(value)) for (const key of Object.keys(value)) this.#add(ownValue(value, key) ?? null);
  }
}

/** Each element of a list, or of a map: writers differ. */
function eachOf(take: (value: Json) => void): Shape {
  const element: Shape = { whole: ({ value }) => take(value) };
  return { ...dropped(0), list: () => () => element, map: () => () => element };
}

const at = (value: Json | undefined, key: string): Json | undefined => (isMap(value) ? ownValue(value, key) : undefined);
