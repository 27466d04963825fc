// What a reader must know before anything else: whatever makes the verdict another one than the checks', or the plan less than whole. In
// plain words, for views without Markdown; names stand in backticks.
import { isMissed, waiverTrouble } from './waiver-words.ts';
import type { ReportModel } from './model.ts';
import type { View } from './view.ts';
import { deciderWords, isExplained } from './words.ts';

export function notices(model: ReportModel, view: View): string[] {
  const { verdict, planProblem, delivery } = model;
  const missed = model.waivers.filter(isMissed).flatMap((report) => waiverTrouble(report) ?? []);
  return [
    ...(isExplained(model) ? [] : [[deciderWords(model), verdict?.message ?? null].filter((part) => part !== null).join('. ')]),
    ...(planProblem === null ? [] : [`There is no plan to show. ${planProblem}`]),
    ...(model.observe ? ['Observed only: the verdict on record is passed, whatever the checks say.'] : []),
    ...(delivery?.state === 'undeliverable' ? [sentence('HCP Terraform did not take this verdict.', delivery.reason)] : []),
    ...(delivery?.state === 'pending'
      ? [sentence('HCP Terraform does not have this verdict yet. The relay keeps sending it.', delivery.reason)]
      : []),
    ...missed,
    ...view.warnings,
  ];
}

const sentence = (first: string, rest: string | undefined): string => (rest === undefined ? first : `${first} ${rest}`);
