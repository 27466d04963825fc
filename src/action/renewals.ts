// Keeps the claim alive from a worker thread, so that a check that holds the main thread does not look like a lost runner.
//
// The bundle is one file: the worker is the same file once more, told by `workerData.role` what it is (see main.ts).
import { Worker } from 'node:worker_threads';
import { recordedVerdictSchema, type RecordedVerdict } from '../contracts/relay-api.ts';
import type { Renewal } from './relay-session.ts';

export interface RenewalWorkerData extends Renewal {
  readonly role: 'renewals';
}

/** @param file  what the worker runs: the path of this bundle */
export function startRenewals(file: string, renewal: Renewal, onVerdict: (verdict: RecordedVerdict) => void): () => Promise<void> {
  const data: RenewalWorkerData = { role: 'renewals', ...renewal };
  // An empty environment and argv: the worker needs none of the job's secrets.
  const worker = new Worker(file, { workerData: data, env: {}, stdout: true, stderr: true });
  worker.unref();
  worker.on('message', (message: unknown) => {
    const verdict = recordedVerdictSchema.safeParse(message);
    if (verdict.success) onVerdict(verdict.data);
  });
  // A renewal thread that dies costs the lease, not the verdict: main goes on, and the relay takes its result until the lease ends.
  worker.on('error', () => undefined);
  return async () => {
    await worker.terminate();
  };
}

/** The worker's whole life. Answers are for the main thread to act on; trouble is tried again at the next turn. */
export async function renewForever(data: RenewalWorkerData, post: (verdict: RecordedVerdict) => void): Promise<never> {
  for (;;) {
    const verdict = await renewOnce(data);
    if (verdict !== null) post(verdict);
    await new Promise((resolve) => setTimeout(resolve, data.everyMs));
  }
}

async function renewOnce(data: RenewalWorkerData): Promise<RecordedVerdict | null> {
  try {
    const response = await fetch(data.url, {
      method: 'POST',
      headers: { 'Authorization': `Bearer ${data.sessionToken}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ state: 'live' }),
      redirect: 'manual',
      signal: AbortSignal.timeout(Math.min(data.everyMs, 20_000)),
    });
    const body = (await response.json()) as { verdict?: unknown };
    const verdict = recordedVerdictSchema.safeParse(body.verdict);
    return verdict.success ? verdict.data : null;
  } catch {
    // The relay is away for a moment: its leases outlast two missed renewals, and a restart gives a full one.
    return null;
  }
}
