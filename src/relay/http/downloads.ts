// Plan and configuration for a session: HCP's one-minute link as JSON, or the bytes streamed through. Never a redirect: an HTTP
// client would follow it with the session token in its hand.
import { err, ok, type Result } from '../../base/result.ts';
import type { ConfigurationUnavailable, PlanResponse } from '../../contracts/relay-api.ts';
import { openConfiguration } from '../../hcp/configuration.ts';
import { openPresigned, resolvePlan } from '../../hcp/plan.ts';
import type { RelayContext } from '../context.ts';
import type { Task } from '../life/task.ts';
import { logFields } from '../task-log.ts';
import type { ApiRefusal } from './refusals.ts';
import { withSession, type Call } from './run-tasks.ts';

export type Download<Json> =
  { readonly kind: 'json'; readonly body: Json } | { readonly kind: 'stream'; readonly body: ReadableStream<Uint8Array> };

const ENDED = 'the verdict is on record, and the relay has erased the access to HCP Terraform';

export async function plan(call: Call, relay: RelayContext): Promise<Result<Download<PlanResponse>, ApiRefusal>> {
  const held = await withSession(call, relay, () => null);
  if (!held.ok) return held;
  const task = held.value;
  const answer = await openPlan(task, relay);
  if (!answer.ok) {
    relay.log.warn('plan unavailable', { ...logFields(task), reason: answer.error.reason, detail: answer.error.detail });
    return ok({ kind: 'json', body: answer.error });
  }
  relay.log.info('plan handed over', { ...logFields(task), as: answer.value.kind === 'json' ? 'link' : 'stream' });
  return ok(answer.value);
}

type PlanUnavailable = Extract<PlanResponse, { kind: 'unavailable' }>;

async function openPlan(task: Task, relay: RelayContext): Promise<Result<Download<PlanResponse>, PlanUnavailable>> {
  const { secrets } = task;
  if (secrets === null) return err({ kind: 'unavailable', reason: 'token-expired', detail: ENDED });
  if (secrets.planUrl === null)
    return err({ kind: 'unavailable', reason: 'no-plan-in-stage', detail: `HCP Terraform offers no plan in stage ${task.names.stage}` });
  // No time limit of ours: the relay does not know how large a plan is, and hcp/ limits the wait for the headers.
  const deps = { fetch: relay.fetch };
  const resolved = await resolvePlan({ url: secrets.planUrl, accessToken: secrets.accessToken }, deps);
  if (resolved.kind === 'unavailable') return err(resolved);
  if (resolved.kind === 'stream') return ok(resolved);
  relay.log.learnFor(task.id, resolved.url);
  if (relay.config.tasks[task.key.task]?.plan !== 'stream') return ok({ kind: 'json', body: resolved });
  const opened = await openPresigned(resolved.url, deps);
  return opened.kind === 'stream' ? ok(opened) : err(opened);
}

export async function configuration(call: Call, relay: RelayContext): Promise<Result<Download<ConfigurationUnavailable>, ApiRefusal>> {
  const held = await withSession(call, relay, () => null);
  if (!held.ok) return held;
  const task = held.value;
  const { secrets } = task;
  const unavailable = (reason: ConfigurationUnavailable['reason'], detail: string) =>
    ok({ kind: 'json' as const, body: { kind: 'unavailable' as const, reason, detail } });
  if (secrets === null) return unavailable('token-expired', ENDED);
  if (secrets.configurationUrl === null) return unavailable('not-offered', 'HCP Terraform offers no configuration for this run');
  const opened = await openConfiguration({ url: secrets.configurationUrl, accessToken: secrets.accessToken }, { fetch: relay.fetch });
  if (opened.kind === 'unavailable') {
    relay.log.warn('configuration unavailable', { ...logFields(task), reason: opened.reason, detail: opened.detail });
    return unavailable(opened.reason, opened.detail);
  }
  relay.log.info('configuration handed over', logFields(task));
  return ok(opened);
}
