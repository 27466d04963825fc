// The plan's `replace_paths` as a tree that is walked along with the values. No I/O.
import type { ValuePath } from '../model.ts';

export interface Replaced {
  /** A path ends here. */
  ends: boolean;
  readonly steps: Map<string | number, Replaced>;
}

export function toReplaced(paths: readonly ValuePath[]): readonly Replaced[] {
  const root: Replaced = { ends: false, steps: new Map() };
  for (const path of paths) {
    let at = root;
    for (const step of path) {
      const next: Replaced = at.steps.get(step) ?? { ends: false, steps: new Map() };
      at.steps.set(step, next);
      at = next;
    }
    // A path without steps says nothing about an attribute.
    if (path.length > 0) at.ends = true;
  }
  return root.steps.size === 0 ? [] : [root];
}

/** Where the paths go on. An element of a list has two indexes, and a path may mean either. */
export function replacedAt(replaced: readonly Replaced[], ...steps: readonly (string | number | null)[]): readonly Replaced[] {
  if (replaced.length === 0) return replaced;
  const found = new Set<Replaced>();
  for (const at of replaced) {
    for (const step of steps) {
      const next = step === null ? undefined : at.steps.get(step);
      if (next !== undefined) found.add(next);
    }
  }
  return [...found];
}
