// Comments of pull requests: list in pages, create, update, get, delete.
import * as z from 'zod';
import { authorOf, type Needs } from '../access.ts';
import { type Answer, json, noContent, notFound, validationFailed } from '../answers.ts';
import type { Comment } from '../model.ts';
import { page } from '../paging.ts';
import { type RepositoryCall, repositoryRoute, type Route, withBody } from '../router.ts';
import { toIssueComment } from '../shapes/feedback.ts';

// Either permission is enough for a comment on a pull request (docs.github.com, "REST API endpoints for issue comments", read 2026-11-22).
const READ: Needs = [
  ['pull_requests', 'read'],
  ['issues', 'read'],
];
const WRITE: Needs = [
  ['pull_requests', 'write'],
  ['issues', 'write'],
];

// 65,536 characters, telia-oss/github-pr-resource#259. Counted here in UTF-16 units, the narrower reading of "characters".
const MAX_BODY = 65_536;

const bodySchema = z.strictObject({ body: z.string() });

export const commentRoutes: readonly Route[] = [
  repositoryRoute('GET', '/issues/{number}/comments', READ, (call) => {
    const number = Number(call.param('number'));
    if (!call.repository.pulls.has(number)) return notFound;
    const since = Date.parse(call.request.query.get('since') ?? '') || 0;
    const found = call.repository.comments.filter((c) => c.issue === number && c.updatedAt >= since);
    return page(call, `/issues/${number}/comments`, found, (items) => items.map((c) => toIssueComment(call.world.url, call.repository, c)));
  }),

  repositoryRoute(
    'POST',
    '/issues/{number}/comments',
    WRITE,
    withBody(bodySchema, (call: RepositoryCall, { body }) => {
      const { world, repository } = call;
      const number = Number(call.param('number'));
      if (!repository.pulls.has(number)) return notFound;
      const refused = refuseBody(body);
      if (refused !== null) return refused;
      const now = world.clock.now();
      const comment: Comment = {
        id: world.nextId(),
        issue: number,
        author: authorOf(world, call.identity),
        body,
        createdAt: now,
        updatedAt: now,
      };
      repository.comments.push(comment);
      world.changed();
      const shape = toIssueComment(world.url, repository, comment);
      return json(201, shape, { location: String(shape['url']) });
    }),
  ),

  repositoryRoute('GET', '/issues/comments/{id}', READ, (call) => {
    const comment = find(call);
    return comment === undefined ? notFound : json(200, toIssueComment(call.world.url, call.repository, comment));
  }),

  repositoryRoute(
    'PATCH',
    '/issues/comments/{id}',
    WRITE,
    withBody(bodySchema, (call: RepositoryCall, { body }) => {
      const comment = find(call);
      if (comment === undefined) return notFound;
      const refused = refuseBody(body);
      if (refused !== null) return refused;
      comment.body = body;
      comment.updatedAt = call.world.clock.now();
      call.world.changed();
      return json(200, toIssueComment(call.world.url, call.repository, comment));
    }),
  ),

  repositoryRoute('DELETE', '/issues/comments/{id}', WRITE, (call) => {
    const comment = find(call);
    if (comment === undefined) return notFound;
    call.repository.comments.splice(call.repository.comments.indexOf(comment), 1);
    call.world.changed();
    return noContent;
  }),
];

const find = (call: RepositoryCall): Comment | undefined => call.repository.comments.find((c) => c.id === Number(call.param('id')));

function refuseBody(body: string): Answer | null {
  if (body.trim() === '') return validationFailed([{ resource: 'IssueComment', code: 'missing_field', field: 'body' }]);
  if (body.length <= MAX_BODY) return null;
  return validationFailed([
    { resource: 'IssueComment', code: 'unprocessable', field: 'data', message: `Body is too long (maximum is ${MAX_BODY} characters)` },
  ]);
}
