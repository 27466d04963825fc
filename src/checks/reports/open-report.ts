// Opens a report's file: a regular file inside its folder, and nothing that a link leads to elsewhere.
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';

/** Of one report. A scanner's SARIF for 50,000 results has 8 MB. */
export const MAX_REPORT_BYTES = 32 * 1024 * 1024;

/** @returns its bytes, or a sentence that says why it is no report */
export async function openReport(folder: string, report: string): Promise<Result<{ bytes: Buffer; changedAt: number }, string>> {
  let file;
  try {
    const path = join(folder, report);
    const [root, parent] = await Promise.all([realpath(folder), realpath(dirname(path))]);
    // A link could lead anywhere: to the event file with its payload, out of the checkout, to an old report.
    if (!isInside(root, parent)) return err(`The report ${report} is in a folder that a link leads out of ${folder}`);
    file = await open(join(parent, basename(path)), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    return err(`The report ${report} cannot be opened (${codeOf(error)}): it must be a regular file`);
  }
  try {
    const stat = await file.stat();
    const { size } = stat;
    if (!stat.isFile()) return err(`The report ${report} is not a regular file`);
    if (size === 0) return err(`The report ${report} is empty: the tool ended before it wrote its findings`);
    if (size > MAX_REPORT_BYTES) return err(`The report ${report} has ${size} bytes, more than the ${MAX_REPORT_BYTES} that are read`);
    // A cache brings back an old mtime with a new ctime; no program sets ctime back.
    return ok({ bytes: await file.readFile(), changedAt: Math.min(stat.mtimeMs, stat.ctimeMs) });
  } finally {
    await file.close();
  }
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return !isAbsolute(way) && way.split(/[\\/]/)[0] !== '..';
}

export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
