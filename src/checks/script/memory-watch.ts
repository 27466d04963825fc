// Ends a process that takes more memory than it may. Node's own limit counts JavaScript objects only; a Buffer is not one of them.
import { readFileSync, writeFileSync } from 'node:fs';
import type { Clock } from '../../base/clock.ts';

// Memory can be filled at about 1 GB/s: at most some 100 MB more than allowed before it is seen.
const LOOK_EVERY_MS = 50;

/**
 * Linux only: elsewhere there is no /proc, and nothing is watched.
 * @param onTooMuch  called once
 * @returns stops watching
 */
export function watchMemory(pid: number, maxBytes: number, clock: Clock, onTooMuch: () => void): () => void {
  let cancel = (): void => {};
  const look = (): void => {
    const bytes = residentBytes(pid);
    if (bytes === null) return;
    if (bytes > maxBytes) return onTooMuch();
    cancel = clock.after(LOOK_EVERY_MS, look);
  };
  preferAsVictim(pid);
  look();
  return () => cancel();
}

/** null: the process is gone, or this system has no /proc. */
function residentBytes(pid: number): number | null {
  const status = tryProc(() => readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (status === null) return null;
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  // A process that has just ended has a status without it.
  return kilobytes === undefined ? 0 : Number(kilobytes) * 1024;
}

/** Should the whole machine run out of memory in between, the system ends this process and not the one that judges. */
const preferAsVictim = (pid: number): void => void tryProc(() => writeFileSync(`/proc/${pid}/oom_score_adj`, '1000'));

function tryProc<T>(use: () => T): T | null {
  try {
    return use();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(code)) return null;
    throw error;
  }
}
