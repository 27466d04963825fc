// Runs from queued to completed: which job starts when, cancelling, re-running, a runner that is lost. What happens inside a job
// is in job.ts.
import type { Annotation, Conclusion, JobRecord, WorkflowRun } from '../model.ts';
import type { World } from '../world.ts';
import { concurrencyOf, displacedBy } from './concurrency.ts';
import { holds, interpolate, type JobStatus } from './expressions.ts';
import type { JobLog } from './job-log.ts';
import type { Machine } from './job-state.ts';
import { type RunningJob, startJob } from './job.ts';
import { forbiddenActions } from './allowed-actions.ts';
import { newJobRecord, planJob, type PlannedJob } from './plan-job.ts';
import { type DispatchEvent, runsOf } from './trigger.ts';
import { brokenNeeds, needsOf, type Workflow } from './workflow-file.ts';
import { stackOf } from '../thrown.ts';

export interface Runner {
  /** @returns the runs that the event started, queued */
  dispatch(event: DispatchEvent): WorkflowRun[];
  /** @returns false when there is nothing left to cancel */
  cancel(run: WorkflowRun): boolean;
  /** Kills at once: not even `always()` runs. */
  forceCancel(run: WorkflowRun): boolean;
  /** @returns false while the run is not completed */
  rerun(run: WorkflowRun): boolean;
  /** The machine is gone: nothing more is heard of it, and GitHub gives it up ten minutes later. */
  lose(run: WorkflowRun): void;
  /** `off`: runs stay queued, as when no runner is free. */
  setMode(mode: 'auto' | 'off'): void;
  /** The job that may ask for an OIDC token with this request token; null after its end. */
  idTokenJob(requestToken: string): IdTokenJob | null;
  /** Kills everything and forgets it. */
  stop(): Promise<void>;
}

export interface IdTokenJob {
  readonly run: WorkflowRun;
  readonly record: JobRecord;
  readonly environment: string | null;
}

// A job's lock is renewed every 60 s and held for ten minutes (actions/runner 2.336.0, JobDispatcher; actions/runner#1546).
const LOST_AFTER_MS = 10 * 60_000;

interface Playing {
  readonly jobs: Map<string, RunningJob>;
  cancelled: boolean;
  /** Set when its runner is lost: resolves when GitHub gives up. */
  lost: Promise<void> | null;
}

export function createRunner(
  world: World,
  machine: Omit<Machine, 'url' | 'changed'>,
  options: { readonly mode: 'auto' | 'off'; readonly log: (line: string) => void },
): Runner {
  let mode = options.mode;
  const workflows = new Map<WorkflowRun, Workflow>();
  const waiting: WorkflowRun[] = [];
  const playing = new Map<WorkflowRun, Playing>();
  const idTokenJobs = new Map<string, IdTokenJob>();
  const tasks = new Set<Promise<void>>();
  const groups = new Map<WorkflowRun, string>();
  const logs = new WeakMap<JobRecord, JobLog>();

  function enqueue(run: WorkflowRun): void {
    const workflow = workflows.get(run);
    run.jobs = Object.keys(workflow?.jobs ?? {}).map((key) => newJobRecord(world, key, (record) => logs.get(record)));
    if (workflow === undefined || run.problems.length > 0) return finish(run, 'startup_failure');
    const wanted = concurrencyOf(run, workflow);
    if (wanted !== null) {
      const before = membersOf(wanted.group).filter((other) => other !== run);
      groups.set(run, wanted.group);
      if (before.length > 0) run.status = 'pending';
      displacedBy(wanted, before).forEach(cancelRun);
    }
    waiting.push(run);
    drain();
  }

  const membersOf = (group: string): WorkflowRun[] => world.runs.filter((run) => groups.get(run) === group && run.status !== 'completed');

  function drain(): void {
    if (mode === 'off') return;
    for (const run of [...waiting]) {
      if (run.status === 'pending') continue;
      waiting.splice(waiting.indexOf(run), 1);
      const state: Playing = { jobs: new Map(), cancelled: false, lost: null };
      playing.set(run, state);
      const task = play(run, state).finally(() => tasks.delete(task));
      tasks.add(task);
    }
  }

  async function play(run: WorkflowRun, state: Playing): Promise<void> {
    // The answer to the dispatch goes out first, as it does on GitHub.
    await new Promise((resolve) => setImmediate(resolve));
    const workflow = workflows.get(run);
    if (workflow === undefined || run.status === 'completed') return;
    const started = new Map<string, Promise<void>>();
    const start = (record: JobRecord): Promise<void> => {
      const known = started.get(record.key);
      if (known !== undefined) return known;
      const promise = Promise.all(needsOf(workflow.jobs[record.key]).map((key) => start(expectJob(run, key)))).then(() =>
        playJob(run, workflow, record, state),
      );
      started.set(record.key, promise);
      return promise;
    };
    await Promise.all(run.jobs.map(start));
    playing.delete(run);
    const conclusions = run.jobs.map((job) => job.conclusion);
    finish(run, (['failure', 'cancelled', 'success', 'skipped'] as const).find((c) => conclusions.includes(c)) ?? 'success');
  }

  async function playJob(run: WorkflowRun, workflow: Workflow, record: JobRecord, state: Playing): Promise<void> {
    const job = workflow.jobs[record.key];
    if (job === undefined) return;
    const needs = needsOf(job).map((key) => expectJob(run, key));
    const status: JobStatus = state.cancelled ? 'cancelled' : needs.every((n) => n.conclusion === 'success') ? 'success' : 'failure';
    let plan: PlannedJob | null = null;
    try {
      plan = planJob(world, run, workflow, job, record, needs);
      if (!holds(job.if, plan.contexts, status)) return conclude(run, record, state.cancelled ? 'cancelled' : 'skipped');
      admit(plan);
      record.name = interpolate(job.name ?? record.key, plan.contexts);
      record.status = 'in_progress';
      record.startedAt = world.clock.now();
      run.status = 'in_progress';
      run.updatedAt = world.clock.now();
      world.changed();
      const running = startJob(plan, { ...machine, url: world.url, changed: world.changed });
      logs.set(record, running.log);
      state.jobs.set(record.key, running);
      const conclusion = await running.done;
      state.jobs.delete(record.key);
      if (state.lost !== null) {
        await state.lost;
        record.annotations.push(LOST);
      }
      dismiss(plan);
      conclude(run, record, state.lost === null ? conclusion : 'failure');
    } catch (thrown) {
      // A mistake in the workflow (an expression) or in this emulator: the test sees it in `problems`, never a hanging run.
      run.problems.push(`job ${record.key}: ${stackOf(thrown)}`);
      if (plan !== null) dismiss(plan);
      conclude(run, record, 'failure');
    }
  }

  /** The job's tokens live from its start to its end. */
  function admit({ token, permissions, idTokenRequest, run, record, environment }: PlannedJob): void {
    world.tokens.set(token, {
      kind: 'job',
      repositoryId: run.repository.id,
      permissions: permissions.token,
      checkRunId: record.checkRunId,
    });
    if (idTokenRequest !== null) idTokenJobs.set(idTokenRequest.token, { run, record, environment });
  }

  function dismiss({ token, idTokenRequest }: PlannedJob): void {
    world.tokens.delete(token);
    if (idTokenRequest !== null) idTokenJobs.delete(idTokenRequest.token);
  }

  function conclude(run: WorkflowRun, record: JobRecord, conclusion: Conclusion): void {
    record.status = 'completed';
    record.conclusion = conclusion;
    record.completedAt = world.clock.now();
    for (const step of record.steps) {
      if (step.status === 'completed') continue;
      step.status = 'completed';
      step.conclusion = conclusion;
      step.completedAt = world.clock.now();
    }
    run.updatedAt = world.clock.now();
    world.changed();
  }

  function finish(run: WorkflowRun, conclusion: Conclusion): void {
    run.status = 'completed';
    run.conclusion = conclusion;
    run.updatedAt = world.clock.now();
    const group = groups.get(run);
    groups.delete(run);
    const next = group === undefined ? undefined : membersOf(group)[0];
    if (next?.status === 'pending') {
      next.status = 'queued';
      drain();
    }
    world.changed();
  }

  function cancelRun(run: WorkflowRun): boolean {
    if (run.status === 'completed') return false;
    const state = playing.get(run);
    if (state === undefined) {
      waiting.splice(waiting.indexOf(run), 1);
      for (const record of run.jobs) conclude(run, record, 'cancelled');
      finish(run, 'cancelled');
      return true;
    }
    state.cancelled = true;
    state.jobs.forEach((job) => job.cancel('The operation was canceled.'));
    return true;
  }

  return {
    dispatch(event) {
      return runsOf(world, event, options.log).map(({ run, file }) => {
        const workflow = file.workflow;
        const broken = workflow === null ? [] : [...brokenNeeds(workflow), ...forbiddenActions(run.repository, workflow)];
        run.problems.push(...broken);
        if (workflow !== null) workflows.set(run, workflow);
        enqueue(run);
        return run;
      });
    },
    cancel: cancelRun,
    forceCancel(run) {
      if (!cancelRun(run)) return false;
      playing.get(run)?.jobs.forEach((job) => job.kill());
      return true;
    },
    rerun(run) {
      if (run.status !== 'completed' || !workflows.has(run)) return false;
      run.previousAttempts.push({ attempt: run.attempt, conclusion: run.conclusion, jobs: run.jobs });
      run.attempt += 1;
      run.status = 'queued';
      run.conclusion = null;
      run.startedAt = run.updatedAt = world.clock.now();
      enqueue(run);
      world.changed();
      return true;
    },
    lose(run) {
      const state = playing.get(run);
      if (state === undefined) throw new Error(`run ${run.id} has no runner to lose: it is ${run.status}`);
      state.lost = new Promise<void>((resolve) => void world.clock.after(LOST_AFTER_MS, resolve));
      state.jobs.forEach((job) => job.kill());
    },
    setMode(next) {
      mode = next;
      drain();
    },
    idTokenJob: (requestToken) => idTokenJobs.get(requestToken) ?? null,
    async stop() {
      waiting.length = 0;
      const ending = [...playing.values()].flatMap((state) => {
        state.cancelled = true;
        return [...state.jobs.values()].map((job) => (job.kill(), job.done));
      });
      await Promise.allSettled(ending);
      // A lost run waits for a clock that may never move again; every other task ends with its processes.
      const lost = [...playing.values()].some((state) => state.lost !== null);
      if (!lost) await Promise.allSettled([...tasks]);
      playing.clear();
      workflows.clear();
      groups.clear();
      idTokenJobs.clear();
    },
  };
}

const LOST: Annotation = {
  kind: 'error',
  message:
    'The hosted runner lost communication with the server. Anything in your workflow that terminates the runner process, starves it for CPU/Memory, or blocks its network access can cause this error.',
  title: null,
  file: null,
  line: null,
};

function expectJob(run: WorkflowRun, key: string): JobRecord {
  const found = run.jobs.find((job) => job.key === key);
  if (found === undefined) throw new Error(`run ${run.id} has no job ${key}`);
  return found;
}
