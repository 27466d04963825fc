// Documents in strings: a text that says the same when it is read as JSON or YAML, as data. Masked text is never read: the raw one is, and
// every part of it is masked by whoever shows it. No I/O.
import type { Masker } from '../masking.ts';
import type { DocumentValue } from './side.ts';

export interface Documents {
  readonly language: 'JSON' | 'YAML';
  /** As many as there were texts. */
  readonly values: readonly DocumentValue[];
}

/** @returns null: at least one of the texts is no document, or may not be shown as one */
export function readDocuments(_texts: readonly string[], _masker: Masker): Documents | null {
  return null;
}
