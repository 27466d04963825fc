// Equal texts of a plan, kept once. No I/O.
import type { Share } from '../to-plan.ts';

/** Of texts, and of lists of texts. */
export function createSharing(): Share {
  const texts = new Map<unknown, unknown>();
  const lists = new Map<unknown, unknown>();
  return <T extends string | readonly string[] | null>(value: T): T => {
    if (value === null) return value;
    const [known, key] = typeof value === 'string' ? [texts, value] : [lists, JSON.stringify(value)];
    if (!known.has(key)) known.set(key, value);
    return known.get(key) as T;
  };
}
