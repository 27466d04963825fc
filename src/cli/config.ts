// `runtask config`: both sides of a run task, declared in one file. Arguments and help; what the commands do is in config/.
import { InvalidArgumentError, type Command } from 'commander';
import { runApply, type ApplyOptions } from './config/apply.ts';
import { runConfigCommand, type CommonOptions } from './config/command.ts';
import { runImport } from './config/import.ts';
import { DEFAULT_FILE } from './config/open-config.ts';
import { runPlan, type PlanOptions } from './config/plan.ts';
import { runShow } from './config/show.ts';

const DEFAULT_PARALLELISM = 10;
const MAX_PARALLELISM = 50;

export function addConfigCommand(program: Command): void {
  const config = program
    .command('config')
    .description('declare run tasks, where they are attached, and the workflows that answer; see the plan, apply it')
    // Of the others, a usage error ends with 2; here that means that there are changes, as Terraform has it.
    .exitOverride((error) => process.exit(error.exitCode))
    .addHelpText(
      'after',
      `
Examples:
  runtask config plan
  runtask config apply
  runtask config plan --out run.plan && runtask config apply run.plan
  runtask config show
  runtask config destroy

Exit codes: in the help of each; wrong usage ends with 1`,
    );

  common(config.command('plan').description('show what an apply would do; changes nothing'))
    .option('--out <file>', 'save the plan there, for: runtask config apply FILE')
    .option('--detailed-exitcode', 'end with 2 when there are changes', false)
    .option('--destroy', 'plan to delete everything that is managed', false)
    .option('--json', "print the plan in the form of Terraform's plan JSON: runtask check --plan reads it", false)
    .addHelpText(
      'after',
      `
Examples:
  runtask config plan
  runtask config plan --detailed-exitcode --out run.plan
  runtask config plan --json > plan.json && runtask check --plan plan.json

Exit codes: 0 there is a plan · 1 there is none, or wrong usage · 2 there are changes (--detailed-exitcode) · 130 interrupted`,
    )
    .action((options: PlanOptions) => runConfigCommand(options, 'document', (context) => runPlan(options, context)));

  common(config.command('apply').description('make it so: show the plan, ask, carry it out'))
    .argument('[planfile]', 'a plan from --out: carried out without a question, or refused when the world has changed')
    .option('--auto-approve', 'do not ask', false)
    .option('--json', 'print what happens as lines of JSON, as terraform apply -json does', false)
    .addHelpText(
      'after',
      `
Examples:
  runtask config apply
  runtask config apply --auto-approve --json | tee apply.log
  runtask config apply run.plan
${APPLY_CODES}`,
    )
    .action((planFile: string | undefined, options: ApplyOptions) =>
      runConfigCommand(options, 'lines', (context) => runApply(options, { destroy: false, planFile: planFile ?? null }, context)),
    );

  common(config.command('destroy').description('delete everything that is managed: show the plan, ask, carry it out'))
    .option('--auto-approve', 'do not ask', false)
    .option('--json', 'print what happens as lines of JSON', false)
    .addHelpText('after', `\nExamples:\n  runtask config plan --destroy\n  runtask config destroy\n${APPLY_CODES}`)
    .action((options: ApplyOptions) =>
      runConfigCommand(options, 'lines', (context) => runApply(options, { destroy: true, planFile: null }, context)),
    );

  common(config.command('import').description('take over one object that is there already; apply does it for all that are declared'))
    .argument('<type>', 'e.g. runtask_workspace_run_task')
    .argument('<id>', 'e.g. acme/net-prod/gate')
    .option('--json', 'print as JSON', false)
    .addHelpText(
      'after',
      `
Examples:
  runtask config import runtask_organization_run_task acme/gate
  runtask config import runtask_workspace_run_task acme/net-prod/gate
  runtask config import runtask_repository_workflow acme/terraform-gate:.github/workflows/run-task.yml

Of an object that the file does not declare, the lines that would declare it are printed.

Exit codes: 0 taken over · 1 not: it is not declared (the lines are printed), or not there, or wrong usage · 130 interrupted`,
    )
    .action((type: string, id: string, options: CommonOptions) =>
      runConfigCommand(options, 'document', (context) => runImport({ type, id }, context)),
    );

  common(config.command('show').description('show what is managed, as it is now'))
    .argument('[address]', `only this one: 'runtask_workspace_run_task.gate["net-prod"]'`)
    .option('--json', "print as JSON, in the form of Terraform's state", false)
    .addHelpText(
      'after',
      `
Examples:
  runtask config show
  runtask config show 'runtask_workspace_run_task.gate["net-prod"]'
  runtask config show --json | jq -r '.values.root_module.resources[].address'

Exit codes: 0 shown · 1 something could not be read, there is no such address, or wrong usage · 130 interrupted`,
    )
    .action((address: string | undefined, options: CommonOptions) =>
      runConfigCommand(options, 'document', (context) => runShow(address ?? null, context)),
    );
}

const APPLY_CODES = `
Exit codes: 0 done · 1 an error, some of it may have been done · 3 done, except what waits (for a pull request to be merged)
            130 interrupted, what had begun was finished`;

const common = (command: Command): Command =>
  command
    .option('--config <file>', 'the configuration', DEFAULT_FILE)
    .option('--parallelism <n>', 'calls side by side', toParallelism, DEFAULT_PARALLELISM)
    .option('--no-color', 'no colours (or set NO_COLOR)');

function toParallelism(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > MAX_PARALLELISM)
    throw new InvalidArgumentError(`A whole number, 1 to ${MAX_PARALLELISM}.`);
  return number;
}
