// Why the checks of a repository cannot be used: all of it for the log, and one sentence for the verdict. Pure.
import { formatDiagnostic, type Diagnostic } from '../../base/diagnostics.ts';

export interface ChecksFileProblem {
  /** For decideVerdict's `fileProblem`: what is wrong, first problems first, and what to do. */
  readonly sentence: string;
  /** All of it, for the summary and the log. */
  readonly diagnostics: readonly Diagnostic[];
}

// HCP shows 1,000 characters; three problems with their lines fit, the rest is counted.
const TOLD = 3;

export function summarizeDiagnostics(diagnostics: readonly Diagnostic[], file: string): string {
  const told = diagnostics.slice(0, TOLD).map(formatDiagnostic);
  const rest = diagnostics.length - told.length;
  const count = `${diagnostics.length} problem${diagnostics.length === 1 ? '' : 's'}`;
  return `The checks file ${file} has ${count}, so no check ran: ${told.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}
