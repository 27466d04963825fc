// The file in which a tool leaves its report: taken only if this run of the tool wrote it.
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import { codeOf, openReport } from '../reports/open-report.ts';

/** What the file was before the tool ran; null: there was none. */
export type Stamp = string | null;

export async function stampReport(folder: string, report: string): Promise<Stamp> {
  try {
    // ctime is the kernel's: unlike mtime no tool sets it back, and it does not depend on our clock.
    const { ino, ctimeNs, size } = await lstat(join(folder, report), { bigint: true });
    return `${ino}:${ctimeNs}:${size}`;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return null;
    throw error;
  }
}

/** @returns the file's bytes, or a sentence that says why it is no report of this run */
export async function readReportFile(folder: string, report: string, before: Stamp): Promise<Result<Buffer, string>> {
  const now = await stampReport(folder, report);
  if (now === null)
    return err(`The report ${report} was not written. Check that the command writes it there, relative to the working directory`);
  if (now === before) return err(`The report ${report} is older than this run: the tool did not write it. Remove it from the repository`);
  const opened = await openReport(folder, report);
  return opened.ok ? ok(opened.value.bytes) : opened;
}
