// What `runtask emulate` leaves of each workflow run that has ended: the log and summary of its jobs, and the comment as GitHub shows it.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeThrown } from '../../base/fault.ts';
import type { Github } from '../../emulators/github/index.ts';
import { renderCommentPage } from '../../report/comment-page.ts';
import { plural } from '../../report/words.ts';
import { readGithubCss } from '../render.ts';

export interface LeaveRunsSpec {
  /** owner/name */
  readonly repository: string;
  readonly pullRequest: number;
  readonly output: string;
}

type Run = Github['runs'][number];

/** Goes on as long as the emulator runs. A run that is run again is told again. */
export async function leaveRuns(github: Github, spec: LeaveRunsSpec, log: (line: string) => void): Promise<never> {
  const told = new Map<number, number>();
  for (;;) {
    const run = await github.waitForRun((one) => one.status === 'completed' && told.get(one.id) !== one.attempt);
    told.set(run.id, run.attempt);
    // What to do is on the screen already; a full disk must not end the emulators.
    log(await leaveRun(github, run, spec).catch((thrown: unknown) => `run ${run.runNumber} could not be left: ${describeThrown(thrown)}`));
  }
}

async function leaveRun(github: Github, run: Run, { repository, pullRequest, output }: LeaveRunsSpec): Promise<string> {
  const folder = join(output, 'runs', run.attempt === 1 ? `${run.runNumber}` : `${run.runNumber}-${run.attempt}`);
  const comment = github.comments(repository, pullRequest).at(-1)?.body;
  const files = new Map<string, string>();
  for (const job of run.jobs) {
    const prefix = run.jobs.length === 1 ? '' : `${job.key}-`;
    files.set(`${prefix}job.log`, `${job.log}\n`);
    if (job.summary.length > 0) files.set(`${prefix}summary.md`, job.summary.join('\n\n'));
  }
  if (comment !== undefined) {
    const title = `${plural(run.jobs.length, 'job')} of ${run.workflowPath}`;
    files.set('comment.html', renderCommentPage(comment, { title, css: await readGithubCss() }));
  }
  await mkdir(folder, { recursive: true });
  for (const [name, text] of files) await writeFile(join(folder, name), text, { mode: 0o600 });
  const why = run.problems.length === 0 ? '' : ` (${run.problems.join('; ')})`;
  return `${run.workflowPath} run ${run.runNumber}: ${run.conclusion ?? 'no conclusion'}${why}. Left in ${folder}: ${[...files.keys()].join(', ')}`;
}
