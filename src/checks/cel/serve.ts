// The inside of the thread that evaluates CEL: takes a check, answers with its report. No timeout here: the host ends the thread.
import type { MessagePort } from 'node:worker_threads';
import { describeThrown } from '../../base/fault.ts';
import type { CelSpec } from '../../contracts/check-kinds.ts';
import type { RunFacts } from '../../contracts/run-task-request.ts';
import type { Plan } from '../../plan/model.ts';
import { evaluateCel, type CelReport } from './evaluate.ts';

/** `workerData` of the thread. The plan is sent once; a thread that was ended at a timeout costs it again. */
export interface CelWorkerData {
  readonly role: 'cel';
  readonly plan: Plan;
  readonly run: RunFacts;
}

export interface CelQuestion {
  readonly id: number;
  readonly spec: CelSpec;
  readonly maxFindings: number;
}

export type CelAnswer = { readonly id: number; readonly report: CelReport } | { readonly id: number; readonly failure: string };

export function serveCel(port: MessagePort, { plan, run }: CelWorkerData): void {
  port.on('message', ({ id, spec, maxFindings }: CelQuestion) => {
    let answer: CelAnswer;
    try {
      answer = { id, report: evaluateCel(spec, plan, run, maxFindings) };
    } catch (error) {
      answer = { id, failure: describeThrown(error) };
    }
    port.postMessage(answer);
  });
}
