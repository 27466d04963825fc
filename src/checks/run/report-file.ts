// The file in which a tool leaves its report: taken only if this run of the tool wrote it.
import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';

/** What the file was before the tool ran; null: there was none. */
export type Stamp = string | null;

export async function stampReport(workspaceDir: string, report: string): Promise<Stamp> {
  try {
    // ctime is the kernel's: unlike mtime no tool sets it back, and it does not depend on our clock.
    const { ino, ctimeNs, size } = await lstat(join(workspaceDir, report), { bigint: true });
    return `${ino}:${ctimeNs}:${size}`;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** @returns the file's text, or a sentence that says why it is no report of this run */
export async function readReport(workspaceDir: string, report: string, before: Stamp, maxBytes: number): Promise<Result<string, string>> {
  const now = await stampReport(workspaceDir, report);
  if (now === null)
    return err(`The report ${report} was not written. Check that the command writes it there, relative to the working directory`);
  if (now === before) return err(`The report ${report} is older than this run: the tool did not write it. Remove it from the repository`);
  let file;
  try {
    // A link could lead anywhere: to the event file with its payload, or out of the checkout.
    file = await open(join(workspaceDir, report), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    return err(`The report ${report} cannot be opened (${codeOf(error)}): it must be a regular file`);
  }
  try {
    const { size, isFile } = await file.stat().then((stat) => ({ size: stat.size, isFile: stat.isFile() }));
    if (!isFile) return err(`The report ${report} is not a regular file`);
    if (size === 0) return err(`The report ${report} is empty: the tool ended before it wrote its findings`);
    if (size > maxBytes) return err(`The report ${report} has ${size} bytes, more than the ${maxBytes} that are read`);
    return ok(await file.readFile('utf8'));
  } finally {
    await file.close();
  }
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
