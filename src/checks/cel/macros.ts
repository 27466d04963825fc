// Three questions about a value that are asked without reading it: is it set, is it unknown, is it marked sensitive? Macros of the CEL
// library: it hands them the expression inside their brackets instead of its value. Pure.
import { EvaluationError, Optional, type ASTNode, type Environment } from '@marcbachmann/cel-js';
import { OddMap } from './odd-keys.ts';
import { isUnknownGetter, UnknownValue } from './unknown.ts';

/**
 * What `has` is called where it is evaluated (compile.ts renames it; of the same length, so that places stay true). The library's own takes null for something that is there, and in a plan
 * null is what nobody has set: `has(after.kms_key_id)` was true of every disk without a key.
 */
export const OWN_HAS = 'Has';

/** Variables that no expression can name: the marks of `before` and `after`, for `isSensitive`. */
export const MARKS: Readonly<Record<string, 'beforeMarks' | 'afterMarks'>> = { before: 'beforeMarks', after: 'afterMarks' };

interface Evaluator {
  run(node: ASTNode, context: Context): unknown;
}
interface Context {
  getValue(name: string): unknown;
}
interface Checker {
  check(node: ASTNode, context: unknown): unknown;
  getType(name: string): unknown;
  createError(code: string, message: string, node: ASTNode): Error;
}

interface Question {
  /** What is wrong with what it is asked of; null: nothing. */
  problem(node: ASTNode): string | null;
  /** The parts of it that are read. */
  parts(node: ASTNode): readonly ASTNode[];
  answer(node: ASTNode, read: (node: ASTNode) => unknown, context: Context): boolean;
}

const has: Question = {
  problem: (node) =>
    node.op === '.' || node.op === '[]' ? null : 'has() asks for a part, such as has(after.tags) or has(after.tags["a b"])',
  parts: (node) => (node.op === '[]' ? node.args : node.op === '.' ? [node.args[0]] : []),
  answer(node, read) {
    if (node.op !== '.' && node.op !== '[]') return false;
    const container = presentIn(read(node.args[0]));
    const property = propertyOf(container, node.op === '.' ? node.args[1] : read(node.args[1]));
    if (property === undefined) return false;
    const { get } = property;
    if (get === undefined) return property.value !== null && property.value !== undefined;
    if (!isUnknownGetter(get)) return (get.call(container) as unknown) !== null;
    if (get.isSet()) return true;
    throw new UnknownValue(get.at);
  },
};

const presentIn = (value: unknown): unknown => (value instanceof Optional ? (value.orValue(null) as unknown) : value);

/** Own properties only: a tag named `toString` is there when the plan has it. */
function propertyOf(container: unknown, key: unknown): PropertyDescriptor | undefined {
  if (typeof container !== 'object' || container === null) return undefined;
  if (Array.isArray(container)) return typeof key === 'string' ? undefined : Object.getOwnPropertyDescriptor(container, String(key));
  if (typeof key !== 'string') return undefined;
  return container instanceof OddMap ? container.property(key) : Object.getOwnPropertyDescriptor(container, key);
}

const isUnknown: Question = {
  problem: () => null,
  parts: (node) => [node],
  answer(node, read) {
    try {
      read(node);
    } catch (error) {
      if (error instanceof UnknownValue) return true;
      // What is not there is not unknown either.
      if (error instanceof EvaluationError && (error.code === 'no_such_key' || error.code === 'index_out_of_bounds')) return false;
      throw error;
    }
    return false;
  },
};

const isSensitive: Question = {
  problem: (node) => (rootOf(node) === null ? 'isSensitive() asks about before or after, or a path in them, such as after.password' : null),
  parts: (node) => [rootNodeOf(node), ...stepsOf(node).filter((step) => typeof step !== 'string')],
  answer(node, read, context) {
    const root = rootOf(node);
    let marks = root === null ? false : context.getValue(root);
    for (const step of stepsOf(node)) {
      if (marks === true) return true;
      const key = typeof step === 'string' ? step : read(step);
      const property = typeof marks === 'object' && marks !== null ? Object.getOwnPropertyDescriptor(marks, String(key)) : undefined;
      marks = property?.value as unknown;
    }
    return marks === true;
  },
};

function rootOf(node: ASTNode): 'beforeMarks' | 'afterMarks' | null {
  const root = rootNodeOf(node);
  return root.op === 'id' && Object.hasOwn(MARKS, root.args) ? (MARKS[root.args] ?? null) : null;
}

function rootNodeOf(node: ASTNode): ASTNode {
  return node.op === '.' || node.op === '[]' ? rootNodeOf(node.args[0]) : node;
}

function stepsOf(node: ASTNode): (string | ASTNode)[] {
  return node.op === '.' || node.op === '[]' ? [...stepsOf(node.args[0]), node.args[1]] : [];
}

/** The form that the library asks of a macro: first the expander, when the expression is parsed; then its two hooks. */
const toMacro =
  (question: Question) =>
  ({ args: [asked] }: { args: [ASTNode] }): object => ({
    async: false,
    typeCheck(checker: Checker, _macro: unknown, context: unknown): unknown {
      const problem = question.problem(asked);
      if (problem !== null) throw checker.createError('invalid_macro_argument', problem, asked);
      for (const part of question.parts(asked)) checker.check(part, context);
      return checker.getType('bool');
    },
    evaluate: (evaluator: Evaluator, _macro: unknown, context: Context): boolean =>
      question.answer(asked, (node) => evaluator.run(node, context), context),
  });

export function registerMacros(env: Environment): void {
  for (const [name, question] of Object.entries({ [OWN_HAS]: has, isUnknown, isSensitive }))
    env.registerFunction(`${name}(ast): bool`, toMacro(question));
}
