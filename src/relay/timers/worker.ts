// The loop that takes due run tasks from the store and does their next step. One sleeping timer for all of them; no polling
// where nothing is due. What a step is stands in steps.ts.
import { describeThrown } from '../../base/fault.ts';
import type { RelayContext } from '../context.ts';
import { KEEP_COMMENTS, KEEP_DONE, MOST_SECTIONS, PRUNE_EVERY, STEP_HOLD } from '../life/numbers.ts';
import type { Taken } from '../store/port.ts';

export interface Worker {
  start(): void;
  /** Something changed: look again. Cheap. */
  wake(): void;
  readonly isRunning: boolean;
  /** Takes nothing more, and resolves when the steps under way have ended. */
  stop(): Promise<void>;
}

/** Steps are calls to HCP and GitHub that mostly wait; enough for a morning's burst, few enough for the sockets. */
const AT_ONCE = 64;
/** When the store does not work, or a clock jumped: look again by ourselves. */
const LOOK_AGAIN_MS = 1000;
const LONGEST_SLEEP_MS = 60_000;

export function createWorker(
  relay: RelayContext,
  step: (taken: Taken, heardSince: number) => Promise<void>,
): Worker & { readonly heardSince: number } {
  let running = false;
  let looking = false;
  let lookAgain = false;
  let heardSince = 0;
  let storeWorks = true;
  let nextPrune = 0;
  let lastLook: Promise<void> = Promise.resolve();
  let cancelTimer: () => void = () => {};
  const underWay = new Set<Promise<void>>();

  async function look(): Promise<void> {
    looking = true;
    try {
      do {
        lookAgain = false;
        await takeDue();
      } while (lookAgain && running);
      if (running) await sleepUntilDue();
    } catch (thrown) {
      if (storeWorks) relay.log.error('store trouble', { error: describeThrown(thrown) });
      relay.metrics.count('runtask_store_trouble_total');
      storeWorks = false;
      sleep(LOOK_AGAIN_MS);
    } finally {
      looking = false;
    }
    if (lookAgain && storeWorks) wake();
  }

  /** While the database was away no renewal could be kept: every lease begins anew. */
  function recovered(): void {
    storeWorks = true;
    heardSince = relay.clock.now();
    relay.log.info('store works again');
  }

  async function takeDue(): Promise<void> {
    while (running && underWay.size < AT_ONCE) {
      const { taken, unreadable } = await relay.store.take(relay.clock.now(), AT_ONCE - underWay.size, STEP_HOLD);
      for (const id of unreadable)
        relay.log.error('run task unreadable', { id, remedy: 'its cell in the store was damaged; HCP will end the run task by itself' });
      // Before any row is judged: a lease that ended meanwhile could not have been renewed.
      if (!storeWorks) recovered();
      if (taken.length + unreadable.length === 0) return;
      for (const one of taken) work(one);
    }
  }

  function work(taken: Taken): void {
    relay.log.learn(taken.task);
    const done = step(taken, heardSince)
      .catch((thrown: unknown) => {
        // A step that throws met the store in trouble, or our own mistake. The row comes back when its hold ends.
        relay.log.error('step failed', { id: taken.task.id, error: describeThrown(thrown) });
        return 'failed' as const;
      })
      .then(async (outcome) => {
        if (outcome !== 'failed') await relay.store.release(taken.task.id, taken.step);
      })
      .catch((thrown: unknown) => relay.log.error('store trouble', { id: taken.task.id, error: describeThrown(thrown) }))
      .finally(() => {
        underWay.delete(done);
        wake();
      });
    underWay.add(done);
  }

  async function sleepUntilDue(): Promise<void> {
    const now = relay.clock.now();
    if (now >= nextPrune) {
      nextPrune = now + PRUNE_EVERY;
      await prune(now);
    }
    const next = await relay.store.nextDue();
    if (lookAgain) return;
    // With all hands busy the next one that is free looks; a timer would only spin.
    if (underWay.size >= AT_ONCE) return;
    sleep(Math.min(next === null ? LONGEST_SLEEP_MS : Math.max(next - now, 1), LONGEST_SLEEP_MS));
  }

  async function prune(now: number): Promise<void> {
    // First the comments: pruning the tasks also empties the log of what was erased.
    const { idle, crowded } = await relay.store.comments.prune(now - KEEP_COMMENTS, MOST_SECTIONS);
    for (const [reason, count] of Object.entries({ idle, crowded }))
      for (let one = 0; one < count; one++) relay.metrics.count('runtask_comments_forgotten_total', { reason });
    if (crowded > 0)
      relay.log.warn('combined comments forgotten', {
        count: crowded,
        remedy: `more than ${MOST_SECTIONS} sections were kept; those of pull requests that nobody wrote to for the longest time are gone`,
      });
    await relay.store.prune(now - KEEP_DONE, now);
  }

  function sleep(ms: number): void {
    cancelTimer();
    if (running) cancelTimer = relay.clock.after(ms, wake);
  }

  function wake(): void {
    if (!running) return;
    if (looking) lookAgain = true;
    else lastLook = look();
  }

  return {
    get isRunning() {
      return running && storeWorks;
    },
    get heardSince() {
      return heardSince;
    },
    start() {
      if (running) return;
      running = true;
      heardSince = relay.clock.now();
      wake();
    },
    wake,
    async stop() {
      running = false;
      cancelTimer();
      // What the last look took is under way only when it has ended.
      await lastLook;
      await Promise.all(underWay);
    },
  };
}
