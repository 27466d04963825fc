// What changes within one object, as a tree, already masked. Compares raw values, so that a changed secret is told as changed; keeps
// only what people may see. Linear, but for the cap in match-elements.ts. No I/O.
import { isEqualJson } from '../json-tree.ts';
import { marksAfter, marksBefore, type Masker } from '../masking.ts';
import type { Change, ValuePath } from '../model.ts';
import { createCompare } from './compare.ts';
import { toReplaced } from './replace-paths.ts';
import { createSides } from './side.ts';
import type { DiffNode } from './tree.ts';

/** A resource's change, an output's (it has a name and no address), or any other object's. */
export type Comparable = Change & { readonly replacePaths?: readonly ValuePath[]; readonly address?: string; readonly name?: string };

/** @returns null: nothing changes. The root of a resource is the map of its attributes; of an output, its value */
export function diffChange(change: Comparable, masker: Masker): DiffNode | null {
  const sides = createSides(masker);
  const isOutput = change.name !== undefined && change.address === undefined;
  const numbers = change.exactNumbers;
  const before = sides.fromPlan({
    // An output can be null before and after; whether it is there at all, only the action says.
    value: isOutput && change.action === 'create' ? undefined : change.before,
    marks: marksBefore(change),
    unknown: undefined,
    numbers: numbers?.before ?? null,
    isNullAbsent: !isOutput,
  });
  const after = sides.fromPlan({
    value: isOutput && change.action === 'delete' ? undefined : change.after,
    marks: marksAfter(change),
    unknown: change.unknown,
    numbers: numbers?.after ?? null,
    isNullAbsent: !isOutput,
  });
  // Terraform counts it as a change that a value begins or ceases to be sensitive.
  const tellsMarks = change.action === 'update' && !isEqualJson(change.beforeSensitive, change.afterSensitive);
  const compare = createCompare({ sides, masker, tellsMarks });
  return compare(before, after, toReplaced(change.replacePaths ?? []), { isRoot: true, isExact: isOutput });
}
