// What `runtask check` judges: the facts of a run, its plan and its configuration, from files of this machine or from HCP Terraform.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Diagnostic } from '../../base/diagnostics.ts';
import { describeThrown } from '../../base/fault.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { recordingSchema } from '../../contracts/deliveries.ts';
import type { RunFacts, Stage } from '../../contracts/run-facts.ts';
import type { Plan } from '../../plan/model.ts';
import { readPlanFile, type ProgressDeps } from '../read-plan-file.ts';
import { localRun } from '../render.ts';
import { fetchRun, type FetchedRun, type FetchRunDeps } from './fetch-run.ts';

export interface Material {
  readonly run: RunFacts;
  readonly plan: Plan | null;
  readonly planPath: string | null;
  readonly configurationDir: string | null;
  readonly warnings: readonly string[];
}

export interface MaterialOptions {
  readonly plan?: string;
  readonly run?: string;
  readonly replay?: string;
  readonly configuration?: string;
  readonly organization?: string;
  readonly workspace?: string;
  readonly project?: string;
  readonly stage?: Stage;
  readonly speculative?: boolean;
}

/** What is written on the command line goes over what was recorded or fetched. */
export async function readMaterial(options: MaterialOptions, deps: FetchRunDeps & ProgressDeps): Promise<Result<Material, Diagnostic[]>> {
  const both = [options.run, options.replay].every((one) => one !== undefined);
  if (both) return err([problem('--run and --replay are two runs', 'Name one')]);
  const source = await readSource(options, deps);
  if (!source.ok) return source;
  const planPath = options.plan === undefined ? source.value.planPath : resolve(options.plan);
  const configurationDir = options.configuration === undefined ? source.value.configurationDir : resolve(options.configuration);
  const run = { ...source.value.facts, ...factsOf(options), has_plan: planPath !== null, has_configuration: configurationDir !== null };
  if (planPath === null && run.stage !== 'pre_plan') return err([problem('No plan is named', NO_PLAN)]);
  // By the name that the user gave it: a problem is told with that.
  const plan = planPath === null ? ok(null) : await readPlanFile(options.plan ?? planPath, deps);
  if (!plan.ok) return plan;
  return ok({ run, plan: plan.value, planPath, configurationDir, warnings: source.value.warnings });
}

async function readSource({ run, replay }: MaterialOptions, deps: FetchRunDeps): Promise<Result<FetchedRun, Diagnostic[]>> {
  if (run !== undefined) {
    const fetched = await fetchRun(run, deps);
    return fetched.ok ? fetched : err([problem(`--run: ${fetched.error}`, '')]);
  }
  const facts = replay === undefined ? ok(localRun('local')) : await readRecording(replay);
  return facts.ok ? ok({ facts: facts.value, planPath: null, configurationDir: null, warnings: [] }) : facts;
}

const NO_PLAN =
  'Name it with --plan (terraform show -json tfplan > plan.json), or a run with --run. Only a run in pre_plan has none: --stage pre_plan';

function factsOf({ organization, workspace, project, stage, speculative }: MaterialOptions): Partial<RunFacts> {
  return {
    ...(organization === undefined ? {} : { organization }),
    ...(workspace === undefined ? {} : { workspace }),
    ...(project === undefined ? {} : { project }),
    ...(stage === undefined ? {} : { stage }),
    ...(speculative === undefined ? {} : { speculative }),
  };
}

async function readRecording(file: string): Promise<Result<RunFacts, Diagnostic[]>> {
  let document: unknown;
  try {
    document = JSON.parse(await readFile(file, 'utf8'));
  } catch (thrown) {
    return err([problem('The recorded run cannot be read', describeThrown(thrown), file)]);
  }
  const recording = recordingSchema.safeParse(document);
  if (!recording.success)
    return err([problem('This is no recorded run', 'Write one with `runtask deliveries export ID --output FILE`', file)]);
  const { facts } = recording.data.delivery;
  return facts === null ? err([problem('The recorded request could not be read, so there are no facts to replay', '', file)]) : ok(facts);
}

const problem = (summary: string, detail: string, file?: string): Diagnostic => ({
  severity: 'error',
  summary,
  detail,
  path: '',
  ...(file === undefined ? {} : { file }),
});
