// What one workspace has to say, as Markdown: verdict and counts, danger, failed checks, then the plan, resource by resource. Order of
// telling and order of importance (ladder.ts) differ. What was left out is said.
import { Budget, type Measure } from './budget.ts';
import { prose } from './escape.ts';
import { choose } from './ladder.ts';
import { caution } from './markdown/caution.ts';
import { drawSection, isQuiet } from './markdown/drawing.ts';
import { otherDrift } from './markdown/plan.ts';
import { brief, context, footer, footerLine, headlineWords, leftOutText, noticesText, signOf } from './markdown/verdict.ts';
import type { Section, Whose } from './section/data.ts';

export interface DocumentOptions {
  readonly limit: number;
  readonly measure: Measure;
  /** The marker of a comment; a summary has none. */
  readonly marker: string | null;
  /** This text is itself the whole that others point to. */
  readonly isWhole?: boolean;
}

// For the words about what was left out, and joints.
const RESERVE = 1500;

export function renderDocument(section: Section, whose: Whose, { limit, measure, marker, isWhole = false }: DocumentOptions): string {
  const heading = `### ${signOf(section)} ${prose(brief(whose.workspace))}: ${prose(headlineWords(section))}`;
  const top = marker === null ? heading : `${marker}\n${heading}`;
  if (isQuiet(section))
    return `${top}\n\n${footerLine([context(section, whose), ...otherDrift(section), ...footer(section)].filter((part) => part !== ''))}\n`;

  const effect = section.plan?.effect ?? null;
  const head = [
    top,
    noticesText(section),
    context(section, whose),
    caution([{ section, name: null, times: 1 }]),
    effect === null ? '' : prose(brief(effect, 500)),
  ].filter((part) => part !== '');
  const foot = footerLine(footer(section));
  return withinLimit(limit, measure, (room) => {
    const budget = new Budget(room - RESERVE, measure);
    for (const part of [...head, foot]) budget.spend(measure(`${part}\n\n`));
    const drawing = drawSection(section, budget, true);
    choose([drawing.told], { hasCaution: true });
    const note = leftOutText(drawing.missing(), isWhole ? null : section.workflow);
    return `${[...head, ...drawing.paragraphs(), ...(note === '' ? [] : [note]), foot].join('\n\n')}\n`;
  });
}

/**
 * Costs are reckoned before the text is written, and a little may be forgotten. A text that is too long is refused as a whole, so it is
 * written anew with less room.
 */
export function withinLimit(limit: number, measure: Measure, render: (room: number) => string): string {
  let room = limit;
  for (;;) {
    const text = render(room);
    const excess = measure(text) - limit;
    if (excess <= 0 || room <= 0) return text;
    room -= excess + RESERVE;
  }
}
