// What the checks work on: the plan, read and with its masker, and the unpacked configuration. What is missing is a sentence.
import { join } from 'node:path';
import { formatDiagnostic } from '../base/diagnostics.ts';
import type { Stage } from '../contracts/run-facts.ts';
import { createMasker, type Masker } from '../plan/masking.ts';
import type { Plan } from '../plan/model.ts';
import { readPlan } from '../plan/read-plan.ts';
import { extractConfiguration } from './extract-configuration.ts';
import type { World } from './open-session.ts';
import type { RunTaskSession } from './session.ts';

export interface Material {
  readonly plan: Plan | null;
  readonly masker: Masker | null;
  /** The plan as Terraform wrote it, sensitive values included; mode 0600. */
  readonly planPath: string | null;
  /** Why there is no plan although the stage has one. null: there is one, or the stage has none. */
  readonly planProblem: string | null;
  readonly configurationDir: string | null;
  readonly configurationProblem: string | null;
}

/** @throws Fault when the relay cannot be reached any more */
export async function fetchMaterial(session: RunTaskSession, folder: string, world: World): Promise<Material> {
  const { run } = session;
  await session.progress(FETCHING[run.stage]);
  const plan = await fetchPlan(session, folder, world);
  const configuration = run.has_configuration
    ? await fetchConfiguration(session, folder, world)
    : { configurationDir: null, configurationProblem: 'HCP Terraform offers no configuration for this run.' };
  return { ...plan, ...configuration };
}

const FETCHING: Record<Stage, string> = {
  pre_plan: 'Fetching the configuration. There is no plan before planning.',
  post_plan: 'Fetching the plan and the configuration.',
  pre_apply: 'Fetching the plan that is about to be applied, and the configuration.',
  post_apply: 'Fetching the plan that was applied, and the configuration.',
};

type PlanPart = Pick<Material, 'plan' | 'masker' | 'planPath' | 'planProblem'>;
const noPlan = (planProblem: string | null): PlanPart => ({ plan: null, masker: null, planPath: null, planProblem });

async function fetchPlan(session: RunTaskSession, folder: string, { runner }: World): Promise<PlanPart> {
  const { run } = session;
  // Before planning there is nothing to read; that is no problem, and checks that need a plan say so themselves.
  if (run.stage === 'pre_plan') return noPlan(null);
  if (!run.has_plan)
    return noPlan(
      `HCP Terraform gave no plan for the stage ${run.stage}. Terraform Enterprise before v202306 does not; upgrade it or remove the stage.`,
    );
  const download = await session.plan(join(folder, 'plan.json'));
  if (download.kind === 'unavailable') return noPlan(`The plan could not be fetched: ${download.detail}.`);
  runner.info(`Plan fetched: ${download.bytes} bytes.`);
  const plan = await readPlan({ path: download.path });
  // Without the file's name: it is a place on the runner that means nothing to whoever reads the verdict.
  if (!plan.ok)
    return {
      ...noPlan(`The plan could not be read: ${plan.error.map(({ file: _file, ...rest }) => formatDiagnostic(rest)).join('; ')}`),
      planPath: download.path,
    };
  return { plan: plan.value, masker: createMasker(plan.value), planPath: download.path, planProblem: null };
}

async function fetchConfiguration(
  session: RunTaskSession,
  folder: string,
  { runner }: World,
): Promise<Pick<Material, 'configurationDir' | 'configurationProblem'>> {
  const archive = join(folder, 'configuration.tar.gz');
  const none = (problem: string): Pick<Material, 'configurationDir' | 'configurationProblem'> => {
    runner.warning(problem);
    return { configurationDir: null, configurationProblem: problem };
  };
  const download = await session.configuration(archive);
  if (download.kind === 'unavailable') return none(`The configuration could not be fetched: ${download.detail}.`);
  const configurationDir = join(folder, 'configuration');
  const extracted = await extractConfiguration(archive, configurationDir);
  if (!extracted.ok) return none(extracted.error);
  runner.info(`Configuration unpacked: ${extracted.value.files} files, ${extracted.value.bytes} bytes.`);
  return { configurationDir, configurationProblem: null };
}
