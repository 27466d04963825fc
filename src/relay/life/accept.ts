// The row of a run task that was just posted: its id, its ticket, its times. Pure but for the random bytes it is given.
import { createHash } from 'node:crypto';
import { SAFE_NAME, type TaskLabel } from '../../contracts/client-payload.ts';
import { toRunFacts, type RunTaskRequest } from '../../contracts/run-task-request.ts';
import { DELIVERY_RESERVE, LONGEST_LIFE } from './numbers.ts';
import type { Task, TaskKey, TaskNames, TaskRoute } from './task.ts';
import { scheduled } from './timers.ts';

export type Random = (bytes: number) => Uint8Array;

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');
const randomText = (random: Random, bytes: number): string => Buffer.from(random(bytes)).toString('base64url');
export const createTicket = (random: Random): string => randomText(random, 32);
export const createSessionToken = (random: Random): string => randomText(random, 32);

export interface Accepted {
  readonly key: TaskKey;
  readonly names: TaskNames;
  readonly callbackUrl: string;
  readonly accessToken: string;
  /** Null when the request could not be read; the caller decides such a task at once. */
  readonly request: RunTaskRequest | null;
  /** Null when no route takes it; the caller decides such a task at once. */
  readonly route: TaskRoute | null;
  readonly observe: boolean;
  readonly tokenLifeMs: number;
}

export function acceptTask(accepted: Accepted, now: number, random: Random): Task {
  const { request, route } = accepted;
  const ticket = route === null || route.transport === 'sealed' ? null : createTicket(random);
  return scheduled({
    id: `rt_${randomText(random, 16)}`,
    key: accepted.key,
    names: accepted.names,
    acceptedAt: now,
    deadlineAt: now + Math.min(LONGEST_LIFE, accepted.tokenLifeMs - DELIVERY_RESERVE),
    deliverUntil: now + Math.min(LONGEST_LIFE + DELIVERY_RESERVE, accepted.tokenLifeMs),
    facts: request === null ? null : toRunFacts(request),
    label: request === null ? null : toLabel(request),
    route,
    observe: accepted.observe,
    ticketHash: ticket === null ? null : sha256(ticket),
    binding: null,
    claim: null,
    refusedClaim: null,
    running: { dueAt: now, sentAt: null, tries: 0, message: null, edition: 0 },
    state: { name: 'received', notBefore: now, tries: 0, problem: null },
    secrets: {
      callbackUrl: accepted.callbackUrl,
      accessToken: accepted.accessToken,
      planUrl: request?.plan_json_api_url ?? null,
      configurationUrl: request?.configuration_version_download_url ?? null,
      ticket,
      request: route?.transport === 'sealed' ? request : null,
    },
    dueAt: now,
    doneAt: null,
  });
}

/** Only names that a workflow may paste anywhere; the others are null, and the claim tells them. */
function toLabel(request: RunTaskRequest): TaskLabel {
  const safe = (name: string): string | null => (SAFE_NAME.test(name) ? name : null);
  return {
    stage: request.stage,
    organization: safe(request.organization_name),
    workspace: safe(request.workspace_name),
    run: safe(request.run_id),
    enforcement: request.task_result_enforcement_level,
    speculative: request.is_speculative,
  };
}
