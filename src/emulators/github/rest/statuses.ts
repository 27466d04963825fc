// Commit statuses: create, list for a ref, the combined one.
import * as z from 'zod';
import { authorOf } from '../access.ts';
import { json, notFound, unprocessable, validationFailed } from '../answers.ts';
import type { CommitStatus, Repository } from '../model.ts';
import { page } from '../paging.ts';
import { type RepositoryCall, repositoryRoute, type Route, withBody } from '../router.ts';
import { toStatus } from '../shapes/feedback.ts';
import { toMinimalRepository } from '../shapes/repository.ts';

const MAX_DESCRIPTION = 140;
/** docs.github.com, "REST API endpoints for commit statuses", read 2026-11-22. */
const MAX_PER_CONTEXT = 1000;
const FOUR_BYTE = /[\u{10000}-\u{10FFFF}]/u;

const statusSchema = z.strictObject({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  target_url: z.string().nullish(),
  description: z.string().nullish(),
  context: z.string().min(1).default('default'),
});

export const statusRoutes: readonly Route[] = [
  repositoryRoute(
    'POST',
    '/statuses/{sha}',
    [['statuses', 'write']],
    withBody(statusSchema, (call: RepositoryCall, body) => {
      const { world, repository } = call;
      const sha = call.param('sha');
      if (!repository.commits.has(sha)) return unprocessable(`No commit found for SHA: ${sha}`);
      const description = body.description ?? null;
      if (description !== null && description.length > MAX_DESCRIPTION)
        return validationFailed([
          {
            resource: 'Status',
            code: 'custom',
            field: 'description',
            message: `description is too long (maximum is ${MAX_DESCRIPTION} characters)`,
          },
        ]);
      // Emoji in either text: 422 (vince-riv/argo-diff#49, ouzi-dev/commit-status-updater#527).
      for (const field of ['description', 'context'] as const)
        if (FOUR_BYTE.test(body[field] ?? ''))
          return validationFailed([{ resource: 'Status', code: 'custom', field, message: `${field} doesn't accept 4-byte Unicode` }]);
      if (!/^(https?:\/\/.*)?$/s.test(body.target_url ?? ''))
        return validationFailed([
          { resource: 'Status', code: 'custom', field: 'target_url', message: 'target_url must use http(s) scheme' },
        ]);
      const sameContext = repository.statuses.filter((s) => s.sha === sha && sameText(s.context, body.context));
      if (sameContext.length >= MAX_PER_CONTEXT)
        return validationFailed([
          {
            resource: 'Status',
            code: 'custom',
            field: 'context',
            message: 'This SHA and context has reached the maximum number of statuses.',
          },
        ]);
      const status: CommitStatus = {
        id: world.nextId(),
        sha,
        state: body.state,
        context: body.context,
        description,
        targetUrl: body.target_url ?? null,
        creator: authorOf(world, call.identity),
        createdAt: world.clock.now(),
      };
      repository.statuses.push(status);
      world.changed();
      const shape = toStatus(world.url, repository, status);
      return json(201, shape, { location: String(shape['url']) });
    }),
  ),

  repositoryRoute('GET', '/commits/{ref}/statuses', [['statuses', 'read']], (call) => {
    const sha = resolveRef(call.repository, call.param('ref'));
    if (sha === null) return notFound;
    const found = call.repository.statuses.filter((s) => s.sha === sha).reverse();
    return page(call, `/commits/${call.param('ref')}/statuses`, found, (items) =>
      items.map((s) => toStatus(call.world.url, call.repository, s)),
    );
  }),

  repositoryRoute('GET', '/commits/{ref}/status', [['statuses', 'read']], (call) => {
    const { world, repository } = call;
    const sha = resolveRef(repository, call.param('ref'));
    if (sha === null) return notFound;
    const latest = new Map(repository.statuses.filter((s) => s.sha === sha).map((s) => [s.context.toLowerCase(), s]));
    const states = [...latest.values()].map((s) => s.state);
    const state = states.some((s) => s === 'error' || s === 'failure')
      ? 'failure'
      : states.length === 0 || states.includes('pending')
        ? 'pending'
        : 'success';
    return json(200, {
      state,
      statuses: [...latest.values()].map((s) => toStatus(world.url, repository, s)),
      sha,
      total_count: latest.size,
      repository: toMinimalRepository(world.url, repository, world.account(repository.owner)),
      commit_url: `${world.url}/api/v3/repos/${repository.fullName}/commits/${sha}`,
      url: `${world.url}/api/v3/repos/${repository.fullName}/commits/${sha}/status`,
    });
  }),
];

/** A branch, `refs/heads/…`, or a commit's id. */
export function resolveRef(repository: Repository, ref: string): string | null {
  const branch = repository.branches.get(ref.replace(/^(refs\/)?heads\//, ''));
  return branch ?? (repository.commits.has(ref) ? ref : null);
}

const sameText = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
