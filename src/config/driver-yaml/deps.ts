// What the driver needs from the world. The command line makes it.
import type { Clock } from '../../base/clock.ts';
import type { Deps } from '../engine/operations.ts';
import type { AnyResource } from '../engine/resource.ts';
import type { WorkspaceFacts } from '../../hcp/management/index.ts';
import type { Clients } from '../resources/clients.ts';
import type { DriverEvent } from './plan.ts';

/** Calls side by side; the clients keep their own pace below what an API allows. */
const PARALLELISM = 10;

export interface DriverDeps {
  /** As they have read nothing yet: what they have read they do not read again, so each plan gets its own. */
  readonly clients: Clients;
  /** Every kind, in the order in which they are made where nothing else says so. They are deleted in the reverse. */
  readonly resources: readonly AnyResource<Clients>[];
  /** All of the organization. @throws Fault */
  listWorkspaces(): Promise<readonly WorkspaceFacts[]>;
  /** The workspaces that a run task is attached to, by name, whoever did it. Empty when there is no such task. @throws Fault */
  listAttached(organization: string, runTask: string): Promise<readonly string[]>;
  readonly clock: Clock;
  /** Ctrl-C: nothing new begins, what runs is finished. */
  readonly signal: AbortSignal;
  on(event: DriverEvent): void;
  /** 10 unless told. */
  readonly parallelism?: number;
}

export const limitOf = ({ parallelism }: DriverDeps): number => parallelism ?? PARALLELISM;

/** What the engine needs of it. */
export const engineDeps = ({ clients, clock, signal }: DriverDeps, progress: (text: string) => void = () => {}): Deps<Clients> => ({
  ...{ clients, clock, signal },
  progress,
});

/** Terraform's name of a kind: `runtask_workspace_run_task`. */
export const typeOf = (resource: AnyResource): string => `runtask_${resource.name}`;
