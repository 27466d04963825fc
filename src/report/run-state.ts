// What became of a run, as far as anybody knows, for every view's first line.
import type { RunFacts } from '../contracts/run-facts.ts';
import type { ReportModel, RunState } from './model.ts';

/** A post-apply task runs when the apply is over, and is not told how it ended. */
export const stateOf = ({ state, run }: ReportModel): RunState =>
  state ?? { kind: run.stage === 'post_apply' ? 'finished' : 'planned', at: null };

const STATE_WORDS: Readonly<Record<RunState['kind'], string>> = {
  planned: '',
  applied: 'applied',
  errored: 'apply failed',
  discarded: 'discarded',
  canceled: 'canceled',
  finished: 'apply over, how it ended is not known',
};

/** `applied 2026-11-22 12:04 UTC`; empty: planned. */
export function stateWords({ kind, at }: RunState): string {
  const words = STATE_WORDS[kind];
  return words === '' || at === null || Number.isNaN(Date.parse(at)) ? words : `${words} ${timeWords(at)}`;
}

const timeWords = (at: string): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** A plan that no run task brought: rendered from a file, or given to the action as one. It has no stage, and nobody enforces it. */
export const isWithoutTask = ({ task_result_id }: RunFacts): boolean => task_result_id === '';
