// The verdict in the line beside a commit. GitHub takes 140 characters, none outside the basic multilingual plane.
import { cut } from '../base/cut.ts';
import { oneLine } from './escape.ts';
import type { ReportModel } from './model.ts';
import { checkWords, countChecks, isExplained } from './words.ts';
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
  // A verdict that the checks do not explain says itself what happened.
  const words =
    isExplained(model) && verdict !== null
      ? [checkWords(countChecks(model)), ...(model.plan === null ? [] : [view.words])]
      : [verdict?.message ?? 'Nothing was judged'];
  const text = `${model.observe ? 'Observed only: ' : ''}${words.join(' · ')}`;
  return { state, description: cut(oneLine(text).replace(/[\u{10000}-\u{10ffff}]/gu, '?'), MAX_DESCRIPTION) };
}
