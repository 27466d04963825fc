// The record on disk: read as a whole, written as a whole, beside what it replaces and then in its place, so that there is no moment in
// which half of it can be read. Many changes become one write. What its entries mean is told in record-file.ts.
import path from 'node:path';
import { describeThrown, Fault } from '../../../base/fault.ts';
import { err, type Result } from '../../../base/result.ts';
import type { Diagnostic } from '../../../base/diagnostics.ts';
import type { RecordedObject } from '../plan.ts';
import { readPlainFile } from './read-plain-file.ts';
import { codeOf, replaceFile } from './replace-file.ts';
import { emptyRecord, parseRecord, toRecordText, type RecordData, type RecordEntry, type RecordHosts } from './record-file.ts';

/**
 * Where the record of a configuration stands: beside it. `config.yml` has `managed.json`; any other has one of its own name
 * (`prod.yml`, `prod.managed.json`), because what one file does not declare another may.
 */
export function recordFileOf(configFile: string): string {
  const { dir, name } = path.parse(configFile);
  return path.join(dir, name === 'config' ? 'managed.json' : `${name}.managed.json`);
}

/** @returns an empty record where there is no file */
export async function readRecord(file: string): Promise<Result<RecordData, Diagnostic>> {
  let text: string;
  try {
    text = await readPlainFile(file);
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return { ok: true, value: emptyRecord };
    return err({ severity: 'error', summary: 'The record cannot be read', detail: `${describeThrown(thrown)}.`, path: '', file });
  }
  return parseRecord(text, file);
}

export interface RecordStore {
  get(object: RecordedObject): RecordEntry | undefined;
  /** Puts it there; it comes to the disk with the next write. */
  put(object: RecordedObject, entry: RecordEntry): void;
  remove(object: RecordedObject): void;
  /**
   * Ends when everything put so far is on the disk. Calls that come while a write runs share the next one.
   * @throws Fault E_RECORD_WRITE
   */
  save(): Promise<void>;
}

/**
 * Opens what `readRecord` gave, for writing. Whoever does holds the lock.
 * @param written  told of each write, for tests
 */
export function openRecord(file: string, data: RecordData, hosts: RecordHosts, written: () => void = () => {}): RecordStore {
  const objects = new Map([...data.objects].map(([type, byId]) => [type, new Map(byId)]));
  let dirty = false;
  let current: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  const write = async (): Promise<void> => {
    dirty = false;
    // Only what the configuration still talks to is said anew: a host that it no longer names keeps its objects and its name.
    const text = toRecordText({ hosts: { hcp: hosts.hcp, github: hosts.github ?? data.hosts.github }, objects });
    try {
      await replaceFile(file, text, 0o644); // meant to be committed, and without a secret
    } catch (thrown) {
      dirty = true;
      throw new Fault('E_RECORD_WRITE', `The record ${file} could not be written: ${describeThrown(thrown)}`, {
        retryable: false,
        cause: thrown,
      });
    }
    written();
  };

  return {
    get: ({ type, id }) => objects.get(type)?.get(id),
    put({ type, id }, entry) {
      const byId = objects.get(type) ?? new Map<string, RecordEntry>();
      if (JSON.stringify(byId.get(id)) === JSON.stringify(entry)) return;
      objects.set(type, byId.set(id, entry));
      dirty = true;
    },
    remove({ type, id }) {
      if (objects.get(type)?.delete(id) === true) dirty = true;
    },
    save() {
      if (!dirty) return next ?? current ?? Promise.resolve();
      next ??= (async () => {
        await current?.catch(() => undefined); // its own callers are told of its failure
        // A turn of the event loop: whoever else is about to put something comes with this write.
        await new Promise((resolve) => setImmediate(resolve));
        current = next;
        next = null;
        await write().finally(() => (current = null));
      })();
      return next;
    },
  };
}
