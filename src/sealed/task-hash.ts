// Binds the readable label of a payload to its sealed part, so that nobody can show another name than the one that was signed.
import { createHash } from 'node:crypto';
import type { TaskLabel } from '../contracts/client-payload.ts';

/** base64url SHA-256 over the label's JSON with sorted keys. */
export function hashTask(task: TaskLabel): string {
  const sorted = Object.fromEntries(Object.entries(task).sort(([a], [b]) => (a < b ? -1 : 1)));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url');
}
