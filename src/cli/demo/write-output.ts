// What the demo leaves in its folder for a visitor to look at: for each pull request the comment (Markdown, and a page that looks as
// GitHub shows it); for each of its workspaces the job summary, the callback bodies and the job's log; the relay's log, and an index.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeHtml } from '../../report/escape.ts';
import { renderCommentPage } from '../../report/comment-page.ts';
import { readGithubCss } from '../render.ts';
import type { Played } from './play-run.ts';

/** @returns every text that was written, by path: the demo searches them for secrets */
export async function writePlayed(folder: string, played: readonly Played[], relayLog: readonly string[]): Promise<Map<string, string>> {
  const css = await readGithubCss();
  const written = new Map<string, string>();
  const write = async (path: string, text: string): Promise<void> => {
    written.set(path, text);
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  for (const { play, runs, comments } of played) {
    const body = comments.length === 0 ? 'No comment was written.\n' : comments.map((one) => one.body).join('\n\n---\n\n');
    const title = `${play.pullRequest.title} #${play.pullRequest.number}`;
    await write(join(play.folder, 'comment.md'), body);
    await write(join(play.folder, 'comment.html'), renderCommentPage(body, { title, css }));
    for (const { workspace, result, workflowRun } of runs) {
      const job = workflowRun.jobs[0];
      const into = (name: string): string => join(play.folder, workspace.workspace, name);
      await write(into('summary.md'), job?.summary.join('\n\n') ?? '');
      await write(into('callbacks.json'), `${JSON.stringify(result.callbacks, null, 2)}\n`);
      await write(into('job.log'), job?.log ?? '');
    }
  }
  await write('relay.log', relayLog.map((line) => `${line}\n`).join(''));
  await write('index.html', indexPage(played));
  return written;
}

function indexPage(played: readonly Played[]): string {
  const parts = played.map(({ play, runs }) => {
    const { folder, pullRequest } = play;
    const rows = runs.map(({ workspace, result }) => {
      const files = [
        ['callbacks.json', 'what HCP Terraform was told'],
        ['summary.md', 'job summary'],
        ['job.log', "job's log"],
      ];
      const links = files.map(([file, words]) => `<a href="${folder}/${workspace.workspace}/${file}">${words}</a>`).join(' · ');
      return `<li><b>${escapeHtml(workspace.workspace)}</b>: ${escapeHtml(result.status)} · ${links}</li>`;
    });
    return `<h2>#${pullRequest.number} ${escapeHtml(pullRequest.title)}</h2>
<ul>
${rows.join('\n')}
</ul>
<p>The comment on the pull request: <a href="${folder}/comment.html">alone</a> · <a href="${folder}/comment.md">as Markdown</a></p>
<iframe src="${folder}/comment.html" title="The comment on pull request ${pullRequest.number}"></iframe>`;
  });
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>runtask demo</title>
<style>:root { color-scheme: light dark } body { font: 16px/1.6 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem } h2 { margin-top: 3rem } iframe { width: 100%; height: 38rem; border: 1px solid #8886; border-radius: 6px }</style>
<h1>runtask demo</h1>
<p>What became of each run, and what a reviewer sees of it. All of it: <a href="relay.log">the relay's log</a>.</p>
${parts.join('\n')}
</html>
`;
}
