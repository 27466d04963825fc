// Values that a plan document marks as sensitive outside of its changes. Their copies may stand in a change without a mark: what a
// provider computes from a marked value, or what a data source read while planning. No I/O.
import type { Json } from '../contracts/json.ts';
import { isList, isMap, ownValue } from './json-tree.ts';
import { eachMarked } from './secret-values.ts';

export function markedElsewhere(document: Json): Json[] {
  const found: Json[] = [];
  const add = (value: Json): void => void found.push(value);
  addVariables(document, add);
  addValues(at(document, 'planned_values'), add);
  addValues(at(document, 'prior_state', 'values'), add);
  return found;
}

// `variables` holds plain values; only the configuration says which are sensitive.
function addVariables(document: Json, add: (value: Json) => void): void {
  const declared = at(document, 'configuration', 'root_module', 'variables');
  const given = at(document, 'variables');
  if (!isMap(declared)) return;
  for (const name of Object.keys(declared)) {
    const declaration = ownValue(declared, name);
    if (at(declaration, 'sensitive') !== true && at(declaration, 'ephemeral') !== true) continue;
    for (const value of [at(isMap(given) ? ownValue(given, name) : undefined, 'value'), at(declaration, 'default')]) {
      if (value !== undefined) add(value);
    }
  }
}

function addValues(values: Json | undefined, add: (value: Json) => void): void {
  const outputs = at(values, 'outputs');
  for (const output of elements(outputs)) {
    const value = at(output, 'value');
    if (at(output, 'sensitive') === true && value !== undefined) add(value);
  }
  const modules: (Json | undefined)[] = [at(values, 'root_module')];
  for (let module = modules.pop(); module !== undefined; module = modules.pop()) {
    for (const resource of elements(at(module, 'resources'))) {
      const own = at(resource, 'sensitive_values');
      const value = at(resource, 'values');
      if (own !== undefined && value !== undefined) eachMarked(value, { own, other: false }, add);
    }
    modules.push(...elements(at(module, 'child_modules')));
  }
}

function elements(container: Json | undefined): Json[] {
  if (isList(container)) return [...container];
  return isMap(container) ? Object.values(container) : [];
}

function at(value: Json | undefined, ...keys: readonly string[]): Json | undefined {
  return keys.reduce<Json | undefined>((inner, key) => (isMap(inner) ? ownValue(inner, key) : undefined), value);
}
