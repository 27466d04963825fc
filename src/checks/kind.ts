// What a kind of check is: the interface between the runner (run-checks.ts) and the kinds in the catalogue. Types only.
import type { Worker, WorkerOptions } from 'node:worker_threads';
import type { Clock } from '../base/clock.ts';
import type { CheckSpec, Params } from '../contracts/checks-file.ts';
import type { RunFacts } from '../contracts/run-facts.ts';
import type { Finding } from '../findings/finding.ts';
import type { Plan } from '../plan/model.ts';

/** A finding before the runner has masked it and filled in what the check's author said once for all of them. */
export interface FindingDraft {
  readonly message: string;
  /** Default `error`. */
  readonly level?: Finding['level'];
  /** Default: the check's. */
  readonly severity?: Finding['severity'];
  readonly ruleId?: string | null;
  /** Default: the check's. */
  readonly help?: string | null;
  /** Dropped unless it is an address of the plan. */
  readonly address?: string | null;
  readonly action?: string | null;
  readonly file?: string | null;
  readonly line?: number | null;
  /** Which attribute or block of the resource it is about: its line is told when the configuration is at hand. */
  readonly attribute?: string | null;
  readonly url?: string | null;
  /** Of how many findings this one tells. Default: itself. */
  readonly standsFor?: number;
}

/** `reason` is null when the check came to its end. With a reason it errored; findings made before that still count. */
export interface KindOutcome {
  readonly findings: readonly FindingDraft[];
  readonly reason: string | null;
}

/**
 * Starts the thread in which expressions are evaluated. The default starts the file beside it; the bundled action has one file
 * only and starts that again: `(role, options) => new Worker(process.argv[1], options)`, where `options.workerData.role` is `role`.
 */
export type StartWorker = (role: 'cel', options: WorkerOptions) => Worker;

/** What a script check's process is started with, and which files and folders it must be able to read for that. */
export interface ScriptProgram {
  readonly file: string;
  readonly readable: readonly string[];
}

/** What a kind may use of the run; the same for all checks. */
export interface KindContext {
  readonly run: RunFacts;
  /** null: the run has none, or it could not be read. Checks that need one never get here then. */
  readonly plan: Plan | null;
  readonly planPath: string | null;
  readonly configurationDir: string | null;
  /** The trusted checkout. */
  readonly workspaceDir: string;
  /** When the job began, milliseconds since the epoch: a report that is older is not of this run. null: not known, not asked. */
  readonly jobStartedAt: number | null;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly startWorker: StartWorker;
  readonly scriptProgram: ScriptProgram;
}

export interface CheckTask<Spec> {
  readonly check: CheckSpec;
  readonly spec: Spec;
  /** Those of the file, and over them those of the check. */
  readonly params: Params;
  /** Where the check's relative paths begin, and the working directory of its tools: the checkout that its file is of. */
  readonly baseDir: string;
  /** Is this address one that the check is not asked of? Asking saves work; the runner drops such findings anyway. */
  readonly isExcepted: (address: string) => boolean;
  /**
   * For `runtask check --explain`: what was looked at (an address, a command) and what became of it, one call for each subject. null:
   * nobody asks. The runner masks what is said.
   */
  readonly explain: ((subject: string, saw: string) => void) | null;
  /** Aborts at the check's timeout or when the whole run ends; `run` must stop what it started and settle soon after. */
  readonly signal: AbortSignal;
}

/** A kind at work in one run: holds what its checks share (a thread, a temporary folder). */
export interface OpenKind<Spec> {
  /** @throws anything: the runner makes it an errored check */
  run(task: CheckTask<Spec>): Promise<KindOutcome>;
  close(): Promise<void>;
}

export interface Kind<Spec> {
  readonly name: string;
  /** Can this check say anything without a plan? */
  needsPlan(spec: Spec): boolean;
  open(context: KindContext): OpenKind<Spec>;
}
