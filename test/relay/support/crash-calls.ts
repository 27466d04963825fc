// How the world talks to a relay that dies: every call again until there is an answer, as HCP Terraform and the action do.
import { createHmac } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { expect } from '@jest/globals';
import type { RunTaskRequest } from '../../../src/contracts/run-task-request.ts';
import { aRequest } from '../../support/requests.ts';
import type { CrashOrder } from './crash-child.ts';
import type { StandInGithub } from './stand-in-github.ts';
import type { StandInHcp } from './stand-in-hcp.ts';
import { until } from './until.ts';
import { aConfig, HMAC_KEY } from './world.ts';

/** HCP posts again until it reads a 200. */
export async function postUntilKept(url: string, hcp: StandInHcp, change: Partial<RunTaskRequest> = {}): Promise<void> {
  const body = JSON.stringify(
    aRequest({
      task_result_callback_url: `${hcp.url}/api/v2/task-results/cb-1/callback`,
      plan_json_api_url: `${hcp.url}/api/v2/plans/plan-1/json-output`,
      configuration_version_download_url: null,
      run_app_url: `${hcp.url}/app`,
      workspace_app_url: null,
      ...change,
    }),
  );
  const headers = {
    'content-type': 'application/json',
    'x-tfc-task-signature': createHmac('sha512', HMAC_KEY).update(body).digest('hex'),
  };
  await until(async () => {
    const response = await tryFetch(`${url}/hooks/gate`, { method: 'POST', body, headers });
    return response?.status === 200;
  }, 'a 200 for the post');
}

/** As the action does: the same call again until there is an answer, each time with a token that is good now. */
export async function call(
  url: string,
  method: string,
  where: string,
  status: number,
  make: () => Promise<{ token: string; body: unknown }>,
): Promise<Record<string, unknown>> {
  return until(async () => {
    const { token, body } = await make();
    const headers = { 'authorization': `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await tryFetch(`${url}${where}`, { method, headers, body: JSON.stringify(body) });
    if (response === null || response.status === 503) return null;
    const answer = (await response.json()) as Record<string, unknown>;
    expect({ where, status: response.status, answer }).toMatchObject({ status });
    return answer;
  }, where);
}

export const metrics = async (url: string): Promise<string> => (await (await tryFetch(`${url}/metrics`, {}))?.text()) ?? '';

/** null: nobody there, or gone in the middle. */
export async function tryFetch(url: string, init: RequestInit): Promise<Response | null> {
  try {
    const response = await fetch(url, { ...init, headers: { ...init.headers, connection: 'close' } });
    return new Response(await response.text(), { status: response.status });
  } catch {
    return null;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The process makes its own key. */
export function crashConfig(publicUrl: string, hcp: StandInHcp, github: StandInGithub): CrashOrder['config'] {
  const { encryptionKey: _key, ...config } = aConfig(hcp, github);
  return { ...config, publicUrl };
}
