// Takes the job's tokens and inputs out of /proc/<our pid>/environ, which every process of the same user can read: a tool that a check
// starts gets a clean environment of its own, and must not find ours there.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/**
 * The kernel shows there the bytes with which the process was started, and deleting a variable leaves them. So each variable is set anew,
 * which moves it to the heap, and the old bytes are overwritten. Linux only; elsewhere there is no such file.
 * @returns whether they are gone. Nothing is lost when not: tools are then in reach of them, as docs/checks/run.md says
 */
export function hideEnvironment(env: NodeJS.ProcessEnv): boolean {
  if (process.platform !== 'linux') return false;
  try {
    // Fields 50 and 51, counted behind the program's name, which may hold spaces (proc_pid_stat(5), read 2026-11).
    const fields = readFileSync('/proc/self/stat', 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    const [start, end] = [Number(fields[47]), Number(fields[48])];
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start <= 0 || end <= start || end - start > MAX_BYTES) return false;
    const before = { ...env };
    for (const [name, value] of Object.entries(before)) if (value !== undefined) env[name] = value;
    overwrite(start, end - start);
    // Whatever still pointed to the old place is set once more.
    for (const [name, value] of Object.entries(before)) if (value !== undefined && env[name] !== value) env[name] = value;
    return true;
  } catch {
    // No /proc, or a kernel that does not let a process write there.
    return false;
  }
}

// The kernel's own limit for arguments and environment together is 6 MiB with the usual stack.
const MAX_BYTES = 8 * 1024 * 1024;

function overwrite(start: number, length: number): void {
  const file = openSync('/proc/self/mem', 'r+');
  try {
    writeSync(file, Buffer.alloc(length), 0, length, start);
  } finally {
    closeSync(file);
  }
}
