// Which rule a SARIF result is of: by index, by id, in the driver or in an extension. Pure.
import { listOf, numberOf, objectOf, textOf, type Dict } from '../loose-json.ts';

export interface RuleSource {
  readonly id: string | null;
  /** The rule's own object (reportingDescriptor); null if the report does not describe it. */
  readonly rule: Dict | null;
}

/** SARIF 3.27.5 to 3.27.7: `ruleId` may be hierarchical (`CA2101/a`); `ruleIndex` counts within the tool component. */
export function findRule(result: Dict, run: Dict): RuleSource {
  const reference = objectOf(result['rule']);
  const id = textOf(result['ruleId']) ?? textOf(reference?.['id']);
  const index = numberOf(result['ruleIndex']) ?? numberOf(reference?.['index']);
  const tool = objectOf(run['tool']);
  const extensions = (listOf(tool?.['extensions']) ?? []).map(objectOf);
  const component = numberOf(objectOf(reference?.['toolComponent'])?.['index']);
  const home = component === null ? objectOf(tool?.['driver']) : (extensions[component] ?? null);

  const byIndex = index === null ? null : objectOf(rulesOf(home)[index]);
  // An index that leads to another rule than the id says is a broken report; the id is what people read.
  const rule =
    byIndex !== null && (id === null || isRule(byIndex, id))
      ? byIndex
      : id === null
        ? null
        : byId(id, [home, objectOf(tool?.['driver']), ...extensions]);
  return { id: id ?? textOf(rule?.['id']), rule };
}

const rulesOf = (component: Dict | null): readonly unknown[] => listOf(component?.['rules']) ?? [];

function isRule(rule: Dict, id: string): boolean {
  const own = textOf(rule['id']);
  return own !== null && (id === own || id.startsWith(`${own}/`));
}

// 50,000 results look up a few hundred rules each: an index per list, kept as long as the report itself.
const indexes = new WeakMap<readonly unknown[], Map<string, Dict>>();

function byId(id: string, components: readonly (Dict | null)[]): Dict | null {
  for (const component of components) {
    const rules = rulesOf(component);
    let index = indexes.get(rules);
    if (index === undefined) {
      index = new Map(rules.flatMap((item) => ruleEntry(objectOf(item))));
      indexes.set(rules, index);
    }
    for (let name = id; name !== ''; name = name.slice(0, Math.max(name.lastIndexOf('/'), 0))) {
      const rule = index.get(name);
      if (rule !== undefined) return rule;
    }
  }
  return null;
}

function ruleEntry(rule: Dict | null): [string, Dict][] {
  const id = textOf(rule?.['id']);
  return rule === null || id === null ? [] : [[id, rule]];
}
