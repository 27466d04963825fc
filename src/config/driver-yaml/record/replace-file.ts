// Writes a file beside the one it replaces, brings it to the disk, and puts it in its place: nobody ever reads half of it.
import { open, rename, rm } from 'node:fs/promises';

/**
 * @param mode  of the new file
 * @throws what the file system says; the old file stays as it was
 */
export async function replaceFile(file: string, text: string, mode: number): Promise<void> {
  const fresh = `${file}.new`;
  try {
    // 'wx' after a removal: the folder comes with a repository, and a link that somebody committed there must not be written through.
    await rm(fresh, { force: true });
    const handle = await open(fresh, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
  } catch (thrown) {
    await rm(fresh, { force: true }).catch(() => undefined); // the first failure is the one to tell
    throw thrown;
  }
}

/** `ENOENT`, of what Node's file functions throw. */
export const codeOf = (thrown: unknown): unknown =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
