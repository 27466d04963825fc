// `runtask check`: the checks of a repository on a plan file, with the engine and the verdict of the action. Nobody is told.
import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { formatDiagnostic } from '../base/diagnostics.ts';
import { loadChecksFile } from '../checks/load-checks-file.ts';
import { toCheckSet } from '../checks/check-set.ts';
import { runChecks } from '../checks/run-checks.ts';
import type { ChecksFile } from '../contracts/checks-file.ts';
import { STAGES, type RunFacts, type Stage } from '../contracts/run-task-request.ts';
import { decideVerdict } from '../findings/verdict.ts';
import { whyIncomplete } from '../plan/incomplete.ts';
import type { Plan } from '../plan/model.ts';
import { readPlan } from '../plan/read-plan.ts';
import { renderTerminal } from '../report/terminal.ts';
import { wantsColour } from './colour.ts';
import { toLocalModel } from './render.ts';

interface CheckOptions {
  readonly plan: string;
  readonly checks: string;
  readonly directory: string;
  readonly configuration?: string;
  readonly organization: string;
  readonly workspace: string;
  readonly stage: Stage;
  readonly speculative: boolean;
  readonly json: boolean;
}

export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description('run the checks of this repository on a plan file, as the action would')
    .requiredOption('--plan <file>', 'plan in JSON: terraform show -json tfplan > plan.json')
    .option('--checks <file>', 'checks file, relative to --directory', '.runtask/checks.yml')
    .option('--directory <dir>', 'the checkout: working directory of tools', '.')
    .option('--configuration <dir>', 'the configuration of the run ($TF_CONFIGURATION)')
    .option('--organization <name>', 'as if the run were of this organization', 'local')
    .option('--workspace <name>', 'as if the run were of this workspace', 'local')
    .option('--stage <stage>', `as if in this stage: ${STAGES.join(', ')}`, toStage, 'post_plan')
    .option('--speculative', 'as if the run were speculative (of a pull request)', false)
    .option('--json', 'print verdict and results as JSON', false)
    .addHelpText(
      'after',
      `
Examples:
  terraform show -json tfplan > plan.json && runtask check --plan plan.json
  runtask check --plan plan.json --workspace net-prod --stage pre_apply
  runtask check --plan plan.json --json | jq '.results[] | select(.status != "passed")'

Exit codes: 0 passed · 1 failed · 2 plan or checks file cannot be used, or wrong usage`,
    )
    .action(async (options: CheckOptions) => {
      const workspaceDir = resolve(options.directory);
      const [plan, file] = await Promise.all([
        readPlan({ path: options.plan }),
        loadChecksFile(workspaceDir, options.checks, 'Write one, or name it with --checks.'),
      ]);
      const problems = [...(plan.ok ? [] : plan.error), ...(file.ok ? [] : file.error.diagnostics)];
      for (const diagnostic of problems) process.stderr.write(`${formatDiagnostic(diagnostic)}\n`);
      // Not command.error: what is wrong with a file is said by its place, and the help would not tell more.
      process.exitCode = !plan.ok || !file.ok ? 2 : await checkPlan(plan.value, file.value, workspaceDir, options);
    });
}

function toStage(text: string): Stage {
  const stage = STAGES.find((one) => one === text);
  if (stage === undefined) throw new InvalidArgumentError(`One of ${STAGES.join(', ')}.`);
  return stage;
}

/** @returns the exit code */
async function checkPlan(plan: Plan, file: ChecksFile, workspaceDir: string, options: CheckOptions): Promise<0 | 1> {
  const local = toLocalModel(plan, options.workspace);
  const { organization, stage, speculative } = options;
  const run: RunFacts = { ...local.run, organization, stage, speculative, has_configuration: options.configuration !== undefined };
  const interrupted = new AbortController();
  const onInterrupt = (): void => interrupted.abort(new Error('Interrupted'));
  process.once('SIGINT', onInterrupt);
  const { results } = await runChecks({
    set: toCheckSet(file, workspaceDir),
    run,
    plan,
    planProblem: null,
    planPath: resolve(options.plan),
    configurationDir: options.configuration === undefined ? null : resolve(options.configuration),
    workspaceDir,
    masker: local.masker,
    env: process.env,
    clock: systemClock,
    signal: interrupted.signal,
    onProgress: (done, total, name) => {
      if (process.stderr.isTTY) process.stderr.write(`\u001b[2K\r${done + 1}/${total} ${JSON.stringify(name)}`);
    },
  }).finally(() => process.off('SIGINT', onInterrupt));
  if (process.stderr.isTTY) process.stderr.write('\u001b[2K\r');

  const verdict = decideVerdict(results, { whenNoneApply: file.when_none_apply, fileProblem: whyIncomplete(plan) });
  if (options.json) process.stdout.write(`${JSON.stringify({ verdict, results }, null, 2)}\n`);
  else
    process.stdout.write(
      renderTerminal(
        { ...local, run, results, verdict },
        { colour: wantsColour(process.stdout, process.env), width: process.stdout.columns ?? 100 },
      ),
    );
  return verdict.status === 'passed' ? 0 : 1;
}
