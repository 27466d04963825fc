// The client payload of the event that started this job. Read from the event file, never from `with:`, whose values the runner
// prints into the log.
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { describeThrown } from '../base/fault.ts';
import { err, ok, type Result } from '../base/result.ts';
import { clientPayloadSchema, type ClientPayload } from '../contracts/client-payload.ts';
import type { Job } from './job.ts';

const eventSchema = z.looseObject({ client_payload: z.unknown() });

export async function readPayload(job: Job): Promise<Result<ClientPayload, string>> {
  if (job.eventName !== 'repository_dispatch') {
    return err(
      `this action answers run tasks, which arrive as repository_dispatch events; this job was started by ${job.eventName}. ` +
        'Write `on: { repository_dispatch: { types: [hcp-terraform-run-task] } }`',
    );
  }
  let event: unknown;
  try {
    event = JSON.parse(await readFile(job.eventPath, 'utf8'));
  } catch (thrown) {
    return err(`the event file could not be read: ${describeThrown(thrown)}`);
  }
  const parsed = eventSchema.safeParse(event);
  const payload = clientPayloadSchema.safeParse(parsed.data?.client_payload);
  if (payload.success) return ok(payload.data);
  return err(
    'the event carries no run task of version 1: it was not sent by a relay of this version. ' +
      'If the relay is newer, upgrade the action in the workflow; if somebody sent the event by hand, there is nothing to do',
  );
}
