// GitHub's JSON for what is said about a change: `issue-comment`, `status`, `check-run`. Pure.
import type { ApiCheckRun, Comment, CommitStatus, Repository } from '../model.ts';
import { toSimpleUser } from './account.ts';
import { iso, nodeId } from './text.ts';

export function toIssueComment(url: string, repository: Repository, comment: Comment): Record<string, unknown> {
  const api = `${url}/api/v3/repos/${repository.fullName}/issues`;
  return {
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    url: `${api}/comments/${comment.id}`,
    html_url: `${url}/${repository.fullName}/pull/${comment.issue}#issuecomment-${comment.id}`,
    issue_url: `${api}/${comment.issue}`,
    body: comment.body,
    user: toSimpleUser(url, comment.author),
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    author_association: comment.author.type === 'Bot' ? 'NONE' : 'CONTRIBUTOR',
    performed_via_github_app: null,
  };
}

export function toStatus(url: string, repository: Repository, status: CommitStatus): Record<string, unknown> {
  return {
    url: `${url}/api/v3/repos/${repository.fullName}/statuses/${status.sha}`,
    avatar_url: `${url}/avatars/u/${status.creator.id}`,
    id: status.id,
    node_id: nodeId('SC', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: iso(status.createdAt),
    updated_at: iso(status.createdAt),
    creator: toSimpleUser(url, status.creator),
  };
}

/** As they were sent, which the schema of the request has checked. */
export function annotationsOf({ fields }: ApiCheckRun): readonly Readonly<Record<string, unknown>>[] {
  const output = fields['output'] as { readonly annotations?: readonly Readonly<Record<string, unknown>>[] } | undefined;
  return output?.annotations ?? [];
}

export function toCheckRun(url: string, repository: Repository, check: ApiCheckRun): Record<string, unknown> {
  const api = `${url}/api/v3/repos/${repository.fullName}/check-runs/${check.id}`;
  const html = `${url}/${repository.fullName}/runs/${check.id}`;
  const given = check.fields;
  const output = (given['output'] ?? {}) as Readonly<Record<string, unknown>>;
  return {
    id: check.id,
    node_id: nodeId('CR', check.id),
    head_sha: check.headSha,
    name: given['name'],
    url: api,
    html_url: html,
    details_url: given['details_url'] ?? html,
    external_id: given['external_id'] ?? '',
    status: given['status'] ?? 'queued',
    conclusion: given['conclusion'] ?? null,
    started_at: given['started_at'] ?? null,
    completed_at: given['completed_at'] ?? null,
    check_suite: { id: check.id },
    output: {
      title: output['title'] ?? null,
      summary: output['summary'] ?? null,
      text: output['text'] ?? null,
      annotations_count: annotationsOf(check).length,
      annotations_url: `${api}/annotations`,
    },
    app: null,
    pull_requests: [],
  };
}
