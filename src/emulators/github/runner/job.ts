// One job, from its folders to its conclusion, by the runner's rules of pre, main and post.
//
// pre of every action first, in order; then each main; then the posts of what was started, the latest first. A post is registered
// when its action's pre or main starts: an action without pre that is skipped leaves nothing behind.
// Source: actions/runner 2.336.0, JobExtension, ActionRunner, StepsRunner; docs.github.com, "Metadata syntax", read 2026-11-22.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Conclusion } from '../model.ts';
import { type Action, downloadAction } from './action-source.ts';
import { contextsOf, type JobFolders, type JobPlan } from './contexts.ts';
import { interpolate, interpolateScalar } from './expressions.ts';
import { createJobLog, type JobLog } from './job-log.ts';
import type { JobState, Machine } from './job-state.ts';
import { createMasks } from './masks.ts';
import { runPhase, type StepUse } from './phase.ts';
import { killGroup } from './process.ts';
import type { Step } from './workflow-file.ts';
import { messageOf } from '../thrown.ts';

export interface RunningJob {
  readonly done: Promise<Conclusion>;
  readonly log: JobLog;
  /** The step that runs is interrupted unless its condition also holds for a cancelled job; the posts still run. */
  cancel(reason: string): void;
  /** No conditions, no posts. */
  kill(): void;
}

// From a cancellation on: what is not finished by then is killed (docs.github.com, "Workflow cancellation", read 2026-11-22).
const CANCEL_BUDGET_MS = 5 * 60_000;
const DEFAULT_TIMEOUT_MINUTES = 360;

export function startJob(plan: JobPlan, machine: Machine): RunningJob {
  const masks = createMasks();
  for (const secret of [...plan.secrets.values(), plan.token, plan.idTokenRequest?.token ?? '']) masks.add(secret);
  const log = createJobLog(masks);
  const state: JobState = {
    plan,
    machine,
    folders: foldersOf(plan, machine),
    variables: { status: 'success', env: new Map(), paths: [], steps: new Map() },
    log,
    masks,
    kill: new AbortController(),
    groups: new Set(),
    current: null,
  };
  let stopBudget = (): void => {};
  const cancel = (reason: string): void => {
    if (state.variables.status === 'cancelled') return;
    state.variables.status = 'cancelled';
    log.write(`##[error]${reason}`);
    stopBudget = machine.clock.after(CANCEL_BUDGET_MS, () => state.kill.abort());
    if (state.current !== null && !state.current.condition()) state.current.interrupt.abort();
  };
  const done = tell(state, cancel).finally(() => {
    stopBudget();
    state.groups.forEach(killGroup);
  });
  return { done, log, cancel, kill: () => state.kill.abort() };
}

async function tell(state: JobState, cancel: (reason: string) => void): Promise<Conclusion> {
  const { plan, machine } = state;
  const contexts = () => contextsOf(plan, state.folders, machine.url, state.variables, {}, '');
  await prepareFolders(state);
  const uses = await setUp(state);
  if (uses === null) return 'failure';

  const minutes = Number(interpolateScalar(plan.job['timeout-minutes'] ?? DEFAULT_TIMEOUT_MINUTES, contexts()));
  const stopTimer = machine.clock.after(minutes * 60_000, () => cancel(`The job has exceeded the maximum execution time of ${minutes}m0s`));
  const posts: StepUse[] = [];
  const register = (use: StepUse) => (): void => {
    if (use.resolved?.manifest.runs.post !== undefined && !posts.includes(use)) posts.push(use);
  };
  const goesOn = (): boolean => !state.kill.signal.aborted;

  for (const use of uses) {
    if (goesOn() && use.kind === 'action' && use.resolved?.manifest.runs.pre !== undefined)
      await runPhase(state, use, 'pre', register(use));
  }
  for (const use of uses) if (goesOn()) await runPhase(state, use, 'main', register(use));
  for (const use of posts.reverse()) if (goesOn()) await runPhase(state, use, 'post');
  stopTimer();

  for (const [name, value] of Object.entries(plan.job.outputs ?? {})) {
    const text = interpolate(String(value ?? ''), contexts());
    // A job's output that holds a secret is dropped (docs.github.com, "Passing information between jobs", read 2026-11-22).
    if (state.masks.apply(text) === text) plan.record.outputs[name] = text;
    else state.log.write(`##[warning]Skip output '${name}' since it may contain secret.`);
  }
  return state.variables.status;
}

function foldersOf(plan: JobPlan, machine: Machine): JobFolders {
  const root = join(machine.workRoot, `${plan.run.id}-${plan.run.attempt}-${plan.key}`);
  const temp = join(root, '_temp');
  const { name } = plan.run.repository;
  return {
    root,
    temp,
    workspace: join(root, name, name),
    home: join(root, 'home'),
    eventPath: join(temp, '_github_workflow', 'event.json'),
  };
}

async function prepareFolders({ folders, plan }: JobState): Promise<void> {
  await Promise.all(
    [folders.workspace, folders.home, join(folders.temp, '_github_workflow')].map((folder) => mkdir(folder, { recursive: true })),
  );
  await writeFile(folders.eventPath, JSON.stringify(plan.run.payload, null, 2));
  plan.record.workspace = folders.workspace;
  plan.record.temp = folders.temp;
}

/** "Set up job": the actions are fetched before anything runs; one that is missing fails the job. */
async function setUp(state: JobState): Promise<StepUse[] | null> {
  const taken = new Map<string, number>();
  const uses: StepUse[] = [];
  try {
    for (const step of state.plan.job.steps) uses.push(await resolve(state, step, taken));
    return uses;
  } catch (thrown) {
    state.log.write(`##[error]${messageOf(thrown)}`);
    return null;
  }
}

async function resolve(state: JobState, step: Step, taken: Map<string, number>): Promise<StepUse> {
  const contexts = contextsOf(state.plan, state.folders, state.machine.url, state.variables, {}, '');
  const fallback = step.uses === undefined ? `Run ${step.run?.trim().split('\n')[0] ?? ''}` : `Run ${step.uses}`;
  const title = step.name === undefined ? fallback : interpolate(step.name, contexts);
  const common = { step, title, action: step.id ?? actionName(step, taken), state: new Map<string, string>() };
  if (step.uses === undefined) return { ...common, kind: 'run', resolved: null };
  if (step.uses.startsWith('./')) return { ...common, kind: 'local', resolved: null };
  const source = state.machine.actions[step.uses];
  if (source !== undefined) return { ...common, kind: 'action', resolved: await download(state, step.uses, source) };
  if (/^actions\/checkout@/.test(step.uses)) return { ...common, kind: 'checkout', resolved: null };
  throw new Error(`Unable to resolve action \`${step.uses}\`, repository not found`);
}

const download = (state: JobState, uses: string, source: string): Promise<Action> =>
  downloadAction(source, join(state.folders.root, '_actions', ...uses.split(/[/@]/)), uses);

// `__owner_name`, a second one with `_2`; a script is `__run`.
function actionName(step: Step, taken: Map<string, number>): string {
  const base =
    step.uses === undefined ? '__run' : step.uses.startsWith('./') ? '__self' : `__${(step.uses.split('@')[0] ?? '').replaceAll('/', '_')}`;
  const count = (taken.get(base) ?? 0) + 1;
  taken.set(base, count);
  return count === 1 ? base : `${base}_${count}`;
}
