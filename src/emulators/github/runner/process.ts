// One child process as the runner runs it: an environment of its own, output line by line, signals with the runner's timing.
// Real time, not the clock: these waits are about processes. Source of the numbers: actions/runner 2.336.0, ProcessInvoker.
import { type ChildProcess, spawn } from 'node:child_process';
import { codeOf, messageOf } from '../thrown.ts';

export interface Grace {
  /** From SIGINT to SIGTERM. */
  readonly interruptMs: number;
  /** From SIGTERM to SIGKILL of the tree. */
  readonly terminateMs: number;
  /** How long children of an ended process may hold its output open. */
  readonly outputMs: number;
}

export const RUNNER_GRACE: Grace = { interruptMs: 7_500, terminateMs: 2_500, outputMs: 5_000 };

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment: nothing of ours is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** Aborted: SIGINT, SIGTERM, SIGKILL, with {@link Grace} between. */
  readonly interrupt: AbortSignal;
  /** Aborted: SIGKILL to the tree at once. */
  readonly kill: AbortSignal;
  readonly grace: Grace;
}

export interface ChildResult {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The process group, when processes of it outlive their leader; ended by {@link killGroup} when the job is over. */
  readonly group: number | null;
}

/** @throws when the program cannot be started */
export function runChild(options: ChildOptions): Promise<ChildResult> {
  return new Promise((resolve, reject) => {
    if (options.interrupt.aborted || options.kill.aborted) return resolve({ exitCode: null, signal: null, group: null });
    // A group of its own: a Ctrl-C in the developer's terminal must not reach it, and the whole tree can be killed.
    const child = spawn(options.command, options.args, {
      cwd: options.cwd,
      env: { ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const timers: NodeJS.Timeout[] = [];
    const later = (ms: number, act: () => void): void => void timers.push(setTimeout(act, ms));
    const interrupt = (): void => {
      child.kill('SIGINT');
      later(options.grace.interruptMs, () => {
        child.kill('SIGTERM');
        later(options.grace.terminateMs, () => killGroup(child.pid));
      });
    };
    const kill = (): void => killGroup(child.pid);
    options.interrupt.addEventListener('abort', interrupt, { once: true });
    options.kill.addEventListener('abort', kill, { once: true });
    const flush = [lines(child.stdout, options.onLine), lines(child.stderr, options.onLine)];
    const end = (): void => {
      timers.forEach(clearTimeout);
      options.interrupt.removeEventListener('abort', interrupt);
      options.kill.removeEventListener('abort', kill);
    };
    child.once('error', (error) => {
      end();
      reject(error);
    });
    child.once('exit', () => later(options.grace.outputMs, () => closeOutput(child)));
    child.once('close', (exitCode, signal) => {
      end();
      flush.forEach((rest) => rest());
      // Thrown in an event's handler it would be lost, and the job would wait for ever.
      try {
        resolve({ exitCode, signal, group: survivors(child.pid) });
      } catch (thrown) {
        reject(thrown instanceof Error ? thrown : new Error(messageOf(thrown)));
      }
    });
  });
}

function closeOutput(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
}

/** SIGKILL to every process of the group; one that is gone already is what was wanted. */
export function killGroup(pid: number | null | undefined): void {
  signalGroup(pid, 'SIGKILL');
}

// A group without members is forgotten at once: its number may be given to somebody else's processes.
const survivors = (pid: number | undefined): number | null => (signalGroup(pid, 0) ? (pid ?? null) : null);

/** @returns false when there is no such group */
function signalGroup(pid: number | null | undefined, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined || pid === null) return false;
  try {
    return process.kill(-pid, signal);
  } catch (thrown) {
    if (['ESRCH', 'EPERM'].includes(codeOf(thrown) ?? '')) return false;
    throw thrown;
  }
}

/** @returns hands out what is left when the stream has ended without a newline */
function lines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): () => void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    const parts = (rest + chunk).split(/\r?\n/);
    rest = parts.pop() ?? '';
    parts.forEach(onLine);
  });
  return () => {
    if (rest !== '') onLine(rest);
    rest = '';
  };
}
