// `${{ … }}` as GitHub evaluates it, by GitHub's own evaluator. Pure.
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';

/** Context name to plain JSON: `{ github: { event: … }, env: {}, … }`. */
export type Contexts = Readonly<Record<string, unknown>>;

/** What `success()`, `failure()`, `cancelled()` and `always()` look at. */
export type JobStatus = 'success' | 'failure' | 'cancelled';

const NAMES = ['github', 'env', 'vars', 'secrets', 'job', 'runner', 'steps', 'inputs', 'needs', 'strategy', 'matrix'];
const STATUS_FUNCTIONS = ['success', 'failure', 'cancelled', 'always'] as const;

function run(expression: string, contexts: Contexts, status: JobStatus | null): data.ExpressionData {
  const functions = status === null ? [] : statusFunctions(status);
  const tree = new Parser(new Lexer(expression).lex().tokens, NAMES, functions).parse();
  const pairs = NAMES.map((key) => ({ key, value: toData(contexts[key] ?? {}) }));
  return new Evaluator(tree, new data.Dictionary(...pairs), new Map(functions.map((f) => [f.name, f]))).evaluate();
}

const toData = (value: unknown): data.ExpressionData => JSON.parse(JSON.stringify(value), data.reviver) as data.ExpressionData;

const statusFunctions = (status: JobStatus) =>
  STATUS_FUNCTIONS.map((name) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(name === 'always' || status === name),
  }));

/** Replaces every `${{ … }}`. @throws on an expression that does not parse */
export const interpolate = (text: string, contexts: Contexts): string =>
  text.replace(/\$\{\{((?:'(?:[^']|'')*'|[^'])*?)\}\}/g, (_, expression: string) => run(expression, contexts, null).coerceString());

/** A number or boolean that may be written as an expression, as text. */
export const interpolateScalar = (value: string | number | boolean, contexts: Contexts): string => interpolate(String(value), contexts);

/**
 * An `if:`. Absent, or without a status function, it means `success() && (…)`.
 * @throws on an expression that does not parse
 */
export function holds(condition: string | number | boolean | undefined, contexts: Contexts, status: JobStatus): boolean {
  const text = String(condition ?? '').trim();
  const bare = (/^\$\{\{(.*)\}\}$/s.exec(text)?.[1] ?? text).trim();
  if (bare === '') return status === 'success';
  const withoutTexts = bare.replace(/'(?:[^']|'')*'/g, "''");
  const asks = /\b(success|failure|cancelled|always)\s*\(/i.test(withoutTexts);
  const value = run(asks ? bare : `success() && (${bare})`, contexts, status);
  return isTruthy(value);
}

// docs.github.com, "Evaluate expressions in workflows and actions": false, 0, -0, "", '' and null are falsy.
function isTruthy(value: data.ExpressionData): boolean {
  switch (value.kind) {
    case data.Kind.Null:
      return false;
    case data.Kind.Boolean:
    case data.Kind.Number:
    case data.Kind.String:
      return Boolean(value.value);
    case data.Kind.Array:
    case data.Kind.Dictionary:
      return true;
  }
}
