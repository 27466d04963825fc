// Repositories, commits, branches and pull requests, as far as a run task needs to read them.
import { reaches } from '../access.ts';
import { json, notFound, unprocessable } from '../answers.ts';
import type { PullRequest, Repository } from '../model.ts';
import { page } from '../paging.ts';
import { type RepositoryCall, repositoryRoute, route, type Route } from '../router.ts';
import { toPullRequest } from '../shapes/pull.ts';
import { toRepository } from '../shapes/repository.ts';
import { iso, nodeId } from '../shapes/text.ts';
import { resolveRef } from './statuses.ts';

export const repositoryRoutes: readonly Route[] = [
  // `/repositories/{id}` arrives here too: the router gives every repository's path its name.
  repositoryRoute('GET', '', [['metadata', 'read']], ({ world, repository }) =>
    json(200, toRepository(world.url, repository, world.account(repository.owner))),
  ),

  repositoryRoute('GET', '/commits/{sha}/pulls', [['pull_requests', 'read']], (call) => {
    const { repository } = call;
    const sha = resolveRef(repository, call.param('sha'));
    if (sha === null) return unprocessable(`No commit found for SHA: ${call.param('sha')}`);
    // Open and merged ones that hold the commit, and the one that brought it to the branch: a closed pull request is not listed.
    const found = [...repository.pulls.values()].filter((p) => p.state !== 'closed' && (p.headSha === sha || p.mergeCommitSha === sha));
    return page(call, `/commits/${sha}/pulls`, found, (items) => items.map((p) => shape(call, p)));
  }),

  repositoryRoute('GET', '/commits/{ref...}', [['contents', 'read']], ({ repository, world, param }) => {
    const sha = resolveRef(repository, param('ref'));
    const commit = sha === null ? undefined : repository.commits.get(sha);
    if (commit === undefined) return unprocessable(`No commit found for SHA: ${param('ref')}`);
    const url = `${world.url}/api/v3/repos/${repository.fullName}/commits/${commit.sha}`;
    const person = { name: repository.owner, email: `${repository.ownerId}@users.noreply.localhost`, date: iso(commit.at) };
    return json(200, {
      sha: commit.sha,
      node_id: nodeId('C', commit.sha),
      url,
      commit: { message: commit.message, author: person, committer: person },
    });
  }),

  repositoryRoute('GET', '/pulls', [['pull_requests', 'read']], (call) => {
    const state = call.request.query.get('state') ?? 'open';
    const head = call.request.query.get('head');
    const found = [...call.repository.pulls.values()]
      .filter((p) => state === 'all' || (p.state === 'open') === (state === 'open'))
      .filter((p) => head === null || head === `${call.repository.owner}:${p.headRef}`)
      .reverse();
    return page(call, '/pulls', found, (items) => items.map((p) => shape(call, p)));
  }),

  repositoryRoute('GET', '/pulls/{number}', [['pull_requests', 'read']], (call) => {
    const pull = call.repository.pulls.get(Number(call.param('number')));
    if (pull === undefined) return notFound;
    return json(200, { ...shape(call, pull), merged: pull.state === 'merged', comments: commentsOf(call.repository, pull.number) });
  }),

  route('GET', '/installation/repositories', ({ world, identity }) => {
    if (identity.kind !== 'installation') return notFound;
    const found = [...world.repositories.values()].filter((r) => reaches(identity, r, world));
    return json(200, { total_count: found.length, repositories: found.map((r) => toRepository(world.url, r, world.account(r.owner))) });
  }),
];

const shape = ({ world, repository }: RepositoryCall, pull: PullRequest): Record<string, unknown> =>
  toPullRequest(world.url, repository, pull, { owner: world.account(repository.owner), author: world.account(pull.author, 'User') });

const commentsOf = (repository: Repository, number: number): number => repository.comments.filter((c) => c.issue === number).length;
