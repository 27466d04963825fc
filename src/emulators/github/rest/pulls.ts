// Pull requests: opened, listed, changed, closed and merged.
import * as z from 'zod';
import { authorOf } from '../access.ts';
import { type Answer, conflict, json, methodNotAllowed, notFound, validationFailed } from '../answers.ts';
import { ahead, changes } from '../history.ts';
import type { PullRequest } from '../model.ts';
import { page } from '../paging.ts';
import { type RepositoryCall, repositoryRoute, type Route, withBody } from '../router.ts';
import { refuseMerge } from '../rules.ts';
import { toFullPullRequest, toPullRequest } from '../shapes/pull.ts';
import { refuseWorkflowPaths } from '../workflow-permission.ts';

const newPullSchema = z.strictObject({
  title: z.string().min(1),
  head: z.string(),
  base: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().optional(),
  maintainer_can_modify: z.boolean().optional(),
});
const changedPullSchema = z.strictObject({
  title: z.string().min(1).optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  maintainer_can_modify: z.boolean().optional(),
});
const mergeSchema = z.strictObject({
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z.enum(['merge', 'squash', 'rebase']).optional(),
});

export const pullRoutes: readonly Route[] = [
  repositoryRoute('GET', '/pulls', [['pull_requests', 'read']], (call) => {
    const query = call.request.query;
    const state = query.get('state') ?? 'open';
    if (!['open', 'closed', 'all'].includes(state)) return invalid('state');
    const base = query.get('base');
    // `user:branch`; anything else is no filter at all on GitHub, and every pull request comes back.
    const head = query.get('head')?.includes(':') === true ? query.get('head') : null;
    const found = [...call.repository.pulls.values()]
      .filter((p) => state === 'all' || (p.state === 'open') === (state === 'open'))
      .filter((p) => head === null || head.toLowerCase() === `${call.repository.owner}:${p.headRef}`.toLowerCase())
      .filter((p) => base === null || base === p.baseRef)
      .reverse();
    return page(call, '/pulls', found, (items) => items.map((p) => toPullRequest(...shapeOf(call, p))));
  }),

  repositoryRoute(
    'POST',
    '/pulls',
    [['pull_requests', 'write']],
    withBody(newPullSchema, (call: RepositoryCall, { title, head, base, body = null }) => {
      const { repository, world } = call;
      const headRef = head.startsWith(`${repository.owner}:`) ? head.slice(repository.owner.length + 1) : head;
      const headSha = repository.branches.get(headRef);
      const baseSha = repository.branches.get(base);
      if (headSha === undefined) return invalid('head');
      if (baseSha === undefined) return invalid('base');
      if (ahead(repository, baseSha, headSha).length === 0) return custom(`No commits between ${base} and ${headRef}`);
      if (openFor(call, headRef, base) !== undefined) return custom(`A pull request already exists for ${repository.owner}:${headRef}.`);
      const author = authorOf(world, call.identity).login;
      const pull = world.createPullRequest(repository, { headSha, headRef, baseRef: base, title, body, author });
      world.changed();
      return json(201, toFullPullRequest(...shapeOf(call, pull)));
    }),
  ),

  repositoryRoute('GET', '/pulls/{number}', [['pull_requests', 'read']], (call) => {
    const pull = findPull(call);
    return pull === undefined ? notFound : json(200, toFullPullRequest(...shapeOf(call, pull)));
  }),

  repositoryRoute(
    'PATCH',
    '/pulls/{number}',
    [['pull_requests', 'write']],
    withBody(changedPullSchema, (call: RepositoryCall, { title, body, state }) => {
      const { repository, world } = call;
      const pull = findPull(call);
      if (pull === undefined) return notFound;
      const now = world.clock.now();
      if (state === 'open' && pull.state === 'merged') return custom('Cannot change state. The pull request is already merged.');
      if (state === 'open' && pull.state === 'closed') {
        if (!repository.branches.has(pull.headRef)) return custom(`state cannot be changed. The ${pull.headRef} branch has been deleted.`);
        if (openFor(call, pull.headRef, pull.baseRef) !== undefined)
          return custom(`state cannot be changed. There is already an open pull request from ${pull.headRef} to ${pull.baseRef}.`);
        Object.assign(pull, {
          state: 'open',
          closedAt: null,
          headSha: repository.branches.get(pull.headRef) ?? pull.headSha,
        } satisfies Partial<PullRequest>);
      }
      if (state === 'closed' && pull.state === 'open')
        Object.assign(pull, { state: 'closed', closedAt: now } satisfies Partial<PullRequest>);
      Object.assign(pull, { title: title ?? pull.title, body: body === undefined ? pull.body : body, updatedAt: now });
      world.changed();
      return json(200, toFullPullRequest(...shapeOf(call, pull)));
    }),
  ),

  repositoryRoute(
    'PUT',
    '/pulls/{number}/merge',
    [['contents', 'write']],
    withBody(mergeSchema, (call: RepositoryCall, body) => {
      const { repository, world } = call;
      const pull = findPull(call);
      if (pull === undefined) return notFound;
      if (pull.state !== 'open') return methodNotAllowed('Pull Request is not mergeable');
      if (body.sha !== undefined && body.sha !== pull.headSha) return conflict('Head branch was modified. Review and try the merge again.');
      const { files, conflicts } = changes(repository, pull.baseRef, pull.headSha);
      if (conflicts.length > 0) return methodNotAllowed('Pull Request is not mergeable');
      const refused = refuseWorkflowPaths(call, Object.keys(files)) ?? refuseMerge(call, pull.baseRef);
      if (refused !== null) return refused;
      const commit = world.mergePullRequest(repository, pull, body.commit_title);
      world.changed();
      return json(200, { sha: commit.sha, merged: true, message: 'Pull Request successfully merged' });
    }),
  ),
];

const findPull = ({ repository, param }: RepositoryCall): PullRequest | undefined => repository.pulls.get(Number(param('number')));

const openFor = ({ repository }: RepositoryCall, headRef: string, baseRef: string): PullRequest | undefined =>
  [...repository.pulls.values()].find((p) => p.state === 'open' && p.headRef === headRef && p.baseRef === baseRef);

const invalid = (field: string): Answer => validationFailed([{ resource: 'PullRequest', field, code: 'invalid' }]);
const custom = (message: string): Answer => validationFailed([{ resource: 'PullRequest', code: 'custom', message }]);

export const shapeOf = ({ world, repository }: RepositoryCall, pull: PullRequest): Parameters<typeof toFullPullRequest> => [
  world.url,
  repository,
  pull,
  { owner: world.account(repository.owner), author: world.account(pull.author, 'User') },
];
