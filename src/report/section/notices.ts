// Whatever a reader must know before anything else: what makes the verdict another one than the checks', keeps it from HCP Terraform, or
// makes the plan less than whole.
import { cut } from '../../base/cut.ts';
import type { ReportModel } from '../model.ts';
import { countWithheld, type View } from '../view.ts';
import { isMissed, waiverTrouble } from '../waiver-words.ts';
import { deciderWords, isExplained, plural } from '../words.ts';
import type { Phrase } from './data.ts';

const MAX_TEXT = 1000;
const MAX_REASON = 500;
/** Waivers that are named; the rest is counted. */
const MAX_NAMED = 5;

export function noticesOf(model: ReportModel, view: View): Phrase[] {
  const { verdict, planProblem, observe, masker } = model;
  const decider = deciderWords(model);
  const lines: Phrase[] = [];
  if (verdict !== null) {
    const message = cut(verdict.message, MAX_TEXT);
    if (decider !== null) lines.push([{ bold: decider }, ` (on record: ${verdict.status}). ${message}`]);
    else if (!isExplained(model)) lines.push([message]);
  }
  if (planProblem !== null && decider === null) lines.push([{ bold: 'There is no plan to show.' }, ` ${cut(planProblem, MAX_TEXT)}`]);
  if (observe) {
    lines.push([{ bold: 'Observed only.' }, ' The route does not enforce: the verdict on record is passed, whatever the checks say.']);
  }
  return [
    ...lines,
    ...withheldNotice(masker === null ? 0 : countWithheld(view, masker)),
    ...deliveryNotices(model),
    ...missedWaivers(model),
    ...view.warnings.map((text): Phrase => [text]),
  ];
}

const withheldNotice = (count: number): Phrase[] =>
  count === 0
    ? []
    : [
        count === 1
          ? [{ bold: '1 value looks like a credential and is withheld.' }, ' Mark it sensitive where it comes from.']
          : [{ bold: `${count} values look like credentials and are withheld.` }, ' Mark them sensitive where they come from.'],
      ];

function deliveryNotices({ delivery }: ReportModel): Phrase[] {
  if (delivery === undefined || delivery.state === 'delivered') return [];
  const reason = delivery.reason === undefined ? '' : ` ${cut(delivery.reason, MAX_REASON)}`;
  return delivery.state === 'undeliverable'
    ? [[{ bold: 'HCP Terraform did not take this verdict.' }, reason === '' ? ' No reason was given.' : reason]]
    : [[{ bold: 'HCP Terraform does not have this verdict yet.' }, ` The relay keeps sending it.${reason}`]];
}

function missedWaivers({ waivers }: ReportModel): Phrase[] {
  const missed = waivers.filter(isMissed);
  const lines = missed.slice(0, MAX_NAMED).map((report): Phrase => [cut(waiverTrouble(report) ?? '', MAX_TEXT)]);
  const more = missed.length - lines.length;
  return more > 0 ? [...lines, [`… and ${plural(more, 'more waiver')} without effect.`]] : lines;
}
