import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { encodings } from '../../src/base/redact.ts';
import { createCipher, type Cipher } from '../../src/relay/store/encrypt.ts';
import type { TaskStore } from '../../src/relay/store/port.ts';
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

  // In the clear, because encrypted text has no face that a search could know; and long, so that it fills pages of its own as well as
  // a part of the row's: SQLite writes over the two by different rules.
  describe('once the secrets are erased', () => {
    const inTheClear: Cipher = {
      encrypt: (value) => Buffer.from(JSON.stringify(value)),
      decrypt: (cell) => JSON.parse(textOf(cell)),
      hide: (name) => name,
    };
    const textOf = (cell: Uint8Array): string => Buffer.from(cell).toString('utf8');
    const sentinels = Array.from({ length: 400 }, (_, n) => `SENTINEL-${String(n).padStart(4, '0')}-${'s'.repeat(20)}`);
    const task = aTask();
    const withSentinels = { ...task, secrets: { ...task.secrets!, planUrl: sentinels.join() } };
    const left = (): number => {
      const bytes = bytesOf();
      return sentinels.filter((sentinel) => bytes.includes(sentinel)).length;
    };
    const erase = (store: TaskStore) => store.change(task.id, (row) => ({ task: { ...row, secrets: null, doneAt: NOW }, answer: 0 }));

    it('holds nothing of them in any file after the next pruning, while the relay runs', async () => {
      const store = openSqliteStore(folder, inTheClear);
      await store.put(withSentinels);
      // As after any restart: the row lies in the database, not in the log alone.
      await store.prune(0, 0);
      expect(left()).toBeGreaterThan(390);
      await erase(store);
      await store.prune(0, 0);
      expect(left()).toBe(0);
      await store.close();
    });

    it('holds nothing of them in any file when the relay has ended', async () => {
      const store = openSqliteStore(folder, inTheClear);
      await store.put(withSentinels);
      await store.close();
      // All but those that the border between two pages cuts.
      expect(left()).toBeGreaterThan(390);
      const again = openSqliteStore(folder, inTheClear);
      await erase(again);
      await again.close();
      expect(left()).toBe(0);
    });
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

  it('keeps its files to its owner, also in a folder that was open to others', async () => {
    chmodSync(folder, 0o755);
    const store = openSqliteStore(folder, createCipher(KEY));
    await store.put(aTask());
    const modes = readdirSync(folder).map((name) => [name, statSync(path.join(folder, name)).mode & 0o777]);
    await store.close();
    expect(modes.length).toBeGreaterThan(0);
    expect(modes.filter(([, mode]) => mode !== 0o600)).toEqual([]);
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
    db.exec('PRAGMA user_version = 99');
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
