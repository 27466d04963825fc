// The API of the emulated HCP Terraform under /api/v2, our own control routes under /emulator, pages under /app, and the one place where errors
// become answers.
import { errorAnswer, HcpApiError, notFound } from '../json-api.ts';
import { pageRoutes } from '../pages.ts';
import type { RateLimit } from '../rate-limit.ts';
import { createRouter } from '../router.ts';
import type { Answer, Incoming } from '../server.ts';
import { callbackRoutes } from './callback.ts';
import { bearerOf, type ApiContext } from './context.ts';
import { controlRoutes, type Control } from './control.ts';
import { downloadRoutes } from './downloads.ts';
import { organizationRoutes } from './organizations.ts';
import { runRoutes } from './task-results.ts';
import { taskConfigRoutes } from './task-configs.ts';
import { taskRoutes } from './tasks.ts';
import { workspaceTaskRoutes } from './workspace-tasks.ts';
import { workspaceRoutes } from './workspaces.ts';

/** @param rateLimit  null: none */
export function createApi(context: ApiContext, control: Control, rateLimit: RateLimit | null): (request: Incoming) => Promise<Answer> {
  const { tfeVersion } = context.behaviour;
  const appName = tfeVersion === null ? 'HCP Terraform' : 'Terraform Enterprise';
  const route = createRouter(
    {
      'GET /ping': () => ({ status: 204, headers: { 'tfp-api-version': '2.6', 'tfp-appname': appName } }),
      ...callbackRoutes(context),
      ...downloadRoutes(context),
      ...organizationRoutes(context),
      ...workspaceRoutes(context),
      ...taskConfigRoutes(context),
      ...taskRoutes(context),
      ...workspaceTaskRoutes(context),
      ...runRoutes(context),
    },
    '/api/v2',
  );
  const routePages = createRouter(pageRoutes(context.world), '/app');
  const routeControl = createRouter(controlRoutes(context, control), '/emulator');

  const answerApi = async (request: Incoming): Promise<Answer> => {
    const counted = rateLimit?.take(bearerOf(request) ?? '');
    const own = { ...counted?.headers, ...(tfeVersion === null ? {} : { 'x-tfe-version': tfeVersion }) };
    const answer = await orError(async () => {
      if (counted?.refused === true) throw new HcpApiError(429, [{ status: '429', title: 'Too many requests' }]);
      const handle = route(request);
      if (handle === null) throw notFound();
      return handle();
    });
    return { ...answer, headers: { ...answer.headers, ...own } };
  };
  return async (request) => {
    if (request.url.pathname.startsWith('/api/')) return answerApi(request);
    return orError(async () => {
      const handle = routeControl(request) ?? routePages(request);
      if (handle === null) throw notFound();
      return handle();
    });
  };
}

async function orError(answer: () => Promise<Answer>): Promise<Answer> {
  try {
    return await answer();
  } catch (thrown) {
    if (thrown instanceof HcpApiError) return errorAnswer(thrown);
    throw thrown;
  }
}
