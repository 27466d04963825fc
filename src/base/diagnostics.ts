// Problems of a file that a user wrote. They accumulate: one run tells everything that is wrong. No I/O.

export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** One line, no full stop: what is wrong. */
  readonly summary: string;
  /** What was found and what to do instead. Empty when the summary says it all. */
  readonly detail: string;
  /** Where in the document, e.g. `checks[2].cel.assert`. Empty: the document as a whole. */
  readonly path: string;
  /** Absent when the text did not come from a file. */
  readonly file?: string;
  /** 1-based; absent when unknown. */
  readonly line?: number;
  /** 1-based; absent when unknown. */
  readonly column?: number;
}

/** `file:line:column: summary (path). detail` — the form that editors and terminals make clickable. */
export function formatDiagnostic(d: Diagnostic): string {
  const place = d.file === undefined ? '' : [d.file, d.line, d.column].filter((p) => p !== undefined).join(':') + ': ';
  const path = d.path === '' ? '' : ` (${d.path})`;
  const detail = d.detail === '' ? '' : `. ${d.detail}`;
  return `${place}${d.severity === 'warning' ? 'warning: ' : ''}${d.summary}${path}${detail}`;
}

export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean => diagnostics.some((d) => d.severity === 'error');
