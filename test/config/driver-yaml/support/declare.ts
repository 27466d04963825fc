// A configuration of gates and links, as the reader of YAML would hand it over, and the driver's commands on it.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { applyPlan } from '../../../../src/config/driver-yaml/apply-plan.ts';
import type { DriverDeps } from '../../../../src/config/driver-yaml/deps.ts';
import { Reference, type Item } from '../../../../src/config/driver-yaml/item.ts';
import type { LoadedConfig } from '../../../../src/config/driver-yaml/loaded-config.ts';
import { planConfig } from '../../../../src/config/driver-yaml/plan-config.ts';
import type { ApplyResult, ConfigPlan, DriverEvent } from '../../../../src/config/driver-yaml/plan.ts';
import { acquireLock } from '../../../../src/config/driver-yaml/record/lock.ts';
import { recordFileOf } from '../../../../src/config/driver-yaml/record/record-store.ts';
import type { Value } from '../../../../src/config/engine/values.ts';
import type { Clients } from '../../../../src/config/resources/clients.ts';
import { formatPath } from '../../../../src/documents/path.ts';
import { createManualClock } from '../../../support/manual-clock.ts';
import type { World } from './world.ts';

export interface Declared {
  readonly kind: 'gate' | 'link';
  readonly name: string;
  readonly index?: string;
  readonly config: Item['config'];
  readonly after?: readonly string[];
}

export const gate = (name: string, config: Readonly<Record<string, Value>> = {}, after: readonly string[] = []): Declared => ({
  ...{ kind: 'gate', name, after },
  config: { name, ...config },
});
/** Refers to the gate's name, and to its id when `byId`. */
export const link = (name: string, to: string, { byId = false, after = [] as readonly string[] } = {}): Declared => ({
  ...{ kind: 'link', name: to, index: name, after },
  config: {
    name,
    gate: new Reference(`runtask_gate.${to}`, 'name'),
    ...(byId ? { gate_id: new Reference(`runtask_gate.${to}`, 'id') } : {}),
  },
});
export const addressOf = ({ kind, name, index }: Declared): string =>
  `runtask_${kind}.${name}${index === undefined ? '' : `[${JSON.stringify(index)}]`}`;

export interface Bench {
  readonly folder: string;
  readonly recordFile: string;
  readonly events: DriverEvent[];
  readonly clock: ReturnType<typeof createManualClock>;
  loaded(declared: readonly Declared[]): LoadedConfig;
  deps(signal?: AbortSignal): DriverDeps;
  plan(declared: readonly Declared[], destroy?: boolean): Promise<ConfigPlan>;
  /** Plans and applies. */
  apply(declared: readonly Declared[], options?: { readonly destroy?: boolean; readonly signal?: AbortSignal }): Promise<ApplyResult>;
  carryOut(declared: readonly Declared[], plan: ConfigPlan, signal?: AbortSignal): Promise<ApplyResult>;
  /** The record as data. */
  record(): { objects: Record<string, Record<string, Record<string, unknown>>> };
}

export function createBench(world: World, more: Partial<DriverDeps> = {}): Bench {
  const folder = mkdtempSync(path.join(tmpdir(), 'driver-'));
  const file = path.join(folder, 'config.yml');
  const recordFile = recordFileOf(file);
  const events: DriverEvent[] = [];
  const clock = createManualClock();
  const loaded = (declared: readonly Declared[]): LoadedConfig => ({
    file,
    settings: {
      hcp: { hostname: 'app.terraform.io', url: 'https://app.terraform.io', organization: 'acme', token: 'token-of-hcp' },
      github: null,
    },
    secrets: [],
    needsWorkspaces: true,
    expand: () => ({
      problems: [],
      items: declared.map((one) => ({
        ...{ address: addressOf(one), name: one.name, index: one.index ?? null, config: one.config, after: one.after ?? [] },
        resource: world[one.kind],
        placeOf: (at) => [one.kind, one.index ?? one.name, ...at],
      })),
    }),
    tell: (place, { severity, summary, detail }) => ({ severity, summary, detail, path: formatPath(place), file: 'config.yml' }),
  });
  const deps = (signal: AbortSignal = new AbortController().signal): DriverDeps => ({
    clients: {} as Clients,
    resources: world.resources,
    listWorkspaces: async () => [],
    listAttached: async () => [],
    ...{ clock, signal, on: (event) => void events.push(event) },
    ...more,
  });
  const carryOut: Bench['carryOut'] = async (declared, plan, signal) => {
    const lock = await acquireLock(recordFile, { clock });
    if (!lock.ok) throw new Error(lock.error.summary);
    try {
      return await applyPlan(loaded(declared), plan, lock.value, deps(signal));
    } finally {
      await lock.value.release();
    }
  };
  const plan: Bench['plan'] = (declared, destroy = false) => planConfig(loaded(declared), { destroy }, deps());
  return {
    ...{ folder, recordFile, events, clock, loaded, deps, plan, carryOut },
    apply: async (declared, { destroy = false, signal } = {}) => carryOut(declared, await plan(declared, destroy), signal),
    record: () => JSON.parse(readFileSync(recordFile, 'utf8')) as ReturnType<Bench['record']>,
  };
}

/** What a plan would do, one line each: `create runtask_gate.a`, `import+update …`. */
export const actionsOf = ({ items }: ConfigPlan): string[] =>
  items.map(({ address, change, importing }) => `${importing ? 'import+' : ''}${change.action} ${address}`);
export const DONE: Omit<ApplyResult, 'added' | 'changed' | 'destroyed' | 'imported'> = {
  ...{ skipped: [], failed: [], pending: [], interrupted: false, diagnostics: [] },
};
