// From CEL source to something to evaluate, or what is wrong with it and where. Done when the file is read (for the diagnostics) and
// again in the thread that evaluates (a compiled expression cannot be sent there). No I/O.
import { ParseError, TypeError as CelTypeError, type ASTNode, type Environment } from '@marcbachmann/cel-js';
import { describeThrown } from '../../base/fault.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { CelSpec } from '../../contracts/check-kinds.ts';
import { createCelEnvironment, LINEAR_MATCHES, RESOURCE_TYPE } from './environment.ts';
import { splitTemplate } from './template.ts';

export type CelField = 'when' | 'assert' | 'message';

export interface CelProblem {
  readonly field: CelField;
  readonly problem: string;
  /** Where in the field's text, 0-based. */
  readonly offset: number;
}

export type CelExpression = (variables: object) => unknown;

export type MessagePart = string | CelExpression;

export interface CompiledCel {
  readonly when: CelExpression | null;
  readonly assert: CelExpression;
  /**
   * The rule looks into `after` (`after.tags`) and names nothing else that says what happens to the object: its author thought of what
   * will exist. `after != null` is no looking into, and is how a rule says that nothing may go.
   */
  readonly looksIntoAfterOnly: boolean;
  /** null: the author wrote none. */
  readonly message: readonly MessagePart[] | null;
}

export function compileCel(spec: CelSpec): Result<CompiledCel, readonly CelProblem[]> {
  const env = createCelEnvironment(spec.for);
  const problems: CelProblem[] = [];
  const keep = <T>(result: Result<T, CelProblem>): T | null => {
    if (result.ok) return result.value;
    problems.push(result.error);
    return null;
  };

  const when = spec.when === undefined ? null : keep(compileExpression(env, 'when', spec.when, 0, true));
  const assert = keep(compileExpression(env, 'assert', spec.assert, 0, true));
  const message = spec.message === undefined ? null : compileMessage(env, spec.message, keep);
  return problems.length > 0 || assert === null
    ? err(problems)
    : ok({ when, assert, message, looksIntoAfterOnly: looksIntoAfterOnly(env, [spec.assert, spec.when ?? 'true']) });
}

function compileMessage(env: Environment, text: string, keep: <T>(result: Result<T, CelProblem>) => T | null): readonly MessagePart[] {
  const template = splitTemplate(text);
  if (!template.ok) {
    keep(err({ field: 'message', problem: template.problem, offset: template.offset }));
    return [];
  }
  return template.parts.map((part) => {
    if (part.kind === 'text') return part.text;
    return keep(compileExpression(env, 'message', part.source, part.offset, false)) ?? '';
  });
}

function compileExpression(
  env: Environment,
  field: CelField,
  source: string,
  offset: number,
  mustBeBool: boolean,
): Result<CelExpression, CelProblem> {
  try {
    const parsed = env.parse(source);
    renameIn(parsed.ast, env.hasVariable(RESOURCE_TYPE));
    const checked = parsed.check();
    if (!checked.valid) return err(toProblem(checked.error, field, offset));
    if (mustBeBool && checked.type !== 'bool' && checked.type !== 'dyn')
      return err({ field, problem: `Is of type ${checked.type ?? 'unknown'}, must be true or false`, offset });
    return ok((variables) => parsed(variables) as unknown);
  } catch (error) {
    return err(toProblem(error, field, offset));
  }
}

function toProblem(error: unknown, field: CelField, offset: number): CelProblem {
  // Their `message` holds a picture of the source with a caret; file, line and column say the same in one line.
  const known = error instanceof ParseError || error instanceof CelTypeError;
  return {
    field,
    problem: (known ? error.summary : describeThrown(error)).replaceAll(LINEAR_MATCHES, 'matches'),
    offset: offset + (known ? (error.range?.start ?? 0) : 0),
  };
}

/**
 * Two names mean something else here than in the library, and neither can be declared again there; so they are changed before they
 * are resolved. `matches`: the library's is JavaScript's RegExp, "aaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches("^(a+)+$") ran for 13 s.
 * `type`: see RESOURCE_TYPE. Macros (`all`, `map`) share the nodes of the tree that is walked here.
 */
function renameIn(node: ASTNode, withType: boolean): void {
  if (node.op === 'rcall') {
    const [name, , args] = node.args;
    if (name === 'matches') node.args[0] = LINEAR_MATCHES;
    const [first] = args;
    if (withType && MACROS.has(name) && first?.op === 'id' && first.args === 'type')
      throw new Error(`\`type\` is the type of the resource and cannot be the variable of ${name}()`);
  }
  if (withType && node.op === 'id' && node.args === 'type') Object.assign(node, { args: RESOURCE_TYPE });
  for (const child of childrenOf(node.args)) renameIn(child, withType);
}

function looksIntoAfterOnly(env: Environment, sources: readonly string[]): boolean {
  const uses = sources.flatMap((source) => usesIn(env.parse(source).ast));
  return uses.includes('into after') && !uses.some((use) => ['after', 'before', 'action', 'actions', 'rc', 'plan'].includes(use));
}

/** Every variable by its name; `after` as "into after" where one of its keys is asked for. */
function usesIn(node: ASTNode): string[] {
  if (node.op === 'id') return [node.args];
  const object = objectOf(node);
  const others = childrenOf(node.args).filter((child) => child !== object);
  const ofObject = object === null ? [] : object.op === 'id' && object.args === 'after' ? ['into after'] : usesIn(object);
  return [...ofObject, ...others.flatMap(usesIn)];
}

/** What a node looks into: the left of `.` and `[]`, the right of `in`, the receiver of a method or macro. */
function objectOf(node: ASTNode): ASTNode | null {
  if (node.op === '.' || node.op === '.?' || node.op === '[]' || node.op === '[?]') return node.args[0];
  if (node.op === 'in' || node.op === 'rcall') return node.args[1];
  return null;
}

const MACROS = new Set(['all', 'exists', 'exists_one', 'map', 'filter', 'bind']);

/** The nodes right below one, whatever the form of its arguments. */
function childrenOf(args: unknown): ASTNode[] {
  if (!Array.isArray(args)) return isNode(args) ? [args] : [];
  return args.flatMap((arg: unknown) => childrenOf(arg));
}

const isNode = (value: unknown): value is ASTNode =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value && 'toOldStructure' in value;
