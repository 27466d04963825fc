// GitHub's JSON for pull requests: `pull-request-simple`, and `pull-request` with what takes counting. Pure.
import { ahead, changes } from '../history.ts';
import type { Account, PullRequest, Repository } from '../model.ts';
import { toSimpleUser } from './account.ts';
import { toRepository } from './repository.ts';
import { iso, nodeId } from './text.ts';

export function toPullRequest(
  url: string,
  repository: Repository,
  pull: PullRequest,
  accounts: { readonly owner: Account; readonly author: Account },
): Record<string, unknown> {
  const api = `${url}/api/v3/repos/${repository.fullName}`;
  const own = `${api}/pulls/${pull.number}`;
  const html = `${url}/${repository.fullName}/pull/${pull.number}`;
  const issue = `${api}/issues/${pull.number}`;
  const repo = toRepository(url, repository, accounts.owner);
  const user = toSimpleUser(url, accounts.author);
  const end = (ref: string, sha: string): Record<string, unknown> => ({
    label: `${repository.owner}:${ref}`,
    ref,
    sha,
    user: toSimpleUser(url, accounts.owner),
    repo,
  });
  const links = {
    self: own,
    html,
    issue,
    comments: `${issue}/comments`,
    review_comments: `${own}/comments`,
    review_comment: `${api}/pulls/comments{/number}`,
    commits: `${own}/commits`,
    statuses: `${api}/statuses/${pull.headSha}`,
  };
  const time = (ms: number | null): string | null => (ms === null ? null : iso(ms));
  return {
    url: own,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    number: pull.number,
    state: pull.state === 'open' ? 'open' : 'closed',
    locked: false,
    title: pull.title,
    user,
    body: pull.body,
    labels: [],
    milestone: null,
    created_at: iso(pull.createdAt),
    updated_at: iso(pull.updatedAt),
    closed_at: time(pull.closedAt),
    merged_at: time(pull.mergedAt),
    merge_commit_sha: pull.mergeCommitSha,
    assignee: null,
    head: end(pull.headRef, pull.headSha),
    base: end(pull.baseRef, pull.baseSha),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: 'CONTRIBUTOR',
    auto_merge: null,
    draft: false,
  };
}

export function toFullPullRequest(...[url, repository, pull, accounts]: Parameters<typeof toPullRequest>): Record<string, unknown> {
  const { files, conflicts } = changes(repository, pull.baseRef, pull.headSha);
  const open = pull.state === 'open';
  return {
    ...toPullRequest(url, repository, pull, accounts),
    merged: pull.state === 'merged',
    mergeable: open ? conflicts.length === 0 : null,
    rebaseable: open ? conflicts.length === 0 : null,
    mergeable_state: !open ? 'unknown' : conflicts.length === 0 ? 'clean' : 'dirty',
    merged_by: pull.state === 'merged' ? toSimpleUser(url, accounts.author) : null,
    comments: repository.comments.filter((c) => c.issue === pull.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: ahead(repository, pull.baseSha, pull.headSha).length,
    // Files stand for lines: nobody here counts those.
    additions: Object.values(files).filter((content) => content !== null).length,
    deletions: Object.values(files).filter((content) => content === null).length,
    changed_files: Object.keys(files).length,
  };
}
