// How bad a finding is, in five words: from a CVSS score or from the words of tools. Pure.
import type { Severity } from '../../contracts/check-words.ts';
import { numberOf, textOf } from '../loose-json.ts';
import type { ReportContext } from './report.ts';

/** GitHub's table for `security-severity`: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low
 * (GitHub, "SARIF support for code scanning", read 2026-11). 9.0 itself is critical in CVSS. null: no score. */
export function severityOfScore(value: unknown): Severity | null {
  const text = textOf(value);
  const score = numberOf(value) ?? (text !== null && /^\d{1,2}(\.\d+)?$/.test(text) ? Number(text) : null);
  if (score === null) return null;
  return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : score > 0 ? 'low' : 'info';
}

const WORDS: ReadonlyMap<string, Severity> = new Map([
  ['critical', 'critical'],
  ['blocker', 'critical'],
  ['high', 'high'],
  ['error', 'high'],
  ['medium', 'medium'],
  ['moderate', 'medium'],
  ['warning', 'medium'],
  ['low', 'low'],
  ['note', 'low'],
  ['info', 'info'],
  ['informational', 'info'],
]);

/** null: no such word. */
export const severityOfWord = (value: unknown): Severity | null => WORDS.get(textOf(value)?.trim().toLowerCase() ?? '') ?? null;

/** Of a finding for which the report has none: an error is as bad as its check says. */
export const usualSeverity = (level: 'error' | 'warning' | 'note', { severity }: ReportContext): Severity =>
  level === 'error' ? severity : level === 'warning' ? 'medium' : 'low';
