// Finds and reads the checks file of a checkout; what is wrong becomes one sentence for the verdict, beside the diagnostics.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { formatDiagnostic, type Diagnostic } from '../base/diagnostics.ts';
import { describeThrown } from '../base/fault.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { ChecksFile } from '../contracts/checks-file.ts';
import { readChecksFile } from './checks-file.ts';

export interface ChecksFileProblem {
  /** For decideVerdict's `fileProblem`: what is wrong, first problems first, and what to do. */
  readonly sentence: string;
  /** All of it, for the summary and the log. */
  readonly diagnostics: readonly Diagnostic[];
}

const IN_A_JOB = 'Add one to the default branch, and check the repository out (actions/checkout) before this step.';

/** @param file  relative to `workspaceDir`, as the user wrote it
 *  @param whenMissing  what to do when there is none */
export async function loadChecksFile(
  workspaceDir: string,
  file: string,
  whenMissing: string = IN_A_JOB,
): Promise<Result<ChecksFile, ChecksFileProblem>> {
  let text: string;
  try {
    text = await readFile(resolve(workspaceDir, file), 'utf8');
  } catch (error) {
    const sentence = isMissing(error)
      ? `There is no checks file at ${file}. ${whenMissing}`
      : `The checks file ${file} cannot be read: ${describeThrown(error)}.`;
    return err({ sentence, diagnostics: [{ severity: 'error', summary: sentence.replace(/\.$/, ''), detail: '', path: '', file }] });
  }
  const read = readChecksFile(text, file);
  return read.ok ? ok(read.value) : err({ sentence: summarizeDiagnostics(read.error, file), diagnostics: read.error });
}

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code));

// HCP shows 1,000 characters; three problems with their lines fit, the rest is counted.
const TOLD = 3;

export function summarizeDiagnostics(diagnostics: readonly Diagnostic[], file: string): string {
  const told = diagnostics.slice(0, TOLD).map(formatDiagnostic);
  const rest = diagnostics.length - told.length;
  const count = `${diagnostics.length} problem${diagnostics.length === 1 ? '' : 's'}`;
  return `The checks file ${file} has ${count}, so no check ran: ${told.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}
