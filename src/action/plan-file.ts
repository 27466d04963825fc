// A plan that no run task brought: `terraform plan` in a job of the repository's own, on a pull request. The same checks, comment,
// summary and outputs; nobody waits for the verdict, so the job itself is what fails.
//
// Everything here is what the pull request says of itself, its checks file included: it informs, and gates only as far as the
// branch's rules require this job (docs/plan-file.md).
import { copyFile, mkdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import * as z from 'zod';
import { formatDiagnostic } from '../base/diagnostics.ts';
import { describeThrown } from '../base/fault.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { RunFacts } from '../contracts/run-facts.ts';
import type { TaskResult } from '../contracts/task-result.ts';
import { createMasker } from '../plan/masking.ts';
import { readPlan } from '../plan/read-plan.ts';
import { tellPeople } from './feedback.ts';
import type { Inputs } from './inputs.ts';
import { judge } from './judge.ts';
import { workFolder, type Job } from './job.ts';
import type { Material } from './material.ts';
import type { World } from './open-session.ts';
import type { Finished, RunTaskSession } from './session.ts';
import { watchSignals } from './signals.ts';

export interface PlanFileStep {
  /** As in the input: relative to the workspace. */
  readonly path: string;
  /** The name that comment and status are known by; null: the folder of the plan, or the repository. */
  readonly workspace: string | null;
  readonly inputs: Inputs;
  readonly problems: readonly string[];
  readonly job: Job;
  readonly use: string;
}

export async function judgePlanFile(step: PlanFileStep, world: World): Promise<void> {
  const { inputs, job, use } = step;
  const { runner } = world;
  const facts = await readFacts(step, world);
  if (step.problems.length > 0 || !facts.ok) {
    runner.output('result', 'failed');
    runner.fail([...step.problems, ...(facts.ok ? [] : [facts.error])].join('\n'));
    return;
  }
  const stop = new AbortController();
  const signals = watchSignals((signal) => stop.abort(new Error(`The job was canceled (${signal}) before the checks had ended.`)));
  try {
    const folder = workFolder(job, use);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const session = createPlanFileSession(facts.value);
    const material = await readMaterial(step, folder);
    const judgement = await judge.byChecks({ session, job, world }, material, inputs, stop.signal);
    const finished = await session.finish(judgement.result);
    runner.saveState('main', 'finished');
    await tellPeople({ session, judgement, material, finished, inputs, job, folder }, world);
    const { status, message } = finished.verdict;
    if (status === 'failed' && inputs.failJob !== 'never') runner.fail(message);
    else runner.info(`Verdict: ${status}. ${message}`);
  } catch (thrown) {
    runner.output('result', 'failed');
    runner.fail(describeThrown(stop.signal.aborted ? stop.signal.reason : thrown));
  } finally {
    signals.stop();
  }
}

/** A session without a counterpart: the verdict is on record as soon as it is said. */
function createPlanFileSession(run: RunFacts): RunTaskSession {
  const finish = ({ status, message }: TaskResult): Promise<Finished> =>
    Promise.resolve({ verdict: { status, message, decided_by: 'action' }, accepted: true, delivery: { state: 'delivered' } });
  const unavailable = { kind: 'unavailable', reason: 'no-run-task', detail: 'there is no run task' } as const;
  return {
    run,
    observe: false,
    feedbackToken: null,
    deadline: Infinity,
    finished: null,
    plan: () => Promise.resolve(unavailable),
    configuration: () => Promise.resolve(unavailable),
    sharedComment: null,
    progress: () => Promise.resolve(),
    finish,
    handOn: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

async function readMaterial({ path: planFile, job }: PlanFileStep, folder: string): Promise<Material> {
  const none: Material = {
    plan: null,
    masker: null,
    planPath: null,
    planProblem: null,
    configurationDir: job.workspace,
    configurationProblem: null,
  };
  const path = resolve(job.workspace, planFile);
  const plan = await readPlan({ path });
  if (!plan.ok) {
    const problems = plan.error.map((diagnostic) => formatDiagnostic({ ...diagnostic, file: planFile }));
    return { ...none, planProblem: `The plan could not be read: ${problems.join('; ')}` };
  }
  // A copy: the outputs take the plan away when nobody asked for it, and this one is the workflow's own.
  const planPath = join(folder, 'plan.json');
  await copyFile(path, planPath);
  return { ...none, plan: plan.value, masker: createMasker(plan.value), planPath };
}

const isBelow = (place: string): boolean => place !== '..' && !place.startsWith(`..${sep}`) && !isAbsolute(place);

const eventSchema = z.looseObject({
  pull_request: z
    .looseObject({ html_url: z.string(), title: z.string().optional(), head: z.looseObject({ sha: z.string(), ref: z.string() }) })
    .optional(),
  repository: z.looseObject({ html_url: z.string() }).optional(),
  after: z.string().optional(),
});

/** What a run task would have said, from the event of this job. */
async function readFacts({ path: planFile, workspace, job }: PlanFileStep, { clock, env }: World): Promise<Result<RunFacts, string>> {
  const path = resolve(job.workspace, planFile);
  const place = relative(job.workspace, path);
  // A checkout can hold links: what this job could read besides (its secrets, another plan) is none of a pull request's.
  // null: it leads nowhere or may not be followed. Then it cannot be read either, and the reader of the plan says why.
  const [workspaceItself, itself] = await Promise.all([job.workspace, path].map((one) => realpath(one).catch(() => null)));
  if (!isBelow(place) || (itself && !isBelow(relative(workspaceItself ?? job.workspace, itself))))
    return err(`input plan-file: "${planFile.slice(0, 200)}" is not inside the workspace. Write it there with \`terraform show -json\``);
  let event: unknown;
  try {
    event = JSON.parse(await readFile(job.eventPath, 'utf8'));
  } catch (thrown) {
    return err(`the event file could not be read: ${describeThrown(thrown)}`);
  }
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) return err('the event file is not one that GitHub writes');
  const { pull_request, repository, after } = parsed.data;
  const folder = dirname(place) === '.' ? '' : dirname(place);
  const sha = pull_request?.head.sha ?? after ?? env['GITHUB_SHA'] ?? null;
  const repositoryUrl = repository?.html_url ?? `${job.serverUrl}/${job.owner}/${job.repository}`;
  return ok({
    stage: 'post_plan',
    enforcement: 'mandatory',
    organization: job.owner,
    workspace: workspace ?? (folder === '' ? job.repository : basename(folder)),
    workspace_id: '',
    workspace_url: null,
    workspace_working_directory: folder,
    run_id: `${job.runId}-${job.runAttempt}`,
    run_url: job.url,
    // Nobody else says when it began; later jobs tell of later commits.
    run_created_at: new Date(clock.now()).toISOString(),
    run_created_by: null,
    run_message: pull_request?.title ?? '',
    speculative: pull_request !== undefined,
    task_result_id: '',
    configuration_version_id: null,
    has_plan: true,
    has_configuration: true,
    outcomes: false,
    vcs: {
      branch: pull_request?.head.ref ?? null,
      commit_hash: sha,
      commit_url: sha === null ? null : `${repositoryUrl}/commit/${sha}`,
      pull_request_url: pull_request?.html_url ?? null,
      repository_url: repositoryUrl,
    },
  });
}
