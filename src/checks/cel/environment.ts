// The CEL that checks are written in: which variables each target has, and the functions beyond the standard ones.
// One library, wrapped in this folder only, so that another can replace it. No I/O.
import { Environment } from '@marcbachmann/cel-js';
import type { CelSpec } from '../../contracts/check-kinds.ts';
import { registerFunctions, registerNumbers } from './functions.ts';
import { registerMacros } from './macros.ts';
import { registerTypeOfUnknown } from './type-of-unknown.ts';

export type CelTarget = CelSpec['for'];

const CHANGE = { before: 'dyn', after: 'dyn', actions: 'list<string>', action: 'string' } as const;
/**
 * `type` in an expression is the resource's type. CEL has a constant of that name (the type of types), which no rule about a plan needs
 * and which cannot be declared again; so compile.ts reads it as this variable. The function `type(x)` stays.
 */
export const RESOURCE_TYPE = 'resource_type';

const PLACE = { address: 'string', name: 'string', module: 'string' } as const;
const RESOURCE = { rc: 'dyn', ...PLACE, [RESOURCE_TYPE]: 'string', ...CHANGE } as const;
const RUN = { plan: 'dyn', run: 'dyn', params: 'dyn' } as const;

/** A variable that a target does not have is an error when the file is read, not when the first plan arrives. */
export const CEL_VARIABLES: Readonly<Record<CelTarget, Readonly<Record<string, string>>>> = {
  resource_changes: { ...RESOURCE, ...RUN },
  drift: { ...RESOURCE, ...RUN },
  outputs: { name: 'string', ...CHANGE, ...RUN },
  modules: { ...PLACE, source: 'string', version: 'dyn', expressions: 'dyn', ...RUN },
  providers: {
    key: 'string',
    name: 'string',
    full_name: 'dyn',
    alias: 'dyn',
    version: 'dyn',
    module: 'string',
    expressions: 'dyn',
    ...RUN,
  },
  plan: RUN,
};

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
  registerMacros(env);
  registerTypeOfUnknown(env);
  return env;
}
