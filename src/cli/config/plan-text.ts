// A plan of the config tool for people: our renderer of plans, with the words of this tool above and below it. No I/O.
import type { Json } from '../../contracts/json.ts';
import type { PlanDocument } from '../../config/driver-yaml/plan-json/to-plan-json.ts';
import { hasChanges } from '../../config/driver-yaml/plan-json/to-plan-json.ts';
import { typeOf } from '../../config/driver-yaml/deps.ts';
import type { Schema } from '../../config/engine/schema.ts';
import type { ConfigPlan, PlannedItem } from '../../config/driver-yaml/plan.ts';
import { planLine } from '../../plan/counts.ts';
import type { Plan } from '../../plan/model.ts';
import { readPlan } from '../../plan/read-plan.ts';
import { logLine } from '../../report/escape.ts';
import { toPage, indented, type Page } from '../../report/terminal/paint.ts';
import { planText } from '../../report/terminal/plan.ts';
import { toView, type Item, type View } from '../../report/view.ts';
import { plural } from '../../report/words.ts';
import { toLocalModel } from '../render.ts';
import { joinAlike, type IdAttributes } from './alike.ts';

export interface TextOptions {
  readonly colour: boolean;
  /** Columns. */
  readonly width: number;
}

export interface PlanTextInput {
  readonly plan: ConfigPlan;
  readonly document: PlanDocument;
  /** As it was named: `.runtask/config.yml`. */
  readonly file: string;
  readonly destroy: boolean;
}

/** @returns lines, each with its end */
export async function* planLines({ plan, document, file, destroy }: PlanTextInput, options: TextOptions): AsyncGenerator<string> {
  const page = toPage(options.colour, options.width);
  const read = await readDocument(document);
  const model = toLocalModel(read, file);
  const { masker } = model;
  if (masker === null) throw new Error('A plan without values to hide has a masker all the same');
  // What applying comes to when nothing changes is said below, in the words of this tool.
  const view = joinAlike(withNotes({ ...toView(model), effect: null, warnings: [] }, plan.items), idsOf(plan.items));
  for (const line of planText(view, masker, page, Infinity)) yield `${line}\n`;
  for (const line of closing({ plan, read, file, destroy }, page)) yield `${line}\n`;
}

/** The document is ours: that it cannot be read is a defect, and said. */
async function readDocument(document: Json): Promise<Plan> {
  const read = await readPlan(once(Buffer.from(JSON.stringify(document))));
  if (!read.ok) throw new Error(`The plan that was made cannot be read: ${read.error.map(({ summary }) => summary).join('; ')}`);
  return read.value;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

function withNotes(view: View, items: readonly PlannedItem[]): View {
  const byAddress = new Map(items.map((item) => [item.address, item]));
  const noted = (item: Item): Item => {
    const planned = byAddress.get(item.address);
    const notes = [
      ...(planned?.changedOutside === true
        ? [planned.change.prior === null ? 'deleted outside since the last apply' : 'changed outside since the last apply']
        : []),
      ...(planned === undefined || planned.pending === null ? [] : [planned.pending]),
    ];
    // Terraform's reasons speak of for_each, and there is none in the file.
    const reason = planned?.deleteReason === 'not-declared' ? 'no longer declared' : item.reason;
    return { ...item, reason, notes: [...item.notes, ...notes] };
  };
  return { ...view, groups: view.groups.map(({ name, items: inGroup }) => ({ name, items: inGroup.map(noted) })) };
}

function idsOf(items: readonly PlannedItem[]): IdAttributes {
  const ids = new Map<string, ReadonlySet<string>>();
  for (const { resource } of items) {
    if (ids.has(typeOf(resource))) continue;
    const attributes = Object.entries(resource.schema as Schema);
    ids.set(typeOf(resource), new Set(attributes.filter(([, { stable }]) => stable === true).map(([name]) => name)));
  }
  return ids;
}

/** How many changes come after what waits. */
function heldBack(items: readonly PlannedItem[], waiting: readonly PlannedItem[]): number {
  const waits = new Set(waiting.map(({ address }) => address));
  return items.filter(({ change, dependsOn }) => change.action !== 'no-op' && dependsOn.some((address) => waits.has(address))).length;
}

function* closing(
  { plan, read, file, destroy }: Pick<PlanTextInput, 'plan' | 'file' | 'destroy'> & { readonly read: Plan },
  page: Page,
): Generator<string> {
  const unchanged = plan.items.filter(({ change, importing }) => change.action === 'no-op' && !importing);
  const waiting = unchanged.filter(({ pending }) => pending !== null);
  if (waiting.length > 0) {
    yield '';
    yield page.paint('bold', `Waiting (${waiting.length})`);
    for (const { address, pending } of waiting) yield* indented(`${address}: ${pending ?? ''}`, page, '      ');
    const held = heldBack(plan.items, waiting);
    if (held > 0) yield* indented(`${plural(held, 'change')} above ${held === 1 ? 'is' : 'are'} not begun before that.`, page, '      ');
  }
  yield '';
  if (hasChanges(plan)) {
    yield page.paint('bold', `Plan: ${planLine(read.counts)}.`);
    if (unchanged.length > 0) yield page.paint('dim', `${unchanged.length} of ${plan.items.length} objects stay as they are.`);
    return;
  }
  if (read.errored) return;
  const sentence = destroy
    ? `Nothing to destroy: nothing of what ${file} declares, or once declared, is there.`
    : plan.items.length === 0
      ? `No changes. ${file} declares nothing.`
      : `No changes. HCP Terraform and GitHub are as ${file} declares them (${plural(plan.items.length, 'object')}).`;
  yield page.paint('green', logLine(sentence));
}
