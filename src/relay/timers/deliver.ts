// One try to bring the verdict to HCP: write that it begins, PATCH, write how it ended. When to try again is in life/delivery.ts.
import { sendCallback } from '../../hcp/callback.ts';
import type { RelayContext } from '../context.ts';
import { beginDelivery, deliveryAnswered } from '../life/delivery.ts';
import type { Task } from '../life/task.ts';
import { logFields } from '../task-log.ts';

export async function deliver(task: Task, relay: RelayContext): Promise<void> {
  if (task.secrets === null) return;
  const { callbackUrl, accessToken } = task.secrets;
  const begun = await relay.change(task.id, (row) => {
    const begin = beginDelivery(row);
    return begin === null ? { answer: null } : { task: begin.task, answer: begin };
  });
  if (begun.kind !== 'done' || begun.answer === null) return;
  const { attempt, body } = begun.answer;
  const answer = await sendCallback({ url: callbackUrl, accessToken }, body, relay.hcp());
  if (answer.kind !== 'accepted')
    relay.log.warn('result not taken', {
      ...logFields(task),
      attempt,
      answer: answer.kind,
      ...('detail' in answer ? { detail: answer.detail } : {}),
    });
  const random = (relay.random(1)[0] ?? 0) / 255;
  await relay.change(task.id, (row) => {
    const next = deliveryAnswered(row, attempt, answer, relay.clock.now(), random);
    return next === null ? { answer: undefined } : { task: next, answer: undefined };
  });
}
