// What `runtask emulate` leaves of a workflow run, for whoever wonders why the comment is not the one they expected.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { leaveRuns } from '../../src/cli/emulate/leave-runs.ts';
import { createStage, type Stage } from '../emulators/github/stage.ts';

let stage: Stage;
let output: string;
beforeEach(async () => {
  stage = await createStage();
  output = await mkdtemp(join(tmpdir(), 'emulate-runs-'));
});
afterEach(async () => {
  await stage.close();
  await rm(output, { recursive: true });
});

const WORKFLOW = `name: Gate
on: repository_dispatch
jobs:
  check:
    runs-on: x
    steps:
      - run: echo what the job said; echo '### well' >> "$GITHUB_STEP_SUMMARY"
`;

/** The next line that is told. */
function listen(folder: string): () => Promise<string> {
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  void leaveRuns(stage.github, { repository: 'acme/net', pullRequest: 1, output: folder }, (line) => {
    const next = waiting.shift();
    if (next === undefined) lines.push(line);
    else next(line);
  });
  return () => new Promise((resolve) => (lines.length > 0 ? resolve(lines.shift() ?? '') : void waiting.push(resolve)));
}

it('leaves log, summary and comment of a run, and those of its next attempt beside them', async () => {
  const next = listen(output);
  const run = await stage.play(WORKFLOW);
  const { sha } = stage.github.createCommit({ repository: 'acme/net', branch: 'change' });
  stage.github.createPullRequest({ repository: 'acme/net', number: 1, headSha: sha, headRef: 'change' });
  expect(await next()).toBe(`.github/workflows/run.yml run 1: success. Left in ${join(output, 'runs/1')}: job.log, summary.md`);
  expect(await readFile(join(output, 'runs/1/job.log'), 'utf8')).toContain('what the job said');
  expect(await readFile(join(output, 'runs/1/summary.md'), 'utf8')).toBe('### well\n');
  expect((await stat(join(output, 'runs/1/job.log'))).mode & 0o777).toBe(0o600);

  await stage.call('POST', '/repos/acme/net/issues/1/comments', { body: { body: '### ❌ failed <script>' } });
  stage.github.rerun(run.id);
  expect(await next()).toBe(
    `.github/workflows/run.yml run 1: success. Left in ${join(output, 'runs/1-2')}: job.log, summary.md, comment.html`,
  );
  const page = await readFile(join(output, 'runs/1-2/comment.html'), 'utf8');
  expect(page).toContain('❌ failed');
  expect(page).not.toContain('<script>');
});

it('goes on when the folder cannot be written', async () => {
  const file = join(output, 'taken');
  await writeFile(file, '');
  const next = listen(file);
  await stage.play(WORKFLOW);
  expect(await next()).toMatch(/^run 1 could not be left: ENOTDIR/);
  await stage.dispatch();
  expect(await next()).toMatch(/^run 2 could not be left/);
});
