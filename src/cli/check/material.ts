// What `runtask check` judges: the facts of a run, its plan and its configuration, from files of this machine.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Diagnostic } from '../../base/diagnostics.ts';
import { describeThrown } from '../../base/fault.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { recordingSchema } from '../../contracts/deliveries.ts';
import type { RunFacts, Stage } from '../../contracts/run-task-request.ts';
import type { Plan } from '../../plan/model.ts';
import { readPlan } from '../../plan/read-plan.ts';
import { localRun } from '../render.ts';

export interface Material {
  readonly run: RunFacts;
  readonly plan: Plan | null;
  readonly planPath: string | null;
  readonly configurationDir: string | null;
}

export interface MaterialOptions {
  readonly plan?: string;
  readonly replay?: string;
  readonly configuration?: string;
  readonly organization?: string;
  readonly workspace?: string;
  readonly project?: string;
  readonly stage?: Stage;
  readonly speculative?: boolean;
}

/** What is written on the command line goes over what was recorded. */
export async function readMaterial(options: MaterialOptions): Promise<Result<Material, Diagnostic[]>> {
  const [plan, facts] = await Promise.all([
    options.plan === undefined ? ok(null) : readPlan({ path: options.plan }),
    options.replay === undefined ? ok(localRun('local')) : readRecording(options.replay),
  ]);
  if (!plan.ok || !facts.ok) return err([...(plan.ok ? [] : plan.error), ...(facts.ok ? [] : facts.error)]);
  const run = {
    ...facts.value,
    ...factsOf(options),
    has_plan: plan.value !== null,
    has_configuration: options.configuration !== undefined,
  };
  if (plan.value === null && run.stage !== 'pre_plan') return err([problem('No plan is named', NO_PLAN)]);
  return ok({
    run,
    plan: plan.value,
    planPath: options.plan === undefined ? null : resolve(options.plan),
    configurationDir: options.configuration === undefined ? null : resolve(options.configuration),
  });
}

const NO_PLAN = 'Name it with --plan (terraform show -json tfplan > plan.json). Only a run in pre_plan has none: --stage pre_plan';

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
