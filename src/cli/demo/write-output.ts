// What the demo leaves in its folder for a visitor to look at: per run the comment (Markdown, and a page that looks as GitHub shows
// it), the job summary, the callback bodies and the job's log; for all of them the relay's log and an index.
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
  for (const { play, result, comment, workflowRun } of played) {
    const job = workflowRun.jobs[0];
    const body = comment?.body ?? 'No comment was written.\n';
    await write(join(play.scenario, 'comment.md'), body);
    await write(
      join(play.scenario, 'comment.html'),
      renderCommentPage(body, { title: `${play.pullRequest.title} #${play.pullRequest.number}`, css }),
    );
    await write(join(play.scenario, 'summary.md'), job?.summary.join('\n\n') ?? '');
    await write(join(play.scenario, 'callbacks.json'), `${JSON.stringify(result.callbacks, null, 2)}\n`);
    await write(join(play.scenario, 'job.log'), job?.log ?? '');
  }
  await write('relay.log', relayLog.map((line) => `${line}\n`).join(''));
  await write('index.html', indexPage(played));
  return written;
}

function indexPage(played: readonly Played[]): string {
  const rows = played.map(({ play, result }) => {
    const files = ['comment.html', 'comment.md', 'summary.md', 'callbacks.json', 'job.log'];
    const links = files.map((file) => `<a href="${play.scenario}/${file}">${file}</a>`).join(' · ');
    return `<li><b>${escapeHtml(play.pullRequest.title)}</b>: ${escapeHtml(result.status)}<br>${links}</li>`;
  });
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>runtask demo</title>
<style>:root { color-scheme: light dark } body { font: 16px/1.6 system-ui, sans-serif; max-width: 50rem; margin: 3rem auto; padding: 0 1rem } li { margin: 1rem 0 }</style>
<h1>runtask demo</h1>
<ul>
${rows.join('\n')}
</ul>
<p><a href="relay.log">relay.log</a></p>
</html>
`;
}
