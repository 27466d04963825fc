// A check's `when`: does this run concern it? Pure.
import type { When } from '../contracts/checks-file.ts';
import type { RunFacts } from '../contracts/run-task-request.ts';
import { matchesAnyGlob } from '../documents/glob.ts';

/** @returns null when the check applies, else which condition excluded it, as a sentence part */
export function whyNotApplicable(when: When | undefined, run: RunFacts): string | null {
  if (when === undefined) return null;
  if (when.stage !== undefined && !when.stage.includes(run.stage)) return `stage is ${run.stage}, the check is for ${list(when.stage)}`;
  if (when.organization !== undefined && !matchesAnyGlob(when.organization, run.organization))
    return `organization is ${run.organization}, the check is for ${list(when.organization)}`;
  if (when.workspace !== undefined && !matchesAnyGlob(when.workspace, run.workspace))
    return `workspace is ${run.workspace}, the check is for ${list(when.workspace)}`;
  if (when.speculative !== undefined && when.speculative !== run.speculative)
    return `the run is ${run.speculative ? '' : 'not '}speculative, the check is for runs that are${when.speculative ? '' : ' not'}`;
  return null;
}

const list = (names: readonly string[]): string => names.join(', ');
