// Where everything stands on the page: the table of contents of one workspace, and the anchors by which a finding leads to its resource.
import type { ReportModel } from '../model.ts';
import { countHidden, countWithheld, type Item, type View } from '../view.ts';
import { GROUP_WORDS } from '../words.ts';
import { CONDITIONS, PARTS } from './parts.ts';

export interface Entry {
  readonly id: string;
  readonly title: string;
  /** null: there is nothing to count. */
  readonly count: number | null;
}

export interface Outline {
  readonly entries: readonly Entry[];
  /** @param part  a word of ours */
  id(part: string): string;
  /** undefined: nothing of this address is on the page. */
  anchorOf(address: string): string | undefined;
  /** Only what a finding is about has an anchor. */
  anchorOfItem(item: Item): string | undefined;
  /** Marked values that are hidden, and unmarked ones that look like credentials. */
  readonly hidden: number;
  readonly withheld: number;
}

/** @param prefix  tells workspaces of one page apart; a word of ours */
export function toOutline(model: ReportModel, view: View, prefix: string): Outline {
  const id = (part: string): string => `${prefix}-${part}`;
  const wanted = new Set(model.results.flatMap(({ findings }) => findings.flatMap(({ address }) => address ?? [])));
  const anchors = new Map<string, string>();
  const items = new Map<Item, string>();
  for (const { name, items: all } of view.groups) {
    all.forEach((item, index) => {
      if (!wanted.has(item.change.address)) return;
      const anchor = id(`${name}-${index + 1}`);
      items.set(item, anchor);
      if (!anchors.has(item.change.address)) anchors.set(item.change.address, anchor);
    });
  }
  const { masker } = model;
  const hidden = masker === null ? 0 : countHidden(view, masker);
  const withheld = masker === null ? 0 : countWithheld(view, masker);
  const counted = (part: string, title: string, count: number): Entry[] => (count === 0 ? [] : [{ id: id(part), title, count }]);
  return {
    id,
    hidden,
    withheld,
    anchorOf: (address) => anchors.get(address),
    anchorOfItem: (item) => items.get(item),
    entries: [
      { id: id('run'), title: 'Run', count: null },
      ...counted('checks', 'Checks', model.results.length),
      ...counted(CONDITIONS.name, CONDITIONS.title, CONDITIONS.count(view)),
      ...view.groups.map(({ name, items: all }) => ({ id: id(name), title: GROUP_WORDS[name].heading, count: all.length })),
      ...PARTS.flatMap(({ name, title, count }) => counted(name, title, count(view))),
      ...counted('hidden', 'Hidden values', hidden + withheld),
    ],
  };
}
