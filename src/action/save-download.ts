// A download becomes a file that only this user can read: the plan holds its sensitive values in clear.
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describeThrown } from '../base/fault.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Download } from './session.ts';

/** @returns why it broke off, when it did: the connection, or the disk */
export async function saveDownload(body: ReadableStream<Uint8Array>, path: string): Promise<Result<Download & { kind: 'file' }, string>> {
  try {
    await pipeline(Readable.fromWeb(body), createWriteStream(path, { mode: 0o600 }));
    return ok({ kind: 'file', path, bytes: (await stat(path)).size });
  } catch (thrown) {
    return err(describeThrown(thrown));
  }
}
