import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { encodings } from '../../src/base/redact.ts';
import { createCipher } from '../../src/relay/store/encrypt.ts';
import { openSqliteStore } from '../../src/relay/store/sqlite.ts';
import { aRequest } from '../support/requests.ts';
import { aTask, describeStore, NOW } from './store-suite.ts';

const KEY = Buffer.alloc(32, 1);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'runtask-store-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describeStore('the SQLite store', () => {
  let store = openSqliteStore(folder, createCipher(KEY));
  return Promise.resolve({
    store,
    reopen: async () => {
      await store.close();
      store = openSqliteStore(folder, createCipher(KEY));
      return store;
    },
    cleanUp: () => store.close(),
  });
});

describe('the SQLite store on disk', () => {
  it('holds nothing of a request in the clear but what finds the row', async () => {
    const store = openSqliteStore(folder, createCipher(KEY));
    const task = aTask();
    await store.put(task);
    const inMotion = bytesOf();
    await store.close();
    const request = aRequest();
    const words = [
      request.access_token,
      request.task_result_callback_url,
      request.run_message,
      'net-prod',
      task.secrets!.ticket!,
      request.plan_json_api_url!,
    ];
    for (const bytes of [inMotion, bytesOf()]) {
      expect(bytes).toContain('taskrs-example'.slice(0, 6));
      for (const word of words) for (const form of encodings(word)) expect(bytes).not.toContain(form);
    }
  });

  it('holds no cell of the secrets once they are erased', async () => {
    const store = openSqliteStore(folder, createCipher(KEY));
    const task = aTask();
    await store.put(task);
    await store.close();
    const cell = (): Uint8Array | null => {
      const db = new DatabaseSync(path.join(folder, 'relay.sqlite'));
      const { secrets } = db.prepare('SELECT secrets FROM run_tasks').get() as { secrets: Uint8Array | null };
      db.close();
      return secrets;
    };
    const before = Buffer.from(cell()!).toString('latin1').slice(-200);
    expect(bytesOf()).toContain(before);
    const again = openSqliteStore(folder, createCipher(KEY));
    await again.change(task.id, (row) => ({ task: { ...row, secrets: null, doneAt: 1 }, answer: 0 }));
    await again.close();
    expect(cell()).toBeNull();
    // Not on a page that was merely let go, either.
    expect(bytesOf()).not.toContain(before);
  });

  it('refuses another key at once, not at the first run task', async () => {
    await openSqliteStore(folder, createCipher(KEY)).close();
    expect(() => openSqliteStore(folder, createCipher(Buffer.alloc(32, 2)))).toThrow(expect.objectContaining({ code: 'E_STORE_KEY' }));
    // And lets go of the file: the right key works after it.
    await openSqliteStore(folder, createCipher(KEY)).close();
  });

  it('refuses a cell that was moved to another row', async () => {
    const store = openSqliteStore(folder, createCipher(KEY));
    const [one, other] = [aTask({}, { taskResultId: 'a' }), aTask({}, { taskResultId: 'b' })];
    await store.put(one);
    await store.put(other);
    await store.close();
    const db = new DatabaseSync(path.join(folder, 'relay.sqlite'));
    db.prepare('UPDATE run_tasks SET secrets = (SELECT secrets FROM run_tasks WHERE id = ?) WHERE id = ?').run(one.id, other.id);
    db.close();
    const again = openSqliteStore(folder, createCipher(KEY));
    await expect(again.change(other.id, (task) => ({ answer: task }))).rejects.toMatchObject({ code: 'E_STORE_KEY' });
    // The worker sets it aside and goes on with the others.
    const batch = await again.take(NOW, 10, 100);
    expect(batch).toMatchObject({ taken: [{ task: { id: one.id } }], unreadable: [other.id] });
    expect(await again.count()).toEqual({ received: 1, unreadable: 1 });
    await again.close();
  });

  it('refuses a second relay on the same file', async () => {
    const store = openSqliteStore(folder, createCipher(KEY));
    await store.put(aTask());
    expect(() => openSqliteStore(folder, createCipher(KEY))).toThrow(/another relay uses it/);
    await store.close();
  });

  it('refuses a file of a newer relay', async () => {
    await openSqliteStore(folder, createCipher(KEY)).close();
    const db = new DatabaseSync(path.join(folder, 'relay.sqlite'));
    db.exec('PRAGMA user_version = 2');
    db.close();
    expect(() => openSqliteStore(folder, createCipher(KEY))).toThrow(/newer relay/);
  });

  it('says E_STORE when the database is gone', async () => {
    const store = openSqliteStore(folder, createCipher(KEY));
    await store.close();
    await expect(store.put(aTask())).rejects.toMatchObject({ code: 'E_STORE', retryable: true });
  });

  const bytesOf = (): string =>
    readdirSync(folder)
      .map((name) => readFileSync(path.join(folder, name), 'latin1'))
      .join('\n');
});
