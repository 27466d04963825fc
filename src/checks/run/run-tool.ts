// Runs one program to its end: no shell, no input, output kept within limits, and nothing of it left running afterwards, as far as
// that can be had (leftovers.ts).
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { codeOf } from '../reports/open-report.ts';
import { endLeftovers, MARK } from './leftovers.ts';
import { createOutput } from './output.ts';

export interface ToolCommand {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Per stream; a tool that prints more is ended. */
  readonly maxBytes: number;
}

export type ToolEnd =
  | { readonly kind: 'exited'; readonly code: number; readonly stdout: Buffer; readonly tail: string }
  | { readonly kind: 'killed'; readonly by: string; readonly tail: string }
  | { readonly kind: 'too-much-output'; readonly stream: 'stdout' | 'stderr' }
  | { readonly kind: 'not-started'; readonly code: string }
  | { readonly kind: 'aborted' };

// A tool gets two seconds to put its things away; a cancelled job has 7.5 s in all (GitHub, "Canceling a workflow run").
const TERM_GRACE_MS = 2000;
// After the tool's end: what is in the pipes arrives at once, unless a process that it left behind holds them open.
const DRAIN_MS = 1000;

export function runTool(command: ToolCommand, { clock, signal }: { clock: Clock; signal: AbortSignal }): Promise<ToolEnd> {
  if (signal.aborted) return Promise.resolve({ kind: 'aborted' });
  const { promise, resolve } = Promise.withResolvers<ToolEnd>();
  const [program = '', ...args] = command.argv;
  const windows = process.platform === 'win32';
  const mark = randomUUID();
  let child: ChildProcess;
  try {
    // Its own process group, so that what it forks ends with it.
    child = spawn(program, args, {
      cwd: command.cwd,
      env: { ...command.env, [MARK]: mark },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: false,
      detached: !windows,
      windowsHide: true,
    });
  } catch (error) {
    return Promise.resolve({ kind: 'not-started', code: codeOf(error) });
  }

  const output = createOutput();
  let verdict: ToolEnd | null = null;
  let cancelTimer = (): void => {};

  const stop = (why: ToolEnd): void => {
    if (verdict !== null) return;
    verdict = why;
    killGroup(child, 'SIGTERM');
    cancelTimer = clock.after(TERM_GRACE_MS, () => killGroup(child, 'SIGKILL'));
  };
  const onAbort = (): void => stop({ kind: 'aborted' });
  signal.addEventListener('abort', onAbort, { once: true });

  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.on('data', (chunk: Buffer) => {
      if (verdict !== null) return;
      if (output.add(stream, chunk) > command.maxBytes) stop({ kind: 'too-much-output', stream });
    });
  }
  child.once('error', (error) => {
    // After a start, 'error' means that a signal could not be sent; the exit is still to come.
    if (child.pid === undefined) settle({ kind: 'not-started', code: codeOf(error) });
  });
  child.once('exit', (code, killedBy) => {
    cancelTimer();
    killGroup(child, 'SIGKILL');
    const finish = (): void =>
      settle(
        verdict ??
          (code === null ? { kind: 'killed', by: killedBy ?? 'a signal', tail: output.tail() } : { kind: 'exited', code, ...output.all() }),
      );
    const closed = new Promise<void>((resolve) => {
      cancelTimer = clock.after(DRAIN_MS, resolve);
      child.once('close', resolve);
    });
    void Promise.all([closed, endLeftovers(mark)]).then(finish);
  });

  function settle(end: ToolEnd): void {
    cancelTimer();
    signal.removeEventListener('abort', onAbort);
    child.stdout?.destroy();
    child.stderr?.destroy();
    resolve(end);
  }
  return promise;
}

function killGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: all of the group is gone, which is what was wanted. EPERM: macOS says so of a group of zombies.
    if (!['ESRCH', 'EPERM'].includes(codeOf(error))) throw error;
  }
}
