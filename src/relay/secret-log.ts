// The relay's last net: every log line passes here, and what the relay knows to be secret is taken out, in plain, base64 and URL
// encoding. Our own calls name no secrets; a library's error text may.
//
// Secrets of a run task are looked for only in lines that name its id: looking for those of ten thousand waiting tasks in every
// line would make the log the slowest part of the relay. The shapes catch the rest.
import type { Log, LogFields } from '../base/log.ts';
import { createRedactor, type Redactor } from '../base/redact.ts';
import type { Task } from './life/task.ts';

export interface SecretLog extends Log {
  /** From now on lines about this task are searched for its secrets. Cheap when it is known. */
  learn(task: Task): void;
  learnFor(taskId: string, secret: string): void;
  /** The task is done: its secrets are erased everywhere. */
  forget(taskId: string): void;
}

/** HCP's tokens, GitHub's, JWTs and sealed payloads, bearer headers, callback URLs. */
const SHAPES: readonly RegExp[] = [
  /[A-Za-z0-9]{10,20}\.atlasv1\.[A-Za-z0-9_-]+/g,
  /\bgh[a-z]_[A-Za-z0-9_.-]{20,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\beyJ[A-Za-z0-9_-]{10,}(\.[A-Za-z0-9_-]*){2,4}/g,
  /\bBearer\s+[^\s"',]{8,}/gi,
  /\/task-results\/[^\s"'/]+\/callback[^\s"']*/g,
];

export function createSecretLog(sink: Log, secrets: readonly string[]): SecretLog {
  const everywhere = createRedactor();
  for (const secret of secrets) everywhere.add(secret);
  const byTask = new Map<string, Redactor>();

  const redactorOf = (id: string): Redactor => {
    const known = byTask.get(id) ?? createRedactor();
    byTask.set(id, known);
    return known;
  };
  const clean = (value: unknown, ofTask: Redactor | undefined, depth = 0): unknown => {
    if (typeof value === 'string') {
      const text = everywhere.redact(ofTask === undefined ? value : ofTask.redact(value));
      return SHAPES.reduce((out, shape) => out.replace(shape, '***'), text);
    }
    if (typeof value !== 'object' || value === null) return value;
    if (depth > 4) return '(deep)';
    if (Array.isArray(value)) return value.map((item) => clean(item, ofTask, depth + 1));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clean(item, ofTask, depth + 1)]));
  };
  const line =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields: LogFields = {}): void => {
      const id = typeof fields['id'] === 'string' ? fields['id'] : undefined;
      sink[level](event, clean(fields, id === undefined ? undefined : byTask.get(id)) as LogFields);
    };

  return {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    learn(task) {
      if (task.secrets === null || byTask.has(task.id)) return;
      const redactor = redactorOf(task.id);
      const { callbackUrl, accessToken, planUrl, configurationUrl, ticket } = task.secrets;
      for (const secret of [callbackUrl, accessToken, planUrl, configurationUrl, ticket]) if (secret !== null) redactor.add(secret);
    },
    learnFor: (taskId, secret) => redactorOf(taskId).add(secret),
    forget: (taskId) => void byTask.delete(taskId),
  };
}
