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
import { aComment, aHead, aText, describeCommentStore, keep, PLACE, PROD } from './comment-store-suite.ts';
import { aTask, describeStore, NOW, type StoreUnderTest } from './store-suite.ts';

const KEY = Buffer.alloc(32, 1);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'runtask-store-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function underTest(): Promise<StoreUnderTest> {
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
}
describeStore('the SQLite store', underTest);
describeCommentStore('the SQLite store of combined comments', underTest);

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

  it('holds nothing of a combined comment in the clear: no name, no text', async () => {
    const store = openSqliteStore(folder, createCipher(KEY));
    const reviewed = { fingerprint: 'FINGER-PRINT', runId: 'run-reviewed', runUrl: 'https://reviewed.example' };
    await keep(store.comments, PROD, { reviewed });
    const inMotion = bytesOf();
    await store.close();
    const { runId, runUrl, digest } = aHead();
    const words = [
      'acme',
      'net-prod',
      'app.terraform.io',
      runId,
      runUrl,
      digest,
      ...Object.values(aText('net-prod')),
      ...Object.values(reviewed),
      '4711',
    ];
    for (const bytes of [inMotion, bytesOf()])
      for (const word of words) for (const form of encodings(word)) expect(bytes).not.toContain(form);
    // Nor can a name be tried out without the key.
    expect(createCipher(KEY).hide('acme')).not.toBe(createCipher(Buffer.alloc(32, 2)).hide('acme'));
  });

  it.each(['head', 'small', 'medium', 'large', 'reviewed'] as const)(
    'refuses a %s that was moved to another workspace, and goes on',
    async (column) => {
      const store = openSqliteStore(folder, createCipher(KEY));
      const other = { ...PROD, workspace: 'net-other' };
      const reviewed = { fingerprint: 'f', runId: 'r', runUrl: 'u' };
      for (const name of [PROD, other]) await keep(store.comments, name, { reviewed });
      await store.close();
      const db = new DatabaseSync(path.join(folder, 'relay.sqlite'));
      const [one, two] = db.prepare('SELECT workspace FROM sections').all() as [{ workspace: string }, { workspace: string }];
      db.prepare(`UPDATE sections SET ${column} = (SELECT ${column} FROM sections WHERE workspace = ?) WHERE workspace = ?`).run(
        one.workspace,
        two.workspace,
      );
      db.close();
      const again = openSqliteStore(folder, createCipher(KEY)).comments;
      const names = [PROD, other];
      if (column === 'reviewed') {
        const found = await Promise.all(names.map((name) => again.reviewed(PLACE, name)));
        expect(found.filter((one) => one === null)).toHaveLength(1);
      } else {
        const { entries, unreadable } = await again.sections(PLACE, () => (column === 'head' ? 'large' : column));
        expect([entries.length, unreadable]).toEqual([1, 1]);
      }
      const heads = await Promise.all(names.map((name) => again.change(PLACE, name, ({ head }) => ({ answer: head }))));
      expect(heads.filter((head) => head === null)).toHaveLength(column === 'head' ? 1 : 0);
      // The next section of that workspace heals it.
      for (const name of names) await keep(again, name, { reviewed });
      expect((await again.sections(PLACE, () => 'large')).unreadable).toBe(0);
    },
  );

  it('begins a comment anew that cannot be read, and keeps its sections', async () => {
    const store = openSqliteStore(folder, createCipher(KEY));
    await keep(store.comments, PROD);
    await store.close();
    const db = new DatabaseSync(path.join(folder, 'relay.sqlite'));
    db.exec("UPDATE comments SET body = x'01020304'");
    db.close();
    const again = openSqliteStore(folder, createCipher(KEY));
    expect(await again.comments.change(PLACE, PROD, (kept) => ({ answer: kept }))).toEqual({ comment: null, head: aHead(), workspaces: 1 });
    await keep(again.comments, PROD, {}, { comment: aComment({ revision: 9 }) });
    expect(await again.comments.change(PLACE, PROD, ({ comment }) => ({ answer: comment?.revision }))).toBe(9);
    await again.close();
  });

  it('holds nothing of a forgotten comment in any file', async () => {
    const inTheClear: Cipher = {
      encrypt: (value) => Buffer.from(JSON.stringify(value)),
      decrypt: (cell) => JSON.parse(Buffer.from(cell).toString('utf8')),
      hide: (name) => name,
    };
    const store = openSqliteStore(folder, inTheClear);
    await keep(store.comments, PROD, { texts: { large: 'SENTINEL '.repeat(7000), medium: 'SENTINEL', small: 'SENTINEL' } });
    await store.prune(0, 0);
    expect(bytesOf()).toContain('SENTINEL SENTINEL');
    await store.comments.prune(2000, 100);
    await store.prune(0, 0);
    expect(bytesOf()).not.toContain('SENTINEL');
    await store.close();
  });

  describe('written by version 1', () => {
    // As released: text that never changes.
    const VERSION_1 = `
      CREATE TABLE run_tasks (
        id TEXT PRIMARY KEY, task TEXT NOT NULL, host TEXT NOT NULL, task_result_id TEXT NOT NULL,
        state TEXT NOT NULL, due_at INTEGER, held_until INTEGER NOT NULL DEFAULT 0, step INTEGER NOT NULL DEFAULT 0,
        accepted_at INTEGER NOT NULL, done_at INTEGER, body BLOB NOT NULL, secrets BLOB,
        UNIQUE (task, host, task_result_id)
      ) STRICT;
      CREATE INDEX run_tasks_due ON run_tasks (held_until, due_at) WHERE due_at IS NOT NULL;
      CREATE INDEX run_tasks_done ON run_tasks (done_at) WHERE done_at IS NOT NULL;
      CREATE TABLE once (key TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT;
      CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
      PRAGMA user_version = 1;`;
    const task = aTask();
    const inVersion1 = <T>(work: (db: DatabaseSync) => T): T => {
      const db = new DatabaseSync(path.join(folder, 'relay.sqlite'));
      try {
        return work(db);
      } finally {
        db.close();
      }
    };
    const versionOf = (): unknown => inVersion1((db) => db.prepare('PRAGMA user_version').get()?.['user_version']);
    beforeEach(() =>
      inVersion1((db) => {
        db.exec(VERSION_1);
        const cipher = createCipher(KEY);
        db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)').run('key-check', cipher.encrypt('readable', 'meta/key-check'));
        const { secrets, ...body } = task;
        db.prepare(
          'INSERT INTO run_tasks (id, task, host, task_result_id, state, due_at, accepted_at, body, secrets) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        ).run(
          ...[task.id, task.key.task, task.key.host, task.key.taskResultId, task.state.name, task.dueAt, task.acceptedAt],
          ...[cipher.encrypt(body, `${task.id}/body`), cipher.encrypt(secrets, `${task.id}/secrets`)],
        );
      }),
    );

    it('has its run tasks still, and room for comments', async () => {
      for (let opened = 0; opened < 2; opened++) {
        const store = openSqliteStore(folder, createCipher(KEY));
        expect(await store.change(task.id, (row) => ({ answer: row }))).toEqual({ kind: 'done', answer: task });
        await keep(store.comments, PROD);
        expect(await store.comments.count()).toEqual({ pullRequests: 1, sections: 1 });
        await store.close();
      }
      expect(versionOf()).toBe(2);
    });

    it('stays what it is with the wrong key', () => {
      expect(() => openSqliteStore(folder, createCipher(Buffer.alloc(32, 2)))).toThrow(expect.objectContaining({ code: 'E_STORE_KEY' }));
      expect(versionOf()).toBe(1);
      expect(inVersion1((db) => db.prepare("SELECT name FROM sqlite_schema WHERE name IN ('comments', 'sections')").all())).toEqual([]);
    });
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
