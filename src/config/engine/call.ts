// Calls a function of a resource: within its time, interruptible, and whatever it throws ends as problems without a secret and without a
// stack. A read is left where it stands when the user interrupts; a write that has begun is awaited, so that its result is not lost.
import { cut } from '../../base/cut.ts';
import { Fault, describeThrown } from '../../base/fault.ts';
import type { Deps } from './operations.ts';
import { ProblemError, problem, warning, type Problem } from './problem.ts';
import type { ResourceContext } from './resource.ts';
import { redactProblems, type Redact } from './secret-values.ts';

const DEFAULT_TIMEOUT_MS = 120_000;
/** What a write may take beyond its time, to end what it has begun when it was told to stop. */
const GRACE_MS = 30_000;

export interface Call {
  /** For messages: `organization_run_task`. */
  readonly name: string;
  /** For messages: `create`. */
  readonly what: string;
  readonly kind: 'read' | 'write';
  readonly timeoutMs: number | undefined;
  readonly redact: Redact;
}

export type Called<T> =
  | { readonly ok: true; readonly value: T; readonly problems: readonly Problem[] }
  /** `told`: what the author knows to be there although it failed. `interrupted`: the user ended it, nothing went wrong. */
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly told: unknown; readonly interrupted: boolean };

export async function call<C, T>(run: (context: ResourceContext<C>) => Promise<T>, about: Call, deps: Deps<C>): Promise<Called<T>> {
  const { name, what, kind, redact } = about;
  const timeoutMs = about.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  if (deps.signal.aborted) {
    return { ok: false, told: undefined, problems: [problem([], 'Interrupted', `The ${what} was not begun.`)], interrupted: true };
  }

  const warnings: Problem[] = [];
  const limit = new AbortController();
  const context: ResourceContext<C> = {
    clients: deps.clients,
    clock: deps.clock,
    signal: AbortSignal.any([deps.signal, limit.signal]),
    progress: (text) => deps.progress(redact(text)),
    warn: (summary, detail) => void warnings.push(warning([], summary, detail)),
  };
  const failed = (problems: readonly Problem[], told?: unknown, interrupted = false): Called<T> => ({
    ok: false,
    told,
    problems: redactProblems([...warnings, ...problems], redact),
    interrupted,
  });
  const leftBehind = (): Called<T> => failed([whyLeft(about, timeoutMs, deps)], undefined, deps.signal.aborted);

  const cancelTimeout = deps.clock.after(timeoutMs, () => limit.abort(new Error('out of time')));
  const left = leaving(kind === 'read' ? context.signal : null, timeoutMs + GRACE_MS, deps);
  try {
    const ended = await Promise.race([settled(run, context), left.promise]);
    if (ended === 'left') return leftBehind();
    if (ended.ok) return { ok: true, value: ended.value, problems: redactProblems(warnings, redact) };
    const { thrown } = ended;
    if (thrown instanceof ProblemError) return failed(thrown.problems, thrown.state);
    if (context.signal.aborted && isAbort(thrown, context.signal)) return leftBehind();
    if (thrown instanceof Fault) return failed([problem([], oneLine(redact(thrown.message)))]);
    return failed([problem([], `A defect in ${name}: ${what} failed`, oneLine(redact(describeThrown(thrown))))]);
  } finally {
    cancelTimeout();
    left.cancel();
  }
}

/** Never rejects, so that a call that was left behind cannot end the process later. */
async function settled<C, T>(
  run: (context: ResourceContext<C>) => Promise<T>,
  context: ResourceContext<C>,
): Promise<{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly thrown: unknown }> {
  try {
    return { ok: true, value: await run(context) };
  } catch (thrown) {
    return { ok: false, thrown };
  }
}

/** Resolves when it is no longer waited: at once when `signal` aborts, and in any case after `ms`. */
function leaving<C>(signal: AbortSignal | null, ms: number, { clock }: Deps<C>): { promise: Promise<'left'>; cancel: () => void } {
  const { promise, resolve } = Promise.withResolvers<'left'>();
  const leave = (): void => resolve('left');
  signal?.addEventListener('abort', leave, { once: true });
  const cancelTimer = clock.after(ms, leave);
  return {
    promise,
    cancel: () => {
      cancelTimer();
      signal?.removeEventListener('abort', leave);
    },
  };
}

function whyLeft<C>({ what, kind }: Call, timeoutMs: number, { signal }: Deps<C>): Problem {
  const unsure = kind === 'read' ? '' : 'Whether it was done is not known: the next plan shows what is there.';
  if (signal.aborted) return problem([], 'Interrupted', unsure);
  return problem([], `The ${what} did not end within ${Math.round(timeoutMs / 1000)} seconds`, unsure || 'Try again.');
}

/** Clients wrap what `fetch` threw: the abort may stand a cause or two below. */
function isAbort(thrown: unknown, signal: AbortSignal): boolean {
  for (let error = thrown, depth = 0; depth < 5 && typeof error === 'object' && error !== null; depth++) {
    if (error === signal.reason || ('name' in error && (error.name === 'AbortError' || error.name === 'TimeoutError'))) return true;
    error = 'cause' in error ? error.cause : null;
  }
  return false;
}

const oneLine = (text: string): string => cut(text.replaceAll(/\s+/g, ' ').trim(), 500);
