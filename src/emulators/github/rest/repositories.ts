// Repositories and commits, as far as a run task and its set-up need to read them.
import { reaches } from '../access.ts';
import { conflict, json, notFound, unprocessable } from '../answers.ts';
import { page } from '../paging.ts';
import { repositoryRoute, route, type Route } from '../router.ts';
import { toPullRequest } from '../shapes/pull.ts';
import { toRepository } from '../shapes/repository.ts';
import { iso, nodeId } from '../shapes/text.ts';
import { shapeOf } from './pulls.ts';
import { resolveRef } from './statuses.ts';

export const repositoryRoutes: readonly Route[] = [
  // `/repositories/{id}` arrives here too: the router gives every repository's path its name.
  repositoryRoute('GET', '', [['metadata', 'read']], ({ world, repository }) =>
    json(200, {
      ...toRepository(world.url, repository, world.account(repository.owner)),
      has_discussions: false,
      network_count: 0,
      subscribers_count: 0,
    }),
  ),

  repositoryRoute('GET', '/commits/{sha}/pulls', [['pull_requests', 'read']], (call) => {
    const { repository } = call;
    const sha = resolveRef(repository, call.param('sha'));
    if (sha === null) return unprocessable(`No commit found for SHA: ${call.param('sha')}`);
    // Open and merged ones that hold the commit, and the one that brought it to the branch: a closed pull request is not listed.
    const found = [...repository.pulls.values()].filter((p) => p.state !== 'closed' && (p.headSha === sha || p.mergeCommitSha === sha));
    return page(call, `/commits/${sha}/pulls`, found, (items) => items.map((p) => toPullRequest(...shapeOf(call, p))));
  }),

  repositoryRoute('GET', '/commits/{ref...}', [['contents', 'read']], ({ repository, world, param }) => {
    if (repository.branches.size === 0) return conflict('Git Repository is empty.');
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

  route('GET', '/installation/repositories', ({ world, identity }) => {
    if (identity.kind !== 'installation') return notFound;
    const found = [...world.repositories.values()].filter((r) => reaches(identity, r, world));
    return json(200, { total_count: found.length, repositories: found.map((r) => toRepository(world.url, r, world.account(r.owner))) });
  }),
];
