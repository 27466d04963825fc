// Diagnostics on the screen: errors on standard error, warnings with what they are about. Each says its place so that an editor can go
// there.
import { formatDiagnostic, type Diagnostic } from '../../base/diagnostics.ts';
import { logLine } from '../../report/escape.ts';
import { toPage } from '../../report/terminal/paint.ts';
import type { Screen } from './screen.ts';

/** `warning:` stands before the summary already; an error without a place says that it is one. */
export function diagnosticLine(diagnostic: Diagnostic, colour: boolean): string {
  const { paint } = toPage(colour, 0);
  const text = logLine(formatDiagnostic(diagnostic));
  if (diagnostic.severity === 'warning') return paint('yellow', text);
  return paint('red', diagnostic.file === undefined ? `error: ${text}` : text);
}

export function tellDiagnostics(diagnostics: readonly Diagnostic[], screen: Screen): void {
  for (const diagnostic of diagnostics) {
    const line = `${diagnosticLine(diagnostic, screen.colour)}\n`;
    if (diagnostic.severity === 'error') screen.complain(line);
    else screen.print(line);
  }
}
