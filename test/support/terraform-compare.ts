// Terraform's text of a plan against what we tell of it: every difference as a line.
import { planLine } from '../../src/plan/counts.ts';
import { diffChange } from '../../src/plan/diff/diff-change.ts';
import { flatten } from '../../src/plan/diff/flatten.ts';
import type { Masker } from '../../src/plan/masking.ts';
import type { Plan } from '../../src/plan/model.ts';
import { diffLines } from '../../src/report/diff-lines.ts';
import { logLine } from '../../src/report/escape.ts';
import { reasonWords } from '../../src/report/reason-words.ts';
import type { Item, View } from '../../src/report/view.ts';
import type { GroupName } from '../../src/report/words.ts';
import type { ToldBody, ToldPlan, ToldResource, ToldValue } from './terraform-text.ts';
import { isInDocument, isInList, net, placeOf, spelled, toldValues, withoutBlockSteps } from './told-values.ts';

/** What a sentence of Terraform says, in our groups and in its own keywords; absent: the lines below it say why, or nothing does. */
const SENTENCES: Readonly<Record<string, { readonly group: GroupName; readonly reason?: string }>> = {
  'will be created': { group: 'create' },
  'will be updated in-place': { group: 'update' },
  'will be destroyed': { group: 'destroy' },
  'will be read during apply': { group: 'read' },
  'must be replaced': { group: 'replace', reason: 'replace_because_cannot_update' },
  'is tainted, so must be replaced': { group: 'replace', reason: 'replace_because_tainted' },
  'is tainted, so it must be replaced': { group: 'replace', reason: 'replace_because_tainted' },
  'will be replaced, as requested': { group: 'replace', reason: 'replace_by_request' },
  'will be replaced due to changes in replace_triggered_by': { group: 'replace', reason: 'replace_by_triggers' },
  'will no longer be managed by Terraform, but will not be destroyed': { group: 'forget' },
  'will be imported': { group: 'import' },
  'has moved': { group: 'move' },
  'has changed': { group: 'update' },
  'has been deleted': { group: 'destroy' },
};

const REMARKS: readonly (readonly [RegExp, string])[] = [
  [/^because resource (?:uses count or for_each|does not use count|does not use for_each)$/, 'delete_because_wrong_repetition'],
  [/^because index \[\d+\] is out of range for count$/, 'delete_because_count_index'],
  [/^because key \[".*"\] is not in for_each map$/, 'delete_because_each_key'],
  [/^because (?:module\.[\w-]+(?:\[[^\]]+\])?\.?)+ is not in configuration$/, 'delete_because_no_module'],
  [/^because .* was moved to .*, which is not in configuration$/, 'delete_because_no_move_target'],
  [/^because .* is not in configuration$/, 'delete_because_no_resource_config'],
  [/^config refers to values not yet known$/, 'read_because_config_unknown'],
  [/^depends on a resource or a module with changes pending$/, 'read_because_dependency_pending'],
  [/^config will be reloaded to verify a check block$/, 'read_because_check_nested'],
];

const ORDERS: Readonly<Record<string, string | null>> = { '-/+': 'the old one is destroyed first', '+/-': 'the new one is created first' };

/** Nothing of these is told but that they are there. */
const WITHOUT_VALUES: ReadonlySet<string> = new Set(['has moved', 'will no longer be managed by Terraform, but will not be destroyed']);

export interface Ours {
  readonly plan: Plan;
  readonly view: View;
  readonly masker: Masker;
  /** What renderTerminal says of each object: its line and its diff. */
  readonly terminal: readonly { readonly head: string; readonly body: string }[];
}

export interface Comparison {
  readonly differences: readonly string[];
  readonly addresses: number;
  /** Values that come or go, as Terraform tells them. */
  readonly values: number;
  /** Objects that are equal only when it does not count which elements of a list belong together. */
  readonly paired: number;
}

export function compare(told: ToldPlan, ours: Ours): Comparison {
  const { plan, view } = ours;
  const items = view.groups.flatMap((group) => group.items);
  const deferred = view.deferred.map(({ item }) => item);
  const found = [
    ...compareResources('change', told.changes, items, ours),
    ...compareResources('drift', told.drift, view.drift, ours),
    ...compareResources('deferred', told.deferred, deferred, ours),
    ...compareOutputs(told.outputs, ours),
  ];
  const isRefreshOnly = view.effect?.words.includes('outside of Terraform to record') ?? false;
  const hidden = found.reduce((sum, one) => sum + one.hidden, 0);
  const empty = found.reduce((sum, one) => sum + one.empty, 0);
  const resources = [...told.changes, ...told.drift, ...told.deferred];
  return {
    differences: [
      ...(told.planLine === null || told.planLine === planLine(plan.counts) ? [] : [`the line is: ${planLine(plan.counts)}`]),
      ...(told.planLine === null && items.length > 0 ? ['we tell of changes, Terraform does not'] : []),
      ...(told.nothing !== null && view.effect === null ? ['Terraform says that nothing changes'] : []),
      ...(told.isRefreshOnly === isRefreshOnly ? [] : ['we differ in whether it is a refresh-only plan']),
      ...(hidden > 0 ? [`hides ${hidden} that Terraform shows`] : []),
      ...(empty > 0 ? [`leaves out ${empty} empty lists and maps`] : []),
      ...found.flatMap(({ name, differences }) => differences.map((difference) => `${name}: ${difference}`)),
    ],
    addresses: resources.length,
    values: [...resources, ...(told.outputs === null ? [] : [told.outputs])].reduce((sum, { values }) => sum + values.length, 0),
    paired: found.filter(({ isPaired }) => isPaired).length,
  };
}

interface Found {
  readonly name: string;
  readonly differences: readonly string[];
  /** Values that Terraform shows and we hide. */
  readonly hidden: number;
  /** Empty lists and maps within something that comes or goes, which Terraform shows and we do not. */
  readonly empty: number;
  readonly isPaired: boolean;
}

const NOTHING: Omit<Found, 'name'> = { differences: [], hidden: 0, empty: 0, isPaired: false };

function compareResources(what: string, told: readonly ToldResource[], items: readonly Item[], ours: Ours): Found[] {
  const byAddress = new Map(items.map((item) => [item.address, item]));
  const known = new Set(told.map(({ address }) => address));
  const only = (address: string, who: string): Found => ({ ...NOTHING, name: `${what} ${address}`, differences: [`only ${who} of it`] });
  return [
    ...told.map((one): Found => {
      const item = byAddress.get(one.address);
      if (item === undefined) return only(one.address, 'Terraform tells');
      return { name: `${what} ${one.address}`, ...compareResource(one, item, ours) };
    }),
    ...items.filter(({ address }) => !known.has(address)).map(({ address }) => only(address, 'we tell')),
    ...(byAddress.size === items.length ? [] : [only('an address', 'we tell twice')]),
  ];
}

function compareResource(told: ToldResource, item: Item, ours: Ours): Omit<Found, 'name'> {
  const sentence = SENTENCES[told.sentence];
  const remarks = told.remarks.map((remark) => ({ remark, reason: REMARKS.find(([form]) => form.test(remark))?.[1] }));
  const reason = remarks.find((one) => one.reason !== undefined)?.reason ?? sentence?.reason ?? null;
  const said = {
    group: sentence?.group,
    // Why an object is forgotten stands in the JSON alone.
    reason: item.group === 'forget' ? item.reason : reasonWords(reason),
    order: ORDERS[told.mark] ?? null,
    movedFrom: told.movedFrom,
    // The text says no id of an import that changes nothing.
    importedFrom: told.sentence === 'will be imported' ? (item.imported?.from ?? null) : told.importedFrom,
  };
  const shown: typeof said = {
    group: item.group,
    reason: item.reason,
    order: item.order,
    movedFrom: item.change.previousAddress,
    importedFrom: item.imported?.from ?? null,
  };
  const facts = Object.entries(shown).flatMap(([name, value]) => {
    const expected = said[name as keyof typeof said];
    return expected === value ? [] : [`${name} is ${String(value)} and not ${String(expected)}`];
  });
  const notes = remarks
    .filter((one) => one.reason === undefined && !noteFor(one.remark, item))
    .map(({ remark }) => `nothing says: ${remark}`);
  if (WITHOUT_VALUES.has(told.sentence)) return { ...NOTHING, differences: [...facts, ...notes] };
  const body = compareBody(told, flatten(diffChange(item.change, ours.masker)), told.sentence === 'has changed');
  const lines = diffLines(item.change, ours.masker);
  return { ...body, differences: [...facts, ...notes, ...body.differences, ...unnamed(told, item.address, lines, ours.terminal)] };
}

const NOTES: readonly (readonly [remark: RegExp, note: RegExp])[] = [
  [/^left over from a partially-failed replacement/, /left over from a replacement/],
  [/^Warning: this will destroy the imported resource$/, /destroys the imported object/],
  [/^config will be generated$/, /writes its configuration/],
];

/** `destroy = false` is what forgetting means. */
const noteFor = (remark: string, item: Item): boolean =>
  (item.group === 'forget' && remark === 'destroy = false is set in the configuration') ||
  NOTES.some(([form, note]) => form.test(remark) && item.notes.some((words) => note.test(words)));

/** @param isPart Terraform tells only of what matters to the plan */
function compareBody(told: ToldBody, leaves: ReturnType<typeof flatten>, isPart: boolean): Omit<Found, 'name'> {
  const shown = toldValues(leaves, told.blocks);
  const by = (isPaired: typeof isInList): ValueDifferences => differ(net(told.values, isPaired), net(shown, isPaired), isPart);
  const exact = by(isInDocument);
  const values = exact.differences.length === 0 ? exact : by(isInList);
  const blocks = new Set(told.blocks.map(placeOf));
  const forced = leaves
    .filter((leaf) => leaf.forcesReplacement)
    .map(({ path }) =>
      withoutBlockSteps(
        path.map((step) => (typeof step === 'number' ? '[]' : step)),
        blocks,
      ),
    );
  return {
    hidden: values.hidden,
    empty: values.empty,
    isPaired: exact.differences.length > 0 && values.differences.length === 0,
    differences: [
      ...values.differences,
      ...told.forced.filter((path) => !forced.some((own) => shareLine(own, path))).map((path) => `${placeOf(path)} forces replacement`),
      ...forced
        .filter((own) => !told.forced.some((path) => shareLine(own, path)))
        .map((own) => `only we: ${placeOf(own)} forces replacement`),
    ],
  };
}

const shareLine = (a: readonly string[], b: readonly string[]): boolean => a.every((step, at) => b[at] === undefined || b[at] === step);

type ValueDifferences = Pick<Found, 'differences' | 'hidden' | 'empty'>;

function differ(told: readonly ToldValue[], shown: readonly ToldValue[], isPart: boolean): ValueDifferences {
  const left = new Map<string, number>();
  for (const key of shown.map(spelled)) left.set(key, (left.get(key) ?? 0) + 1);
  const take = (one: ToldValue): boolean => {
    const count = left.get(spelled(one)) ?? 0;
    if (count > 0) left.set(spelled(one), count - 1);
    return count > 0;
  };
  const missing = told.filter((one) => !take(one));
  const shownHere = missing.filter((one) => !take({ ...one, value: '(sensitive value)' }));
  const isEmpty = ({ path, value }: ToldValue): boolean => path.length > 1 && (value === '[]' || value === '{}');
  const open = shownHere.filter((one) => !isEmpty(one));
  const more = isPart ? [] : [...left].flatMap(([key, count]) => Array.from({ length: count }, () => `only we: ${key}`));
  return {
    hidden: missing.length - shownHere.length,
    empty: shownHere.length - open.length,
    differences: [...open.map((one) => `only Terraform: ${spelled(one)}`).sort(), ...more.sort()],
  };
}

function compareOutputs(told: ToldBody | null, { view, masker, terminal }: Ours): Found[] {
  const body = told ?? { values: [], forced: [], blocks: [] };
  const leaves = view.outputs.flatMap((output) =>
    flatten(diffChange(output, masker)).map((leaf) => ({ ...leaf, path: [output.name, ...leaf.path] })),
  );
  const lines = view.outputs.flatMap((output) => diffLines(output, masker, output.name));
  const found = compareBody(body, leaves, false);
  return [{ name: 'output', ...found, differences: [...found.differences, ...unnamed(body, '', lines, terminal)] }];
}

/** Is everything that changes named in the lines of the comment, and on a terminal below the line of its object? */
function unnamed({ values }: ToldBody, address: string, lines: readonly string[], terminal: Ours['terminal']): string[] {
  const text = lines.join('\n');
  const names = new Set(values.filter(({ value }) => value !== 'null').map(({ path }) => path[0] ?? ''));
  const shown = logLine(address);
  const below = terminal.filter(({ head }) => head.includes(shown)).flatMap(({ body }) => body);
  return [
    ...(below.length === 0 ? ['the terminal does not name it'] : []),
    ...[...names].filter((name) => !text.includes(name)).map((name) => `the diff does not name ${name}`),
    ...[...names].filter((name) => !below.some((body) => body.includes(logLine(name)))).map((name) => `the terminal does not name ${name}`),
  ];
}
