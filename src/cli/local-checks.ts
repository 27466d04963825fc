// The checks of a checkout on somebody's desk, with everything that they extend.
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import { toCheckSet, type CheckSet } from '../checks/check-set.ts';
import { loadChecksFile, type ChecksFileProblem } from '../checks/load-checks-file.ts';

/** @param file  relative to `directory` */
export async function loadLocalChecks(directory: string, file: string): Promise<Result<CheckSet, ChecksFileProblem>> {
  const read = await loadChecksFile(directory, file, 'Write one, or name it with --checks.');
  return read.ok ? ok(toCheckSet(read.value, directory)) : read;
}
