// Sealed transport, between `phase: begin` and `phase: finish`: a process that tells HCP Terraform every four minutes that somebody is
// at work, and at the deadline that nobody came to an end. In a relay session the relay does both.
//
// It is this bundle once more, told by its first argument what it is. What it may say and with which token comes over a pipe from its
// parent: never in its arguments, its environment or a file, where every step of the job could read it.
import { fork, type ChildProcess } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { sendCallback } from '../hcp/callback.ts';
import { toObserved } from '../hcp/observed.ts';
import type { Environment } from './inputs.ts';
import { writeSaid } from './job-folder.ts';

export const KEEP_ALIVE = 'keep-alive';

export const ordersSchema = z.object({
  callbackUrl: z.string(),
  accessToken: z.string(),
  workflowUrl: z.string(),
  /** What HCP Terraform shows meanwhile. */
  message: z.string(),
  observe: z.boolean(),
  /** Milliseconds since the epoch. */
  deadline: z.number(),
  /** The job's folder. */
  folder: z.string(),
});
export type KeepAliveOrders = z.output<typeof ordersSchema>;

/** HCP gives up after ten minutes without a progress update (HashiCorp, web-unified-docs#479). */
export const PROGRESS_EVERY_MS = 4 * 60_000;
/** A call that HCP did not take; well within the ten minutes. */
const RETRY_MS = 30_000;
/** How long the last word is tried after the deadline: the relay keeps a minute of the token's life for that. */
const LAST_WORD_MS = 60_000;
const STOP_MS = 2_000;

/**
 * What it gets of our environment: the runner's mark, by which a job's leftovers are ended with the job (actions/runner, JobExtension),
 * and how to reach HCP Terraform from this network.
 */
const ENVIRONMENT = [
  'RUNNER_TRACKING_ID',
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_SYSTEM_CA',
  'NODE_USE_ENV_PROXY',
  'HTTPS_PROXY',
  'https_proxy',
  'NO_PROXY',
  'no_proxy',
];

const pidFile = (folder: string): string => join(folder, `${KEEP_ALIVE}.pid`);

/** @param bundle  this program. @throws Fault when the process does not start */
export async function startKeepAlive(bundle: string, orders: KeepAliveOrders, env: Environment): Promise<void> {
  const child = fork(bundle, [KEEP_ALIVE], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: Object.fromEntries(ENVIRONMENT.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
  });
  await ready(child);
  await writeFile(pidFile(orders.folder), String(child.pid), { mode: 0o600 });
  await new Promise<void>((resolve, reject) => child.send(orders, (error) => (error === null ? resolve() : reject(error))));
  child.disconnect();
  child.unref();
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (why: string): void =>
      reject(new Fault('E_KEEP_ALIVE', `the process that keeps the run task alive ${why}`, { retryable: false }));
    child.once('message', () => resolve());
    child.once('error', (error) => failed(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => failed(`ended at once (${code ?? signal})`));
  });
}

/** Ends the one of this job, if there is one. Whoever wants to speak calls this first. */
export async function stopKeepAlive(folder: string): Promise<void> {
  const pid = Number(await readFile(pidFile(folder), 'utf8').catch(() => ''));
  await rm(pidFile(folder), { force: true });
  if (!Number.isSafeInteger(pid) || pid <= 1 || !(await isOurs(pid))) return;
  if (!signal(pid, 'SIGTERM')) return;
  for (const end = Date.now() + STOP_MS; Date.now() < end && (await isOurs(pid));) await new Promise((resolve) => setTimeout(resolve, 20));
  if (await isOurs(pid)) signal(pid, 'SIGKILL');
}

/** A number in a file may be anybody's by now: the process must also call itself as ours does, where the system tells. */
async function isOurs(pid: number): Promise<boolean> {
  if (!signal(pid, 0)) return false;
  if (process.platform !== 'linux') return true;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return commandLine.split('\0').includes(KEEP_ALIVE);
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    // It is gone, or another user's: not ours in either case.
    return false;
  }
}

/** The child's whole life. Settles when nothing is left to say. */
export async function keepAlive(
  orders: KeepAliveOrders,
  { fetch, clock }: { readonly fetch: typeof globalThis.fetch; readonly clock: Clock },
): Promise<void> {
  const target = { url: orders.callbackUrl, accessToken: orders.accessToken };
  const { workflowUrl: url, deadline } = orders;
  for (let wait = PROGRESS_EVERY_MS; clock.now() + wait < deadline;) {
    await clock.sleep(wait);
    const answer = await sendCallback(target, { status: 'running', message: orders.message, url }, { fetch });
    // The run was canceled, or has its result: nobody waits for us any more.
    if (answer.kind === 'terminal' || answer.kind === 'not-found') return;
    wait = answer.kind === 'accepted' ? PROGRESS_EVERY_MS : RETRY_MS;
  }
  await clock.sleep(Math.max(deadline - clock.now(), 0));

  const failed = { status: 'failed' as const, message: TOO_LATE, url, outcomes: [] };
  const result = orders.observe ? toObserved(failed) : failed;
  const verdict = { status: result.status, message: result.message, decided_by: 'deadline' as const };
  for (;;) {
    const answer = await sendCallback(target, result, { fetch });
    if (answer.kind === 'accepted') return writeSaid(orders.folder, { verdict, accepted: true, delivery: { state: 'delivered' } });
    if (answer.kind !== 'retry' || clock.now() > deadline + LAST_WORD_MS) return;
    await clock.sleep(5_000);
  }
}

const TOO_LATE =
  'No verdict in time: the steps between `phase: begin` and `phase: finish` were still at work when HCP Terraform’s access token came to ' +
  'its end. Make them faster, or raise token_life in relay.yml if your HCP Terraform allows it.';
