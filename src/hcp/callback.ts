// Telling HCP Terraform: one PATCH to the task result's callback URL. One try; who retries, and until when, decides the caller.
//
// Source: HashiCorp, "Run tasks integration", section callback (2025-11-19), and its OpenAPI (`callbackTaskResult`, for the 409).
// The relationship is called `outcomes` on the wire (docs, SDKs and every integrator), `task-result-outcomes` in the OpenAPI.
import type { TaskProgress, TaskResult } from '../contracts/task-result.ts';
import { discard, exchange, readErrors, retryAfterMs, type HcpDeps } from './request.ts';

export interface CallbackTarget {
  /** Verbatim: it may carry a `url_code` that authenticates. A secret. */
  readonly url: string;
  readonly accessToken: string;
}

export type CallbackAnswer =
  | { readonly kind: 'accepted' }
  /** 409: the task result is final already. After a try in doubt that means delivered. */
  | { readonly kind: 'terminal' }
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'invalid'; readonly detail: string }
  | { readonly kind: 'retry'; readonly detail: string; readonly retryAfterMs: number | null };

/** @returns what HCP said; never throws for network trouble */
export async function sendCallback(target: CallbackTarget, body: TaskResult | TaskProgress, deps: HcpDeps): Promise<CallbackAnswer> {
  const answer = await exchange(
    target.url,
    {
      method: 'PATCH',
      headers: {
        'Authorization': `Bearer ${target.accessToken}`,
        'Content-Type': 'application/vnd.api+json',
        'Accept': 'application/vnd.api+json',
      },
      body: JSON.stringify(toCallbackBody(body)),
    },
    deps,
  );
  if (answer.kind === 'no-answer') return { kind: 'retry', detail: answer.detail, retryAfterMs: null };
  return readAnswer(answer.response);
}

async function readAnswer(response: Response): Promise<CallbackAnswer> {
  const { status } = response;
  if (status === 422 || status === 400) return { kind: 'invalid', detail: `HTTP ${status} ${await readErrors(response)}`.trim() };
  await discard(response);
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  if (status === 409) return { kind: 'terminal' };
  if (status === 401 || status === 403) return { kind: 'unauthorized' };
  if (status === 404 || status === 410) return { kind: 'not-found' };
  // A redirect is not followed: it would carry the token to another place. It counts as trouble that may pass.
  return { kind: 'retry', detail: `HTTP ${status}`, retryAfterMs: retryAfterMs(response.headers, Date.now()) };
}

/** The JSON:API document of a task result. */
export function toCallbackBody(body: TaskResult | TaskProgress): unknown {
  const attributes = { status: body.status, message: body.message, ...(body.url === undefined ? {} : { url: body.url }) };
  const data = { type: 'task-results', attributes };
  if (body.status === 'running' || body.outcomes.length === 0) return { data };
  const outcomes = body.outcomes.map(({ outcomeId, ...rest }) => ({
    type: 'task-result-outcomes',
    attributes: { 'outcome-id': outcomeId, ...rest },
  }));
  return { data: { ...data, relationships: { outcomes: { data: outcomes } } } };
}
