// The one place of the action that touches the world: the entry files (entry-*.ts) call it, everything else takes arguments.
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { systemClock } from '../base/clock.ts';
import { describeThrown } from '../base/fault.ts';
import { serveCel, type CelWorkerData } from '../checks/cel/serve.ts';
import { KEEP_ALIVE, keepAlive, ordersSchema } from './keep-alive.ts';
import { hideEnvironment } from './hide-environment.ts';
import type { World } from './open-session.ts';
import { renewForever, type RenewalWorkerData } from './renewals.ts';
import { githubRunner } from './runner.ts';

const roleSchema = z.object({ role: z.enum(['renewals', 'cel']) });

/** @param story  pre, main or post. In a worker thread of this same bundle, the worker's part runs instead. */
export async function start(story: (world: World) => Promise<void>): Promise<void> {
  if (!isMainThread) return startWorkerPart();
  // Its environment is clean from the start, and must be seen: by the mark in it the runner ends a job's leftovers.
  if (process.argv[2] === KEEP_ALIVE) return startKeepAlivePart();
  hideEnvironment(process.env);
  const world: World = { env: process.env, runner: githubRunner, fetch: globalThis.fetch, clock: systemClock, bundle: process.argv[1]! };
  try {
    await story(world);
  } catch (thrown) {
    githubRunner.fail(describeThrown(thrown));
  }
  // Sockets that are kept alive would hold the process, and the job, for seconds.
  process.exit(process.exitCode ?? 0);
}

/** The parent's one message holds the secrets; without it there is nothing to do. */
async function startKeepAlivePart(): Promise<void> {
  const orders = await new Promise<unknown>((resolve) => {
    process.once('message', resolve);
    process.once('disconnect', () => resolve(null));
    process.send?.('ready');
  });
  const read = ordersSchema.safeParse(orders);
  if (read.success) await keepAlive(read.data, { fetch: globalThis.fetch, clock: systemClock });
  process.exit(0);
}

async function startWorkerPart(): Promise<void> {
  const { role } = roleSchema.parse(workerData);
  const port = parentPort;
  if (port === null) throw new Error('a worker without a parent');
  if (role === 'cel') return serveCel(port, workerData as CelWorkerData);
  await renewForever(workerData as RenewalWorkerData, (verdict) => port.postMessage(verdict));
}
