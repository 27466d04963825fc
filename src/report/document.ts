// The report in Markdown, as the comment and the job summary show it: verdict and counts, danger, failed checks, then the plan,
// resource by resource. Order of telling and order of importance differ: when room is short, first the bodies of creates go, then
// those of updates, then lists of addresses; what is destroyed or replaced and what failed goes last. What was left out is said.
import { renderFailedChecks, renderQuietChecks, renderWaivers } from './checks-section.ts';
import { Budget, type Measure } from './fit.ts';
import type { ReportModel } from './model.ts';
import { renderPlan } from './plan-section.ts';
import { caution, context, footer, heading, troubles } from './verdict-section.ts';
import { toView } from './view.ts';

export interface DocumentOptions {
  readonly limit: number;
  readonly measure: Measure;
  /** The marker of a comment; a summary has none. */
  readonly marker: string | null;
  /** Where the whole is to be read when this is cut short; Markdown. */
  readonly fullReport: string | null;
}

// For the words about what was left out, and joints.
const RESERVE = 1500;
const QUIET_SHARE = 0.1;

export function renderDocument(model: ReportModel, options: DocumentOptions): string {
  const view = toView(model);
  const budget = new Budget(options.limit - RESERVE, options.measure);
  const head = [
    options.marker === null ? '' : options.marker,
    heading(model, view),
    troubles(model),
    context(model),
    caution(view, model.masker),
  ].filter((part) => part !== '');
  const foot = footer(model, view);
  for (const part of [...head, foot]) budget.spend(`${part}\n\n`);

  const failed = renderFailedChecks(model, budget);
  // Exceptions, warnings and passes get shares of their own: never nothing, however large the plan is.
  const share = (render: typeof renderQuietChecks): string[] => {
    const text = render(model, new Budget(Math.min(budget.left, options.limit * QUIET_SHARE), options.measure));
    if (text === null) return [];
    budget.spend(`${text}\n\n`);
    return [text];
  };
  const quiet = [...share(renderWaivers), ...share(renderQuietChecks)];
  const plan = renderPlan(view, model.masker, budget);
  const notes = plan.leftOut === '' ? [] : [`_${plan.leftOut}${options.fullReport === null ? '' : ` ${options.fullReport}`}_`];
  const [marker, ...rest] = [...head, ...failed, ...quiet, ...plan.parts, ...notes, foot];
  // The heading stands right under the marker, so that a preview of the text begins with it.
  return options.marker === null ? [marker, ...rest].join('\n\n') + '\n' : `${marker}\n${rest.join('\n\n')}\n`;
}
