// The first line of every view: the verdict and what the plan comes to, in plain text, as a mail or a chat shows it.
import type { ReportModel } from './model.ts';
import { stateOf, stateWords } from './run-state.ts';
import type { View } from './view.ts';
import { checkWords, countChecks, isExplained } from './words.ts';

/** Either part may be empty: nothing was judged, the stage has no plan. */
export function headlineParts(model: ReportModel, view: View): { checks: string; plan: string } {
  const verdict = isExplained(model) ? checkWords(countChecks(model)) : (model.verdict?.status ?? '');
  return {
    checks: model.observe ? `observed only, ${verdict}` : verdict,
    plan: model.plan === null ? (model.planProblem === null ? '' : 'no plan') : view.words,
  };
}

export function headline(model: ReportModel, view: View): string {
  const { checks, plan } = headlineParts(model, view);
  return [stateWords(stateOf(model)), checks, plan].filter((part) => part !== '').join(' · ');
}
