// One phase (pre, main, post) of one step: its condition, its process, what it left behind. Decides nothing about the others.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Conclusion, Phase, StepRecord } from '../model.ts';
import { type Action, readAction } from './action-source.ts';
import { checkOut } from './checkout.ts';
import { contextsOf, processEnvironment } from './contexts.ts';
import { type Contexts, holds, interpolate, interpolateScalar } from './expressions.ts';
import { createFileCommands } from './file-commands.ts';
import type { JobState } from './job-state.ts';
import { type ChildResult, runChild } from './process.ts';
import { createStepOutput, type StepOutput } from './step-output.ts';
import type { Scalars, Step } from './workflow-file.ts';
import { messageOf } from '../thrown.ts';

/** A step of the job as it goes through its phases. */
export interface StepUse {
  readonly step: Step;
  /** GITHUB_ACTION: the step's id, or a name made of what it uses. */
  readonly action: string;
  readonly title: string;
  /** Given by GITHUB_STATE, the same for all phases. */
  readonly state: Map<string, string>;
  /** null for `run:`, for actions/checkout, and for a local action until the repository is there. */
  resolved: Action | null;
  readonly kind: 'run' | 'checkout' | 'action' | 'local';
}

const MAX_SUMMARY_BYTES = 1024 * 1024; // actions/runner 2.336.0, FileCommandManager
const MAX_SUMMARIES = 20; // docs.github.com, "Workflow commands", read 2026-11-22

/** @param onStart  called once the condition holds: here the action's post is registered */
export async function runPhase(state: JobState, use: StepUse, phase: Phase, onStart: () => void = () => {}): Promise<void> {
  const { step } = use;
  const record = newRecord(state, use, phase);
  const output = createStepOutput({
    record,
    jobAnnotations: state.plan.record.annotations,
    state: use.state,
    log: state.log,
    masks: state.masks,
  });
  const env = stepEnv(state, use);
  const contexts = (): Contexts => contextsOf(state.plan, state.folders, state.machine.url, state.variables, env, use.action);
  const condition = (): boolean => holds(conditionOf(use, phase), contexts(), state.variables.status);

  const outcome = await decide();
  // Killed with its runner: nobody is left who could tell GitHub how the step ended.
  if (state.kill.signal.aborted) return;
  record.outcome = outcome;
  record.conclusion = outcome === 'failure' && isTrue(step['continue-on-error'], contexts()) ? 'success' : outcome;
  record.status = 'completed';
  record.completedAt = state.machine.clock.now();
  if (phase === 'main' && step.id !== undefined)
    state.variables.steps.set(step.id, { outputs: record.outputs, outcome: record.outcome, conclusion: record.conclusion });
  if (record.conclusion === 'failure' && state.variables.status === 'success') state.variables.status = 'failure';
  state.machine.changed();

  async function decide(): Promise<Conclusion> {
    try {
      if (!condition()) return 'skipped';
    } catch (thrown) {
      output.error(`The condition of "${record.name}" cannot be evaluated: ${messageOf(thrown)}`);
      return 'failure';
    }
    record.status = 'in_progress';
    record.startedAt = state.machine.clock.now();
    const interrupt = new AbortController();
    let timedOut = false;
    const minutes = Number(interpolateScalar(step['timeout-minutes'] ?? 0, contexts()));
    const stopTimer = minutes > 0 ? state.machine.clock.after(minutes * 60_000, () => ((timedOut = true), interrupt.abort())) : () => {};
    state.current = { condition, interrupt };
    const names = [step.name, step.id, step.uses, record.name].filter((name) => name !== undefined);
    const hooks = state.machine.hooks.filter((hook) => hook.phase === phase && names.some((name) => matchesName(hook.step, name)));
    state.machine.changed();
    try {
      // A local action is only there once an earlier step has checked it out.
      if (use.kind === 'local' && use.resolved === null)
        use.resolved = await readAction(join(state.folders.workspace, step.uses ?? ''), step.uses ?? '');
      onStart();
      for (const hook of hooks) await orKilled(state, hook.before);
      const result = await execute(state, use, phase, { record, output, env, contexts, interrupt: interrupt.signal });
      for (const hook of hooks) await orKilled(state, hook.after);
      if (timedOut) {
        output.error(`The action '${use.title}' has timed out after ${minutes} minutes.`);
        return 'failure';
      }
      return interrupt.signal.aborted ? 'cancelled' : result;
    } catch (thrown) {
      output.error(messageOf(thrown));
      return 'failure';
    } finally {
      stopTimer();
      state.current = null;
    }
  }
}

// A hook of a test that has given up must not keep the emulator from closing.
async function orKilled({ kill }: JobState, hook: (() => Promise<void>) | undefined): Promise<void> {
  if (hook === undefined || kill.signal.aborted) return;
  const killed = new Promise<void>((resolve) => kill.signal.addEventListener('abort', () => resolve(), { once: true }));
  await Promise.race([hook(), killed]);
}

const matchesName = (wanted: string | RegExp, name: string): boolean => (typeof wanted === 'string' ? wanted === name : wanted.test(name));

const isTrue = (value: string | number | boolean | undefined, contexts: Contexts): boolean =>
  value !== undefined && interpolateScalar(value, contexts) === 'true';

function conditionOf(use: StepUse, phase: Phase): string | number | boolean | undefined {
  if (phase === 'main') return use.step.if;
  return use.resolved?.manifest.runs[phase === 'pre' ? 'pre-if' : 'post-if'] ?? 'always()';
}

function newRecord(state: JobState, use: StepUse, phase: Phase): StepRecord {
  const name = phase === 'main' ? use.title : `${phase === 'pre' ? 'Pre' : 'Post'} ${use.title}`;
  const record: StepRecord = {
    number: state.plan.record.steps.length + 1,
    name,
    phase,
    id: use.step.id ?? null,
    uses: use.step.uses ?? null,
    status: 'queued',
    outcome: null,
    conclusion: null,
    exitCode: null,
    signal: null,
    outputs: {},
    annotations: [],
    commands: [],
    startedAt: null,
    completedAt: null,
  };
  state.plan.record.steps.push(record);
  return record;
}

function stepEnv(state: JobState, use: StepUse): Record<string, string> {
  const env: Record<string, string> = Object.fromEntries(state.variables.env);
  for (const declared of [state.plan.workflow.env, state.plan.job.env, use.step.env]) {
    const contexts = contextsOf(state.plan, state.folders, state.machine.url, state.variables, { ...env }, use.action);
    for (const [name, value] of entries(declared)) {
      // What a step wrote to GITHUB_ENV wins over the workflow's and the job's env, not over the step's own.
      if (declared === use.step.env || !state.variables.env.has(name)) env[name] = interpolateScalar(value, contexts);
    }
  }
  return env;
}

const entries = (values: Scalars | null | undefined): [string, string | number | boolean][] =>
  Object.entries(values ?? {}).map(([name, value]) => [name, value ?? '']);

interface Execution {
  readonly record: StepRecord;
  readonly output: StepOutput;
  readonly env: Readonly<Record<string, string>>;
  readonly contexts: () => Contexts;
  readonly interrupt: AbortSignal;
}

async function execute(
  state: JobState,
  use: StepUse,
  phase: Phase,
  { record, output, env, contexts, interrupt }: Execution,
): Promise<Conclusion> {
  const { step } = use;
  const given = Object.fromEntries(entries(step.with).map(([name, value]) => [name, interpolateScalar(value, contexts())]));
  const script = step.run === undefined ? null : interpolate(step.run, contexts());
  const inputs = use.resolved === null ? given : withDefaults(use.resolved, given, contexts(), output);
  announce(state, record, script, inputs, env);
  if (use.kind === 'checkout') {
    await checkOut(state.plan, state.folders.workspace, given);
    return 'success';
  }

  const files = await createFileCommands(state.folders.temp);
  const base = processEnvironment(state.plan, state.folders, state.variables, { ...state.machine, action: use.action });
  const result = await spawnStep(state, use, phase, script, {
    onLine: output.line,
    interrupt,
    env: {
      ...base,
      ...env,
      ...actionVariables(step.uses),
      ...(use.resolved === null ? {} : Object.fromEntries(Object.entries(inputs).map(([name, value]) => [inputVariable(name), value]))),
      ...Object.fromEntries([...use.state].map(([name, value]) => [`STATE_${name}`, value])),
      ...files.env,
    },
  });
  record.exitCode = result.exitCode;
  record.signal = result.signal;
  if (result.group !== null) state.groups.add(result.group);

  const left = await files.collect();
  left.problems.forEach(output.error);
  Object.assign(record.outputs, Object.fromEntries(left.outputs));
  left.state.forEach((value, name) => use.state.set(name, value));
  left.env.forEach((value, name) => state.variables.env.set(name, value));
  for (const path of left.paths) state.variables.paths.unshift(path);
  keepSummary(state, left.summary, output);
  if (result.exitCode !== 0 && use.kind === 'run' && !interrupt.aborted)
    output.error(`Process completed with exit code ${result.exitCode ?? result.signal ?? ''}.`);
  return result.exitCode === 0 && left.problems.length === 0 ? 'success' : 'failure';
}

type Spawning = { readonly env: Record<string, string>; readonly onLine: (line: string) => void; readonly interrupt: AbortSignal };

async function spawnStep(state: JobState, use: StepUse, phase: Phase, script: string | null, spawning: Spawning): Promise<ChildResult> {
  const common = { ...spawning, kill: state.kill.signal, grace: state.machine.grace };
  const { workspace, temp } = state.folders;
  if (script === null) {
    const entry = use.resolved?.manifest.runs[phase];
    if (use.resolved === null || entry === undefined) throw new Error(`${use.step.uses ?? use.title} has no ${phase}`);
    return runChild({ ...common, command: state.machine.nodePath, args: [join(use.resolved.folder, entry)], cwd: workspace });
  }
  const file = join(temp, `step-${state.plan.record.steps.length}.sh`);
  await writeFile(file, script);
  const { job, workflow } = state.plan;
  const declared =
    use.step['working-directory'] ?? job.defaults?.run['working-directory'] ?? workflow.defaults?.run['working-directory'] ?? '.';
  const shell = use.step.shell ?? job.defaults?.run.shell ?? workflow.defaults?.run.shell ?? 'bash';
  // An explicit `shell: bash` also gets pipefail (docs.github.com, "Workflow syntax", `shell`, read 2026-11-22).
  const strict = shell === 'bash' && use.step.shell === 'bash' ? ['--noprofile', '--norc', '-eo', 'pipefail'] : ['-e'];
  const cwd = join(workspace, declared);
  await mkdir(workspace, { recursive: true });
  return runChild({ ...common, command: shell, args: [...strict, file], cwd });
}

/** Upper case, spaces to underscores; dashes stay. */
export const inputVariable = (name: string): string => `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;

function withDefaults(
  action: Action,
  given: Readonly<Record<string, string>>,
  contexts: Contexts,
  output: StepOutput,
): Record<string, string> {
  const declared = Object.entries(action.manifest.inputs ?? {});
  const names = declared.map(([name]) => name.toLowerCase());
  const unexpected = Object.keys(given).filter((name) => !names.includes(name.toLowerCase()));
  if (unexpected.length > 0)
    output.warning(
      `Unexpected input(s) ${unexpected.map((n) => `'${n}'`).join(', ')}, valid inputs are [${names.map((n) => `'${n}'`).join(', ')}]`,
    );
  const defaults = declared.flatMap(([name, input]) =>
    input === null || input.default === null || input.default === undefined
      ? []
      : [[name, interpolateScalar(input.default, contexts)] as const],
  );
  // `required: true` is not enforced by the runner: an absent input without a default is simply not there.
  const lower = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  return { ...Object.fromEntries(defaults.filter(([name]) => !lower.has(name.toLowerCase()))), ...given };
}

function actionVariables(uses: string | undefined): Record<string, string> {
  const [repository = '', ref = ''] = uses?.startsWith('./') === false ? uses.split('@') : [];
  return repository === '' ? {} : { GITHUB_ACTION_REPOSITORY: repository.split('/').slice(0, 2).join('/'), GITHUB_ACTION_REF: ref };
}

// The runner prints inputs and environment of every step, masked only where the value is known as a secret: the usual way
// in which a secret passed with `with:` reaches a log.
function announce(
  state: JobState,
  record: StepRecord,
  script: string | null,
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): void {
  state.log.write(`##[group]${record.name}`);
  if (script !== null) state.log.write(script.trimEnd());
  const print = (title: string, values: Readonly<Record<string, string>>): void => {
    const shown = Object.entries(values).filter(([, value]) => value !== '');
    if (shown.length === 0) return;
    state.log.write(`${title}:`);
    for (const [name, value] of shown) state.log.write(`  ${name}: ${value}`);
  };
  if (script === null) print('with', inputs);
  print('env', env);
  state.log.write('##[endgroup]');
}

function keepSummary(state: JobState, text: string, output: StepOutput): void {
  if (text === '') return;
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_SUMMARY_BYTES)
    return output.error(`$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${Math.ceil(bytes / 1024)}k.`);
  if (state.plan.record.summary.length >= MAX_SUMMARIES) return;
  state.plan.record.summary.push(text.split('\n').map(state.masks.apply).join('\n'));
}
