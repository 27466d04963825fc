// The plan on a terminal: conditions, resources in order of danger with their diffs, outputs, actions, what is deferred, drift.
import type { Masker } from '../../plan/masking.ts';
import { diffLines } from '../diff-lines.ts';
import { logLine } from '../escape.ts';
import { itemMark } from '../marks.ts';
import { conditionPhrase, deferredPhrase, driftPhrase, invocationPhrase, notePhrases, whyPhrase } from '../section/phrases.ts';
import { hasBody } from '../section/resource.ts';
import { countHidden, countWithheld, type Item, type View } from '../view.ts';
import { GROUP_WORDS, plural, type GroupName } from '../words.ts';
import { diffText, inColumns, indented, plain, type Page, type Style } from './paint.ts';

const GROUP_STYLE: Readonly<Record<GroupName, Style>> = {
  destroy: 'red',
  replace: 'red',
  other: 'yellow',
  forget: 'yellow',
  update: 'yellow',
  create: 'green',
  import: 'cyan',
  move: 'cyan',
  read: 'cyan',
};

interface Chapter {
  readonly title: string;
  readonly count: number;
  /** Made one by one, while there are lines left. */
  readonly items: readonly (() => string[])[];
}

/** @param maxLines  after which the rest is counted */
export function* planText(view: View, masker: Masker, page: Page, maxLines: number): Generator<string> {
  const { paint } = page;
  if (view.effect !== null) yield* ['', ...indented(view.effect.sentence, page, '')];
  let lines = 0;
  for (const { title, count, items } of chapters(view, masker, page)) {
    if (count === 0) continue;
    yield '';
    yield paint('bold', `${title} (${count})`);
    lines += 2;
    let shown = 0;
    for (; shown < items.length && lines < maxLines; shown++) {
      const text = items[shown]?.() ?? [];
      lines += text.length;
      yield* text;
    }
    if (shown < items.length) yield paint('dim', `  … and ${items.length - shown} more, left out for length`);
  }
  const hidden = hiddenWords(view, masker);
  if (hidden !== '') yield* ['', paint('dim', hidden)];
}

function chapters(view: View, masker: Masker, page: Page): Chapter[] {
  const withDiff = (line: string, change: Item['change'] | View['outputs'][number], name = ''): string[] => [
    line,
    ...diffText(diffLines(change, masker, name), page),
  ];
  const marked = (item: Item, words: string): string => `  ${page.paint(GROUP_STYLE[item.group], itemMark(item).padEnd(3))} ${words}`;
  const { now, deferred } = view.invocations;
  const invoked = now.map((item) => (): string[] => [
    `  ${plain(invocationPhrase(item))}`,
    ...diffText(diffLines(item.invocation.config, masker), page),
  ]);
  return [
    conditionChapter(view, page),
    ...view.groups.map(({ name, items }): Chapter => ({
      title: GROUP_WORDS[name].heading,
      count: items.reduce((sum, { members }) => sum + (members?.length ?? 1), 0),
      items: items.map((item) => () => {
        const line = marked(item, itemWords(item, masker, page));
        return [...(hasBody(item) ? withDiff(line, item.change) : [line]), ...inColumns(item.members ?? [], page, '        ')];
      }),
    })),
    {
      title: 'Outputs',
      count: view.outputs.length,
      items: view.outputs.map((output) => () => diffText(diffLines(output, masker, output.name), page)),
    },
    { title: 'Actions to invoke', count: now.length, items: invoked },
    {
      title: 'Deferred to a later run',
      count: view.deferred.length + deferred.length,
      items: [
        ...view.deferred.map((one) => () => [marked(one.item, plain(deferredPhrase(one)))]),
        ...deferred.map((item) => () => [`      ${plain(invocationPhrase(item))}`]),
      ],
    },
    {
      title: 'Changed outside of Terraform',
      count: view.drift.length,
      items: view.drift.map((item) => () => withDiff(marked(item, plain(driftPhrase(item))), item.change)),
    },
    {
      title: 'Changed outside of Terraform, without effect on this plan',
      count: view.otherDrift.length,
      items: view.otherDrift.map((item) => () => [marked(item, plain(driftPhrase(item)))]),
    },
  ];
}

function itemWords(item: Item, masker: Masker, { paint }: Page): string {
  const why = whyPhrase(item, masker);
  const failed = [...item.failedChecks].map(([check, enforcement]) =>
    paint(enforcement === 'advisory' ? 'yellow' : 'red', `✗ ${logLine(check)}`),
  );
  return [logLine(item.address), ...(why === null ? [] : [plain(why)]), ...notePhrases(item, masker).map(plain), ...failed].join(' · ');
}

function conditionChapter({ conditions: { told, tally } }: View, page: Page): Chapter {
  const rest = [
    ...(tally.pass > 0 ? [`${tally.pass} passed`] : []),
    ...(tally.unknown > 0 ? [`${tally.unknown} known only after apply`] : []),
  ].join(', ');
  return {
    title: 'Conditions of the configuration',
    count: Object.values(tally).reduce((sum, one) => sum + one, 0),
    items: [
      ...told.map((condition) => () => [
        `  ${page.paint('red', '✗')}   ${plain(conditionPhrase(condition))}`,
        ...condition.problems.flatMap((problem) => indented(problem, page, '      ')),
      ]),
      ...(rest === '' ? [] : [() => [page.paint('dim', `      ${rest}`)]]),
    ],
  };
}

function hiddenWords(view: View, masker: Masker): string {
  const hidden = countHidden(view, masker);
  const withheld = countWithheld(view, masker);
  return [
    ...(hidden > 0 ? [`${plural(hidden, 'sensitive value')} hidden`] : []),
    ...(withheld > 0
      ? [`${plural(withheld, 'value')} withheld: ${withheld === 1 ? 'it looks like a credential' : 'they look like credentials'}`]
      : []),
  ].join(' · ');
}
