// What the relay tells its operator of the run tasks that it keeps: `runtask deliveries`. Nothing of it opens a door: no token, no
// callback, no URL of HCP's API.
//
//   GET /v1/deliveries?limit=50&before=ID    on the admin listener    -> DeliveryList, newest first
//   GET /v1/deliveries/{id}                  on the admin listener    -> Delivery
import * as z from 'zod';
import { VERDICT_DECIDERS } from './relay-api.ts';
import { runFactsSchema } from './run-task-request.ts';

/** ISO 8601, UTC. */
const time = z.string();

export const deliverySummarySchema = z.object({
  id: z.string(),
  /** Name of the task in relay.yml. */
  task: z.string(),
  organization: z.string(),
  workspace: z.string(),
  run: z.string(),
  stage: z.string(),
  state: z.string(),
  accepted_at: time,
  deadline_at: time,
  /** null: under way. */
  done_at: time.nullable(),
  verdict: z
    .object({ status: z.enum(['passed', 'failed']), message: z.string(), decided_by: z.enum(VERDICT_DECIDERS), at: time })
    .nullable(),
});

export const recordedDeliverySchema = deliverySummarySchema.extend({
  /** null: the request could not be read. */
  facts: runFactsSchema.nullable(),
  /** owner/name of the repository that judges; null: there was no route. */
  repository: z.string().nullable(),
  workflow: z.string().nullable(),
  /** The workflow run that claimed it. */
  workflow_url: z.string().nullable(),
  observe: z.boolean(),
  /** What stands in its way, or why it could not be delivered. */
  problem: z.string().nullable(),
});

export const deliveryListSchema = z.object({ deliveries: z.array(deliverySummarySchema) });

/** What `runtask deliveries export` writes and `runtask check --replay` reads. */
export const recordingSchema = z.object({ version: z.literal(1), exported_at: time, delivery: recordedDeliverySchema });

export type DeliverySummary = z.output<typeof deliverySummarySchema>;
export type RecordedDelivery = z.output<typeof recordedDeliverySchema>;
export type Recording = z.output<typeof recordingSchema>;
