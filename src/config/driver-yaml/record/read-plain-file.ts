// Reads a file that this tool has written. The folder comes with a repository: a link to a device or a pipe in its place would be read for
// ever, and hold up Ctrl-C.
import { constants, open } from 'node:fs/promises';

/** Far more than 10,000 objects need. */
const MAX_BYTES = 64 * 1024 * 1024;

/** @throws what the file system says, ENOENT among it; Error when it is no plain file, or a very large one */
export async function readPlainFile(file: string): Promise<string> {
  // Not blocking: opening a pipe waits for somebody who writes.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new Error('it is no plain file');
    if (stat.size > MAX_BYTES) throw new Error(`it has ${stat.size} bytes, ${MAX_BYTES} are read`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
