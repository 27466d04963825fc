// The input results-files: each glob is a mandatory check of kind `results`, as if it stood in the checks file.
import type { LoadedCheck } from '../checks/check-set.ts';
import { cut } from '../base/cut.ts';
import { checkSchema } from '../contracts/checks-file.ts';

export const toResultsChecks = (globs: readonly string[], workspace: string): LoadedCheck[] =>
  globs.map((glob) => ({
    // Through the schema, so that it has the defaults of one that is written down.
    spec: checkSchema.parse({ name: cut(`results: ${glob}`, 100), results: { files: [glob] } }),
    params: {},
    baseDir: workspace,
    origin: null,
  }));
