// The SQLite file of the embedded store: opening it, its schema and the way from an older one, transactions, cells. What stands in the
// tables is the business of sqlite.ts and sqlite-comments.ts.
//
// WAL with synchronous=FULL: in simulated power cuts NORMAL lost 15 % of acknowledged rows, FULL none (measured 2026-11-22 on
// ext4). The file is locked exclusively: a second relay on it would take over what this one holds.
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { describeThrown, Fault } from '../../base/fault.ts';
import type { Cipher } from './encrypt.ts';
import { MIGRATIONS } from './migrations.ts';

export type SqlRow = Readonly<Record<string, SQLOutputValue>>;

export interface SqliteFile {
  prepare(sql: string): StatementSync;
  /** All of it, or nothing of it; durable when the promise resolves. `work` is synchronous. */
  transaction<R>(work: () => R): Promise<R>;
  /** @throws Fault */
  emptyLog(): void;
  close(): void;
}

/**
 * @param folder  created when absent, readable by its owner alone
 * @throws Fault E_STORE when it cannot be opened, E_STORE_KEY when the key is not the one it was written with
 */
export function openSqliteFile(folder: string, cipher: Cipher): SqliteFile {
  const file = path.join(folder, 'relay.sqlite');
  const db = opening(file, () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // A folder that was there may be open to others, and names are clear text: the file itself is the owner's alone. SQLite gives
    // its -wal and -shm the mode of the file.
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    return openDatabase(file, cipher);
  });
  let isOpen = true;

  /** No `isTransaction`: Node 22.15 does not have it. */
  function rollBack(): void {
    try {
      db.exec('ROLLBACK');
    } catch {
      // After a full disk or an I/O error SQLite has rolled back by itself; the fault that led here is the one to tell.
    }
  }

  return {
    prepare: (sql) => db.prepare(sql),
    transaction: (work) => {
      try {
        db.exec('BEGIN IMMEDIATE');
      } catch (thrown) {
        return Promise.reject(toFault(thrown));
      }
      try {
        const result = work();
        db.exec('COMMIT');
        return Promise.resolve(result);
      } catch (thrown) {
        rollBack();
        return Promise.reject(toFault(thrown));
      }
    },
    // The log keeps old pages, with what was erased since, until it is written over: that may take days. After this no file holds it.
    emptyLog() {
      try {
        db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } catch (thrown) {
        throw toFault(thrown);
      }
    },
    close() {
      if (isOpen) db.close();
      isOpen = false;
    },
  };
}

/** null where this cell alone is damaged: the whole file has the right key, or it would not have opened. */
export function readable<T>(read: () => T): T | null {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'E_STORE_KEY') return null;
    throw thrown;
  }
}

/** The columns are STRICT: another type means that somebody else wrote the file. */
function wrongCell(column: string): Fault {
  return new Fault('E_STORE', `The store holds something else than a relay writes (${column})`, { retryable: false });
}
export function textOf(row: SqlRow | undefined, column: string): string {
  const value = row?.[column];
  if (typeof value !== 'string') throw wrongCell(column);
  return value;
}
export function numberOf(row: SqlRow | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value !== 'number') throw wrongCell(column);
  return value;
}
export function bytesOf(row: SqlRow | undefined, column: string): Uint8Array {
  const value = row?.[column];
  // Not `instanceof`: a driver's arrays may be of another realm.
  if (!ArrayBuffer.isView(value)) throw wrongCell(column);
  return value;
}

function openDatabase(file: string, cipher: Cipher): DatabaseSync {
  // Not imported: Node 22 warns of it on loading, in front of every `runtask check` too.
  const db = new (process.getBuiltinModule('node:sqlite').DatabaseSync)(file);
  try {
    prepareDatabase(db, file, cipher);
    return db;
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

function prepareDatabase(db: DatabaseSync, file: string, cipher: Cipher): void {
  // secure_delete: erased secrets (encrypted ones) are overwritten in the file, so that a key found later opens none of them.
  db.exec(
    `PRAGMA busy_timeout = 2000; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;`,
  );
  const version = numberOf(db.prepare('PRAGMA user_version').get(), 'user_version');
  if (version > MIGRATIONS.length)
    throw new Fault('E_STORE', `${file} was written by a newer relay (schema ${version}, this one knows ${MIGRATIONS.length}): upgrade`, {
      retryable: false,
    });
  // One transaction: with the wrong key, or in a power cut, the file stays what it was.
  db.exec('BEGIN IMMEDIATE');
  for (const step of MIGRATIONS.slice(version)) db.exec(step);
  if (version === 0)
    db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)').run('key-check', cipher.encrypt('readable', 'meta/key-check'));
  if (version < MIGRATIONS.length) db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  cipher.decrypt(bytesOf(db.prepare('SELECT value FROM meta WHERE name = ?').get('key-check'), 'value'), 'meta/key-check');
  // The process that held these is gone, or we would not have the lock.
  db.exec('UPDATE run_tasks SET held_until = 0 WHERE held_until > 0');
  db.exec('COMMIT');
}

function opening<R>(file: string, open: () => R): R {
  try {
    return open();
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown;
    const locked = /locked|busy/i.test(describeThrown(thrown)) ? '; another relay uses it' : '';
    throw new Fault('E_STORE', `The store ${file} cannot be opened${locked}: ${describeThrown(thrown)}`, {
      retryable: false,
      cause: thrown,
    });
  }
}

const toFault = (thrown: unknown): Fault =>
  thrown instanceof Fault
    ? thrown
    : new Fault('E_STORE', `The store does not work: ${describeThrown(thrown)}`, { retryable: true, cause: thrown });
