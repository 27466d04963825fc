// Documents in strings, as data, where data may be shown. Masked text is never taken for the document: the raw one is read, and every part
// of it is masked by whoever shows it. No I/O.
import { NO_MARKS } from '../marks.ts';
import type { Masker } from '../masking.ts';
import { readJsonDocument } from './json-document.ts';
import { Spelled, type DocumentValue } from './side.ts';
import { readYamlDocument } from './yaml-document.ts';

export interface Documents {
  readonly language: 'JSON' | 'YAML';
  /** As many as there were texts. */
  readonly values: readonly DocumentValue[];
}

/**
 * One text is read as JSON only: YAML that comes or goes as a whole is best read as it is written.
 * @returns null: at least one of the texts is no document, or may not be shown as one
 */
export function readDocuments(texts: readonly string[], masker: Masker): Documents | null {
  const documents = texts.map(readJsonDocument);
  const values = documents.filter((value) => value !== null);
  if (values.length === texts.length) {
    const saysNothing = values.every((value) => Object.keys(value as object).length === 0);
    const isShowable = !saysNothing && texts.every((text, i) => mayShow(text, values[i] ?? null, masker));
    return isShowable ? { language: 'JSON', values } : null;
  }
  if (values.length > 0 || texts.length < 2) return null;
  const yaml = texts.map(readYamlDocument).filter((document) => document !== null);
  if (yaml.length < texts.length || yaml.some(({ comments }) => comments !== yaml[0]?.comments)) return null;
  return texts.every((text) => isUntouched(text, masker)) ? { language: 'YAML', values: yaml.map(({ value }) => value) } : null;
}

function isUntouched(text: string, masker: Masker): boolean {
  const masked = masker.mask(text, NO_MARKS, undefined);
  return masked.kind === 'plain' && !masked.redacted;
}

/**
 * Whether the parts of a document, each masked by itself, show no more than its masked text does. A copy of a secret can reach over
 * several parts, and is found in the whole only.
 */
function mayShow(text: string, document: DocumentValue, masker: Masker): boolean {
  const masked = masker.mask(text, NO_MARKS, undefined);
  if (masked.kind !== 'plain' || typeof masked.value !== 'string') return false;
  if (!masked.redacted) return true;
  const allowed = readJsonDocument(masked.value);
  return allowed !== null && showsAsMuch(document, allowed, masker);
}

/** `allowed` is what is left of the document when its text is masked as one. */
function showsAsMuch(part: DocumentValue, allowed: DocumentValue, masker: Masker): boolean {
  if (part instanceof Spelled || allowed instanceof Spelled) {
    return part instanceof Spelled && allowed instanceof Spelled && part.spelling === allowed.spelling;
  }
  if (typeof part === 'string') {
    const masked = masker.mask(part, NO_MARKS, undefined);
    return masked.kind === 'masked' || masked.kind === 'withheld' || (masked.kind === 'plain' && masked.value === allowed);
  }
  if (typeof part !== 'object' || part === null) return part === allowed;
  if (typeof allowed !== 'object' || allowed === null || Array.isArray(part) !== Array.isArray(allowed)) return false;
  const [entries, others] = [Object.entries(part), Object.entries(allowed)];
  return (
    entries.length === others.length &&
    entries.every(([key, inner], i) => masker.key(key) === others[i]?.[0] && showsAsMuch(inner, others[i][1], masker))
  );
}
