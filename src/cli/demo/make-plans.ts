// The demo's three plans of examples/terraform-data: made by the real terraform where there is one, otherwise recorded ones.
// Starts terraform and writes below `workDir`; what the plans are used for is the demo's.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describeThrown } from '../../base/fault.ts';

export const SCENARIOS = ['passes', 'fails', 'secrets'] as const;
export type Scenario = (typeof SCENARIOS)[number];

export interface DemoPlan {
  readonly scenario: Scenario;
  /** `terraform show -json` of the plan. */
  readonly planPath: string;
  /** `terraform 1.11.4`, or `recorded`. */
  readonly source: string;
  /** Why a terraform that is here was not used; null when it was, or when there is none. */
  readonly note: string | null;
  /** Values of the variables that the module marks sensitive, before and after: none of them may reach a reader. */
  readonly sensitiveValues: readonly string[];
}

export interface MakePlansOptions {
  /** null: there is none, use the recorded plans. */
  readonly terraformPath: string | null;
  /** Exists; everything is written below it. */
  readonly workDir: string;
  /** The folder `examples` of the checkout or of the installed package. */
  readonly examplesDir: string;
  /** What terraform gets to see: PATH and HOME are enough. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** @throws when the examples are missing or `workDir` cannot be written; a terraform that fails is a `note`, never an error */
export async function makePlans(options: MakePlansOptions): Promise<DemoPlan[]> {
  const moduleDir = path.join(options.examplesDir, 'terraform-data');
  if (options.terraformPath === null) return recorded(moduleDir, null);
  let version: string;
  let paths: Record<Scenario, string>;
  try {
    ({ version, paths } = await runTerraform(options.terraformPath, moduleDir, options));
  } catch (error) {
    // A visitor may have a terraform that is too old for terraform_data (1.4), or a configuration that forbids everything.
    return recorded(moduleDir, `${options.terraformPath} could not make the plans: ${firstLine(error)}`);
  }
  return Promise.all(SCENARIOS.map((scenario) => toDemoPlan(moduleDir, scenario, paths[scenario], `terraform ${version}`, null)));
}

const recorded = (moduleDir: string, note: string | null): Promise<DemoPlan[]> =>
  Promise.all(
    SCENARIOS.map((scenario) => toDemoPlan(moduleDir, scenario, path.join(moduleDir, `recorded/${scenario}.json`), 'recorded', note)),
  );

/** Applies `before.tfvars` in a folder of its own, then plans each scenario on that state. About a second in all. */
async function runTerraform(
  terraform: string,
  moduleDir: string,
  { workDir, env }: MakePlansOptions,
): Promise<{ version: string; paths: Record<Scenario, string> }> {
  const cwd = path.join(workDir, 'terraform-data');
  await mkdir(cwd, { recursive: true });
  for (const name of await readdir(moduleDir))
    if (/\.(tf|tfvars)$/.test(name)) await copyFile(path.join(moduleDir, name), path.join(cwd, name));
  // A configuration of its own: the visitor's may name mirrors, credentials or a backend that have no part in a demo.
  const cliConfig = path.join(cwd, 'terraform.rc');
  await writeFile(cliConfig, '');
  const childEnv = {
    PATH: env?.['PATH'],
    HOME: env?.['HOME'],
    TF_CLI_CONFIG_FILE: cliConfig,
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
  };

  const run = async (...args: string[]): Promise<string> =>
    // 64 MiB: far above the 20 KB that these plans have. 30 s: a terraform that hangs must not hang the demo.
    (await promisify(execFile)(terraform, args, { cwd, env: childEnv, maxBuffer: 64 << 20, timeout: 30_000 })).stdout;

  const { terraform_version: version } = JSON.parse(await run('version', '-json')) as { terraform_version: string };
  await run('init', '-input=false', '-no-color', '-backend=false');
  await run('apply', '-auto-approve', '-input=false', '-no-color', '-var-file=before.tfvars');
  const paths = {} as Record<Scenario, string>;
  for (const scenario of SCENARIOS) {
    await run('plan', '-input=false', '-no-color', '-lock=false', `-var-file=${scenario}.tfvars`, `-out=${scenario}.tfplan`);
    paths[scenario] = path.join(cwd, `${scenario}.json`);
    await writeFile(paths[scenario], await run('show', '-json', `${scenario}.tfplan`));
  }
  return { version, paths };
}

async function toDemoPlan(moduleDir: string, scenario: Scenario, planPath: string, source: string, note: string | null): Promise<DemoPlan> {
  const plan = JSON.parse(await readFile(planPath, 'utf8')) as {
    configuration?: { root_module?: { variables?: Record<string, { sensitive?: boolean }> } };
  };
  const marked = Object.entries(plan.configuration?.root_module?.variables ?? {}).filter(([, variable]) => variable.sensitive === true);
  const values = await Promise.all([`${scenario}.tfvars`, 'before.tfvars'].map((file) => readFile(path.join(moduleDir, file), 'utf8')));
  const sensitiveValues = marked.flatMap(([name]) =>
    values.flatMap((text) => [...text.matchAll(new RegExp(`^${name}\\s*=\\s*"([^"]+)"`, 'gm'))].map(([, value]) => value ?? '')),
  );
  return { scenario, planPath, source, note, sensitiveValues: [...new Set(sensitiveValues)] };
}

/** A failed command's own words come first on its error output, framed by box characters. */
function firstLine(error: unknown): string {
  const stderr = (error as { stderr?: unknown }).stderr;
  const text = typeof stderr === 'string' && stderr.trim() !== '' ? stderr : describeThrown(error);
  return (text.split('\n').find((line) => /[a-z]/i.test(line)) ?? '').replace(/^[│╷\s]+/, '').trim();
}
