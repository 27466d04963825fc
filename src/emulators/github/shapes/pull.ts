// GitHub's JSON for pull requests: `pull-request-simple`. Pure.
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
