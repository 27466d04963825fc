// Evaluates a check in this process, in slices between which everything else goes on, and gives up on one that does not behave: the
// thread (host.ts) costs a copy of the plan, 0.7 s and 1 GB for 100,000 resources, and hardly any expression needs it.
//
// What behaves is measured, not guessed from the expression: V8 itself ends a slice that takes too long, also within a loop in a function
// of the library, and no try of the evaluator can catch that. Only what could take all memory in one step is known beforehand.
import { createContext, Script } from 'node:vm';
import { setImmediate } from 'node:timers/promises';
import { compileCel } from './compile.ts';
import { evaluateStepwise, type CelQuestion, type CelReport } from './evaluate.ts';
import type { CelPlan } from './subjects.ts';

export interface InlineLimits {
  /** After this many milliseconds the rest of the process has its turn, between two subjects. */
  readonly sliceMs: number;
  /** One subject that takes longer belongs into the thread. */
  readonly stuckMs: number;
  /** So does a check that makes the heap grow by more than this. */
  readonly maxGrowthBytes: number;
}

// A timeout or a cancellation is heard within 50 ms, or 1.5 s in the worst case: less than the 5 s that a check has to stop. A list of 100,000
// changes is filtered in 0.2 s, or in 1 s where four jobs share the machine.
export const INLINE_LIMITS: InlineLimits = { sliceMs: 50, stuckMs: 1500, maxGrowthBytes: 768 * 2 ** 20 };

/**
 * @returns null: this one needs the thread
 * @throws the signal's reason
 */
export async function evaluateInline(
  question: CelQuestion,
  plan: CelPlan,
  signal: AbortSignal,
  limits: InlineLimits,
): Promise<CelReport | null> {
  const compiled = compileCel(question.spec);
  if (compiled.ok && compiled.value.mayExplode) return null;
  const evaluation = evaluateStepwise(question, plan, compiled);
  const heapAtStart = process.memoryUsage().heapUsed;
  for (;;) {
    signal.throwIfAborted();
    const slice = withinMs(limits.stuckMs, () => advance(evaluation, limits.sliceMs));
    if (slice === STUCK) return null;
    if (slice !== null) return slice;
    if (process.memoryUsage().heapUsed - heapAtStart > limits.maxGrowthBytes) return null;
    await setImmediate();
  }
}

/** @returns null when there is more to do */
function advance(evaluation: Generator<undefined, CelReport>, sliceMs: number): CelReport | null {
  const end = performance.now() + sliceMs;
  for (;;) {
    const { done, value } = evaluation.next();
    if (done === true) return value;
    if (performance.now() > end) return null;
  }
}

const STUCK = Symbol('stuck');
const sandbox = createContext({ work: (): unknown => null });
const script = new Script('work()');

/** Whatever `work` is doing is ended in the midst of it: it must be thrown away then. */
function withinMs<T>(timeout: number, work: () => T): T | typeof STUCK {
  sandbox['work'] = work;
  try {
    return script.runInContext(sandbox, { timeout }) as T;
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return STUCK;
    throw error;
  }
}
