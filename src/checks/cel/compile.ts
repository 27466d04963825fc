// From CEL source to something to evaluate, or what is wrong with it and where. Done when the file is read (for the diagnostics) and
// again where it is evaluated (a compiled expression cannot be sent to a thread). No I/O.
import { ParseError, TypeError as CelTypeError, type ASTNode, type Environment, type ParseResult } from '@marcbachmann/cel-js';
import { describeThrown } from '../../base/fault.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { CelSpec } from '../../contracts/check-kinds.ts';
import { CEL_VARIABLES, createCelEnvironment, RESOURCE_TYPE } from './environment.ts';
import { LINEAR_MATCHES } from './functions.ts';
import { OWN_HAS } from './macros.ts';
import { attributeOf, BINDERS, childrenOf, growthOf, hasCallsOf, literalProblemsOf, namedValuesOf, usesIn } from './syntax.ts';
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

export interface NamedValue {
  /** As it is written. */
  readonly source: string;
  readonly value: CelExpression;
}

export interface CompiledCel {
  readonly when: CelExpression | null;
  readonly assert: CelExpression;
  /** `when` speaks of actions, so it chooses among them itself: also what does not change. */
  readonly choosesActions: boolean;
  /**
   * The rule looks into `after` (`after.tags`) and names nothing else that says what happens to the object: its author thought of what
   * will exist. `after != null` is no looking into, and is how a rule says that nothing may go.
   */
  readonly looksIntoAfterOnly: boolean;
  /** The one attribute that `assert` is about; null: none, or several. */
  readonly attribute: string | null;
  /** It could take more memory, in one step, than this process has: see growthOf. */
  readonly mayExplode: boolean;
  /** null: the author wrote none. */
  readonly message: readonly MessagePart[] | null;
  /** What `when` and `assert` name, for `--explain`. */
  namedValues(): readonly NamedValue[];
}

interface Compiled {
  readonly evaluate: CelExpression;
  readonly ast: ASTNode;
}

export function compileCel(spec: CelSpec): Result<CompiledCel, readonly CelProblem[]> {
  const env = createCelEnvironment(spec.for);
  const problems: CelProblem[] = [];
  const keep = <T>(result: Result<T, readonly CelProblem[]>): T | null => {
    if (result.ok) return result.value;
    problems.push(...result.error);
    return null;
  };

  const when = spec.when === undefined ? null : keep(compileExpression(env, 'when', spec.when, 0, true));
  const assert = keep(compileExpression(env, 'assert', spec.assert, 0, true));
  const message = spec.message === undefined ? null : compileMessage(env, spec.message, keep);
  if (problems.length > 0 || assert === null) return err(problems);
  const growth = Math.max(...[assert, ...(when === null ? [] : [when]), ...(message?.compiled ?? [])].map(({ ast }) => growthOf(ast)));
  return ok({
    when: when?.evaluate ?? null,
    assert: assert.evaluate,
    choosesActions: when !== null && usesIn(when.ast).some((use) => ['action', 'actions', 'rc'].includes(use)),
    looksIntoAfterOnly: looksIntoAfterOnly([assert.ast, ...(when === null ? [] : [when.ast])]),
    attribute: attributeOf(assert.ast),
    mayExplode: growth > MAX_GROWTH,
    message: message?.parts ?? null,
    namedValues: () => namedValues(spec),
  });
}

function compileMessage(
  env: Environment,
  text: string,
  keep: <T>(result: Result<T, readonly CelProblem[]>) => T | null,
): { readonly parts: readonly MessagePart[]; readonly compiled: readonly Compiled[] } | null {
  const template = splitTemplate(text);
  if (!template.ok) return keep(err([{ field: 'message', problem: template.problem, offset: template.offset }]));
  const compiled: Compiled[] = [];
  const parts = template.parts.map((part): MessagePart => {
    if (part.kind === 'text') return part.text;
    const expression = keep(compileExpression(env, 'message', part.source, part.offset, false));
    if (expression === null) return '';
    compiled.push(expression);
    return expression.evaluate;
  });
  return { parts, compiled };
}

// Usual rules name a loop's variable two to five times, in two loops: far below. A doubled list that is doubled nine times is beyond.
const MAX_GROWTH = 256;

function compileExpression(
  env: Environment,
  field: CelField,
  source: string,
  offset: number,
  mustBeBool: boolean,
): Result<Compiled, readonly CelProblem[]> {
  try {
    const parsed = parse(env, source);
    const checked = parsed.check();
    if (!checked.valid) return err([toProblem(checked.error, field, offset)]);
    if (mustBeBool && checked.type !== 'bool' && checked.type !== 'dyn')
      return err([{ field, problem: `Is of type ${checked.type ?? 'unknown'}, must be true or false`, offset }]);
    const literals = literalProblemsOf(env.parse(source).ast);
    if (literals.length > 0) return err(literals.map(({ problem, at }) => ({ field, problem, offset: offset + at })));
    return ok({ evaluate: (variables) => parsed(variables) as unknown, ast: parsed.ast });
  } catch (error) {
    return err([toProblem(error, field, offset)]);
  }
}

/** @throws ParseError */
function parse(env: Environment, source: string): ParseResult {
  const starts = hasCallsOf(env.parse(source).ast);
  const parsed = env.parse(starts.reduce((text, at) => text.slice(0, at) + OWN_HAS + text.slice(at + OWN_HAS.length), source));
  renameIn(parsed.ast, env.hasVariable(RESOURCE_TYPE));
  return parsed;
}

function toProblem(error: unknown, field: CelField, offset: number): CelProblem {
  // Their `message` holds a picture of the source with a caret; file, line and column say the same in one line.
  const known = error instanceof ParseError || error instanceof CelTypeError;
  return {
    field,
    problem: withHint((known ? error.summary : describeThrown(error)).replaceAll(LINEAR_MATCHES, 'matches')),
    offset: offset + (known ? (error.range?.start ?? 0) : 0),
  };
}

/** Slips of whoever comes from another language; the library names the character only. */
const HINTS: Readonly<Record<string, string>> = {
  'Unexpected character: =': 'Equality is `==`',
  'Unexpected character: &': 'And is `&&`',
  'Unexpected character: |': 'Or is `||`',
};

const withHint = (summary: string): string => (Object.hasOwn(HINTS, summary) ? `${summary}. ${HINTS[summary]}` : summary);

/**
 * Two names mean something else here than in the library, and neither can be declared again there; so they are changed before they
 * are resolved. `matches`: the library's is JavaScript's RegExp, "aaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches("^(a+)+$") ran for 13 s.
 * `type`: see RESOURCE_TYPE. Macros (`all`, `map`) share the nodes of the tree that is walked here. `has` is a macro itself and resolved
 * already, so it is renamed in the source.
 */
function renameIn(node: ASTNode, withType: boolean): void {
  if (node.op === 'rcall') {
    const [name, , args] = node.args;
    if (name === 'matches') node.args[0] = LINEAR_MATCHES;
    const [first] = args;
    if (withType && BINDERS.has(name) && first?.op === 'id' && first.args === 'type')
      throw new Error(`\`type\` is the type of the resource and cannot be the variable of ${name}()`);
  }
  if (withType && node.op === 'id' && node.args === 'type') Object.assign(node, { args: RESOURCE_TYPE });
  for (const child of childrenOf(node.args)) renameIn(child, withType);
}

function looksIntoAfterOnly(expressions: readonly ASTNode[]): boolean {
  const uses = expressions.flatMap(usesIn);
  return uses.includes('into after') && !uses.some((use) => ['after', 'before', 'action', 'actions', 'rc', 'plan'].includes(use));
}

function namedValues(spec: CelSpec): NamedValue[] {
  const env = createCelEnvironment(spec.for);
  const isVariable = (name: string): boolean => Object.hasOwn(CEL_VARIABLES[spec.for], name === 'type' ? RESOURCE_TYPE : name);
  const sources = [spec.when ?? 'true', spec.assert].flatMap((source) => namedValuesOf(env.parse(source).ast, isVariable));
  return [...new Set(sources)].flatMap((source) => {
    const compiled = compileExpression(env, 'assert', source, 0, false);
    return compiled.ok ? [{ source, value: compiled.value.evaluate }] : [];
  });
}
