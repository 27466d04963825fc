// What the phases of one job leave each other: a private folder that each of them finds by the run task's id. The state that the
// runner keeps is per step, so `begin` and `finish` share nothing else.
//
// Other steps of the job may write here too, as the same user. So nothing here is a secret, and nothing that a `passed` rests on:
// the worst that a forged file can do is silence, which HCP Terraform or the relay ends as `failed`.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { deliverySchema, PHASES, recordedVerdictSchema, type Phase } from '../contracts/relay-api.ts';
import type { Job } from './job.ts';
import type { Finished } from './session.ts';

export interface Use {
  /** Random per `uses:` step. */
  readonly use: string;
  readonly phase: Phase;
}

/** @param id  of the client payload */
export const jobFolder = (job: Job, id: string): string => join(job.tempFolder, `runtask-${id}-${job.runAttempt}`);

/** Says that a step of this phase is in the job. Twice is as good as once. */
export async function enter(folder: string, { use, phase }: Use): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, `${phase}.${use}`), '', { mode: 0o600 });
}

/** The steps of the job that are known: all from the start, where `pre` runs (not with `uses: ./`). */
export async function readUses(folder: string): Promise<Use[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => {
    const [first, use = ''] = name.split('.');
    const phase = PHASES.find((one) => one === first);
    return phase === undefined || !/^[A-Za-z0-9_-]{22}$/.test(use) ? [] : [{ use, phase }];
  });
}

const saidSchema = z.object({ verdict: recordedVerdictSchema, accepted: z.boolean(), delivery: deliverySchema });
const saidFile = (folder: string): string => join(folder, 'said.json');

/** Leaves the verdict for the steps that come after. In a relay session the relay knows it; here nobody else does. */
export async function writeSaid(folder: string, said: Finished): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(saidFile(folder), JSON.stringify(said), { mode: 0o600 });
}

/** null: nothing was said yet, as far as this folder knows. */
export async function readSaid(folder: string): Promise<Finished | null> {
  // Absent, or not to be read: then it is said again, and HCP Terraform takes the first.
  const text = await readFile(saidFile(folder), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const said = saidSchema.safeParse(JSON.parse(text));
    return said.success ? said.data : null;
  } catch {
    // Not ours: as if it were not there, and the verdict is sent.
    return null;
  }
}

/** The last post of the job takes it away: that of `begin`, because posts run in the opposite order, or the only one. */
export async function leave(folder: string, phase: Phase): Promise<void> {
  if (phase === 'finish' && (await readUses(folder)).some((one) => one.phase === 'begin')) return;
  await rm(folder, { recursive: true, force: true });
}
