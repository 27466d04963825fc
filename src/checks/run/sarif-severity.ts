// How bad a SARIF result is, in five words. SARIF has no such field; tools put it in four places. Pure.
import type { Severity } from '../../contracts/check-words.ts';
import { listOf, numberOf, objectOf, textOf, type Dict } from '../loose-json.ts';

/** In this order: the CVSS number that GitHub asks for, a word in the properties, a word among the tags, the level. */
export function readSeverity(result: Dict, rule: Dict | null, level: 'error' | 'warning' | 'note'): Severity {
  const properties = [objectOf(result['properties']), objectOf(rule?.['properties'])];
  for (const bag of properties) {
    const score = bag === null ? null : scoreOf(bag['security-severity']);
    if (score !== null) return fromScore(score);
  }
  for (const bag of properties) {
    for (const key of ['severity', 'problem.severity', 'Severity']) {
      const word = fromWord(textOf(bag?.[key]));
      if (word !== null) return word;
    }
    for (const tag of listOf(bag?.['tags']) ?? []) {
      const word = fromWord(textOf(tag));
      if (word !== null) return word;
    }
  }
  return level === 'error' ? 'high' : level === 'warning' ? 'medium' : 'low';
}

const scoreOf = (value: unknown): number | null => {
  const text = textOf(value);
  return numberOf(value) ?? (text !== null && /^\d{1,2}(\.\d+)?$/.test(text) ? Number(text) : null);
};

// GitHub's table for `security-severity`: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low
// (GitHub, "SARIF support for code scanning", read 2026-11). 9.0 itself is critical in CVSS.
const fromScore = (score: number): Severity =>
  score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : score > 0 ? 'low' : 'info';

const WORDS: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  blocker: 'critical',
  high: 'high',
  error: 'high',
  medium: 'medium',
  moderate: 'medium',
  warning: 'medium',
  low: 'low',
  note: 'low',
  info: 'info',
  informational: 'info',
};

function fromWord(word: string | null): Severity | null {
  const key = word?.toLowerCase() ?? '';
  return Object.hasOwn(WORDS, key) ? (WORDS[key] ?? null) : null;
}
