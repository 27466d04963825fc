// What the phases of a job mean for each other, in words. Pure.
import type { Phase } from '../contracts/relay-api.ts';
import type { Use } from './job-folder.ts';

/** What the main step left in its state: nothing, or how far it came. */
export type MainState = '' | 'started' | 'begun' | 'finished';

/** Why the steps of this job cannot give one verdict together; null: they can. A relay says the same; the sealed transport has none. */
export function whyNotOne(uses: readonly Use[]): string | null {
  const phases = uses.map(({ phase }) => phase).sort();
  if (phases.length <= 1 || (phases.length === 2 && phases[0] === 'begin' && phases[1] === 'finish')) return null;
  return 'Two steps of the same job use this action, and each would judge with half of the checks. Use it once, or as `phase: begin` and `phase: finish`.';
}

export const hasPhase = (uses: readonly Use[], phase: Phase): boolean => uses.some((one) => one.phase === phase);

const CUT_OFF =
  'The job ended before the checks did: it was canceled, ran into its time limit or out of memory, or was killed. The workflow run has the log.';
const NEVER_RAN =
  'The checks never ran: an earlier step of the job failed, or an `if:` skipped the run task step. The workflow run has the log.';
const BETWEEN =
  'The checks never ran: a step between `phase: begin` and `phase: finish` failed or was canceled, or an `if:` skipped the last. The workflow run has the log.';
const NO_FINISH =
  'The job has a step with `phase: begin` and none with `phase: finish` that ran, so no check ran. Add one after the steps that need the plan: the same `uses:` and `with:`, and `phase: finish`.';
const FINISH_SILENT = 'The step with `phase: finish` came to no verdict. The workflow run has the log.';

/** The last word of a post step whose main step, or whose job, gave no verdict. */
export function lastWord(phase: Phase, main: MainState, uses: readonly Use[]): string {
  if (main === 'begun') return hasPhase(uses, 'finish') ? FINISH_SILENT : NO_FINISH;
  if (main === 'started') return CUT_OFF;
  return phase === 'finish' && hasPhase(uses, 'begin') ? BETWEEN : NEVER_RAN;
}
