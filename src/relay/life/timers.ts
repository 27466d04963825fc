// Which timers a run task has in its state, and the next of them. Pure: time comes in, nothing is started here.
import { LAST_DISPATCH_BEFORE_DEADLINE, LIVE_LEASE } from './numbers.ts';
import type { Task } from './task.ts';

export type TimerKind = 'running' | 'dispatch' | 'too-late' | 'check-start' | 'lease' | 'deadline' | 'deliver';

export interface Timer {
  readonly kind: TimerKind;
  readonly at: number;
}

/**
 * @param heardSince  since when the relay has been able to hear its runners (start, hand-over, the database's return). A lease
 *                    cannot have been renewed before, so it ends one full lease later at the earliest. Deadlines do not move.
 */
export function timersOf(task: Task, heardSince = 0): Timer[] {
  const { state } = task;
  const heard = heardSince + LIVE_LEASE;
  const alive: Timer[] = [
    { kind: 'deadline', at: task.deadlineAt },
    { kind: 'running', at: task.running.dueAt },
  ];
  switch (state.name) {
    case 'received':
    case 'dispatching':
      return [
        ...alive,
        { kind: 'dispatch', at: state.notBefore },
        { kind: 'too-late', at: task.deadlineAt - LAST_DISPATCH_BEFORE_DEADLINE },
      ];
    case 'dispatched':
      return [...alive, { kind: 'check-start', at: Math.max(state.checkAt, heard) }];
    case 'claimed':
      return task.claim === null ? alive : [...alive, { kind: 'lease', at: Math.max(task.claim.lease.until, heard) }];
    case 'decided':
      return [{ kind: 'deliver', at: state.notBefore }];
    case 'delivered':
    case 'undeliverable':
    case 'handed-over':
      return [];
  }
}

/** The row's `due_at`. Every transition ends with this. */
export function scheduled(task: Task, heardSince = 0): Task {
  const timers = timersOf(task, heardSince);
  return { ...task, dueAt: timers.length === 0 ? null : Math.min(...timers.map((timer) => timer.at)) };
}
