// What every task store must do. sqlite.test.ts runs it; a PostgreSQL store will run the same.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { acceptTask } from '../../src/relay/life/accept.ts';
import type { Task } from '../../src/relay/life/task.ts';
import type { RelayStore, TaskStore } from '../../src/relay/store/port.ts';
import { randomBytes } from 'node:crypto';
import { aRequest } from '../support/requests.ts';

export const NOW = 1_000_000;

export function aTask(change: Partial<Task> = {}, key: Partial<Task['key']> = {}): Task {
  const request = aRequest();
  const task = acceptTask(
    {
      key: { task: 'gate', host: 'app.terraform.io', taskResultId: 'taskrs-1', ...key },
      names: { organization: 'acme', workspace: 'net-prod', run: 'run-example', stage: 'post_plan' },
      callbackUrl: request.task_result_callback_url,
      accessToken: request.access_token,
      request,
      route: { repository: 'acme/gate', workflow: 'run-task.yml', eventType: 'x', jobWorkflowRef: null, transport: 'relay' },
      observe: false,
      tokenLifeMs: 600_000,
    },
    NOW,
    (bytes) => randomBytes(bytes),
  );
  return { ...task, ...change };
}

export interface StoreUnderTest {
  readonly store: RelayStore;
  /** As after a crash: the same data, opened by a new process. */
  reopen(): Promise<RelayStore>;
  cleanUp(): Promise<void>;
}

export function describeStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let under: StoreUnderTest;
    let store: TaskStore;
    beforeEach(async () => {
      under = await open();
      store = under.store;
    });
    afterEach(() => under.cleanUp());
    const take = async (...args: Parameters<TaskStore['take']>) => (await store.take(...args)).taken;
    const read = async (id: string): Promise<Task | null> => {
      const changed = await store.change(id, (task) => ({ answer: task }));
      return changed.kind === 'done' ? changed.answer : null;
    };

    it('keeps a task as it is', async () => {
      const task = aTask();
      expect(await store.put(task)).toEqual({ kind: 'kept', id: task.id });
      expect(await read(task.id)).toEqual(task);
    });

    it('lists the newest first, page by page, without secrets', async () => {
      const tasks = ['a', 'b', 'c'].map((taskResultId) => aTask({}, { taskResultId }));
      for (const task of tasks) await store.put(task);
      const [a, b, c] = tasks.map(({ id }) => id);
      const ids = async (...args: Parameters<TaskStore['list']>): Promise<string[]> => (await store.list(...args)).map(({ id }) => id);
      expect(await ids(2, null)).toEqual([c, b]);
      expect(await ids(2, b ?? '')).toEqual([a]);
      expect(await ids(2, 'unknown')).toEqual([]);
      expect((await store.list(3, null)).map(({ secrets }) => secrets)).toEqual([null, null, null]);
    });

    it('keeps one task for one key, and tells its id', async () => {
      const [first, second] = [aTask(), aTask()];
      await store.put(first);
      expect(await store.put(second)).toEqual({ kind: 'known', id: first.id });
      expect(await read(second.id)).toBeNull();
    });

    it('takes the same task result id of another task or another host as another task', async () => {
      await store.put(aTask());
      expect(await store.put(aTask({}, { host: 'tfe.example.com' }))).toMatchObject({ kind: 'kept' });
      expect(await store.put(aTask({}, { task: 'other' }))).toMatchObject({ kind: 'kept' });
    });

    it('knows a key for ever once its task is done, until it is pruned', async () => {
      const task = aTask({ dueAt: null, doneAt: NOW, secrets: null });
      await store.put(task);
      expect(await store.put(aTask())).toEqual({ kind: 'known', id: task.id });
      expect(await store.prune(NOW, NOW)).toBe(0);
      expect(await store.prune(NOW + 1, NOW)).toBe(1);
      expect(await store.put(aTask())).toMatchObject({ kind: 'kept' });
    });

    it('writes what a change decides, and only that', async () => {
      const task = aTask();
      await store.put(task);
      expect(await store.change(task.id, (row) => ({ task: { ...row, observe: true }, answer: 'written' }))).toEqual({
        kind: 'done',
        answer: 'written',
      });
      expect(await store.change(task.id, () => ({ answer: 'looked' }))).toEqual({ kind: 'done', answer: 'looked' });
      expect(await read(task.id)).toEqual({ ...task, observe: true });
    });

    it('says that there is no such task', async () => {
      expect(await store.change('rt_0000000000000000000000', () => ({ answer: 1 }))).toEqual({ kind: 'missing' });
    });

    it('writes nothing when the decision throws', async () => {
      const task = aTask();
      await store.put(task);
      const failing = store.change(task.id, () => {
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await read(task.id)).toEqual(task);
    });

    it('uses a once-only key once, and writes nothing the second time', async () => {
      const task = aTask();
      await store.put(task);
      const use = (observe: boolean) =>
        store.change(task.id, (row) => ({ task: { ...row, observe }, once: { key: 'jti 1', expiresAt: NOW + 10 }, answer: 'used' }));
      expect(await use(true)).toEqual({ kind: 'done', answer: 'used' });
      expect(await use(false)).toEqual({ kind: 'used-before' });
      expect((await read(task.id))?.observe).toBe(true);
      await store.prune(0, NOW + 11);
      expect(await use(false)).toEqual({ kind: 'done', answer: 'used' });
    });

    it('erases secrets for good', async () => {
      const task = aTask();
      await store.put(task);
      await store.change(task.id, (row) => ({ task: { ...row, secrets: null }, answer: 0 }));
      expect((await read(task.id))?.secrets).toBeNull();
    });

    it('takes what is due, most overdue first, and nothing twice', async () => {
      const [late, later, future] = [
        aTask({ dueAt: NOW - 5 }, { taskResultId: 'a' }),
        aTask({ dueAt: NOW - 9 }, { taskResultId: 'b' }),
        aTask({ dueAt: NOW + 1 }, { taskResultId: 'c' }),
      ];
      for (const task of [late, later, future]) await store.put(task);
      const taken = await take(NOW, 10, 100);
      expect(taken.map(({ task }) => task.id)).toEqual([later.id, late.id]);
      expect(await take(NOW, 10, 100)).toEqual([]);
      expect((await take(NOW + 1, 10, 100)).map(({ task }) => task.id)).toEqual([future.id]);
    });

    it('takes no more than asked', async () => {
      for (const taskResultId of ['a', 'b', 'c']) await store.put(aTask({}, { taskResultId }));
      expect(await take(NOW, 2, 100)).toHaveLength(2);
      expect(await take(NOW, 2, 100)).toHaveLength(1);
    });

    it('gives a released task to the next, and a held one when its hold ends', async () => {
      const task = aTask({ dueAt: NOW });
      await store.put(task);
      const [first] = await take(NOW, 1, 100);
      await store.release(task.id, first!.step);
      const [second] = await take(NOW, 1, 100);
      expect(second!.step).toBe(first!.step + 1);
      expect(await take(NOW + 99, 1, 100)).toEqual([]);
      expect(await take(NOW + 100, 1, 100)).toHaveLength(1);
    });

    it('refuses the release of one who lost his hold', async () => {
      const task = aTask({ dueAt: NOW });
      await store.put(task);
      const [lost] = await take(NOW, 1, 100);
      await take(NOW + 100, 1, 100);
      await store.release(task.id, lost!.step);
      expect(await take(NOW + 100, 1, 100)).toEqual([]);
    });

    it('lets a held task be changed: a claim does not wait for a worker', async () => {
      const task = aTask({ dueAt: NOW });
      await store.put(task);
      await take(NOW, 1, 100);
      expect(await store.change(task.id, (row) => ({ task: { ...row, observe: true }, answer: 1 }))).toEqual({ kind: 'done', answer: 1 });
    });

    it('knows when to look next', async () => {
      expect(await store.nextDue()).toBeNull();
      await store.put(aTask({ dueAt: NOW + 50 }, { taskResultId: 'a' }));
      await store.put(aTask({ dueAt: NOW }, { taskResultId: 'b' }));
      expect(await store.nextDue()).toBe(NOW);
      await take(NOW, 1, 20);
      expect(await store.nextDue()).toBe(NOW + 20);
      await store.put(aTask({ dueAt: null }, { taskResultId: 'c' }));
      expect(await store.nextDue()).toBe(NOW + 20);
    });

    it('counts by state', async () => {
      await store.put(aTask({}, { taskResultId: 'a' }));
      await store.put(aTask({ state: { name: 'handed-over', at: 1 } }, { taskResultId: 'b' }));
      expect(await store.count()).toEqual({ 'received': 1, 'handed-over': 1 });
    });

    it('has everything that it acknowledged after a restart, and nothing held', async () => {
      const task = aTask({ dueAt: NOW });
      await store.put(task);
      await take(NOW, 1, 1_000_000);
      store = await under.reopen();
      expect((await take(NOW, 1, 100)).map((taken) => taken.task)).toEqual([task]);
    });
  });
}
