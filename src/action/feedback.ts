// After the verdict: outputs, commit status, comment, annotations, job summary. Each on its own: one that fails is a warning, and never changes
// the verdict, which is on record by now and is what all of them show.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeThrown, isErrorLike } from '../base/fault.ts';
import { writeCommitStatus } from '../github/commit-status.ts';
import { renderHtmlReport } from '../report/html/report.ts';
import type { ReportModel } from '../report/model.ts';
import { toStatusLine } from '../report/status-line.ts';
import { toSarif } from '../report/sarif.ts';
import { renderSummary } from '../report/summary.ts';
import { renderTerminal } from '../report/terminal.ts';
import { annotate } from './annotations.ts';
import { octokitFor } from './github-access.ts';
import type { Inputs } from './inputs.ts';
import type { Job } from './job.ts';
import type { Judgement } from './judge.ts';
import type { Material } from './material.ts';
import type { World } from './open-session.ts';
import { readPlace, readPlanned } from './pull-request.ts';
import type { Finished, RunTaskSession } from './session.ts';
import { writeMaterialOutputs } from './plan-outputs.ts';
import { writePieces } from './write-pieces.ts';
import { readRunState } from './run-facts.ts';
import { writeComment } from './write-comment.ts';

export interface Feedback {
  readonly session: RunTaskSession;
  readonly judgement: Judgement;
  readonly material: Material;
  readonly finished: Finished;
  readonly inputs: Inputs;
  readonly job: Job;
  readonly folder: string;
}

/** The verdict is delivered, and the runner costs money. */
const TOTAL_TIMEOUT_MS = 90_000;

export async function tellPeople(feedback: Feedback, world: World): Promise<void> {
  const { runner } = world;
  const { finished, judgement } = feedback;
  const { status, message, decided_by } = finished.verdict;
  const state = await readRunState(feedback.session.run, feedback.inputs, world);
  const model: ReportModel = {
    ...judgement.model,
    verdict: { status, message, decidedBy: decided_by },
    delivery: finished.delivery,
    ...(state === null ? {} : { state }),
  };
  const total = AbortSignal.timeout(TOTAL_TIMEOUT_MS);
  const until = world.clock.now() + TOTAL_TIMEOUT_MS;
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (thrown) {
      runner.warning(`${what}: ${describeWithCause(thrown)}`);
      return null;
    }
  };

  runner.print('The result in full', renderTerminal(model, { colour: false, width: 120 }));
  await attempt('The outputs could not be written', () => writeOutputs(feedback, model, world));
  await attempt('The commit status could not be set', () => setStatus(feedback, model, world, total));
  await attempt('The annotations could not be written', () => annotate(model, { ...feedback, world, total }));
  await attempt('The job summary could not be written', () => runner.summary(renderSummary(model)));
  // Last: it may have to wait for other jobs that write it.
  const access = { ...feedback, world, total };
  const url = await attempt('The comment could not be written', () => writeComment(model, access, { until, random: Math.random }));
  runner.output('comment-url', url ?? '');
  // After what people wait for: of a plan with 100,000 changes it takes half a minute.
  await attempt('The report could not be written', () => writeReport(feedback, model, world));
}

async function writeReport({ folder }: Feedback, model: ReportModel, { runner }: World): Promise<void> {
  const path = join(folder, 'report.html');
  await writePieces(renderHtmlReport([model]), path, 0o600);
  runner.output('report', path);
}

async function writeOutputs({ finished, material, inputs, job, folder }: Feedback, model: ReportModel, { runner }: World): Promise<void> {
  runner.output('result', finished.verdict.status);
  for (const [name, file, text] of [
    ['findings', 'findings.json', JSON.stringify(toFindingsFile(model), null, 2)],
    ['sarif', 'results.sarif', JSON.stringify(toSarif(model))],
  ] as const) {
    const path = join(folder, file);
    await writeFile(path, text, { mode: 0o600 });
    runner.output(name, path);
  }
  const planned = readPlanned(model.run, job.serverUrl);
  runner.output('planned-repository', planned.repository ?? '');
  runner.output('planned-commit', planned.commit ?? '');
  runner.output('planned-ref', planned.ref ?? '');
  await writeMaterialOutputs({ material, rawPlan: inputs.rawPlan, folder }, runner);
}

/** The form of the output `findings`; what is added to it keeps the version. */
const toFindingsFile = ({ verdict, results, waivers, sources }: ReportModel): object => ({
  version: 1,
  verdict,
  checks: results,
  waivers,
  sources,
});

async function setStatus({ session, inputs, job }: Feedback, model: ReportModel, world: World, total: AbortSignal): Promise<void> {
  if (!inputs.commitStatus) return;
  const { repository, sha } = readPlace(session.run, job.serverUrl);
  if (repository === null || sha === null) {
    world.runner.info('No commit status: HCP Terraform named no commit on this GitHub.');
    return;
  }
  const octokit = octokitFor(repository, { session, inputs, job, world, total });
  const { state, description } = toStatusLine(model);
  const { workspace, stage } = session.run;
  await writeCommitStatus(octokit, { ...repository, sha, workspace, stage, state, description, targetUrl: job.url });
}

function describeWithCause(thrown: unknown): string {
  const cause = isErrorLike(thrown) && thrown.cause !== undefined ? ` (${describeThrown(thrown.cause)})` : '';
  return `${describeThrown(thrown)}${cause}`;
}
