// The inside of the thread that evaluates CEL: takes a check, answers with its report. No timeout here: the host ends the thread.
import type { MessagePort } from 'node:worker_threads';
import { describeThrown } from '../../base/fault.ts';
import type { RunFacts } from '../../contracts/run-facts.ts';
import type { Plan } from '../../plan/model.ts';
import { evaluateCel, type CelQuestion, type CelReport } from './evaluate.ts';
import { CelPlan } from './subjects.ts';

/** `workerData` of the thread. The plan is sent once; a thread that was ended at a timeout costs it again. */
export interface CelWorkerData {
  readonly role: 'cel';
  readonly plan: Plan;
  readonly run: RunFacts;
}

export interface CelTicket {
  readonly id: number;
  readonly question: CelQuestion;
}

export type CelAnswer = { readonly id: number; readonly report: CelReport } | { readonly id: number; readonly failure: string };

export function serveCel(port: MessagePort, { plan, run }: CelWorkerData): void {
  const celPlan = new CelPlan(plan, run);
  port.on('message', ({ id, question }: CelTicket) => {
    let answer: CelAnswer;
    try {
      answer = { id, report: evaluateCel(question, celPlan) };
    } catch (error) {
      answer = { id, failure: describeThrown(error) };
    }
    port.postMessage(answer);
  });
}
