// What a diff tells, in one line for each leaf: `change rules[0].port: 1 -> 3`, `!` where it forces the replacement.
import { diffChange } from '../../../src/plan/diff/diff-change.ts';
import { flatten } from '../../../src/plan/diff/flatten.ts';
import type { DiffNode, DiffValue } from '../../../src/plan/diff/tree.ts';
import { createMasker } from '../../../src/plan/masking.ts';
import type { ResourceChange } from '../../../src/plan/model.ts';
import { buildPlan, buildResource } from '../build-plan.ts';

export function treeOf(change: Partial<ResourceChange>): DiffNode | null {
  const resource = buildResource(change);
  return diffChange(resource, createMasker(buildPlan([resource])));
}

export const told = (change: Partial<ResourceChange>): string[] => toldOf(treeOf(change));

export const toldOf = (tree: DiffNode | null): string[] =>
  flatten(tree).map(
    ({ kind, path, before, after, forcesReplacement }) =>
      `${kind} ${path.map(String).join('.')}: ${textOf(before)} -> ${textOf(after)}${forcesReplacement ? ' !' : ''}`,
  );

function textOf(value: DiffValue | null): string {
  if (value === null) return '';
  switch (value.kind) {
    case 'plain':
      return JSON.stringify(value.value);
    case 'number':
      return value.spelling;
    case 'withheld':
      return `(${value.what})`;
    case 'list':
      return `[${value.items.map(textOf).join(', ')}]`;
    case 'map':
      return `{${value.entries.map((entry) => `${entry.key}: ${textOf(entry.value)}`).join(', ')}}`;
    default:
      return `(${value.kind})`;
  }
}
