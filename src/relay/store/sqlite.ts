// The embedded store: one SQLite file, one process, plain synchronous transactions. Node's own driver, nothing to install. Here are the
// run tasks; the combined comments are in sqlite-comments.ts, the file itself is in sqlite-file.ts.
import type { Task, TaskSecrets } from '../life/task.ts';
import type { Cipher } from './encrypt.ts';
import type { Change, Changed, RelayStore, Taken } from './port.ts';
import { createSqliteComments } from './sqlite-comments.ts';
import { bytesOf, numberOf, openSqliteFile, readable, textOf, type SqlRow } from './sqlite-file.ts';

/**
 * @param folder  created when absent, readable by its owner alone
 * @throws Fault E_STORE when it cannot be opened, E_STORE_KEY when the key is not the one it was written with
 */
export function openSqliteStore(folder: string, cipher: Cipher): RelayStore {
  const file = openSqliteFile(folder, cipher);
  const { prepare, transaction } = file;
  const insert = prepare(
    `INSERT INTO run_tasks (id, task, host, task_result_id, state, due_at, accepted_at, done_at, body, secrets)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (task, host, task_result_id) DO NOTHING`,
  );
  const byKey = prepare('SELECT id FROM run_tasks WHERE task = ? AND host = ? AND task_result_id = ?');
  const byId = prepare('SELECT id, step, body, secrets FROM run_tasks WHERE id = ?');
  const update = prepare('UPDATE run_tasks SET state = ?, due_at = ?, done_at = ?, body = ?, secrets = ? WHERE id = ?');
  // Free rows have held_until = 0: both halves walk the index, however many rows wait.
  const free = prepare(
    'SELECT id, step, body, secrets FROM run_tasks WHERE held_until = 0 AND due_at IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT ?',
  );
  const lost = prepare(
    'SELECT id, step, body, secrets FROM run_tasks WHERE held_until > 0 AND held_until <= ? AND due_at IS NOT NULL AND due_at <= ? LIMIT ?',
  );
  const hold = prepare('UPDATE run_tasks SET held_until = ?, step = step + 1 WHERE id = ?');
  const setAside = prepare("UPDATE run_tasks SET state = 'unreadable', due_at = NULL, secrets = NULL, done_at = ? WHERE id = ?");
  const letGo = prepare('UPDATE run_tasks SET held_until = 0 WHERE id = ? AND step = ?');
  const nextFree = prepare('SELECT due_at AS at FROM run_tasks WHERE held_until = 0 AND due_at IS NOT NULL ORDER BY due_at LIMIT 1');
  const nextHeld = prepare('SELECT min(max(due_at, held_until)) AS at FROM run_tasks WHERE held_until > 0 AND due_at IS NOT NULL');
  const states = prepare('SELECT state, count(*) AS tasks FROM run_tasks GROUP BY state');
  const newest = prepare('SELECT id, step, body, NULL AS secrets FROM run_tasks ORDER BY rowid DESC LIMIT ?');
  const newestBefore = prepare(
    'SELECT id, step, body, NULL AS secrets FROM run_tasks WHERE rowid < (SELECT rowid FROM run_tasks WHERE id = ?) ORDER BY rowid DESC LIMIT ?',
  );
  const addOnce = prepare('INSERT INTO once (key, expires_at) VALUES (?, ?) ON CONFLICT (key) DO NOTHING');
  const dropDone = prepare('DELETE FROM run_tasks WHERE done_at < ?');
  const dropOnce = prepare('DELETE FROM once WHERE expires_at < ?');

  const seal = (task: Task): { body: Uint8Array; secrets: Uint8Array | null } => {
    const { secrets, ...body } = task;
    return {
      body: cipher.encrypt(body, `${task.id}/body`),
      secrets: secrets === null ? null : cipher.encrypt(secrets, `${task.id}/secrets`),
    };
  };
  const open = (row: SqlRow): Task => {
    const id = textOf(row, 'id');
    const secrets = row['secrets'];
    return {
      ...(cipher.decrypt(bytesOf(row, 'body'), `${id}/body`) as Omit<Task, 'secrets'>),
      secrets: secrets === null ? null : (cipher.decrypt(bytesOf(row, 'secrets'), `${id}/secrets`) as TaskSecrets),
    };
  };

  const openOrNull = (row: SqlRow): Task | null => readable(() => open(row));

  return {
    put: (task) =>
      transaction(() => {
        const { key } = task;
        const { body, secrets } = seal(task);
        const { changes } = insert.run(
          ...[task.id, key.task, key.host, key.taskResultId, task.state.name, task.dueAt, task.acceptedAt, task.doneAt, body, secrets],
        );
        if (changes === 1) return { kind: 'kept', id: task.id };
        return { kind: 'known', id: textOf(byKey.get(key.task, key.host, key.taskResultId), 'id') };
      }),

    change: <R>(id: string, decide: (task: Task) => Change<R>) =>
      transaction((): Changed<R> => {
        const row = byId.get(id);
        if (row === undefined) return { kind: 'missing' };
        const { task, once, answer } = decide(open(row));
        if (once !== undefined && addOnce.run(once.key, once.expiresAt).changes === 0) return { kind: 'used-before' };
        if (task !== undefined) {
          const { body, secrets } = seal(task);
          update.run(task.state.name, task.dueAt, task.doneAt, body, secrets, id);
        }
        return { kind: 'done', answer };
      }),

    take: (now, limit, holdMs) =>
      transaction(() => {
        const rows = [...lost.all(now, now, limit), ...free.all(now, limit)].slice(0, limit);
        const batch: { taken: Taken[]; unreadable: string[] } = { taken: [], unreadable: [] };
        for (const row of rows) {
          const id = textOf(row, 'id');
          const task = openOrNull(row);
          if (task === null) {
            setAside.run(now, id);
            batch.unreadable.push(id);
          } else {
            hold.run(now + holdMs, id);
            batch.taken.push({ task, step: numberOf(row, 'step') + 1 });
          }
        }
        return batch;
      }),

    release: (id, step) => transaction(() => void letGo.run(id, step)),

    nextDue: () =>
      transaction(() => {
        const times = [nextFree.get(), nextHeld.get()].map((row) => row?.['at'] ?? Infinity);
        const next = Math.min(...times.map(Number));
        return next === Infinity ? null : next;
      }),

    count: () =>
      transaction(() => Object.fromEntries((states.all() as { state: string; tasks: number }[]).map(({ state, tasks }) => [state, tasks]))),

    list: (limit, before) =>
      transaction(() => {
        const rows = before === null ? newest.all(limit) : newestBefore.all(before, limit);
        return rows.flatMap((row) => openOrNull(row) ?? []);
      }),

    prune: async (doneBefore, now) => {
      const forgotten = await transaction(() => {
        dropOnce.run(now);
        return Number(dropDone.run(doneBefore).changes);
      });
      file.emptyLog();
      return forgotten;
    },

    comments: createSqliteComments(file, cipher),

    close: () => {
      file.close();
      return Promise.resolve();
    },
  };
}
