// Findings where people read code: as annotations of this job, or as a check run on the commit that was planned.
import { statusContext } from '../github/commit-status.ts';
import { writeCheckRun, type CheckRun, type CheckRunAnnotation } from '../github/check-run.ts';
import { toAnnotations, type Annotation } from '../report/annotations.ts';
import type { ReportModel } from '../report/model.ts';
import { toStatusLine } from '../report/status-line.ts';
import { renderCheckRun } from '../report/summary.ts';
import { plural } from '../report/words.ts';
import { octokitFor, type Access } from './github-access.ts';
import { readPlace } from './pull-request.ts';
import type { Runner } from './runner.ts';

// GitHub keeps ten of each kind for a step (actions/runner 2.336.0, ExecutionContext). Two are left for what this step says itself.
const LOG_PER_LEVEL = 8;
/** Four requests. Whoever has more findings than this reads the report. */
const MAX_CHECK_RUN = 200;

export async function annotate(model: ReportModel, access: Access): Promise<void> {
  switch (access.inputs.annotations) {
    case 'none':
      return;
    case 'log':
      return annotateLog(model, access.world.runner);
    case 'check-run':
      return annotateCommit(model, access);
  }
}

export function annotateLog(model: ReportModel, runner: Pick<Runner, Annotation['level']>): void {
  const all = toAnnotations(model);
  const shown = (['error', 'warning', 'notice'] as const).flatMap((level) =>
    all.filter((one) => one.level === level).slice(0, LOG_PER_LEVEL),
  );
  for (const { level, title, message, file, line } of shown)
    runner[level](message, { title, ...(file === null ? {} : { file }), ...(file === null || line === null ? {} : { startLine: line }) });
  const more = all.length - shown.length;
  if (more > 0) runner.notice(`${plural(more, 'more finding')} without an annotation; the job summary has all.`);
}

async function annotateCommit(model: ReportModel, access: Access): Promise<void> {
  const { runner } = access.world;
  const { repository, sha } = readPlace(model.run, access.job.serverUrl);
  if (repository === null || sha === null) {
    runner.info('No check run: HCP Terraform named no commit on this GitHub.');
    return;
  }
  const url = await writeCheckRun(octokitFor(repository, access), { ...repository, sha, ...toCheckRun(model, access.job.url) });
  runner.info(`Check run written: ${url}`);
}

function toCheckRun(model: ReportModel, detailsUrl: string): Omit<CheckRun, 'owner' | 'repo' | 'sha'> {
  const { state, description } = toStatusLine(model);
  const { workspace, stage, run_id } = model.run;
  return {
    name: statusContext(workspace, stage),
    // What only observes must neither block nor bless.
    conclusion: model.observe ? 'neutral' : state,
    detailsUrl,
    externalId: run_id,
    title: description,
    summary: renderCheckRun(model),
    annotations: toAnnotations(model).flatMap(toCheckRunAnnotation).slice(0, MAX_CHECK_RUN),
  };
}

const LEVELS = { error: 'failure', warning: 'warning', notice: 'notice' } as const;

/** One without a file stands in the report alone: GitHub takes none. */
function toCheckRunAnnotation({ level, title, message, file, line }: Annotation): CheckRunAnnotation[] {
  if (file === null) return [];
  const at = line ?? 1;
  return [{ path: file, start_line: at, end_line: at, annotation_level: LEVELS[level], title, message }];
}
