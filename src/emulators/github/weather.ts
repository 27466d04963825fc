// Bad weather on request: the next matching call fails, hangs, is cut off or is slow. Knows nothing of GitHub.

export interface WeatherRule {
  /** Upper case; absent: any. */
  readonly method?: string;
  /** A string is looked for anywhere in the path with its query. Absent: any. */
  readonly path?: RegExp | string;
  /** How many calls it meets; 1 by default. */
  readonly times?: number;
  /** Answered instead. Absent, with nothing else set: 500. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  /** Never answered; the socket stays open until `close()`. */
  readonly hang?: true;
  /** The connection is cut. */
  readonly reset?: true;
  /** Waits so long, on the clock, before it goes on. Alone, it changes nothing else. */
  readonly delayMs?: number;
  /** The work is done first, then the answer is broken: the caller cannot know that it happened. */
  readonly after?: true;
}

export interface Weather {
  failNext(rule: WeatherRule): void;
  /** The rule that meets this call, used up by one; undefined in fair weather. */
  take(method: string, path: string): WeatherRule | undefined;
  clear(): void;
}

export function createWeather(): Weather {
  let rules: { rule: WeatherRule; left: number }[] = [];
  return {
    failNext(rule) {
      rules.push({ rule, left: rule.times ?? 1 });
    },
    take(method, path) {
      const found = rules.find(({ rule }) => matches(rule, method, path));
      if (found === undefined) return undefined;
      found.left -= 1;
      if (found.left <= 0) rules = rules.filter((entry) => entry !== found);
      return found.rule;
    },
    clear() {
      rules = [];
    },
  };
}

/** Does the rule replace the answer, or only delay it? */
export const breaksAnswer = (rule: WeatherRule): boolean =>
  rule.hang === true ||
  rule.reset === true ||
  rule.status !== undefined ||
  rule.body !== undefined ||
  rule.headers !== undefined ||
  rule.delayMs === undefined;

function matches(rule: WeatherRule, method: string, path: string): boolean {
  if (rule.method !== undefined && rule.method.toUpperCase() !== method) return false;
  if (rule.path === undefined) return true;
  return typeof rule.path === 'string'
    ? path.includes(rule.path)
    : new RegExp(rule.path.source, rule.path.flags.replace(/[gy]/g, '')).test(path);
}
