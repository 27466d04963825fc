// The verdict in the line beside a commit. GitHub takes 140 characters, none outside the basic multilingual plane.
import { cut, oneLine } from './escape.ts';
import type { ReportModel } from './model.ts';
import { checkWords, countChecks, deciderWords, tallyWords } from './words.ts';
import { toView } from './view.ts';

const MAX_DESCRIPTION = 140;

export interface StatusLine {
  readonly state: 'success' | 'failure';
  readonly description: string;
}

export function toStatusLine(model: ReportModel): StatusLine {
  const { verdict } = model;
  const state = verdict?.status === 'passed' ? 'success' : 'failure';
  const view = toView(model);
  const checks = checkWords(countChecks(model));
  // A verdict that is not the checks' own says itself what happened.
  const own = deciderWords(model) === null;
  const words =
    own && checks !== ''
      ? [checks, ...(model.plan === null ? [] : [tallyWords(view.tally, view.outputs.length)])]
      : [verdict?.message ?? 'Nothing was judged'];
  const text = `${model.observe ? 'Observed only: ' : ''}${words.join(' · ')}`;
  return { state, description: cut(oneLine(text).replace(/[\u{10000}-\u{10ffff}]/gu, '?'), MAX_DESCRIPTION) };
}
