// One step of one run task: whatever of its timers is due. A running update and a dispatch go out side by side, so that a GitHub
// that hangs does not keep HCP waiting.
import type { RelayContext } from '../context.ts';
import { dispatchTask, type Dispatcher } from '../dispatch/dispatch-task.ts';
import type { Task } from '../life/task.ts';
import { timersOf, type TimerKind } from '../life/timers.ts';
import { expire } from '../life/transitions.ts';
import type { Taken } from '../store/port.ts';
import { checkLease } from './check-lease.ts';
import { checkStart } from './check-start.ts';
import { deliver } from './deliver.ts';
import { sendRunning } from './send-running.ts';

export function createStep(relay: RelayContext, dispatcher: Dispatcher): (taken: Taken, heardSince: number) => Promise<void> {
  return async ({ task }, heardSince) => {
    const due = dueTimers(task, heardSince, relay.clock.now());
    const current = due.has('deadline') || due.has('too-late') ? await expireTask(task, relay) : task;
    const now = relay.clock.now();
    const timers = dueTimers(current, heardSince, now);
    const steps: Promise<void>[] = [];
    if (timers.has('running')) steps.push(sendRunning(current, relay));
    if (timers.has('dispatch')) steps.push(dispatchTask(current, relay, dispatcher));
    if (timers.has('check-start')) steps.push(checkStart(current, relay));
    if (timers.has('lease')) steps.push(checkLease(current, relay));
    if (timers.has('deliver')) steps.push(deliver(current, relay));
    if (steps.length === 0) await reschedule(current, relay, heardSince);
    // All of them end before the row is given back, whatever one of them meets.
    const outcomes = await Promise.allSettled(steps);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  };
}

const dueTimers = (task: Task, heardSince: number, now: number): Set<TimerKind> =>
  new Set(
    timersOf(task, heardSince)
      .filter(({ at }) => at <= now)
      .map(({ kind }) => kind),
  );

async function expireTask(task: Task, relay: RelayContext): Promise<Task> {
  const changed = await relay.change(task.id, (row) => {
    const expired = expire(row, relay.clock.now());
    return expired === null ? { answer: row } : { task: expired, answer: expired };
  });
  return changed.kind === 'done' ? changed.answer : task;
}

/** After a start the row's own times may lie before anything that could have been heard: write the later one. */
async function reschedule(task: Task, relay: RelayContext, heardSince: number): Promise<void> {
  await relay.change(task.id, (row) => {
    const timers = timersOf(row, heardSince);
    return { task: { ...row, dueAt: timers.length === 0 ? null : Math.min(...timers.map(({ at }) => at)) }, answer: undefined };
  });
}
