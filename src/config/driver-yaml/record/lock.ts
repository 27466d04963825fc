// One apply at a time for one record: a file that says who is at work. A plan only reads, and the record is replaced in one step, so a plan
// takes no lock.
//
// Own code on purpose: what npm has for it (proper-lockfile) has had no release since 2021. The kernel's locks are not to be had from Node.
import { randomUUID } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import * as z from 'zod';
import type { Clock } from '../../../base/clock.ts';
import { describeThrown } from '../../../base/fault.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import type { Diagnostic } from '../../../base/diagnostics.ts';
import { readPlainFile } from './read-plain-file.ts';
import { codeOf } from './replace-file.ts';

const holderSchema = z.object({ pid: z.int().check(z.positive()), host: z.string(), since: z.string(), token: z.string() });
type Holder = z.infer<typeof holderSchema>;

/** The locks that this process has. */
const held = new Set<string>();

/** Holding one is the permission to write the record. */
export interface Lock {
  readonly recordFile: string;
  /** Harmless when called again. Takes only its own away. */
  release(): Promise<void>;
}

/**
 * Takes the lock, or says who has it. One that was left behind by a process of this machine that is gone is taken over.
 * @param recordFile  the lock stands beside it: `managed.json.lock`
 */
export async function acquireLock(recordFile: string, deps: { readonly clock: Clock }): Promise<Result<Lock, Diagnostic>> {
  const file = `${recordFile}.lock`;
  const own: Holder = { pid: process.pid, host: hostname(), since: new Date(deps.clock.now()).toISOString(), token: randomUUID() };
  const refuse = (summary: string, detail: string): Result<never, Diagnostic> =>
    err({ severity: 'error', summary, detail, path: '', file });

  // Twice: once as it is, once after a dead holder's file is out of the way. Whoever loses that race is told who won it.
  for (let attempt = 1; ; attempt++) {
    try {
      held.add(own.token);
      await writeNew(file, `${JSON.stringify(own)}\n`);
      return ok({ recordFile, release: () => release(file, own) });
    } catch (thrown) {
      held.delete(own.token);
      if (codeOf(thrown) !== 'EEXIST') return refuse('The lock cannot be taken', `${describeThrown(thrown)}.`);
    }
    const text = await readPlainFile(file).catch(() => '');
    const holder = toHolder(text);
    if (attempt === 1 && holder !== null && isGone(holder) && (await takeAway(file, text))) continue;
    const who = holder === null ? 'somebody who did not say so' : `process ${holder.pid} on ${holder.host} since ${holder.since}`;
    return refuse(
      `Another apply is at work here: ${who}`,
      `Wait until it has ended. If it is certain that nothing runs any more, delete ${file} and try again.`,
    );
  }
}

/** A full disk leaves no lock of nobody behind. */
async function writeNew(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o644);
  try {
    await handle.writeFile(text);
  } catch (thrown) {
    await rm(file, { force: true });
    throw thrown;
  } finally {
    await handle.close();
  }
}

function toHolder(text: string): Holder | null {
  try {
    const parsed = holderSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return null; // being written at this moment, or by hand: not ours to judge
    throw thrown;
  }
}

/** Of another machine nobody here can tell. A number that another process has got since then counts as alive: the safe side. */
function isGone({ pid, host, token }: Holder): boolean {
  if (host !== hostname()) return false;
  // In containers of one name every process has the same number: a lock of mine that I do not hold is of one before me.
  if (pid === process.pid) return !held.has(token);
  try {
    process.kill(pid, 0);
    return false;
  } catch (thrown) {
    return codeOf(thrown) === 'ESRCH';
  }
}

/**
 * Renames, then looks whether it was the dead one's: two processes that find it at once must not take away each other's new lock.
 * @returns is it out of the way?
 */
async function takeAway(file: string, expected: string): Promise<boolean> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (thrown) {
    return codeOf(thrown) === 'ENOENT';
  }
  const wasDead = (await readPlainFile(aside)) === expected;
  // It is put back. link() does not overwrite: where a third one has the lock by now, that one stays. Either way it is not ours.
  if (!wasDead) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
  return wasDead;
}

async function release(file: string, own: Holder): Promise<void> {
  held.delete(own.token);
  const holder = toHolder(await readPlainFile(file).catch(() => ''));
  if (holder?.token === own.token) await rm(file, { force: true });
}
