// Reads a plan file for a command. Whoever waits for a large one at a terminal sees how far it is; everybody else sees nothing of that.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Diagnostic } from '../base/diagnostics.ts';
import { err, type Result } from '../base/result.ts';
import type { Plan } from '../plan/model.ts';
import { readPlan } from '../plan/read-plan.ts';
import { logLine } from '../report/escape.ts';

/** Smaller ones are read before anybody wonders. */
const LARGE_BYTES = 16 * 1024 * 1024;
/** Whoever waited for so long wants to know for how long yet. */
const QUIET_MS = 2000;
const STEP_MS = 200;
const MB = 1024 * 1024;

export interface ProgressOut {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface ProgressDeps {
  readonly stderr: ProgressOut;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Diagnostics name the file. */
export async function readPlanFile(path: string, { stderr, now }: ProgressDeps): Promise<Result<Plan, Diagnostic[]>> {
  const size = stderr.isTTY === true ? await sizeOf(path) : 0;
  if (size < LARGE_BYTES) return readPlan({ path });
  const progress = showProgress(createReadStream(path, { highWaterMark: 1 << 20 }), { name: basename(path), size, stderr, now });
  const plan = await readPlan(progress, { expectedBytes: size });
  return plan.ok ? plan : err(plan.error.map((diagnostic) => ({ ...diagnostic, file: path })));
}

/** A file that cannot be read is readPlan's to tell of. */
const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    (file) => (file.isFile() ? file.size : 0),
    () => 0,
  );

export interface ProgressOptions extends ProgressDeps {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/** Passes the chunks on, and says after two seconds how many there were, on one line that is taken away at the end. */
export async function* showProgress(
  chunks: AsyncIterable<Uint8Array>,
  { name, size, stderr, now }: ProgressOptions,
): AsyncGenerator<Uint8Array> {
  const from = now();
  let told = from + QUIET_MS - STEP_MS;
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      yield chunk;
      bytes += chunk.length;
      if (now() - told < STEP_MS) continue;
      told = now();
      stderr.write(`\u001b[2K\r${logLine(name)}: ${Math.floor(bytes / MB)} of ${Math.ceil(size / MB)} MB read`);
    }
  } finally {
    if (told >= from + QUIET_MS) stderr.write('\u001b[2K\r');
  }
}
