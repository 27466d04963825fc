// From "start a run like this" to a run that walks: its plan and configuration, its task results, what is posted for each.
import type { Ids } from './ids.ts';
import { notFound } from './json-api.ts';
import { toBetaPayload, toPayload } from './payload.ts';
import { RunLife, type RunSpec, type TaskStage } from './run.ts';
import { STAGE_ORDER } from './stages.ts';
import { TaskResultLife, type TaskResultDeps } from './task-result.ts';
import type { Run, RunTask, RunVcs, StartRun, TaskConfig, TaskResultRecord, Workspace, WorkspaceTask } from './types.ts';
import type { World } from './world.ts';

export interface StartRunDeps extends TaskResultDeps {
  readonly ids: Ids;
  /** What stands in payload URLs. */
  readonly origin: () => string;
  readonly callbackUrlCode: boolean;
  readonly onRun: (run: Run) => void;
}

export function startRun(spec: StartRun, world: World, deps: StartRunDeps): RunLife {
  const workspace = world.workspaceNamed(spec.organization, spec.workspace);
  if (workspace === undefined) throw notFound();
  const runSpec = toRunSpec(spec, workspace, deps);
  const calls = callsOf(workspace, world);
  const taskStages: TaskStage[] = STAGE_ORDER.filter((stage) => spec.stages?.includes(stage) ?? true)
    .map((stage) => ({
      id: deps.ids.id('ts'),
      stage,
      results: calls.filter(({ stages }) => stages.includes(stage)).map((one) => createResult(one, stage, runSpec.id, deps)),
    }))
    .filter((stage) => stage.results.length > 0);
  const run = new RunLife(runSpec, taskStages, deps.onRun);
  world.runs.set(run.id, run);
  for (const result of run.results) world.results.set(result.record.callbackId, result);

  const call = async (result: TaskResultLife): Promise<void> => {
    await result.call({
      bytes: toBytes(spec, runSpec, result.record, deps.origin()),
      mutateSignature: spec.mutateSignature,
      beta: spec.apiForm === '2021-beta',
    });
  };
  void run.walk(call);
  return run;
}

interface TaskCall {
  readonly task: RunTask;
  readonly stages: WorkspaceTask['stages'];
  readonly enforcementLevel: WorkspaceTask['enforcementLevel'];
  /** null: called by its task configuration. */
  readonly workspaceTaskId: string | null;
}

/** Attached run tasks, then those that are called everywhere or in the workspace's project. An attachment goes before (UNCONFIRMED). */
function callsOf(workspace: Workspace, world: World): TaskCall[] {
  const attached = world.workspaceTasks
    .by('workspace', workspace.id)
    .map(({ id, taskId, stages, enforcementLevel }) => ({ task: world.tasks.get(taskId)!, stages, enforcementLevel, workspaceTaskId: id }));
  const configured = world.taskConfigs
    .by('organization', workspace.organization)
    .filter((config) => isCalledIn(workspace, config) && !attached.some(({ task }) => task.id === config.taskId))
    .map(({ taskId, stages, enforcementLevel }) => ({
      task: world.tasks.get(taskId)!,
      stages,
      enforcementLevel: enforcementLevel ?? 'advisory',
      workspaceTaskId: null,
    }));
  return [...attached, ...configured].filter(({ task }) => task.enabled);
}

const isCalledIn = (workspace: Workspace, config: TaskConfig): boolean => config.global || config.projectIds.includes(workspace.project.id);

function toRunSpec(spec: StartRun, workspace: Workspace, deps: StartRunDeps): RunSpec {
  const plan = spec.plan === null || spec.plan instanceof Uint8Array ? spec.plan : Buffer.from(JSON.stringify(spec.plan));
  return {
    id: deps.ids.id('run'),
    createdAt: deps.clock.now(),
    workspace,
    createdBy: spec.createdBy === undefined ? 'emulator-user' : spec.createdBy,
    message: spec.message ?? 'Triggered via the emulator',
    speculative: spec.speculative ?? false,
    destroy: spec.destroy ?? false,
    confirmed: spec.confirmed ?? true,
    applyId: deps.ids.id('apply'),
    applyEnds: spec.applyEnds ?? 'finished',
    planId: deps.ids.id('plan'),
    plan: spec.planFile === undefined ? plan : { file: spec.planFile },
    planAnswer: spec.planAnswer ?? 'ready',
    configurationVersionId: deps.ids.id('cv'),
    configuration: spec.configuration ?? null,
    vcs: toVcs(spec.vcs, workspace, deps.ids),
  };
}

function toVcs(vcs: RunVcs | null | undefined, workspace: Workspace, ids: Ids): Required<RunVcs> | null {
  if (vcs === null || (vcs === undefined && workspace.vcs === null)) return null;
  const repositoryUrl = vcs?.repositoryUrl === undefined ? (workspace.vcs?.repositoryUrl ?? null) : vcs.repositoryUrl;
  const commitHash = vcs?.commitHash === undefined ? ids.commitHash() : vcs.commitHash;
  const derived = repositoryUrl === null || commitHash === null ? null : `${repositoryUrl.replace(/\.git$/, '')}/commit/${commitHash}`;
  return {
    repositoryUrl,
    commitHash,
    commitUrl: vcs?.commitUrl === undefined ? derived : vcs.commitUrl,
    pullRequestUrl: vcs?.pullRequestUrl ?? null,
    branch: vcs?.branch === undefined ? (workspace.vcs?.branch ?? null) : vcs.branch,
  };
}

function createResult(
  { task, enforcementLevel, workspaceTaskId }: TaskCall,
  stage: TaskStage['stage'],
  runId: string,
  deps: StartRunDeps,
): TaskResultLife {
  const callbackId = deps.ids.uuid();
  const urlCode = deps.callbackUrlCode ? deps.ids.secret() : null;
  const record: TaskResultRecord = {
    id: deps.ids.id('taskrs'),
    callbackId,
    callbackUrl: `${deps.origin()}/api/v2/task-results/${callbackId}/callback${urlCode === null ? '' : `?url_code=${urlCode}`}`,
    stage,
    task: task.name,
    accessToken: deps.ids.accessToken(),
    // "There are only advisory tasks on this stage" (HashiCorp, "Run states", 2025).
    enforcementLevel: stage === 'post_apply' ? 'advisory' : enforcementLevel,
    createdAt: deps.clock.now(),
    status: 'pending',
    message: null,
    url: null,
    outcomes: [],
    callbacks: [],
    terminalCount: 0,
  };
  return new TaskResultLife({ record, task, workspaceTaskId, runId, urlCode }, deps);
}

function toBytes(spec: StartRun, run: RunSpec, record: TaskResultRecord, origin: string): Uint8Array {
  const facts = {
    origin,
    stage: record.stage,
    accessToken: record.accessToken,
    callbackUrl: record.callbackUrl,
    taskResultId: record.id,
    enforcementLevel: record.enforcementLevel,
    organization: run.workspace.organization,
    workspace: run.workspace,
    run: { ...run, hasConfiguration: run.configuration !== null },
  };
  const payload = spec.apiForm === '2021-beta' ? toBetaPayload(facts) : toPayload(facts);
  const bytes = Buffer.from(JSON.stringify(spec.mutatePayload === undefined ? payload : spec.mutatePayload(payload)));
  return spec.mutateBody === undefined ? bytes : spec.mutateBody(bytes);
}
