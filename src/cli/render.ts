// `runtask render`: plan files, shown as the comment, the job summary, the terminal, a page or the outcomes would show them.
// Nothing is checked and nobody is told.
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { parse } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { writePieces, writePiecesTo } from '../action/write-pieces.ts';
import { systemClock } from '../base/clock.ts';
import { formatDiagnostic } from '../base/diagnostics.ts';
import type { RunFacts } from '../contracts/run-facts.ts';
import { createMasker } from '../plan/masking.ts';
import { renderCombined } from '../report/combined.ts';
import { renderComment } from '../report/comment.ts';
import { jsonText, logLine } from '../report/escape.ts';
import { renderHtmlReport } from '../report/html/report.ts';
import { renderCommentPage } from '../report/comment-page.ts';
import type { ReportModel } from '../report/model.ts';
import { toSection, writeSection } from '../report/section.ts';
import { renderSummary } from '../report/summary.ts';
import { toTaskResult } from '../report/task-result.ts';
import { terminalLines } from '../report/terminal.ts';
import { wantsColour } from './colour.ts';
import { readPlanFile } from './read-plan-file.ts';

type Render = (models: readonly ReportModel[]) => Iterable<string> | Promise<Iterable<string>>;

const each = (render: (model: ReportModel) => string) => (models: readonly ReportModel[]) => models.map(render);

/** In pieces: a page of 100,000 resources is not held whole. Of several plans the comment is one for all of their workspaces. */
const FORMATS = {
  'comment': (models) => [commentOf(models)],
  'summary': each(renderSummary),
  'terminal': function* (models) {
    const options = { colour: wantsColour(process.stdout, process.env), width: process.stdout.columns ?? 100, maxLines: Infinity };
    for (const model of models) yield* terminalLines(model, options);
  },
  'html': (models) => renderHtmlReport([...models]),
  'comment-page': async (models) => [
    renderCommentPage(commentOf(models), {
      title: `${models.map(({ run }) => run.workspace).join(', ')}: plan`,
      css: await readGithubCss(),
    }),
  ],
  'outcomes': each((model) => jsonText(toTaskResult(model))),
} as const satisfies Readonly<Record<string, Render>>;
type Format = keyof typeof FORMATS;
const NAMES = Object.keys(FORMATS).join(', ');

interface RenderOptions {
  readonly plan: readonly NamedPlan[];
  readonly format: Format;
  readonly output?: string;
  readonly workspace?: string;
}

interface NamedPlan {
  /** null: the file has no name before it. */
  readonly name: string | null;
  readonly file: string;
}

export function addRenderCommand(program: Command): void {
  program
    .command('render')
    .description('show a plan as the pull request would show it; checks nothing, tells nobody')
    .requiredOption('--plan <[name=]file>', 'plan in JSON: terraform show -json tfplan > plan.json; again for each workspace', addPlan)
    .option('--format <format>', `one of ${NAMES}`, toFormat, 'terminal')
    .option('--output <file>', 'write there instead of standard output')
    .option('--workspace <name>', 'name to show for one plan (default: "local")')
    .addHelpText(
      'after',
      `
Examples:
  terraform show -json tfplan > plan.json && runtask render --plan plan.json
  runtask render --plan plan.json --format html --output plan.html
  runtask render --plan plan.json --format comment | gh pr comment 7 --body-file -
  runtask render --plan net-prod=prod.json --plan net-dev=dev.json --format comment-page --output comment.html

Exit codes: 0 rendered · 2 the plan cannot be used, or wrong usage`,
    )
    .action(async (options: RenderOptions, command: Command) => {
      if (options.workspace !== undefined && options.plan.length > 1) {
        command.error('error: --workspace names one plan; of several write --plan NAME=FILE for each', { exitCode: 2 });
      }
      const models: ReportModel[] = [];
      for (const { name, file } of options.plan) {
        const plan = await readPlanFile(file, { stderr: process.stderr, now: systemClock.now });
        if (!plan.ok) {
          for (const diagnostic of plan.error) process.stderr.write(`${logLine(formatDiagnostic({ file, ...diagnostic }))}\n`);
          process.exitCode = 2;
          return;
        }
        models.push(toLocalModel(plan.value, name ?? options.workspace ?? (options.plan.length > 1 ? parse(file).name : 'local')));
      }
      const pieces = await FORMATS[options.format](models);
      await (options.output === undefined ? writePiecesTo(pieces, process.stdout) : writePieces(pieces, options.output));
    });
}

/** A name is a workspace's; a path with "=" in it is one only behind a name of its own. */
function addPlan(text: string, before: readonly NamedPlan[] = []): NamedPlan[] {
  const [, name = null, file = text] = /^(?:([\w-]+)=)?(.+)$/s.exec(text) ?? [];
  return [...before, { name, file }];
}

function toFormat(text: string): Format {
  if (!isFormat(text)) throw new InvalidArgumentError(`One of ${NAMES}.`);
  return text;
}

const isFormat = (text: string): text is Format => Object.hasOwn(FORMATS, text);

function commentOf(models: readonly ReportModel[]): string {
  const [only, ...others] = models;
  if (only !== undefined && others.length === 0) return renderComment(only);
  const parts = models.map((model) => {
    const section = toSection(model);
    const { organization, workspace, run_id, run_url, run_created_at } = model.run;
    return { organization, workspace, run_id, run_url, run_created_at, section, digest: writeSection(section).digest };
  });
  return renderCombined(parts, { task: 'local', revision: 0 });
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
