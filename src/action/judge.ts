// From what was fetched to the result that is sent: the checks file, the checks, the verdict, the report model.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { cut } from '../base/cut.ts';
import { formatDiagnostic } from '../base/diagnostics.ts';
import type { CheckSet } from '../checks/check-set.ts';
import { loadCheckSet } from '../checks/load/load-check-set.ts';
import { runChecks, type CheckRun } from '../checks/run-checks.ts';
import { scriptProgramOfBundle } from '../checks/script/program.ts';
import type { RunFacts } from '../contracts/run-facts.ts';
import { RESULT_LIMITS, type TaskResult } from '../contracts/task-result.ts';
import type { Verdict } from '../findings/finding.ts';
import { decideVerdict } from '../findings/verdict.ts';
import { whyIncomplete } from '../plan/incomplete.ts';
import type { ReportModel } from '../report/model.ts';
import { toTaskResult } from '../report/task-result.ts';
import { createRepositoryFetcher } from './central-checks.ts';
import type { Inputs } from './inputs.ts';
import type { Job } from './job.ts';
import type { Material } from './material.ts';
import type { World } from './open-session.ts';
import { jobStartedAt } from './pre.ts';
import { checkReviewedPlan } from './reviewed-plan.ts';
import { toResultsChecks } from './results-files.ts';
import type { RunTaskSession } from './session.ts';

export interface Judgement {
  readonly model: ReportModel;
  readonly result: TaskResult;
}

interface Base {
  readonly session: RunTaskSession;
  readonly job: Job;
  readonly world: World;
}

/** HCP shows one progress line at a time; more often than this nobody reads. */
const PROGRESS_EVERY_MS = 10_000;

/** What the checks came to, and where they are from. */
type Judged = Pick<ReportModel, 'results' | 'waivers' | 'sources'>;
const NOTHING: Judged = { results: [], waivers: [], sources: [] };

export const judge = { byChecks, withoutChecks };

/** A verdict without any check: wrong inputs, a cancelled job, a defect of ours. */
function withoutChecks(base: Base, material: Material, reason: string): Judgement {
  return conclude(base, material, NOTHING, decideVerdict([], { whenNoneApply: 'fail', fileProblem: reason }));
}

async function byChecks(base: Base, material: Material, inputs: Inputs, signal: AbortSignal): Promise<Judgement> {
  const loaded = await loadChecks(base, inputs, signal);
  if (!loaded.ok) {
    for (const diagnostic of loaded.error.diagnostics) base.world.runner.error(formatDiagnostic(diagnostic));
    return conclude(base, material, NOTHING, decideVerdict([], { whenNoneApply: 'fail', fileProblem: loaded.error.sentence }));
  }
  const set = loaded.value;
  const ran = await runTheChecks(base, material, set, signal);
  const reviewed = await checkReviewedPlan(set.planChangedSinceReview, material, { ...base, inputs }, signal);
  const judged = reviewed === null ? ran : { ...ran, results: [...ran.results, reviewed] };
  // `passed` needs checks on the plan that the session delivered: without it nothing that ran says anything of this run.
  const fileProblem = material.planProblem ?? whyIncomplete(material.plan);
  const verdict = decideVerdict(judged.results, { whenNoneApply: set.whenNoneApply, fileProblem });
  return conclude(base, material, { ...judged, sources: set.sources }, verdict);
}

/** Central checks land beside the workspace, where no step before this one could have left something. */
function loadChecks({ job, world }: Base, inputs: Inputs, signal: AbortSignal): ReturnType<typeof loadCheckSet> {
  const { fetch, clock, runner } = world;
  const folder = join(job.tempFolder, `runtask-central-${randomUUID()}`);
  const { apiUrl } = job;
  const log = (line: string): void => runner.info(line);
  const fetchRepository = createRepositoryFetcher({ apiUrl, token: inputs.githubToken, folder, fetch, clock, signal, log });
  const also = toResultsChecks(inputs.resultsFiles, job.workspace);
  return loadCheckSet({ workspaceDir: job.workspace, file: inputs.checksFile, fetchRepository, also });
}

async function runTheChecks({ session, job, world }: Base, material: Material, set: CheckSet, signal: AbortSignal): Promise<CheckRun> {
  let told = world.clock.now();
  return runChecks({
    set,
    run: session.run,
    plan: material.plan,
    planProblem: material.planProblem,
    planPath: material.planPath,
    configurationDir: material.configurationDir,
    workspaceDir: job.workspace,
    masker: material.masker,
    env: world.env as NodeJS.ProcessEnv,
    clock: world.clock,
    signal,
    jobStartedAt: jobStartedAt(world.runner),
    onProgress: (done, total, name) => {
      world.runner.info(`Check ${done + 1} of ${total}: ${name}`);
      if (world.clock.now() - told < PROGRESS_EVERY_MS) return;
      told = world.clock.now();
      // progress() never throws and is not waited for: HCP's page is not worth a check's time.
      void session.progress(`Check ${done + 1} of ${total}: ${name}`);
    },
    startWorker: (_role, options) => new Worker(world.bundle, options),
    scriptProgram: scriptProgramOfBundle(world.bundle),
  });
}

/** HCP Terraform takes every task of this stage for advisory (HashiCorp, "Run states", read 2026-11): whoever reads must know what is over. */
function inStage(verdict: Verdict, { stage }: RunFacts): Verdict {
  if (stage !== 'post_apply' || verdict.status === 'passed') return verdict;
  const said = verdict.message.replace(/\.$/, '');
  const told = '. The plan has been applied already: after the apply a run task tells, and stops nothing.';
  return { ...verdict, message: `${cut(said, RESULT_LIMITS.message - told.length)}${told}` };
}

function conclude({ session, job }: Base, material: Material, judged: Judged, decided: Verdict): Judgement {
  const verdict = inStage(decided, session.run);
  const model: ReportModel = {
    run: session.run,
    plan: material.plan,
    masker: material.masker,
    planProblem: material.planProblem,
    ...judged,
    verdict,
    observe: session.observe,
    workflowUrl: job.url,
    commit: session.run.vcs.commit_hash,
  };
  return { model, result: toTaskResult(model) };
}
