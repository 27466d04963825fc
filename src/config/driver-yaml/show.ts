// The objects of a configuration as they are: what is declared and there, and what the record knows beyond that.
import type { Diagnostic } from '../../base/diagnostics.ts';
import type { AnyResource } from '../engine/resource.ts';
import type { ValueMap } from '../engine/values.ts';
import type { Clients } from '../resources/clients.ts';
import type { DriverDeps } from './deps.ts';
import type { LoadedConfig } from './loaded-config.ts';
import { planConfig } from './plan-config.ts';

export interface ShownObject {
  readonly address: string;
  readonly name: string;
  readonly index: string | null;
  readonly resource: AnyResource<Clients>;
  readonly id: string;
  readonly state: ValueMap;
  /** false: others made it; the next apply would take it over. */
  readonly ours: boolean;
  /** false: only the record knows it; the next apply would delete it. */
  readonly declared: boolean;
  readonly pending: string | null;
}

/** @returns what is there; what could not be read is in the diagnostics */
export async function showConfig(
  loaded: LoadedConfig,
  deps: DriverDeps,
): Promise<{ readonly objects: readonly ShownObject[]; readonly diagnostics: readonly Diagnostic[] }> {
  const { items, diagnostics } = await planConfig(loaded, { destroy: false, review: false }, deps);
  const objects = items.flatMap(({ address, name, index, resource, id, change, importing, item, pending }) =>
    id === null || change.prior === null
      ? []
      : [{ address, name, index, resource, id, state: change.prior, ours: !importing, declared: item !== null, pending }],
  );
  return { objects, diagnostics };
}
