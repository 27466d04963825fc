// Ends what a tool left running outside of its process group (setsid, a daemon). They are known by a mark in their environment, so this
// finds whoever forgot to end them, not whoever hides: a process that empties its environment is not found.
import { readdir, readFile } from 'node:fs/promises';

/** In the environment of the tool and of all that it starts. */
export const MARK = 'RUNTASK_TOOL';

// Processes that fork while they are being ended are found in the next round.
const ROUNDS = 10;

/** Linux only: elsewhere the environment of another process cannot be read, and nothing happens. */
export async function endLeftovers(mark: string): Promise<void> {
  if (process.platform !== 'linux') return;
  // Twice in a row: a process that is just about to become another program (execve) shows no environment for a moment.
  let clean = 0;
  for (let round = 0; round < ROUNDS && clean < 2; round++) {
    const pids = await findMarked(`${MARK}=${mark}`);
    clean = pids.length === 0 ? clean + 1 : 0;
    for (const pid of pids) kill(pid);
  }
}

async function findMarked(entry: string): Promise<number[]> {
  const names = await readdir('/proc').catch((): string[] => []);
  const pids = names.filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const marked = await Promise.all(
    pids.map(async (pid) => {
      // Not readable: ended, of another user, or a zombie. What is of another user was not started by us, or by sudo, which starts clean.
      const environ = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      return environ.split('\0').includes(entry);
    }),
  );
  return pids.filter((_pid, index) => marked[index]).map(Number);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile, or may not be ended by us; the next round tells which.
  }
}
