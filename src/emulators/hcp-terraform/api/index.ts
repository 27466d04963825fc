// The API of the emulated HCP Terraform under /api/v2, our own control routes under /emulator, pages under /app, and the one place where errors
// become answers.
import { errorAnswer, HcpApiError, notFound } from '../json-api.ts';
import { pageRoutes } from '../pages.ts';
import { createRouter } from '../router.ts';
import type { Answer, Incoming } from '../server.ts';
import { callbackRoutes } from './callback.ts';
import type { ApiContext } from './context.ts';
import { controlRoutes, type Control } from './control.ts';
import { downloadRoutes } from './downloads.ts';
import { organizationRoutes } from './organizations.ts';
import { runRoutes } from './task-results.ts';
import { taskRoutes } from './tasks.ts';

export function createApi(context: ApiContext, control: Control): (request: Incoming) => Promise<Answer> {
  const route = createRouter(
    {
      'GET /ping': () => ({ status: 204, headers: { 'tfp-api-version': '2.6', 'tfp-appname': 'HCP Terraform' } }),
      ...callbackRoutes(context),
      ...downloadRoutes(context),
      ...organizationRoutes(context),
      ...taskRoutes(context),
      ...runRoutes(context),
    },
    '/api/v2',
  );
  const routePages = createRouter(pageRoutes(context.world), '/app');
  const routeControl = createRouter(controlRoutes(context, control), '/emulator');
  return async (request) => {
    try {
      const answer = route(request) ?? routeControl(request) ?? routePages(request);
      if (answer === null) throw notFound();
      return await answer();
    } catch (thrown) {
      if (thrown instanceof HcpApiError) return errorAnswer(thrown);
      throw thrown;
    }
  };
}
