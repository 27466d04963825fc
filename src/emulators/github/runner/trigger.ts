// From an event to the runs it starts: which workflow files listen, and what their runs are called.
import { posix } from 'node:path';
import type { Account, Repository, WorkflowRun } from '../model.ts';
import { toSimpleUser } from '../shapes/account.ts';
import { toRepository } from '../shapes/repository.ts';
import type { World } from '../world.ts';
import { interpolate } from './expressions.ts';
import { readWorkflow, type WorkflowFile } from './workflow-file.ts';
import { messageOf } from '../thrown.ts';

export type DispatchEvent = {
  readonly repository: Repository;
  /** What the event's payload has of its own. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly sender: Account;
} & (
  | { readonly event: 'repository_dispatch'; readonly eventType: string }
  | { readonly event: 'workflow_dispatch'; readonly path: string; readonly branch: string }
);

/** The workflow files of a branch (the default one if none is named), readable or not. */
export function workflowFiles(
  world: World,
  repository: Repository,
  branch = repository.defaultBranch,
): (WorkflowFile & { readonly id: number })[] {
  const commit = repository.commits.get(repository.branches.get(branch) ?? '');
  return [...(commit?.files ?? [])]
    .filter(([path]) => posix.dirname(path) === '.github/workflows' && /\.ya?ml$/.test(path))
    .map(([path, content]) => {
      const id = repository.workflowIds.get(path) ?? world.nextId();
      repository.workflowIds.set(path, id);
      return { id, ...readWorkflow(path, Buffer.from(content).toString('utf8')) };
    });
}

/** Runs without jobs yet. A file whose triggers cannot be read starts nothing, and says so only in `tell`. */
export function runsOf(
  world: World,
  event: DispatchEvent,
  tell: (line: string) => void,
): { readonly run: WorkflowRun; readonly file: WorkflowFile }[] {
  const { repository } = event;
  if (!repository.actionsEnabled) return [];
  const branch = event.event === 'workflow_dispatch' ? event.branch : repository.defaultBranch;
  const files = workflowFiles(world, repository, branch);
  for (const file of files) for (const problem of file.problems) tell(`${repository.fullName} ${file.path}: ${problem}`);
  return files.filter((file) => listens(file, event)).map((file) => ({ file, run: newRun(world, event, file, branch) }));
}

function listens({ triggers, path }: WorkflowFile, event: DispatchEvent): boolean {
  if (event.event === 'workflow_dispatch') return triggers.workflowDispatch && path === event.path;
  const types = triggers.repositoryDispatch;
  return types !== null && (types.length === 0 || types.includes(event.eventType));
}

function newRun(world: World, event: DispatchEvent, file: WorkflowFile & { readonly id: number }, branch: string): WorkflowRun {
  const { repository, sender } = event;
  const owner = world.account(repository.owner);
  const payload = {
    ...event.fields,
    repository: toRepository(world.url, repository, owner),
    ...(owner.type === 'Organization' ? { organization: { login: owner.login, id: owner.id } } : {}),
    sender: toSimpleUser(world.url, sender),
  };
  const now = world.clock.now();
  const run: WorkflowRun = {
    id: world.nextId(),
    runNumber: world.runs.filter((r) => r.repository === repository && r.workflowId === file.id).length + 1,
    attempt: 1,
    name: file.name,
    displayTitle: event.event === 'repository_dispatch' ? event.eventType : file.name,
    repository,
    workflowPath: file.path,
    workflowId: file.id,
    event: event.event,
    payload,
    actor: sender,
    headSha: repository.branches.get(branch) ?? '',
    headBranch: branch,
    status: 'queued',
    conclusion: null,
    problems: [...file.problems],
    jobs: [],
    previousAttempts: [],
    createdAt: now,
    updatedAt: now,
    startedAt: now,
  };
  const title = file.workflow?.['run-name'];
  if (title !== undefined) {
    const vars = Object.fromEntries([...repository.variables.values()].map((v) => [v.name, v.value]));
    const github = { event: payload, event_name: run.event, actor: sender.login, repository: repository.fullName, run_id: String(run.id) };
    try {
      run.displayTitle = interpolate(title, { github, vars, inputs: event.fields['inputs'] ?? {} });
    } catch (thrown) {
      run.problems.push(`run-name: ${messageOf(thrown)}`);
    }
  }
  world.runs.push(run);
  return run;
}
