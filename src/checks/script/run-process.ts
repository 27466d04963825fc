// Starts a script's process, hands it the plan, hears what it says, and ends it when it takes too much of anything. What its end means is
// judge-end.ts.
import { spawn, type ChildProcess } from 'node:child_process';
import process from 'node:process';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../base/clock.ts';
import { describeThrown } from '../../base/fault.ts';
import type { ScriptProgram } from '../kind.ts';
import { watchMemory } from './memory-watch.ts';
import { messageSchema, type ScriptMessage } from './messages.ts';

export interface ScriptStart {
  readonly program: ScriptProgram;
  /** Folder that it may read, and its working directory. */
  readonly root: string;
  readonly memoryMb: number;
  readonly lines: Iterable<string>;
  readonly env: NodeJS.ProcessEnv;
}

export interface ScriptEnd {
  /** null: it was killed. */
  readonly code: number | null;
  readonly killedBy: string | null;
  /** Why we ended it, for people; null: it ended by itself. */
  readonly stopped: string | null;
  readonly messages: readonly ScriptMessage[];
  /** The last of what it printed. */
  readonly tail: string;
}

/** Of findings and the like; three levels of 1,000 findings of 16 KB are less. */
const MAX_SAID_BYTES = 64 * 1024 * 1024;
const MAX_PRINTED_BYTES = 8 * 1024 * 1024;
const TAIL_BYTES = 16 * 1024;
/** What Node itself takes beside the script's objects. */
const NODE_OWN_MB = 128;
// What it said before its end is in the pipes and arrives at once.
const DRAIN_MS = 1000;
const CHUNK_CHARACTERS = 1 << 18;

/** @throws the signal's reason when it aborts */
export async function runScriptProcess(start: ScriptStart, { clock, signal }: { clock: Clock; signal: AbortSignal }): Promise<ScriptEnd> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, nodeArguments(start), {
    cwd: start.root,
    env: start.env,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    // A process group of its own: a signal to "my group" reaches nobody else.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<ScriptEnd>();
  let stopped: string | null = null;
  let cancelDrain = (): void => {};
  const stop = (why: string): void => {
    stopped ??= why;
    endGroup(child);
  };
  const stopWatching =
    child.pid === undefined
      ? (): void => {}
      : watchMemory(child.pid, (start.memoryMb + NODE_OWN_MB) * 1024 * 1024, clock, () => stop(tooMuchMemory(start.memoryMb)));
  const onAbort = (): void => stop('Its time ended');
  signal.addEventListener('abort', onAbort, { once: true });

  // A pipe whose other end is gone says so by an error, also after all was written. Why it is gone is told by the exit.
  for (const stream of child.stdio) stream?.on('error', () => {});
  const printed = listenToOutput(child, () => stop(`It printed more than ${MAX_PRINTED_BYTES / 1024 / 1024} MiB`));
  const messages = listenToMessages(child, stop);
  void feed(child.stdin, start.lines, stop);
  child.once('error', (error) => {
    if (child.pid === undefined) reject(new Error(`Node could not be started: ${describeThrown(error)}`));
  });
  child.once('exit', (code, killedBy) => {
    stopWatching();
    endGroup(child);
    const settle = (): void => resolve({ code, killedBy, stopped, messages, tail: printed() });
    cancelDrain = clock.after(DRAIN_MS, settle);
    child.once('close', settle);
  });
  try {
    const end = await promise;
    signal.throwIfAborted();
    return end;
  } finally {
    stopWatching();
    cancelDrain();
    signal.removeEventListener('abort', onAbort);
    for (const stream of child.stdio) stream?.destroy();
  }
}

export const tooMuchMemory = (memoryMb: number): string =>
  `It needed more than ${memoryMb} MB of memory. Let it keep less at once, or write a larger \`memory_mb\``;

/** What an author must not reach is not there: no environment, no files but its own, no programs, threads or native code. */
const nodeArguments = ({ program, root, memoryMb }: ScriptStart): string[] => [
  '--permission',
  ...[root, ...program.readable].map((path) => `--allow-fs-read=${path}`),
  `--max-old-space-size=${memoryMb}`,
  // Stripping types and hooks for modules are called experimental in some versions, and each would print that.
  '--disable-warning=ExperimentalWarning',
  program.file,
];

async function feed(stdin: Writable | null, lines: Iterable<string>, stop: (why: string) => void): Promise<void> {
  if (stdin === null) return stop('It could not be given the plan');
  let fault: string | null = null;
  const chunks = inChunks(lines, (thrown) => (fault = describeThrown(thrown)));
  try {
    await pipeline(Readable.from(chunks, { objectMode: false }), stdin);
  } catch {
    // That it ended before it had read all is told by its end; only what went wrong on our side is told here.
    if (fault !== null) stop(`It could not be given the plan: ${fault}`);
  }
}

/** A write for each of 100,000 lines would take longer than all the rest. */
function* inChunks(lines: Iterable<string>, onFault: (thrown: unknown) => void): Generator<string> {
  const source = lines[Symbol.iterator]();
  let chunk = '';
  for (let next = nextOf(source, onFault); next.done !== true; next = nextOf(source, onFault)) {
    chunk += `${next.value}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

function nextOf(source: Iterator<string>, onFault: (thrown: unknown) => void): IteratorResult<string> {
  try {
    return source.next();
  } catch (error) {
    onFault(error);
    throw error;
  }
}

function listenToMessages(child: ChildProcess, stop: (why: string) => void): readonly ScriptMessage[] {
  const messages: ScriptMessage[] = [];
  let pending: Buffer[] = [];
  let bytes = 0;
  const hear = (line: string): void => {
    const message = parseMessage(line);
    if (message === null) stop('Something that is no finding was written to the descriptor of its findings (3)');
    else messages.push(message);
  };
  child.stdio[3]?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_SAID_BYTES) return stop(`Its findings have more than ${MAX_SAID_BYTES / 1024 / 1024} MiB`);
    pending.push(chunk);
    if (!chunk.includes(10)) return;
    const lines = Buffer.concat(pending).toString('utf8').split('\n');
    pending = [Buffer.from(lines.pop() ?? '')];
    lines.forEach(hear);
  });
  // Half a message: it was ended in the middle of one, and its end says so.
  return messages;
}

function parseMessage(line: string): ScriptMessage | null {
  try {
    return messageSchema.parse(JSON.parse(line));
  } catch {
    // Whatever it was, it was not ours, and nothing of it is told.
    return null;
  }
}

/** @returns the last of both streams together, as they came */
function listenToOutput(child: ChildProcess, onTooMuch: () => void): () => string {
  let bytes = 0;
  let last: Buffer = Buffer.alloc(0);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      last = Buffer.concat([last, chunk]).subarray(-TAIL_BYTES);
      if (bytes > MAX_PRINTED_BYTES) onTooMuch();
    });
  }
  return () => {
    const text = last.toString('utf8');
    if (bytes <= TAIL_BYTES) return text;
    // Cut off in front: the first line is not whole, and half a secret is not found by the masker.
    const firstEnd = text.indexOf('\n');
    return firstEnd < 0 ? '' : text.slice(firstEnd + 1);
  };
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: all of the group is gone, which is what was wanted. EPERM: macOS says so of a group of zombies.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
