// Looks at a parsed expression without evaluating it: what it names, which attribute it is about, what is wrong with its literals. Pure.
import type { ASTNode } from '@marcbachmann/cel-js';
import { describeThrown } from '../../base/fault.ts';
import { LITERAL_ARGUMENTS } from './functions.ts';

export interface LiteralProblem {
  readonly problem: string;
  /** Where in the expression, 0-based. */
  readonly at: number;
}

/** The nodes right below one, whatever the form of its arguments. */
export function childrenOf(args: unknown): ASTNode[] {
  if (!Array.isArray(args)) return isNode(args) ? [args] : [];
  return args.flatMap((arg: unknown) => childrenOf(arg));
}

const isNode = (value: unknown): value is ASTNode =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value && 'toOldStructure' in value;

export function nodesOf(node: ASTNode): ASTNode[] {
  return [node, ...childrenOf(node.args).flatMap(nodesOf)];
}

/** Where `has(…)` stands. */
export const hasCallsOf = (root: ASTNode): number[] =>
  nodesOf(root).flatMap((node) => (node.op === 'call' && node.args[0] === 'has' && node.args[1].length === 1 ? [node.start] : []));

/** What could only fail, whatever the plan: a pattern that is none, a network that is none, a map key that the library drops. */
export function literalProblemsOf(root: ASTNode): LiteralProblem[] {
  return nodesOf(root).flatMap((node) => {
    if (node.op === 'map') return node.args.flatMap(([key]) => droppedKey(key));
    if (node.op !== 'call' && node.op !== 'rcall') return [];
    const given = node.op === 'call' ? node.args[1] : node.args[2];
    const rules = Object.hasOwn(LITERAL_ARGUMENTS, node.args[0]) ? (LITERAL_ARGUMENTS[node.args[0]] ?? []) : [];
    return given.flatMap((arg, index) => literalProblem(arg, rules[index]));
  });
}

function literalProblem(arg: ASTNode, rule: ((text: string) => unknown) | undefined): LiteralProblem[] {
  if (rule === undefined || arg.op !== 'value' || typeof arg.args !== 'string') return [];
  try {
    rule(arg.args);
    return [];
  } catch (error) {
    return [{ problem: describeThrown(error), at: arg.start }];
  }
}

const DROPPED = new Set<unknown>(['constructor', '__proto__', 'prototype']);

const droppedKey = (key: ASTNode): LiteralProblem[] =>
  key.op === 'value' && DROPPED.has(key.args)
    ? [{ problem: `A map that is written here cannot have the key "${String(key.args)}"`, at: key.start }]
    : [];

/** Every variable by its name; `after` as "into after" where one of its keys is asked for. */
export function usesIn(node: ASTNode): string[] {
  if (node.op === 'id') return [node.args];
  const object = objectOf(node);
  const others = childrenOf(node.args).filter((child) => child !== object);
  const ofObject = object === null ? [] : object.op === 'id' && object.args === 'after' ? ['into after'] : usesIn(object);
  return [...ofObject, ...others.flatMap(usesIn)];
}

/** What a node looks into: the left of `.` and `[]`, the right of `in`, the receiver of a method or macro, what is asked for its marks. */
function objectOf(node: ASTNode): ASTNode | null {
  if (node.op === 'call' && (node.args[0] === 'isSensitive' || node.args[0] === 'isUnknown')) return node.args[1][0] ?? null;
  if (node.op === '.' || node.op === '.?' || node.op === '[]' || node.op === '[?]') return node.args[0];
  if (node.op === 'in' || node.op === 'rcall') return node.args[1];
  return null;
}

/** The values that it names, as they are written and each once: `after.tags["a b"]`, `type`, `params.regions`. */
export function namedValuesOf(root: ASTNode, isVariable: (name: string) => boolean): string[] {
  const found = new Set<string>();
  const visit = (node: ASTNode): void => {
    const variable = variableOf(node);
    if (variable !== null && isVariable(variable)) found.add(root.input.slice(node.start, node.end));
    else for (const child of childrenOf(node.args)) visit(child);
  };
  visit(root);
  return [...found];
}

/** The variable at the root of a path; null when it is no path, or one that something else chooses. */
function variableOf(node: ASTNode): string | null {
  if (node.op === 'id') return node.args;
  if (node.op === '.' || node.op === '.?') return variableOf(node.args[0]);
  if ((node.op === '[]' || node.op === '[?]') && node.args[1].op === 'value') return variableOf(node.args[0]);
  return null;
}

/** The one attribute of `after` that it is about; null: none, or several. */
export function attributeOf(root: ASTNode): string | null {
  const names = new Set(
    nodesOf(root).flatMap((node) =>
      (node.op === '.' || node.op === '.?') && node.args[0].op === 'id' && node.args[0].args === 'after' ? [node.args[1]] : [],
    ),
  );
  const [only, another] = [...names];
  return only === undefined || another !== undefined ? null : only;
}

/** Macros that give a value a name: the first argument is the name, the others say what is done with it. */
export const BINDERS = new Set(['all', 'exists', 'exists_one', 'map', 'filter', 'bind']);

/**
 * How many times as much as it is given an expression can make of a value, at most: each loop or `bind` as often as it names its variable,
 * one within or after the other. `cel.bind(l, cel.bind(l, …, l + l), l + l)` is small on paper only.
 */
export function growthOf(root: ASTNode): number {
  return nodesOf(root).reduce((growth, node) => {
    if (node.op !== 'rcall' || !BINDERS.has(node.args[0])) return growth;
    const [variable, ...body] = node.args[2];
    const named = body.flatMap(nodesOf).filter((inner) => inner.op === 'id' && inner.args === variable?.args);
    return growth * Math.max(1, named.length);
  }, 1);
}
