// What is wrong with the schemas that stand in a checks file, told while it is read. Those in files of their own are told when the check
// runs. Pure.
import type { SchemaSpec } from '../../contracts/check-kinds.ts';
import { compileSchema, type SchemaProblem } from './compile.ts';

export const findSpecProblems = ({ resources }: SchemaSpec): SchemaProblem[] =>
  Object.entries(resources).flatMap(([type, schema]) => {
    const compiled = typeof schema === 'string' ? null : compileSchema(schema);
    return compiled === null || compiled.ok
      ? []
      : compiled.error.map(({ path, problem }) => ({ path: ['resources', type, ...path], problem }));
  });
