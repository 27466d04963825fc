// A diagnostic as Terraform writes it in JSON. No I/O.
//
// Source: HashiCorp, "terraform validate": JSON output format, `diagnostics` (read 2026-11-22). It tells the place as a range; we know
// where a thing begins.
import type { Diagnostic } from '../../../base/diagnostics.ts';
import type { Json } from '../../../contracts/json.ts';

export function toDiagnosticJson({ severity, summary, detail, path, file, line, column }: Diagnostic): Readonly<Record<string, Json>> {
  return {
    severity,
    summary,
    detail,
    ...(path === '' ? {} : { path }),
    ...(file === undefined
      ? {}
      : { range: { filename: file, ...(line === undefined ? {} : { start: { line, ...(column === undefined ? {} : { column }) } }) } }),
  };
}
