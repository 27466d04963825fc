// `runtask config import TYPE ID`: looks at one object, says where it is declared and what the next apply would change, and takes it over
// into the record. Nothing of the object itself is changed. A plan shows the same of everything that is declared; this is for taking one
// thing over before the rest is ready.
import { hasErrors, type Diagnostic } from '../../base/diagnostics.ts';
import { describeThrown, Fault } from '../../base/fault.ts';
import { importObject as lookFor, keyOf } from '../engine/import.ts';
import type { Change } from '../engine/operations.ts';
import type { AnyResource } from '../engine/resource.ts';
import type { ValueMap } from '../engine/values.ts';
import type { Clients } from '../resources/clients.ts';
import { declarationOf } from './declaration.ts';
import { engineDeps, typeOf, type DriverDeps } from './deps.ts';
import type { LoadedConfig } from './loaded-config.ts';
import { hostsOf, planConfig } from './plan-config.ts';
import type { PlannedItem } from './plan.ts';
import { claimEntries, declaredObjects } from './record/claims.ts';
import type { Lock } from './record/lock.ts';
import { openRecord, readRecord } from './record/record-store.ts';
import { entryOf } from './record/remember.ts';

export interface ImportedObject {
  readonly resource: AnyResource<Clients>;
  readonly id: string;
  readonly state: ValueMap;
  /** null: the file does not declare it, and it is not in the record. */
  readonly declared: {
    readonly address: string;
    /** What the next apply would do. */
    readonly change: Change;
    readonly item: PlannedItem;
    /** It was ours before. */
    readonly alreadyOurs: boolean;
  } | null;
  /** YAML that declares it as it is; null when it is declared, or the file has no words for it. */
  readonly declaration: string | null;
}

export interface ImportResult {
  /** null: see the diagnostics. */
  readonly object: ImportedObject | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * @param type  `runtask_workspace_run_task`, or without `runtask_`
 * @param id    `acme/net-prod/gate`
 */
export async function importConfig(
  loaded: LoadedConfig,
  { type, id }: { readonly type: string; readonly id: string },
  lock: Lock,
  deps: DriverDeps,
): Promise<ImportResult> {
  const refuse = (summary: string, detail: string): ImportResult => ({
    object: null,
    diagnostics: [{ severity: 'error', summary, detail, path: '' }],
  });
  const resource = deps.resources.find((known) => type === known.name || type === typeOf(known));
  if (resource === undefined) {
    return refuse(`There is no type ${JSON.stringify(type)}`, `Use one of: ${deps.resources.map(typeOf).join(', ')}.`);
  }
  if (keyOf(resource, id) === null) {
    return refuse(`Not an import id of ${typeOf(resource)}: ${JSON.stringify(id)}`, `Write ${resource.import.form}.`);
  }
  const plan = await planConfig(loaded, { destroy: false, review: false }, deps);
  const own = plan.items.filter((item) => item.resource === resource && item.id !== null);
  const planned = own.find((item) => item.id === id) ?? own.find((item) => item.id?.toLowerCase() === id.toLowerCase());
  if (planned === undefined) {
    // With errors nobody can say that it is not declared.
    if (hasErrors(plan.diagnostics)) return { object: null, diagnostics: plan.diagnostics };
    const { value, problems } = await lookFor(resource, id, engineDeps(deps));
    const diagnostics = problems.map(({ severity, summary, detail }) => ({ severity, summary, detail, path: '' }));
    if (value === null) return { object: null, diagnostics };
    const object = { resource, id, state: value.state, declared: null, declaration: declarationOf(resource, value.state) };
    return { object, diagnostics };
  }
  const { address, change, importing, item } = planned;
  if (change.prior === null) {
    return refuse(`There is no ${typeOf(resource)} ${JSON.stringify(id)}`, `${address} declares it: the next apply makes it.`);
  }
  const diagnostics = [...plan.diagnostics];
  if (importing) {
    const wrong = await adopt(loaded, plan.items, planned, change.prior, lock);
    if (wrong !== null) return { object: null, diagnostics: [...diagnostics, wrong] };
  }
  const declared = { address, change, item: planned, alreadyOurs: !importing };
  const declaration = item === null ? declarationOf(resource, change.prior) : null;
  return { object: { resource, id: planned.id ?? id, state: change.prior, declared, declaration }, diagnostics };
}

/** @returns why it could not be written down */
async function adopt(
  loaded: LoadedConfig,
  items: readonly PlannedItem[],
  planned: PlannedItem,
  state: ValueMap,
  lock: Lock,
): Promise<Diagnostic | null> {
  const read = await readRecord(lock.recordFile);
  if (!read.ok) return read.error;
  const store = openRecord(lock.recordFile, read.value, hostsOf(loaded));
  const object = { type: typeOf(planned.resource), id: planned.id ?? '' };
  const alias = claimEntries(read.value, declaredObjects(items)).entryOf(object)?.id;
  if (alias !== undefined && alias !== object.id) store.remove({ type: object.type, id: alias });
  store.put(object, entryOf(planned.resource, planned, state));
  try {
    await store.save();
    return null;
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return { severity: 'error', summary: describeThrown(thrown), detail: 'Nothing was taken over.', path: '', file: lock.recordFile };
  }
}
