// Starting a workflow: one repository_dispatch, one try. A 204 says that GitHub has the event, not that a workflow listens.
import type { ClientPayload } from '../contracts/client-payload.ts';
import type { Result } from '../base/result.ts';
import { createClient, type GithubDeps } from './client.ts';
import type { GithubIdentity } from './identity.ts';
import { attempt, type GithubRefusal } from './refusal.ts';
import type { Repository } from './repository.ts';

export async function sendDispatch(
  identity: GithubIdentity,
  repository: Repository,
  event: { readonly type: string; readonly payload: ClientPayload },
  deps: GithubDeps,
): Promise<Result<void, GithubRefusal>> {
  const token = await identity.token('dispatch', repository, deps);
  if (!token.ok) return token;
  return attempt(async () => {
    await createClient(identity.apiUrl, token.value, deps).rest.repos.createDispatchEvent({
      owner: repository.owner,
      repo: repository.name,
      event_type: event.type,
      client_payload: { ...event.payload },
    });
  }, deps.now);
}
