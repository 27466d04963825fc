// How long a program takes from its start to its end, and the most memory it had.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Measured {
  readonly seconds: number;
  /** Of the program alone, not of programs that it starts. null: this system does not tell (Linux does). */
  readonly peakMb: number | null;
  /** Bytes of its standard output. */
  readonly output: number;
}

const LOOK_EVERY_MS = 10;

/** @throws when the program fails */
export async function measureProcess(program: string, argv: readonly string[], cwd?: string): Promise<Measured> {
  const start = performance.now();
  const child = spawn(program, argv, { stdio: ['ignore', 'pipe', 'pipe'], ...(cwd === undefined ? {} : { cwd }) });
  let peakMb: number | null = null;
  // The system keeps the peak; it is read as long as the program lives.
  const timer = setInterval(() => (peakMb = peakOf(child.pid) ?? peakMb), LOOK_EVERY_MS);
  let output = 0;
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.length));
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-500)));
  const code = await new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject));
  const seconds = (performance.now() - start) / 1000;
  clearInterval(timer);
  if (code !== 0) throw new Error(`${program} ${argv.join(' ')} ended with ${code}: ${complaint}`);
  return { seconds, peakMb, output };
}

function peakOf(pid: number | undefined): number | null {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
  } catch (error) {
    // It has ended, or the system has no /proc.
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

/** The median by time of some rounds. */
export async function medianOf(rounds: number, measure: () => Promise<Measured>): Promise<Measured> {
  const all: Measured[] = [];
  for (let round = 0; round < rounds; round++) all.push(await measure());
  const median = all.sort((a, b) => a.seconds - b.seconds)[Math.floor(rounds / 2)];
  if (median === undefined) throw new Error('no round');
  return median;
}
