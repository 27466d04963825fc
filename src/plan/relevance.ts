// Does something in the plan depend on what changed outside of Terraform? Pure.
//
// Source: hashicorp/terraform, internal/command/jsonformat/diff.go, read 2026-11-22: relevant_attributes (format 1.1, Terraform 1.2 and up)
// names a resource and the path of an attribute of it, and an object counts when something at one of its paths changed. A plan of such
// a format that names none has none.
import type { PlanJson } from '../contracts/plan-json.ts';
import type { Json } from '../contracts/json.ts';
import { isEqualJson, isList, isMap, ownValue } from './json-tree.ts';
import type { ResourceChange } from './model.ts';

/** undefined: this plan does not say, or in a form that we do not know. */
export function relevanceOf(head: PlanJson): (drift: ResourceChange) => boolean | undefined {
  const relevant = head.relevant_attributes;
  if (relevant === null) return () => undefined;
  if (relevant === undefined) {
    const isSaid = /^1\.[1-9]/.test(head.format_version ?? head.plan_format_version ?? '');
    return () => (isSaid ? false : undefined);
  }
  const paths = new Map<string, (readonly Json[])[]>();
  for (const { resource, attribute } of relevant) {
    const path = isList(attribute) ? attribute : [];
    const known = paths.get(resource);
    if (known) known.push(path);
    else paths.set(resource, [path]);
  }
  // An entry without a resource is about any.
  return ({ address, before, after }) =>
    [paths.get(address), paths.get('')].some((some) => some?.some((path) => differsAt(before, after, path)) === true);
}

/** A path that leads nowhere on both sides (into a set, of which elements have no place) is compared where it ends. */
function differsAt(before: Json | undefined, after: Json | undefined, path: readonly Json[]): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return !isEqualJson(before ?? null, after ?? null);
  const children = [childAt(before, step), childAt(after, step)] as const;
  if (children.every((child) => child === undefined)) return !isEqualJson(before ?? null, after ?? null);
  return differsAt(children[0], children[1], rest);
}

function childAt(value: Json | undefined, step: Json): Json | undefined {
  if (isList(value)) return typeof step === 'number' || typeof step === 'string' ? value[Number(step)] : undefined;
  return isMap(value) && (typeof step === 'string' || typeof step === 'number') ? ownValue(value, String(step)) : undefined;
}
