// Makes the plan of a whole configuration: everything that it declares, and everything that the record says it once declared. Reads, and
// changes nothing. What is wrong is told all at once: one mistake never hides another.
import { hasErrors as anyErrors, type Diagnostic } from '../../base/diagnostics.ts';
import { describeThrown } from '../../base/fault.ts';
import { UNKNOWN } from '../engine/values.ts';
import type { Expanded, Item } from './item.ts';
import type { LoadedConfig } from './loaded-config.ts';
import { orderDeletes } from './delete-order.ts';
import { limitOf, typeOf, type DriverDeps } from './deps.ts';
import { tellForeign } from './foreign.ts';
import { findCircle, walkGraph } from './graph.ts';
import { tellLost } from './lost-selections.ts';
import { planOrphans } from './orphans.ts';
import { planItem, valueFrom, type PlannedOne } from './plan-item.ts';
import type { ConfigPlan, PlannedItem, RecordedObject } from './plan.ts';
import { claimEntries, type Claims } from './record/claims.ts';
import { checkHosts, emptyRecord, type RecordData, type RecordHosts } from './record/record-file.ts';
import { readRecord, recordFileOf } from './record/record-store.ts';
import { idsOf, needsOf, referencedBy, type ValueOf } from './references.ts';
import { reviewPlan } from './review-plan.ts';
import { summarize, tellMistakes, tellOf, withoutRepetition, type Told } from './tell.ts';

export interface PlanOptions {
  /** Plan to delete everything that is ours. */
  readonly destroy: boolean;
  /** false: only look at what is there (`show`, `import`). */
  readonly review?: boolean;
}

/** @throws never for what is wrong in the file or the world: that is in the plan's diagnostics */
export async function planConfig(loaded: LoadedConfig, options: PlanOptions, deps: DriverDeps): Promise<ConfigPlan> {
  const diagnostics: Diagnostic[] = [];
  const unfinished = (): ConfigPlan => ({ items: [], diagnostics: withoutRepetition(diagnostics), forgotten: [] });

  const recordFile = recordFileOf(loaded.file);
  const record = await recordOf(loaded, recordFile, diagnostics);
  const expanded = await declaredBy(loaded, deps, diagnostics);
  if (expanded === null) return unfinished();
  const { items, empty = [] } = expanded;
  // What is not expanded would look as if it were no longer declared.
  const complete = !anyErrors(diagnostics);
  diagnostics.push(...structureOf(loaded, items));
  if (anyErrors(diagnostics) && findCircle(items.map(asNode)) !== null) return unfinished();

  const ids = idsOf(items);
  const claims = claimEntries(record, declaredObjects(items, ids));
  const { planned, told, mistakes } = await planItems(loaded, items, claims, options.destroy, deps);
  diagnostics.push(...mistakes);
  const one: PlannedItem[] = [];
  const forgotten: RecordedObject[] = [];
  for (const item of items) {
    const result = planned.get(item.address);
    if (result === undefined) continue;
    if (options.destroy) destroyOne(item, result, { one, forgotten, told, loaded, claims });
    else if (result.plan !== null) one.push(declared(item, result));
  }

  // An item whose id is not known might be any of its kind that the record knows.
  const uncertain = new Set(
    items.filter(({ address }) => (planned.get(address)?.id ?? null) === null).map(({ resource }) => typeOf(resource)),
  );
  const orphans = complete ? claims.orphans.filter(({ type }) => !uncertain.has(type)) : [];
  const gone = await planOrphans(
    orphans,
    { recordFile, destroy: options.destroy, taken: new Set(items.map(({ address }) => address)) },
    deps,
  );
  const all = [...one, ...gone.items];
  told.push(...gone.told);
  if (options.review !== false && !deps.signal.aborted) {
    told.push(...(await reviewPlan(loaded, recordFile, all, planned, deps)));
    diagnostics.push(...tellLost(loaded, empty, gone.items));
    if (complete) diagnostics.push(...(await tellForeign(loaded, recordFile, all, deps)));
  }
  const deletes = new Map(orderDeletes(all, deps.resources).map((item) => [item.address, item]));
  const present = new Set(all.map(({ address }) => address));
  if (deps.signal.aborted) diagnostics.push({ severity: 'error', summary: 'Interrupted', detail: 'There is no plan.', path: '' });
  return {
    items: all.map((item) => deletes.get(item.address) ?? { ...item, dependsOn: item.dependsOn.filter((need) => present.has(need)) }),
    diagnostics: withoutRepetition([...diagnostics, ...summarize(told)]),
    forgotten: [...forgotten, ...gone.forgotten],
  };
}

export const hostsOf = ({ settings }: LoadedConfig): RecordHosts => ({ hcp: settings.hcp.url, github: settings.github?.apiUrl ?? null });

async function recordOf(loaded: LoadedConfig, file: string, diagnostics: Diagnostic[]): Promise<RecordData> {
  const read = await readRecord(file);
  const wrong = read.ok ? checkHosts(read.value, hostsOf(loaded), file) : read.error;
  if (wrong !== null) diagnostics.push(wrong);
  return read.ok && wrong === null ? read.value : emptyRecord;
}

/** @returns null when the workspaces cannot be listed: without them every selector would seem to match nothing */
async function declaredBy(loaded: LoadedConfig, deps: DriverDeps, diagnostics: Diagnostic[]): Promise<Expanded | null> {
  try {
    if (loaded.needsWorkspaces) deps.on({ type: 'reading', done: 0, total: null, what: 'workspaces' });
    const workspaces = loaded.needsWorkspaces ? await deps.listWorkspaces() : [];
    const expanded = loaded.expand(workspaces);
    diagnostics.push(...expanded.problems.map((found) => loaded.tell(found.place, found)));
    return expanded;
  } catch (thrown) {
    diagnostics.push(
      loaded.tell(['hcp'], { severity: 'error', summary: 'The workspaces cannot be listed', detail: describeThrown(thrown) }),
    );
    return null;
  }
}

const asNode = (item: Item): { id: string; needs: string[] } => ({ id: item.address, needs: needsOf(item) });

/** What cannot come from the file as it is read today, and would make a wrong plan if it did. */
function structureOf(loaded: LoadedConfig, items: readonly Item[]): Diagnostic[] {
  const tell = (item: Item, summary: string, detail: string): Diagnostic =>
    loaded.tell(item.placeOf([]), { severity: 'error', summary, detail });
  const found: Diagnostic[] = [];
  const byAddress = new Map<string, Item>();
  const byId = new Map<string, Item>();
  const ids = idsOf(items);
  for (const item of items) {
    const id = `${typeOf(item.resource)} ${ids.get(item.address) ?? item.address}`;
    const same = byAddress.get(item.address) ?? byId.get(id);
    if (same !== undefined)
      found.push(tell(item, `Declared twice: ${item.address}`, `It is the same object as ${same.address}. Keep one.`));
    byAddress.set(item.address, item);
    byId.set(id, item);
  }
  for (const item of items) {
    for (const need of needsOf(item)) {
      if (!byAddress.has(need)) found.push(tell(item, `${item.address} refers to what is not declared`, `There is no ${need}.`));
    }
  }
  const circle = findCircle(items.map(asNode));
  const first = byAddress.get(circle?.[0] ?? '');
  if (circle !== null && first !== undefined) {
    found.push(tell(first, 'These wait for each other', `${circle.join(' -> ')}. Take one of the references out.`));
  }
  return found;
}

const declaredObjects = (items: readonly Item[], ids: ReadonlyMap<string, string>): RecordedObject[] =>
  items.flatMap(({ address, resource }) => {
    const id = ids.get(address);
    return id === undefined ? [] : [{ type: typeOf(resource), id }];
  });

/** Each after those whose values it uses, so many at a time. */
async function planItems(
  loaded: LoadedConfig,
  items: readonly Item[],
  claims: Claims,
  destroy: boolean,
  deps: DriverDeps,
): Promise<{ planned: ReadonlyMap<string, PlannedOne>; told: Told[]; mistakes: Diagnostic[] }> {
  const planned = new Map<string, PlannedOne>();
  const byAddress = new Map(items.map((item) => [item.address, item]));
  let done = 0;
  const nodes = items.map((item) => ({ id: item.address, needs: referencedBy(item), item }));
  deps.on({ type: 'reading', done, total: items.length, what: 'objects' });
  await walkGraph(nodes, limitOf(deps), async ({ item }) => {
    if (deps.signal.aborted) return;
    const valueOf: ValueOf = ({ address, attribute }) => {
      const [other, result] = [byAddress.get(address), planned.get(address)];
      return other === undefined || result === undefined ? UNKNOWN : valueFrom(result, other, attribute);
    };
    planned.set(item.address, await planItem(item, { destroy, claims, valueOf }, deps));
    deps.on({ type: 'reading', done: ++done, total: items.length, what: 'objects' });
  });
  // In the order of the file, not in that of the answers.
  const inOrder = items.flatMap((item) => {
    const result = planned.get(item.address);
    return result === undefined ? [] : [{ item, result }];
  });
  return {
    planned,
    told: inOrder.flatMap(({ item, result }) => tellOf(loaded, item, result.trouble)),
    mistakes: inOrder.flatMap(({ item, result }) => tellMistakes(loaded, item, result.mistakes)),
  };
}

function declared(item: Item, { id, plan }: PlannedOne): PlannedItem {
  if (plan === null) throw new Error(`${item.address} has no plan`);
  return {
    ...{ address: item.address, name: item.name, index: item.index, resource: item.resource, id, change: plan.change, item },
    importing: plan.found !== null && !plan.ours,
    changedOutside: plan.changedOutside,
    deleteReason: null,
    dependsOn: needsOf(item),
    pending: plan.pending,
  };
}

/** What is ours goes; what others made stays, and is named. */
function destroyOne(
  item: Item,
  result: PlannedOne,
  into: { one: PlannedItem[]; forgotten: RecordedObject[]; told: Told[]; loaded: LoadedConfig; claims: Claims },
): void {
  const { plan, id } = result;
  if (plan === null || id === null) return;
  const object = { type: typeOf(item.resource), id };
  const recorded = into.claims.entryOf(object);
  if (plan.found === null) {
    if (recorded !== null) into.forgotten.push({ type: object.type, id: recorded.id });
    return;
  }
  // Somebody took our mark out, or made another object of the same name: then the record alone is no reason to delete it.
  if (plan.ours && plan.found.managed !== false) {
    into.one.push({ ...declared(item, result), importing: false, deleteReason: 'destroy' });
    return;
  }
  const summary = 'Left alone: it was not made by this configuration';
  const detail = recorded === null ? 'Delete it by hand if it is to go.' : 'Its mark is gone. Delete it by hand if it is to go.';
  into.told.push(...tellOf(into.loaded, item, [{ severity: 'warning', summary, detail, path: [] }]));
}
