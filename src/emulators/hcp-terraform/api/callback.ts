// PATCH /task-results/:id/callback: how a run task tells its progress and its verdict.
//
// 200 with the task result, 401 for a token that is wrong or has expired, 404 for an unknown id, 409 after a final result,
// 422 for a body outside HashiCorp's limits (its OpenAPI, `callbackTaskResult`, 2026-08).
import { readCallbackBody } from '../callback-body.ts';
import { HcpApiError, json, readJson, unauthorized } from '../json-api.ts';
import type { Handler } from '../router.ts';
import type { Answer, Incoming } from '../server.ts';
import { found, identify, type ApiContext } from './context.ts';
import { toTaskResult } from './task-results.ts';

export const callbackRoutes = (context: ApiContext): Record<string, Handler> => ({
  'PATCH /task-results/:id/callback': (request) => {
    const result = context.world.results.get(request.params['id']!);
    const answer = (): Answer => {
      const caller = identify(request, context);
      const target = found(result);
      // Only the token of the originating request counts, not another task's and not a user's.
      if (caller.kind !== 'task' || caller.result !== target) throw unauthorized();
      if (target.urlCode !== null && request.url.searchParams.get('url_code') !== target.urlCode) throw unauthorized();
      const body = readCallbackBodyUnlessOver(request, target.isTerminal);
      target.hear(body, () => context.ids.id('taskrso'));
      return json(200, { data: toTaskResult(target, context) });
    };
    const record = (status: number): void => {
      result?.record.callbacks.push({ at: context.clock.now(), status, body: readLoosely(request) });
    };
    try {
      const answered = answer();
      record(answered.status);
      return answered;
    } catch (thrown) {
      if (thrown instanceof HcpApiError) record(thrown.status);
      throw thrown;
    }
  },
});

/** After a final result the body no longer matters: 409 whatever it says. */
function readCallbackBodyUnlessOver(request: Incoming, isOver: boolean): ReturnType<typeof readCallbackBody> {
  if (isOver) return { status: 'running', message: null, url: null, outcomes: [] };
  return readCallbackBody(readJson(request));
}

function readLoosely(request: Incoming): unknown {
  const text = request.body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the text itself is what a test wants to see.
    return text;
  }
}
