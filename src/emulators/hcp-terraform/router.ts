// From method and path to a handler: a table whose keys read like the documentation, `GET /runs/:run/task-stages`.
import type { Answer, Incoming } from './server.ts';

export interface Routed extends Incoming {
  /** Decoded path parameters. Every name in the pattern is there. */
  readonly params: Readonly<Record<string, string>>;
}

export type Handler = (request: Routed) => Answer | Promise<Answer>;
export type RouteTable = Readonly<Record<string, Handler>>;

/** @returns null when no row fits; the caller says how that is answered */
export function createRouter(table: RouteTable, prefix: string): (request: Incoming) => (() => Answer | Promise<Answer>) | null {
  const routes = Object.entries(table).map(([key, handle]) => {
    const [method, pattern] = key.split(' ') as [string, string];
    return { method, segments: `${prefix}${pattern}`.split('/'), handle };
  });
  return (request) => {
    const actual = request.url.pathname.split('/');
    for (const { method, segments, handle } of routes) {
      const params = method === request.method ? matchSegments(segments, actual) : null;
      if (params !== null) return () => handle({ ...request, params });
    }
    return null;
  };
}

function matchSegments(pattern: readonly string[], actual: readonly string[]): Record<string, string> | null {
  if (pattern.length !== actual.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    const value = actual[index]!;
    if (!segment.startsWith(':')) {
      if (segment !== value) return null;
      continue;
    }
    const decoded = decode(value);
    if (decoded === null) return null;
    params[segment.slice(1)] = decoded;
  }
  return params;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    // `%zz` names nothing: not found, like any other path that we do not know.
    return null;
  }
}
