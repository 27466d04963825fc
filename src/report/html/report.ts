// The report that leaves nothing out: one run or several on one page, for a disk and for an artifact. Self-contained, no script. Written
// in pieces, because the diffs of 100,000 resources are 100 MB of page. Pure: the caller writes the pieces to a file.
import type { Masker } from '../../plan/masking.ts';
import type { ReportModel } from '../model.ts';
import { headline } from '../headline.ts';
import { toView, type View } from '../view.ts';
import { plural } from '../words.ts';
import { checkPieces, exceptions } from './checks.ts';
import { cautionBox, effectText, factsTable, hiddenText, noticesBox, toneOf } from './facts.ts';
import { markup, NOTHING, type Html } from './markup.ts';
import { toOutline, type Outline } from './outline.ts';
import { CONDITIONS, PARTS, type Part } from './parts.ts';
import { planPieces } from './plan.ts';
import { list, Room } from './room.ts';
import { STYLE } from './style.ts';

export interface HtmlReportOptions {
  /** Default MAX_REPORT_BYTES. */
  readonly maxBytes?: number;
}

/** A browser opens this within seconds; 100,000 resources with all of their attributes would be twice as much. */
export const MAX_REPORT_BYTES = 50 * 1024 * 1024;

interface Told {
  readonly model: ReportModel;
  readonly view: View;
  readonly outline: Outline;
}

/** @returns the page in pieces; the same models give the same bytes */
export function* renderHtmlReport(
  models: readonly ReportModel[],
  { maxBytes = MAX_REPORT_BYTES }: HtmlReportOptions = {},
): Generator<string> {
  const all = models.map((model, index): Told => {
    const view = toView(model);
    return { model, view, outline: toOutline(model, view, `w${index + 1}`) };
  });
  const [first] = all;
  const isOne = all.length === 1 && first !== undefined;
  yield head(isOne ? titleOf(first) : markup`${plural(all.length, 'workspace')}`, isOne ? toneOf(first.model) : 'plain');
  yield contents(all);
  yield '<main id="report">\n';
  yield '<p class="box warn if-cut">This report was cut: <a href="#left-out">what is left out</a> is said at its end.</p>\n';
  if (!isOne) yield overview(all);

  let left = maxBytes;
  let leftOut = 0;
  for (const [index, told] of all.entries()) {
    // Each its share, and what others left.
    const room = new Room(left / (all.length - index));
    yield* workspacePieces(told, room, !isOne);
    left -= room.used;
    leftOut += room.leftOut;
  }
  if (leftOut > 0) yield leftOutPart(leftOut, maxBytes);
  yield '</main>\n<footer>runtask</footer>\n</div>\n</body>\n</html>\n';
}

const titleOf = ({ model, view }: Told): Html => markup`${model.run.workspace}: ${headline(model, view)}`;

function head(title: Html, tone: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${title.text}</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<div class="page">
<header class="top"><h1 class="verdict ${tone}">${title.text}</h1></header>
`;
}

function contents(all: readonly Told[]): string {
  const lists = all.map(({ model, outline }) => {
    const entries = outline.entries.map(({ id, title, count }) => {
      const counted = count === null ? NOTHING : markup` <span class="count">${count}</span>`;
      return markup`<li><a href="#${id}">${title}${counted}</a></li>\n`;
    });
    if (all.length === 1) return markup`<ul>${entries}</ul>`;
    return markup`<details><summary>${model.run.workspace}</summary><ul>${entries}</ul></details>\n`;
  });
  return `${markup`<nav aria-label="Contents">${lists}</nav>`.text}\n`;
}

function overview(all: readonly Told[]): string {
  const rows = all.map(({ model, view, outline }) => {
    const name = markup`<a href="#${outline.id('top')}">${model.run.workspace}</a>`;
    const verdict = model.verdict?.status ?? 'not judged';
    return markup`<tr class="${toneOf(model)}"><th scope="row">${name}</th><td class="verdict">${verdict}</td><td>${headline(model, view)}</td></tr>\n`;
  });
  const heads = ['Workspace', 'Verdict', 'What it says'].map((text) => markup`<th scope="col">${text}</th>`);
  return `${markup`<table><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table>`.text}\n`;
}

function leftOutPart(leftOut: number, maxBytes: number): string {
  const size = markup`This page holds at most ${Math.round(maxBytes / 1024 / 1024)} MB.`;
  const what = markup`${plural(leftOut, 'part')} told shorter, or only counted, where they would stand. What is destroyed or replaced came first.`;
  return `${markup`<section id="left-out"><h2>Left out</h2><p>${size} ${what}</p></section>`.text}\n`;
}

function* workspacePieces({ model, view, outline }: Told, room: Room, isOneOfMany: boolean): Generator<string> {
  const { masker } = model;
  const level = isOneOfMany ? 3 : 2;
  const begin = (name: string, title: string, count: number | null): string => {
    const counted = count === null ? NOTHING : markup` <small>${count}</small>`;
    return room.must(markup`<section><h${level} id="${outline.id(name)}">${title}${counted}</h${level}>`);
  };
  const end = '</section>\n';
  function* part({ name, title, count, items }: Part, plan: Masker): Generator<string> {
    if (count(view) === 0) return;
    yield begin(name, title, count(view));
    yield* list(items(view, plan), room, title.toLowerCase());
    yield end;
  }

  yield '<div class="workspace">\n';
  if (isOneOfMany) {
    const title = titleOf({ model, view, outline });
    yield room.must(markup`<h2 id="${outline.id('top')}" class="verdict ${toneOf(model)}">${title}</h2>`);
  }
  yield room.must(noticesBox(model, view));
  if (masker !== null) yield room.must(cautionBox(view, masker, outline));
  yield begin('run', 'Run', null) + room.must(factsTable(model)) + end;
  if (model.results.length > 0) {
    yield begin('checks', 'Checks', model.results.length);
    yield* checkPieces(model, outline, room);
    yield room.must(exceptions(model)) + end;
  }
  if (masker !== null) {
    yield room.must(effectText(view));
    yield* part(CONDITIONS, masker);
    yield* planPieces({ view, masker, outline, room, level });
    for (const one of PARTS) yield* part(one, masker);
    const hidden = outline.hidden + outline.withheld;
    if (hidden > 0) yield begin('hidden', 'Hidden values', hidden) + room.must(hiddenText(outline)) + end;
  }
  yield '</div>\n';
}
