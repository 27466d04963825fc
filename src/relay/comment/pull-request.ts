// Which pull request a run task may write to: the run's own facts decide, not the job that asks. Pure.
import { err, ok, type Result } from '../../base/result.ts';
import type { PullRequestKey } from '../../contracts/relay-api.ts';
import { readRepositoryUrl } from '../../github/repository.ts';
import type { Task } from '../life/task.ts';
import type { CommentPlace } from './comment.ts';

/**
 * @param webUrl  where this GitHub lives: https://github.com
 * @returns the error is for the job's log; nothing of the request is in it
 */
export function placeOf(task: Task, asked: PullRequestKey, webUrl: string): Result<CommentPlace, string> {
  const own = ownPullRequest(task, webUrl);
  if (!own.ok) return own;
  const repository = asked.repository.toLowerCase();
  const { number } = own.value;
  if (repository !== own.value.repository.toLowerCase() || (number !== null && number !== asked.number))
    return err(
      `This run may write to ${number === null ? 'pull requests of ' : ''}${own.value.repository}${number === null ? '' : `#${number}`} only.`,
    );
  return ok({ task: task.key.task, host: task.key.host, repository, number: asked.number });
}

/**
 * A run that HCP Terraform names no pull request for (after a merge, by API or CLI) belongs to the first that it puts a section to:
 * one run task fills one section, however its job behaves.
 * @returns null: nothing is to be remembered
 */
export function withPullRequest(task: Task, asked: PullRequestKey, webUrl: string): Task | null {
  const own = ownPullRequest(task, webUrl);
  if (!own.ok || own.value.number !== null || !placeOf(task, asked, webUrl).ok) return null;
  return { ...task, pullRequest: asked.number };
}

/** `number` is null when any of the repository will do. */
function ownPullRequest(task: Task, webUrl: string): Result<{ readonly repository: string; readonly number: number | null }, string> {
  const vcs = task.facts?.vcs;
  const host = new URL(webUrl).host;
  const named = vcs?.pull_request_url ?? null;
  if (named !== null) {
    const found = readRepositoryUrl(named, webUrl);
    const number = found === null ? null : numberOf(named);
    if (found === null || number === null) return err(`The pull request of this run is not on ${host}.`);
    return ok({ repository: `${found.owner}/${found.name}`, number });
  }
  const found = [vcs?.repository_url, vcs?.commit_url]
    .filter((url) => typeof url === 'string')
    .map((url) => readRepositoryUrl(url, webUrl))
    .find((repository) => repository !== null);
  if (found === undefined) return err(`HCP Terraform names no repository on ${host} for this run, so it has no pull request.`);
  return ok({ repository: `${found.owner}/${found.name}`, number: task.pullRequest ?? null });
}

/** `…/pull/7`, and what may follow it. */
function numberOf(url: string): number | null {
  const [, , kind, number = ''] = new URL(url).pathname.split('/').filter((part) => part !== '');
  return kind === 'pull' && /^[1-9]\d{0,9}$/.test(number) ? Number(number) : null;
}
