// Writes a text that is made in pieces to a file or another stream, without holding it whole.
import { createWriteStream } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A write for each of a million short pieces would cost more than making them. */
const BATCH = 64 * 1024;

/** @param mode  of a file that is made; `0o600` for what only this user may read */
export const writePieces = (pieces: Iterable<string>, path: string, mode?: number): Promise<void> =>
  pipeline(Readable.from(batches(pieces)), createWriteStream(path, mode === undefined ? {} : { mode }));

/** Does not end the stream. */
export const writePiecesTo = (pieces: Iterable<string>, out: Writable): Promise<void> =>
  pipeline(Readable.from(batches(pieces)), out, { end: false });

function* batches(pieces: Iterable<string>): Generator<string> {
  let batch = '';
  for (const piece of pieces) {
    batch += piece;
    if (batch.length < BATCH) continue;
    yield batch;
    batch = '';
  }
  if (batch !== '') yield batch;
}
