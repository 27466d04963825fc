// `runtask render`: one plan file, shown as the comment, the job summary, the terminal, a page or the outcomes would show it.
// Nothing is checked and nobody is told.
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { InvalidArgumentError, type Command } from 'commander';
import { writePieces, writePiecesTo } from '../action/write-pieces.ts';
import { systemClock } from '../base/clock.ts';
import { formatDiagnostic } from '../base/diagnostics.ts';
import type { RunFacts } from '../contracts/run-facts.ts';
import { createMasker } from '../plan/masking.ts';
import { renderComment } from '../report/comment.ts';
import { jsonText, logLine } from '../report/escape.ts';
import { renderHtmlReport } from '../report/html/report.ts';
import { renderCommentPage } from '../report/comment-page.ts';
import type { ReportModel } from '../report/model.ts';
import { renderSummary } from '../report/summary.ts';
import { toTaskResult } from '../report/task-result.ts';
import { renderTerminal } from '../report/terminal.ts';
import { wantsColour } from './colour.ts';
import { readPlanFile } from './read-plan-file.ts';

const FORMATS = ['comment', 'summary', 'terminal', 'html', 'comment-page', 'outcomes'] as const;
type Format = (typeof FORMATS)[number];

interface RenderOptions {
  readonly plan: string;
  readonly format: Format;
  readonly output?: string;
  readonly workspace: string;
}

export function addRenderCommand(program: Command): void {
  program
    .command('render')
    .description('show a plan as the pull request would show it; checks nothing, tells nobody')
    .requiredOption('--plan <file>', 'plan in JSON: terraform show -json tfplan > plan.json')
    .option('--format <format>', `one of ${FORMATS.join(', ')}`, toFormat, 'terminal')
    .option('--output <file>', 'write there instead of standard output')
    .option('--workspace <name>', 'name to show', 'local')
    .addHelpText(
      'after',
      `
Examples:
  terraform show -json tfplan > plan.json && runtask render --plan plan.json
  runtask render --plan plan.json --format html --output plan.html
  runtask render --plan plan.json --format comment | gh pr comment 7 --body-file -

Exit codes: 0 rendered · 2 the plan cannot be used, or wrong usage`,
    )
    .action(async (options: RenderOptions) => {
      const plan = await readPlanFile(options.plan, { stderr: process.stderr, now: systemClock.now });
      if (!plan.ok) {
        for (const diagnostic of plan.error) process.stderr.write(`${logLine(formatDiagnostic({ file: options.plan, ...diagnostic }))}\n`);
        process.exitCode = 2;
        return;
      }
      const pieces = await render(options.format, toLocalModel(plan.value, options.workspace));
      await (options.output === undefined ? writePiecesTo(pieces, process.stdout) : writePieces(pieces, options.output));
    });
}

function toFormat(text: string): Format {
  const format = FORMATS.find((one) => one === text);
  if (format === undefined) throw new InvalidArgumentError(`One of ${FORMATS.join(', ')}.`);
  return format;
}

/** In pieces: a page of 100,000 resources is not held whole. */
async function render(format: Format, model: ReportModel): Promise<Iterable<string>> {
  switch (format) {
    case 'comment':
      return [renderComment(model)];
    case 'summary':
      return [renderSummary(model)];
    case 'terminal':
      return [
        renderTerminal(model, {
          colour: wantsColour(process.stdout, process.env),
          width: process.stdout.columns ?? 100,
          maxLines: Infinity,
        }),
      ];
    case 'html':
      return renderHtmlReport([model]);
    case 'comment-page':
      return [renderCommentPage(renderSummary(model), { title: `${model.run.workspace}: plan`, css: await readGithubCss() })];
    case 'outcomes':
      return [jsonText(toTaskResult(model))];
  }
}

/** GitHub's style of Markdown, from the package that we depend on: found from a checkout and from an installed package alike. */
export const readGithubCss = (): Promise<string> =>
  readFile(createRequire(import.meta.url).resolve('github-markdown-css/github-markdown.css'), 'utf8');

/** A report about a plan that no run task brought: no run, no checks. */
export function toLocalModel(plan: NonNullable<ReportModel['plan']>, workspace: string): ReportModel {
  return {
    run: localRun(workspace),
    plan,
    masker: createMasker(plan),
    planProblem: null,
    results: [],
    waivers: [],
    sources: [],
    verdict: null,
    observe: false,
    workflowUrl: null,
    commit: null,
  };
}

export const localRun = (workspace: string): RunFacts => ({
  stage: 'post_plan',
  enforcement: 'mandatory',
  organization: 'local',
  workspace,
  workspace_id: '',
  workspace_url: null,
  workspace_working_directory: '',
  run_id: 'local',
  run_url: '',
  run_created_at: '',
  run_created_by: null,
  run_message: '',
  speculative: true,
  task_result_id: '',
  configuration_version_id: null,
  has_plan: true,
  has_configuration: false,
  outcomes: true,
  vcs: { branch: null, commit_hash: null, commit_url: null, pull_request_url: null, repository_url: null },
});
