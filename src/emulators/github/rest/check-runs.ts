// Check runs, which only Apps may write; `GITHUB_TOKEN` counts as GitHub's own App.
import * as z from 'zod';
import { appSlugOf } from '../access.ts';
import { forbidden, json, notFound, unprocessable } from '../answers.ts';
import type { ApiCheckRun } from '../model.ts';
import { page } from '../paging.ts';
import { type RepositoryCall, repositoryRoute, type Route, withBody } from '../router.ts';
import { annotationsOf, toCheckRun } from '../shapes/feedback.ts';
import { resolveRef } from './statuses.ts';

const MAX_TEXT = 65_535;
const MAX_ANNOTATIONS = 50;

const annotationSchema = z.strictObject({
  path: z.string().min(1),
  start_line: z.number().int().min(1),
  end_line: z.number().int().min(1),
  start_column: z.number().int().optional(),
  end_column: z.number().int().optional(),
  annotation_level: z.enum(['notice', 'warning', 'failure']),
  message: z.string().min(1).max(65_536),
  title: z.string().max(255).optional(),
  raw_details: z.string().max(65_536).optional(),
});

const fields = {
  details_url: z.string().optional(),
  external_id: z.string().optional(),
  status: z.enum(['queued', 'in_progress', 'completed']).optional(),
  started_at: z.iso.datetime().optional(),
  completed_at: z.iso.datetime().optional(),
  conclusion: z.enum(['action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'timed_out']).optional(),
  output: z
    .looseObject({
      title: z.string().optional(),
      summary: z.string().max(MAX_TEXT),
      text: z.string().max(MAX_TEXT).optional(),
      annotations: z.array(annotationSchema).max(MAX_ANNOTATIONS).optional(),
    })
    .optional(),
  actions: z
    .array(z.strictObject({ label: z.string().max(20), description: z.string().max(40), identifier: z.string().max(20) }))
    .max(3)
    .optional(),
};
const newCheckSchema = z.strictObject({ name: z.string().min(1), head_sha: z.string(), ...fields });
const checkSchema = z.strictObject({ name: z.string().min(1).optional(), ...fields });

export const checkRunRoutes: readonly Route[] = [
  repositoryRoute(
    'POST',
    '/check-runs',
    [['checks', 'write']],
    withBody(newCheckSchema, (call: RepositoryCall, body) => {
      const { world, repository } = call;
      const appSlug = appSlugOf(call.identity);
      if (appSlug === null) return forbidden('You must authenticate via a GitHub App.');
      if (!repository.commits.has(body.head_sha)) return unprocessable(`No commit found for SHA: ${body.head_sha}`);
      const check: ApiCheckRun = { id: world.nextId(), headSha: body.head_sha, appSlug, fields: completed(body) };
      repository.checkRuns.set(check.id, check);
      world.changed();
      return json(201, toCheckRun(world.url, repository, check));
    }),
  ),

  repositoryRoute('GET', '/check-runs/{id}', [['checks', 'read']], ({ world, repository, param }) => {
    const check = repository.checkRuns.get(Number(param('id')));
    return check === undefined ? notFound : json(200, toCheckRun(world.url, repository, check));
  }),

  repositoryRoute(
    'PATCH',
    '/check-runs/{id}',
    [['checks', 'write']],
    withBody(checkSchema, (call: RepositoryCall, body) => {
      const check = call.repository.checkRuns.get(Number(call.param('id')));
      if (check === undefined) return notFound;
      if (appSlugOf(call.identity) !== check.appSlug)
        return forbidden('Invalid app_id `check_run` can only be updated by the GitHub App that created it.');
      // Annotations are added to those that are there; everything else of the output is replaced.
      const annotations = [...annotationsOf(check), ...(body.output?.annotations ?? [])];
      const output = body.output === undefined ? {} : { output: { ...body.output, annotations } };
      check.fields = { ...check.fields, ...completed(body), ...output };
      call.world.changed();
      return json(200, toCheckRun(call.world.url, call.repository, check));
    }),
  ),

  repositoryRoute('GET', '/check-runs/{id}/annotations', [['checks', 'read']], (call) => {
    const check = call.repository.checkRuns.get(Number(call.param('id')));
    if (check === undefined) return notFound;
    return page(call, `/check-runs/${check.id}/annotations`, annotationsOf(check), (items) => items);
  }),

  repositoryRoute('GET', '/commits/{ref}/check-runs', [['checks', 'read']], (call) => {
    const sha = resolveRef(call.repository, call.param('ref'));
    const found = [...call.repository.checkRuns.values()].filter((c) => c.headSha === sha);
    return page(call, `/commits/${call.param('ref')}/check-runs`, found, (items) => ({
      total_count: found.length,
      check_runs: items.map((c) => toCheckRun(call.world.url, call.repository, c)),
    }));
  }),
];

/** A conclusion completes the check run, said or not. */
const completed = <T extends { readonly conclusion?: unknown }>(body: T): T =>
  body.conclusion === undefined ? body : { ...body, status: 'completed' };
