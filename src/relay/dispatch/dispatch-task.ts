// One try to start the workflow of a run task: ask what the repository is now, write down who may claim, post the event once.
//
// `dispatching(n)` is on disk before the POST. If the relay dies in between, the event may be there or not, and is posted again:
// at least once, with the claim as the lock.
import type { ClientPayload } from '../../contracts/client-payload.ts';
import { sendDispatch } from '../../github/dispatch.ts';
import type { GithubRefusal } from '../../github/refusal.ts';
import { fetchRepository, splitName, type Repository, type RepositoryRefusal } from '../../github/repository.ts';
import { sealTask } from '../../sealed/seal.ts';
import type { RelayContext } from '../context.ts';
import { backoffMs } from '../life/numbers.ts';
import type { Binding, Task, TaskRoute } from '../life/task.ts';
import { beginDispatch, decide, dispatchSent, handOver, postponeDispatch } from '../life/transitions.ts';
import { logFields } from '../task-log.ts';
import { fitsGithub, toRelayPayload } from './payload.ts';
import type { SealKeys } from './seal-keys.ts';
import type { TokenBuckets } from './token-bucket.ts';

export interface Dispatcher {
  readonly buckets: TokenBuckets;
  readonly sealKeys: SealKeys;
}

/** A 401 may be a token that GitHub's other data centre does not know yet; three of them are an answer. */
const UNAUTHORIZED_TRIES = 3;

export async function dispatchTask(task: Task, relay: RelayContext, dispatcher: Dispatcher): Promise<void> {
  const { route } = task;
  if (route === null) return;
  const key = relay.identity.limitKey(splitName(route.repository));
  const isNew = task.state.name === 'received' && task.state.tries === 0;
  const readyAt = dispatcher.buckets.take(key, relay.clock.now(), isNew);
  if (readyAt > 0) {
    await change((row) => postponeDispatch(row, readyAt, { kind: 'rate-limit', detail: 'many run tasks at once' }));
    return;
  }

  const repository = await fetchRepository(relay.identity, splitName(route.repository), relay.github());
  if (!repository.ok) return refused(repository.error);
  const payload = await toPayload(task, route, repository.value, relay, dispatcher.sealKeys);
  if (!fitsGithub(payload)) return fail(`The request is too large for GitHub's client_payload (60,000 bytes).`);

  const begun = await relay.change(task.id, (row) => {
    const begin = beginDispatch(row, toBinding(route, repository.value, relay.config.github.oidcIssuers[0]));
    return begin === null ? { answer: null } : { task: begin.task, answer: begin };
  });
  if (begun.kind !== 'done' || begun.answer === null) return;
  const { attempt } = begun.answer;

  const sent = await sendDispatch(relay.identity, repository.value, { type: route.eventType, payload }, relay.github());
  if (!sent.ok) return refused(sent.error);
  relay.metrics.count('runtask_dispatches_total', { result: 'sent' });
  relay.log.info('dispatch sent', { ...logFields(task), repository: route.repository, event_type: route.eventType, attempt });
  const now = relay.clock.now();
  await change((row) => (route.transport === 'sealed' ? handOver(row, attempt, now) : dispatchSent(row, attempt, now)));

  async function change(transition: (row: Task) => Task | null): Promise<void> {
    await relay.change(task.id, (row) => {
      const next = transition(row);
      return next === null ? { answer: undefined } : { task: next, answer: undefined };
    });
  }

  async function fail(message: string): Promise<void> {
    await change((row) => {
      // The job was faster than GitHub's answer: it has the task.
      if (row.state.name !== 'received' && row.state.name !== 'dispatching') return null;
      return decide(row, { status: 'failed', by: 'github', message }, relay.clock.now());
    });
  }

  async function refused(refusal: RepositoryRefusal): Promise<void> {
    relay.metrics.count('runtask_dispatches_total', { result: refusal.reason });
    relay.log.warn('dispatch refused', {
      ...logFields(task),
      repository: route?.repository,
      reason: refusal.reason,
      detail: refusal.detail,
    });
    const now = relay.clock.now();
    const tries = task.state.name === 'received' || task.state.name === 'dispatching' ? task.state.tries + 1 : 1;
    const random = (relay.random(1)[0] ?? 0) / 255;
    const later = now + backoffMs(tries, 2000, 60_000, random);
    switch (refusal.reason) {
      case 'rate-limited':
        dispatcher.buckets.pause(key, now + refusal.retryAfterMs, now);
        return change((row) => postponeDispatch(row, now + refusal.retryAfterMs, { kind: 'rate-limit', detail: refusal.detail }));
      case 'unavailable':
        return change((row) => postponeDispatch(row, later, { kind: 'trouble', detail: refusal.detail }));
      case 'unauthorized':
        relay.identity.forget();
        if (tries >= UNAUTHORIZED_TRIES) return fail(toMessage(refusal, route?.repository ?? '', relay));
        return change((row) => postponeDispatch(row, later, { kind: 'trouble', detail: refusal.detail }));
      case 'not-found':
      case 'forbidden':
      case 'invalid':
      case 'moved':
        return fail(toMessage(refusal, route?.repository ?? '', relay));
    }
  }
}

async function toPayload(
  task: Task,
  route: TaskRoute,
  repository: Repository,
  relay: RelayContext,
  keys: SealKeys,
): Promise<ClientPayload> {
  if (route.transport === 'relay') {
    const payload = toRelayPayload(task);
    if (payload === null) throw new Error(`run task ${task.id} has no ticket`);
    return payload;
  }
  const request = task.secrets?.request ?? null;
  if (request === null || task.label === null) throw new Error(`run task ${task.id} has nothing to seal`);
  const sealed = await sealTask(
    {
      request,
      task: task.label,
      issuer: relay.config.publicUrl,
      repositoryId: repository.id,
      observe: task.observe,
      id: task.id,
      deadlineAt: task.deadlineAt,
      ...(await keys(task.key.task)),
    },
    relay.clock.now(),
  );
  return { version: 1, id: task.id, sealed, task: task.label };
}

const toBinding = (route: TaskRoute, repository: Repository, issuer: string): Binding => ({
  issuer,
  repositoryId: repository.id,
  repositoryOwnerId: repository.ownerId,
  repository: `${repository.owner}/${repository.name}`,
  ref: `refs/heads/${repository.defaultBranch}`,
  workflow: route.workflow,
  jobWorkflowRef: route.jobWorkflowRef,
});

function toMessage(refusal: GithubRefusal | RepositoryRefusal, repository: string, relay: RelayContext): string {
  const who = relay.identity.description;
  switch (refusal.reason) {
    case 'not-found':
      return `GitHub does not show the repository ${repository} to the relay (${refusal.detail}). Is the name in relay.yml right, and may ${who} write contents there (for an App: is it installed on it)?`;
    case 'forbidden':
      return `GitHub does not let the relay dispatch in ${repository} (${refusal.detail}). ${who} needs the permission contents: write there.`;
    case 'unauthorized':
      return `GitHub does not accept the relay's credentials (${refusal.detail}). Renew ${who} and restart the relay.`;
    case 'moved':
      return `The repository ${refusal.detail}. Write its new name into relay.yml: the relay follows no renaming by itself.`;
    case 'invalid':
    case 'rate-limited':
    case 'unavailable':
      return `GitHub refused to start the workflow in ${repository} (${refusal.detail}).`;
  }
}
