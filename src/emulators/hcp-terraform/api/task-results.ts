// Runs as the API shows them: task stages, task results, outcomes.
import { json, notFound, pageOf } from '../json-api.ts';
import type { Handler } from '../router.ts';
import type { RunLife, TaskStage } from '../run.ts';
import type { TaskResultLife } from '../task-result.ts';
import type { Outcome } from '../../../contracts/task-result.ts';
import { forAdmin, found, iso, type ApiContext } from './context.ts';

export function runRoutes(context: ApiContext): Record<string, Handler> {
  const { world } = context;
  const runs = (): RunLife[] => [...world.runs.values()];
  const outcomes = (): { result: TaskResultLife; index: number; id: string }[] =>
    [...world.results.values()].flatMap((result) => result.outcomeIds.map((id, index) => ({ result, index, id })));
  const admin = (handle: Handler): Handler => forAdmin(context, handle);

  return {
    'GET /runs/:id': admin(({ params }) => json(200, { data: toRun(found(world.runs.get(params['id']!))) })),
    'GET /applies/:id': admin(({ params }) => json(200, { data: toApply(found(runs().find((run) => run.spec.applyId === params['id']))) })),
    'GET /runs/:id/task-stages': admin((request) => {
      const run = found(world.runs.get(request.params['id']!));
      return pageOf(run.taskStages, request, (stage) => toTaskStage(stage, run));
    }),
    'GET /task-stages/:id': admin((request) => {
      const run = found(runs().find((one) => one.taskStages.some((stage) => stage.id === request.params['id'])));
      const stage = found(run.taskStages.find((one) => one.id === request.params['id']));
      const wanted = (request.url.searchParams.get('include') ?? '').split(',');
      const included = wanted.includes('task_results') ? stage.results.map((result) => toTaskResult(result, context)) : undefined;
      return json(200, { data: toTaskStage(stage, run), ...(included === undefined ? {} : { included }) });
    }),
    'GET /task-results/:id': admin(({ params }) =>
      json(200, { data: toTaskResult(found(world.resultById(params['id']!) ?? world.results.get(params['id']!)), context) }),
    ),
    'GET /task-results/:id/outcomes': admin((request) => {
      const result = found(world.resultById(request.params['id']!));
      return pageOf([...result.outcomeIds.entries()], request, ([index, id]) => toOutcome(result, index, id));
    }),
    'GET /task-result-outcomes/:id': admin(({ params }) => {
      const { result, index, id } = found(outcomes().find((one) => one.id === params['id']));
      return json(200, { data: toOutcome(result, index, id) });
    }),
    'GET /task-result-outcomes/:id/body': admin(({ params }) => {
      const { result, index } = found(outcomes().find((one) => one.id === params['id']));
      const { body } = result.record.outcomes[index]!;
      if (body === undefined) throw notFound();
      return { status: 200, headers: { 'content-type': 'text/markdown; charset=utf-8' }, body };
    }),
  };
}

export function toTaskResult(result: TaskResultLife, context: ApiContext): unknown {
  const { record, task } = result;
  const run = context.world.runs.get(result.runId);
  return {
    id: record.id,
    type: 'task-results',
    attributes: {
      'message': record.message,
      'status': record.status,
      'status-timestamps': result.timestamps,
      'url': record.url,
      'created-at': iso(record.createdAt),
      'updated-at': Object.values(result.timestamps).sort().at(-1) ?? iso(record.createdAt),
      'task-id': task.id,
      'task-name': record.task,
      'task-url': task.url,
      'task-result-outcomes-count': record.outcomes.length,
      'stage': record.stage,
      'is-speculative': run?.spec.speculative ?? false,
      'workspace-task-id': result.workspaceTaskId,
      'workspace-task-enforcement-level': record.enforcementLevel,
      'agent-pool-id': null,
    },
    relationships: {
      'task-stage': {
        data: { id: run?.taskStages.find((stage) => stage.results.includes(result))?.id ?? '', type: 'task-stages' },
      },
    },
    links: { self: `/api/v2/task-results/${record.id}` },
  };
}

function toTaskStage(stage: TaskStage, run: RunLife): unknown {
  const statuses = stage.results.map((result) => result.record);
  const failed = statuses.find((one) => one.enforcementLevel === 'mandatory' && (one.status === 'failed' || one.status === 'errored'));
  const open = statuses.find((one) => one.status === 'running' || one.status === 'pending');
  const left = statuses.find((one) => one.status === 'canceled' || one.status === 'unreachable');
  // An advisory failure does not fail its stage.
  const status = failed?.status ?? open?.status ?? left?.status ?? 'passed';
  return {
    id: stage.id,
    type: 'task-stages',
    attributes: {
      'status': status,
      'stage': stage.stage,
      'status-timestamps': {},
      'created-at': iso(run.createdAt),
      'updated-at': iso(run.createdAt),
      'permissions': { 'can-override-policy': false, 'can-override-tasks': false, 'can-override': false },
      'actions': { 'is-overridable': false },
    },
    relationships: {
      'run': { data: { id: run.id, type: 'runs' } },
      'task-results': { data: stage.results.map((result) => ({ id: result.record.id, type: 'task-results' })) },
      'policy-evaluations': { data: [] },
    },
    links: { self: `/api/v2/task-stages/${stage.id}` },
  };
}

function toRun(run: RunLife): unknown {
  return {
    id: run.id,
    type: 'runs',
    attributes: {
      'status': run.status,
      'message': run.spec.message,
      'created-at': iso(run.createdAt),
      'plan-only': run.spec.speculative,
      'is-destroy': run.spec.destroy,
      'source': 'tfe-api',
    },
    relationships: {
      'workspace': { data: { id: run.workspaceId, type: 'workspaces' } },
      'plan': { data: { id: run.spec.planId, type: 'plans' } },
      'apply': { data: { id: run.spec.applyId, type: 'applies' } },
      'configuration-version': { data: { id: run.spec.configurationVersionId, type: 'configuration-versions' } },
      'task-stages': { data: run.taskStages.map((stage) => ({ id: stage.id, type: 'task-stages' })) },
    },
    links: { self: `/api/v2/runs/${run.id}` },
  };
}

const toApply = (run: RunLife): unknown => ({
  id: run.spec.applyId,
  type: 'applies',
  attributes: { 'status': run.applyStatus, 'status-timestamps': {} },
  links: { self: `/api/v2/applies/${run.spec.applyId}` },
});

/** Tags go in as an object and come out as a list (HashiCorp's OpenAPI, `task-result-outcomes`). */
function toOutcome(result: TaskResultLife, index: number, id: string): unknown {
  const outcome: Outcome = result.record.outcomes[index]!;
  return {
    id,
    type: 'task-result-outcomes',
    attributes: {
      'created-at': iso(result.record.createdAt),
      'outcome-id': outcome.outcomeId,
      'description': outcome.description,
      'url': outcome.url ?? null,
      'tags': Object.entries(outcome.tags ?? {}).map(([label, value]) => ({ label, value })),
    },
    relationships: { 'task-result': { data: { id: result.record.id, type: 'task-results' } } },
    links: {
      self: `/api/v2/task-result-outcomes/${id}`,
      body: outcome.body === undefined ? null : `/api/v2/task-result-outcomes/${id}/body`,
    },
  };
}
