// What a job and its phases share while it runs: the machine, the plan, what earlier steps left behind. Types only.
import type { Clock } from '../../../base/clock.ts';
import type { Phase } from '../model.ts';
import type { JobFolders, JobPlan, JobVariables } from './contexts.ts';
import type { JobLog } from './job-log.ts';
import type { Masks } from './masks.ts';
import type { Grace } from './process.ts';

/** A test's hand in a job: called around a phase's process. */
export interface StepHook {
  /** The step's name, id, `uses`, or its title in the log. */
  readonly step: string | RegExp;
  readonly phase: Phase;
  readonly before?: () => Promise<void>;
  readonly after?: () => Promise<void>;
}

/** What all jobs of an emulator share. */
export interface Machine {
  readonly clock: Clock;
  readonly url: string;
  readonly nodePath: string;
  /** PATH of the jobs; null: node's folder and the system's. */
  readonly path: string | null;
  readonly workRoot: string;
  readonly actions: Readonly<Record<string, string>>;
  readonly grace: Grace;
  readonly hooks: readonly StepHook[];
  readonly changed: () => void;
}

export interface JobState {
  readonly plan: JobPlan;
  readonly machine: Machine;
  readonly folders: JobFolders;
  readonly variables: JobVariables;
  readonly log: JobLog;
  readonly masks: Masks;
  /** Aborted: everything is killed and nothing more is started. */
  readonly kill: AbortController;
  /** Process groups that outlived their step. */
  readonly groups: Set<number>;
  current: { readonly condition: () => boolean; readonly interrupt: AbortController } | null;
}
