// What a dispatch carries, and the proof that a claim brings back the same. Pure but for sealing.
import { timingSafeEqual } from 'node:crypto';
import { MAX_PAYLOAD_BYTES, type ClientPayload, type RelayPayload } from '../../contracts/client-payload.ts';
import { sha256 } from '../life/accept.ts';
import type { Task } from '../life/task.ts';

export function toRelayPayload(task: Task): RelayPayload | null {
  const ticket = task.secrets?.ticket ?? null;
  if (task.label === null || ticket === null) return null;
  return { version: 1, id: task.id, ticket, task: task.label };
}

export const fitsGithub = (payload: ClientPayload): boolean => Buffer.byteLength(JSON.stringify(payload)) <= MAX_PAYLOAD_BYTES;

/** Constant time over the hashes, so that a ticket cannot be guessed byte by byte. */
export const isTicketOf = (task: Task, ticket: string): boolean => task.ticketHash !== null && sameText(sha256(ticket), task.ticketHash);

export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The first field in which the label differs from what was dispatched; null: equal in every field. */
export function differingField(task: Task, label: Readonly<Record<string, unknown>>): string | null {
  const sent: Readonly<Record<string, unknown>> = { ...task.label };
  const names = new Set([...Object.keys(sent), ...Object.keys(label)]);
  return [...names].find((name) => sent[name] !== label[name]) ?? null;
}
