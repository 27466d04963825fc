// The outside of the thread that evaluates what does not behave in this process (inline.ts): starts it when it is needed, ends it when an
// expression does not come to its end. CEL always ends in theory; nested loops over 100,000 values do not within anybody's timeout.
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { describeThrown, Fault } from '../../base/fault.ts';
import type { RunFacts } from '../../contracts/run-facts.ts';
import type { Plan } from '../../plan/model.ts';
import type { StartWorker } from '../kind.ts';
import type { CelQuestion, CelReport } from './evaluate.ts';
import type { CelAnswer, CelTicket, CelWorkerData } from './serve.ts';

export interface CelHost {
  /** @throws Fault when the thread ended first; the signal's reason when that aborted first */
  evaluate(question: CelQuestion, signal: AbortSignal): Promise<CelReport>;
  close(): Promise<void>;
}

// A plan of 100,000 resources takes 0.9 GB once parsed; an expression that doubles a list in a loop must not take the runner's 7 GB.
const LIMITS = { maxOldGenerationSizeMb: 2048, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 } as const;

export const startWorkerFile: StartWorker = (_role, options) =>
  // Not a literal in `new URL`: bundlers would take it for an asset and make a second file of it.
  new Worker(new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url), options);

export function createCelHost(plan: Plan, run: RunFacts, startWorker: StartWorker): CelHost {
  let worker: Worker | null = null;
  let lastId = 0;

  const start = (): Worker => {
    const workerData: CelWorkerData = { role: 'cel', plan, run };
    const options: WorkerOptions = { workerData, env: {}, execArgv: [], stdout: true, stderr: true, resourceLimits: LIMITS };
    return (worker ??= startWorker('cel', options));
  };
  const end = async (): Promise<void> => {
    const ended = worker;
    worker = null;
    await ended?.terminate();
  };

  return {
    async evaluate(question, signal) {
      signal.throwIfAborted();
      try {
        return await answerOf(start(), { id: ++lastId, question }, signal);
      } catch (error) {
        // Whatever happened, the next check gets a fresh thread.
        await end();
        throw error;
      }
    },
    close: end,
  };
}

async function answerOf(worker: Worker, ticket: CelTicket, signal: AbortSignal): Promise<CelReport> {
  const { promise, resolve, reject } = Promise.withResolvers<CelReport>();
  const onMessage = (answer: CelAnswer): void => {
    if (answer.id !== ticket.id) return;
    if ('report' in answer) resolve(answer.report);
    else reject(new Fault('E_CEL_WORKER', `The expression could not be evaluated: ${answer.failure}`, { retryable: false }));
  };
  const onError = (error: unknown): void => reject(toFault(error));
  const onExit = (code: number): void =>
    reject(new Fault('E_CEL_WORKER', `The evaluating thread ended by itself (code ${code})`, { retryable: false }));
  const onAbort = (): void => reject(signal.reason as Error);
  worker.on('message', onMessage).on('error', onError).on('messageerror', onError).on('exit', onExit);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    worker.postMessage(ticket);
    return await promise;
  } finally {
    worker.off('message', onMessage).off('error', onError).off('messageerror', onError).off('exit', onExit);
    // An 'error' without a listener is thrown in the whole process; a thread that is ended late may still say one.
    worker.on('error', ignoreLateError);
    signal.removeEventListener('abort', onAbort);
  }
}

const ignoreLateError = (): void => {};

function toFault(error: unknown): Fault {
  const outOfMemory = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  const text = outOfMemory
    ? `The expression needed more than ${LIMITS.maxOldGenerationSizeMb} MB of memory`
    : `The evaluating thread failed: ${describeThrown(error)}`;
  return new Fault('E_CEL_WORKER', text, { retryable: false, cause: error });
}
