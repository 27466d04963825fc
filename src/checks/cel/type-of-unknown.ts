// Keeps the CEL library from reading what a rule does not ask for.
//
// To choose an operator it looks at the first item of a list or map, and of that again the first. Where that one is known only after
// apply, `"tags" in after` was no answer, though a key is there or not whatever its value is.
import type { Environment } from '@marcbachmann/cel-js';
import { UnknownValue } from './unknown.ts';

/** The library's evaluator: there is one for each environment, and only its functions see it. */
interface Evaluator {
  debugType(value: unknown): unknown;
  debugTypeDeep(value: unknown): unknown;
}

const REACH = 'reachEvaluator';

export function registerTypeOfUnknown(env: Environment): void {
  const reach = function (this: Evaluator): boolean {
    const deep = this.debugTypeDeep.bind(this);
    this.debugTypeDeep = (value) => {
      try {
        return deep(value);
      } catch (error) {
        // A list or map of whatever it may be.
        if (error instanceof UnknownValue) return this.debugType(value);
        throw error;
      }
    };
    return true;
  };
  env.registerFunction(`${REACH}(): bool`, reach, { async: false });
  env.evaluate(`${REACH}()`);
}
