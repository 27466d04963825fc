// `runtask check`: the checks of a repository on a plan file, with the engine and the verdict of the action. Nobody is told.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { formatDiagnostic, type Diagnostic } from '../base/diagnostics.ts';
import { describeThrown } from '../base/fault.ts';
import type { CheckSet } from '../checks/check-set.ts';
import { runChecks } from '../checks/run-checks.ts';
import { STAGES, type Stage } from '../contracts/run-facts.ts';
import { didYouMean } from '../base/did-you-mean.ts';
import { matchGlob } from '../documents/glob.ts';
import { decideVerdict } from '../findings/verdict.ts';
import { whyIncomplete } from '../plan/incomplete.ts';
import { createMasker } from '../plan/masking.ts';
import { jsonText, logLine } from '../report/escape.ts';
import type { ReportModel } from '../report/model.ts';
import { toSarif } from '../report/sarif.ts';
import { plural } from '../report/words.ts';
import { renderTerminal } from '../report/terminal.ts';
import { readMaterial, type Material, type MaterialOptions } from './check/material.ts';
import { wantsColour } from './colour.ts';
import { loadLocalChecks } from './local-checks.ts';

interface CheckOptions extends MaterialOptions {
  readonly checks: string;
  readonly directory: string;
  readonly explain?: string;
  readonly sarif?: string;
  readonly json: boolean;
}

export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description('run the checks of this repository on a plan, as the action would')
    .option('--plan <file>', 'plan in JSON: terraform show -json tfplan > plan.json')
    .option('--checks <file>', 'checks file, relative to --directory', '.runtask/checks.yml')
    .option('--directory <dir>', 'the checkout: working directory of tools', '.')
    .option('--configuration <dir>', 'the configuration of the run ($TF_CONFIGURATION)')
    .option('--run <url>', 'a run of HCP Terraform, by the address of its page, with your own token (terraform login)')
    .option('--replay <file>', 'the facts of a recorded run: runtask deliveries export ID')
    .option('--organization <name>', 'as if the run were of this organization (default: local)')
    .option('--workspace <name>', 'as if the run were of this workspace (default: local)')
    .option('--project <name>', 'as if the workspace were of this project')
    .option('--stage <stage>', `as if in this stage: ${STAGES.join(', ')} (default: post_plan)`, toStage)
    .option('--speculative', 'as if the run were speculative (of a pull request)')
    .option('--no-speculative', 'as if it were not')
    .option('--explain <check>', 'run only the checks of this name (glob), and tell what each looked at')
    .option('--sarif <file>', 'also write the findings as SARIF')
    .option('--json', 'print verdict and results as JSON', false)
    .addHelpText(
      'after',
      `
Examples:
  terraform show -json tfplan > plan.json && runtask check --plan plan.json
  runtask check --plan plan.json --workspace net-prod --stage pre_apply
  runtask check --plan plan.json --explain 'required tags'
  runtask check --run https://app.terraform.io/app/acme/workspaces/net-prod/runs/run-CZcmD7eagjhyX0vN
  runtask check --stage pre_plan --configuration .
  runtask check --replay run.json --plan plan.json
  runtask check --plan plan.json --json | jq '.results[] | select(.status != "passed")'

Exit codes: 0 passed · 1 failed · 2 plan or checks file cannot be used, or wrong usage`,
    )
    .action(async (options: CheckOptions) => {
      const folder = await mkdtemp(join(tmpdir(), 'runtask-check-'));
      const interrupted = new AbortController();
      const onInterrupt = (): void => interrupted.abort(new Error('Interrupted'));
      process.once('SIGINT', onInterrupt);
      try {
        process.exitCode = await check(options, folder, interrupted.signal);
      } finally {
        process.off('SIGINT', onInterrupt);
        await rm(folder, { recursive: true, force: true });
      }
    });
}

function toStage(text: string): Stage {
  const stage = STAGES.find((one) => one === text);
  if (stage === undefined) throw new InvalidArgumentError(`One of ${STAGES.join(', ')}.`);
  return stage;
}

/** @returns the exit code */
async function check(options: CheckOptions, folder: string, signal: AbortSignal): Promise<0 | 1 | 2> {
  const workspaceDir = resolve(options.directory);
  const [material, checks] = await Promise.all([
    readMaterial(options, {
      fetch: globalThis.fetch,
      signal,
      env: process.env,
      home: homedir(),
      folder,
      stderr: process.stderr,
      now: systemClock.now,
    }),
    loadLocalChecks(workspaceDir, options.checks),
  ]);
  if (!material.ok || !checks.ok)
    return tellProblems([...(material.ok ? [] : material.error), ...(checks.ok ? [] : checks.error.diagnostics)]);
  for (const warning of material.value.warnings) process.stderr.write(`warning: ${logLine(warning)}\n`);
  const set = explained(checks.value, options.explain);
  if (set.checks.length === 0 && options.explain !== undefined) return tellProblems([noSuchCheck(options.explain, checks.value)]);
  return checkPlan(material.value, set, workspaceDir, options, signal);
}

/** Not command.error: what is wrong with a file is said by its place, and the help would not tell more. */
function tellProblems(problems: readonly Diagnostic[]): 2 {
  for (const diagnostic of problems)
    process.stderr.write(`${diagnostic.file === undefined ? 'error: ' : ''}${logLine(formatDiagnostic(diagnostic))}\n`);
  return 2;
}

function explained(set: CheckSet, name: string | undefined): CheckSet {
  if (name === undefined) return set;
  const checks = set.checks.filter(({ spec }) => matchGlob(name, spec.name));
  // A waiver for another check is not unused, it is not asked.
  const waivers = set.waivers.filter(({ check }) => checks.some(({ spec }) => matchGlob(check, spec.name)));
  return { ...set, checks, waivers };
}

function noSuchCheck(name: string, { checks }: CheckSet): Diagnostic {
  const names = checks.map(({ spec }) => spec.name);
  const near = didYouMean(name, names);
  const detail = near === null ? `There are: ${names.map((one) => `"${one}"`).join(', ')}` : `Did you mean "${near}"?`;
  return { severity: 'error', summary: `--explain: no check is called "${name}"`, detail, path: '' };
}

interface Explained {
  readonly check: string;
  readonly subject: string;
  readonly saw: string;
}

/** @returns the exit code */
async function checkPlan(
  material: Material,
  set: CheckSet,
  workspaceDir: string,
  options: CheckOptions,
  signal: AbortSignal,
): Promise<0 | 1 | 2> {
  const { run, plan } = material;
  const masker = plan === null ? null : createMasker(plan);
  const told: Explained[] = [];
  const checked = await runChecks({
    ...material,
    set,
    planProblem: plan === null ? 'none is named' : null,
    workspaceDir,
    masker,
    env: process.env,
    clock: systemClock,
    signal,
    onProgress: (done, total, name) => {
      if (process.stderr.isTTY) process.stderr.write(`\u001b[2K\r${done + 1}/${total} ${JSON.stringify(name)}`);
    },
    ...(options.explain === undefined ? {} : { onExplain: (check, subject, saw) => told.push({ check, subject, saw }) }),
  });
  if (process.stderr.isTTY) process.stderr.write('\u001b[2K\r');

  const fileProblem = plan === null ? null : whyIncomplete(plan);
  const verdict = decideVerdict(checked.results, { whenNoneApply: set.whenNoneApply, fileProblem });
  const model: ReportModel = {
    ...checked,
    sources: set.sources,
    run,
    plan,
    masker,
    planProblem: null,
    verdict,
    observe: false,
    workflowUrl: null,
    commit: null,
  };
  const unwritten = options.sarif === undefined ? null : await writeSarif(options.sarif, model);
  if (options.json) {
    const explanation = options.explain === undefined ? {} : { explained: told };
    process.stdout.write(jsonText({ verdict, ...checked, ...explanation }));
  } else {
    const form = { colour: wantsColour(process.stdout, process.env), width: process.stdout.columns ?? 100 };
    process.stdout.write(options.explain === undefined ? renderTerminal(model, form) : explainText(told, model));
  }
  if (unwritten !== null) return tellProblems([unwritten]);
  return verdict.status === 'passed' ? 0 : 1;
}

async function writeSarif(file: string, model: ReportModel): Promise<Diagnostic | null> {
  try {
    await writeFile(file, JSON.stringify(toSarif(model)), { mode: 0o600 });
    return null;
  } catch (error) {
    return { severity: 'error', summary: '--sarif: the file cannot be written', detail: describeThrown(error), path: '' };
  }
}

function explainText(told: readonly Explained[], { results }: ReportModel): string {
  const sections = results.map(({ check, kind, status, reason, findings, durationMs }) => {
    const end = reason ?? (findings.length === 0 ? 'nothing found' : plural(findings.length, 'finding'));
    const saw = told.filter((one) => one.check === check);
    return [
      `${logLine(check)} (${kind}): ${status}, ${durationMs} ms. ${logLine(end)}`,
      ...(saw.length === 0 && status !== 'not-applicable' ? ['  It looked at nothing.'] : []),
      ...saw.flatMap((one) => [`  ${logLine(one.subject)}`, `      ${logLine(one.saw)}`]),
      '',
    ].join('\n');
  });
  return sections.join('\n');
}
