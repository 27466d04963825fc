// Which of the next requests meet bad weather. Pure bookkeeping; the server carries it out.
import type { WeatherRule } from './types.ts';

export interface Weather {
  add(rule: WeatherRule): void;
  /** The rule for this request, counted as used; null: fair. */
  take(request: { server: 'api' | 'store'; method: string; path: string }): WeatherRule | null;
  clear(): void;
}

export function createWeather(): Weather {
  let rules: { rule: WeatherRule; left: number }[] = [];
  return {
    add: (rule) => void rules.push({ rule, left: rule.times ?? 1 }),
    take(request) {
      const found = rules.find(({ rule, left }) => left > 0 && matches(rule, request));
      if (found === undefined) return null;
      found.left -= 1;
      return found.rule;
    },
    clear: () => void (rules = []),
  };
}

function matches(rule: WeatherRule, request: { server: string; method: string; path: string }): boolean {
  if (rule.server !== undefined && rule.server !== request.server) return false;
  if (rule.method !== undefined && rule.method.toUpperCase() !== request.method) return false;
  if (rule.path === undefined) return true;
  // search() and not test(): a pattern with the g flag would remember where it stood.
  return typeof rule.path === 'string' ? request.path.includes(rule.path) : request.path.search(rule.path) >= 0;
}
