// Plan JSON and configuration: the API redirects to a presigned URL of the object store.
//
// json-output: 307, 204 while the plan is not complete, 404, 422 for Terraform below 0.12 (HashiCorp, "Plans API", 2025).
// configuration: 302 to a .tar.gz, 404 when there is none ("Configuration versions API").
import { HcpApiError, invalid, notFound } from '../json-api.ts';
import { CONFIGURATION_URL_LIFE_MS, PLAN_URL_LIFE_MS } from '../object-store.ts';
import type { Handler, Routed } from '../router.ts';
import type { RunLife } from '../run.ts';
import type { Answer } from '../server.ts';
import { found, identify, type ApiContext } from './context.ts';

export function downloadRoutes(context: ApiContext): Record<string, Handler> {
  const runs = (): RunLife[] => [...context.world.runs.values()];

  const planOf = (find: (run: RunLife, id: string) => boolean): Handler => {
    return (request) => {
      const caller = identify(request, context);
      const run = found(runs().find((one) => find(one, request.params['id']!)));
      // A token reads its own run's plan, and before the plan exists it is not for plans at all (permissions page, 2025).
      if (caller.kind === 'user') throw notFound();
      if (caller.kind === 'task' && (caller.result.runId !== run.id || caller.result.record.stage === 'pre_plan')) throw notFound();
      return answerPlan(run, context);
    };
  };

  return {
    'GET /plans/:id/json-output': planOf((run, id) => run.spec.planId === id),
    // The registration test's sample has a plan's id where the route says run; both are taken.
    'GET /runs/:id/plan/json-output': planOf((run, id) => run.id === id || run.spec.planId === id),
    'GET /configuration-versions/:id/download': (request: Routed) => {
      const caller = identify(request, context);
      const run = found(runs().find((one) => one.spec.configurationVersionId === request.params['id']));
      if (caller.kind === 'user' || (caller.kind === 'task' && caller.result.runId !== run.id)) throw notFound();
      if (run.spec.configuration === null) throw notFound();
      return redirect(302, context.store.presign(run.spec.configuration, 'application/x-gzip', CONFIGURATION_URL_LIFE_MS), context);
    },
  };
}

function answerPlan(run: RunLife, context: ApiContext): Answer {
  const state = run.takePlanAnswer();
  switch (state) {
    case 'not-ready':
      return { status: 204 };
    case 'missing':
      throw notFound();
    case 'unsupported-terraform':
      throw new HcpApiError(422, invalid('JSON output needs Terraform 0.12 or later').errors);
    case 'ready':
      return redirect(307, context.store.presign(run.spec.plan!, 'application/json', PLAN_URL_LIFE_MS), context);
  }
}

const redirect = (status: number, path: string, context: ApiContext): Answer => ({
  status,
  headers: { 'location': `${context.storeOrigin()}${path}`, 'content-type': 'text/html; charset=utf-8' },
});
