// `runtask relay --record DIR`: keeps each verified post as a file, for bug reports and as test material, with its secrets replaced:
// the access token, and every URL that opens something.
import type { Clock } from '../base/clock.ts';
import type { RecordPost } from './http/hooks.ts';

export interface RecordDeps {
  readonly clock: Clock;
  /** Writes a new file in the folder, readable by its owner alone. */
  readonly write: (name: string, text: string) => Promise<void>;
}

export function createRecorder({ clock, write }: RecordDeps): RecordPost {
  return async ({ task, body }) => {
    const time = new Date(clock.now()).toISOString().replaceAll(/[:.]/g, '-');
    const id =
      textAt(body, 'task_result_id')
        .replaceAll(/[^A-Za-z0-9_-]/g, '_')
        .slice(0, 80) || 'no-id';
    await write(`${time}-${id}.json`, `${JSON.stringify({ task, body: withoutSecrets(body) }, null, 2)}\n`);
  };
}

export function withoutSecrets(body: unknown): unknown {
  const token = textAt(body, 'access_token');
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') return cleanText(value, token);
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clean(inner)]));
  };
  return clean(body);
}

/** "test-token" is what tells a registration test, and no secret. */
const isPublicToken = (token: string): boolean => token === '' || token === 'test-token';

function cleanText(text: string, token: string): string {
  if (!isPublicToken(token) && text.includes(token)) return 'replaced.atlasv1.replaced';
  if (/\.atlasv1\./.test(text)) return 'replaced.atlasv1.replaced';
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  // HCP's API URLs name a callback, a plan, a configuration; a query may authenticate. Pages for people have neither.
  if (!url.pathname.startsWith('/api/') && url.search === '' && url.username === '') return text;
  return `${url.origin}${url.pathname.replaceAll(/[A-Za-z]*[0-9-][A-Za-z0-9_-]{3,}/g, 'replaced')}`;
}

function textAt(body: unknown, key: string): string {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, key)) return '';
  const value = (body as Record<string, unknown>)[key];
  return typeof value === 'string' ? value : '';
}
