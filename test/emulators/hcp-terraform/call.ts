// Requests to the management API as a test makes them: JSON:API in, status and document out.
import type { Scene } from './arrange.ts';

export interface ResourceDocument {
  readonly id: string;
  readonly type: string;
  readonly attributes: Record<string, unknown>;
  readonly relationships: Record<string, { readonly data: unknown }>;
}

export interface Called {
  readonly status: number;
  readonly headers: Headers;
  /** `data` is one resource or a list of them, as the route has it. */
  readonly body: {
    readonly data: ResourceDocument & ResourceDocument[];
    readonly included?: ResourceDocument[];
    readonly meta: unknown;
    readonly errors: unknown;
  };
}

export type Call = (method: string, path: string, body?: unknown, token?: string) => Promise<Called>;

export const callerOf =
  (scene: () => Scene): Call =>
  async (method, path, body, token = scene().hcp.adminToken) => {
    const response = await fetch(`${scene().hcp.url}/api/v2${path}`, {
      method,
      headers: { 'Authorization': `Bearer ${token}`, 'Content-Type': 'application/vnd.api+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? null : JSON.parse(text)) as Called['body'] };
  };

export const taskBody = (url: string, attributes: Record<string, unknown> = {}, relationships?: unknown): unknown => ({
  data: {
    type: 'tasks',
    attributes: { name: 'gate', url, category: 'task', ...attributes },
    ...(relationships === undefined ? {} : { relationships }),
  },
});

export const attachmentBody = (taskId: string, attributes: Record<string, unknown> = {}): unknown => ({
  data: {
    type: 'workspace-tasks',
    attributes: { 'enforcement-level': 'mandatory', 'stages': ['post_plan'], ...attributes },
    relationships: { task: { data: { type: 'tasks', id: taskId } } },
  },
});
