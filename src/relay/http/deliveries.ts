// The operator's view of the rows: lists them and shows one. Read only. What opens a door is not in it: the answer is built key by key.
import type { Hono } from 'hono';
import type { DeliverySummary, RecordedDelivery } from '../../contracts/deliveries.ts';
import type { RelayContext } from '../context.ts';
import { verdictOf, type Task } from '../life/task.ts';
import { answer } from './bare-app.ts';
import { refuse } from './refusals.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

export function addDeliveries(app: Hono, relay: RelayContext): void {
  app.get('/v1/deliveries', async (c) => {
    const limit = Number(c.req.query('limit') ?? DEFAULT_LIMIT);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
      return answer(c, { ok: false, error: refuse('bad-request', `limit is a whole number from 1 to ${MAX_LIMIT}.`) });
    const tasks = await relay.store.list(limit, c.req.query('before') ?? null);
    return answer(c, { ok: true, value: { deliveries: tasks.map(toSummary) } });
  });

  app.get('/v1/deliveries/:id', async (c) => {
    const found = await relay.store.change(c.req.param('id'), (task) => ({ answer: toDelivery(task) }));
    return found.kind === 'done'
      ? answer(c, { ok: true, value: found.answer })
      : answer(c, {
          ok: false,
          error: refuse('not-found', 'No run task has this id. It may have been forgotten: finished ones are kept for a while only.'),
        });
  });
}

function toSummary(task: Task): DeliverySummary {
  const verdict = verdictOf(task);
  return {
    id: task.id,
    task: task.key.task,
    ...task.names,
    state: task.state.name,
    accepted_at: iso(task.acceptedAt),
    deadline_at: iso(task.deadlineAt),
    done_at: task.doneAt === null ? null : iso(task.doneAt),
    verdict:
      verdict === null
        ? null
        : { status: verdict.result.status, message: verdict.result.message, decided_by: verdict.by, at: iso(verdict.at) },
  };
}

function toDelivery(task: Task): RecordedDelivery {
  return {
    ...toSummary(task),
    facts: task.facts,
    repository: task.binding?.repository ?? task.route?.repository ?? null,
    workflow: task.route?.workflow ?? null,
    workflow_url: task.claim?.runUrl ?? null,
    observe: task.observe,
    problem: problemOf(task),
  };
}

function problemOf({ state, refusedClaim }: Task): string | null {
  switch (state.name) {
    case 'received':
    case 'dispatching':
      return state.problem?.detail ?? null;
    case 'decided':
      return state.problem;
    case 'undeliverable':
      return state.reason;
    case 'dispatched':
      return refusedClaim;
    case 'claimed':
    case 'delivered':
    case 'handed-over':
      return null;
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();
