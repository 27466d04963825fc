// The CEL that checks are written in: which variables each target has, and the functions beyond the standard ones.
// One library, wrapped here and in compile.ts only, so that another can replace it. No I/O.
import { Environment } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import type { CelSpec } from '../../contracts/check-kinds.ts';
import { matchGlob } from '../../documents/glob.ts';
import { cidrContains } from './cidr.ts';

export type CelTarget = CelSpec['for'];

const CHANGE = { before: 'dyn', after: 'dyn', actions: 'list<string>', action: 'string' } as const;
/**
 * `type` in an expression is the resource's type. CEL has a constant of that name (the type of types), which no rule about a plan needs
 * and which cannot be declared again; so compile.ts reads it as this variable. The function `type(x)` stays.
 */
export const RESOURCE_TYPE = 'resource_type';

const RESOURCE = { rc: 'dyn', address: 'string', [RESOURCE_TYPE]: 'string', name: 'string', module: 'string', ...CHANGE } as const;
const RUN = { plan: 'dyn', run: 'dyn' } as const;

/** A variable that a target does not have is an error when the file is read, not when the first plan arrives. */
export const CEL_VARIABLES: Readonly<Record<CelTarget, Readonly<Record<string, string>>>> = {
  resource_changes: { ...RESOURCE, ...RUN },
  drift: { ...RESOURCE, ...RUN },
  outputs: { name: 'string', ...CHANGE, ...RUN },
  modules: RUN,
  providers: RUN,
  plan: RUN,
};

/** Stands in for `matches` in a parsed expression (compile.ts renames it): the library's own uses a backtracking RegExp. */
export const LINEAR_MATCHES = 'matchesLinear';

export function createCelEnvironment(target: CelTarget): Environment {
  const env = new Environment({
    // Plan values are of mixed types; a literal such as ["a", 1, null] is compared with them.
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: { maxAstNodes: 5000, maxDepth: 100 },
  });
  for (const [name, type] of Object.entries(CEL_VARIABLES[target])) env.registerVariable(name, type);
  registerNumbers(env);
  registerFunctions(env);
  return env;
}

// JSON numbers arrive as doubles while literals are ints, and CEL has no operator between the two: without these,
// `after.size * 2` is an error in every plan.
function registerNumbers(env: Environment): void {
  const operators: Record<string, (a: number, b: number) => number> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
  };
  for (const [operator, apply] of Object.entries(operators)) {
    env.registerOperator(`double ${operator} int: double`, (a: number, b: bigint) => apply(a, Number(b)));
    env.registerOperator(`int ${operator} double: double`, (a: bigint, b: number) => apply(Number(a), b));
  }
}

function registerFunctions(env: Environment): void {
  const sync = { async: false };
  const patterns = new Map<string, RE2JS>();
  env.registerFunction(
    `string.${LINEAR_MATCHES}(string): bool`,
    (text: string, source: string) => compiled(patterns, source).matcher(text).find(),
    sync,
  );
  env.registerFunction('string.glob(string): bool', (text: string, pattern: string) => matchGlob(pattern, text), sync);
  env.registerFunction(
    'string.replace(string, string): string',
    (text: string, what: string, by: string) => text.replaceAll(what, () => by),
    sync,
  );
  env.registerFunction('jsonParse(string): dyn', parseJson, sync);
  env.registerFunction('cidrContains(string, string): bool', cidrContains, sync);
  env.registerFunction('list.flatten(): list<dyn>', (items: readonly unknown[]) => items.flat(), sync);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // V8's own message quotes ten characters of the text, which may be a secret's.
    throw new Error('jsonParse: the text is not JSON');
  }
}

function compiled(patterns: Map<string, RE2JS>, source: string): RE2JS {
  const known = patterns.get(source);
  if (known !== undefined) return known;
  const pattern = RE2JS.compile(source);
  // A pattern may come from the plan: the cache must not grow with it.
  if (patterns.size < 256) patterns.set(source, pattern);
  return pattern;
}
