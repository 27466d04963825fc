// What a repository_dispatch event carries: version 1. Written by the relay, read by the action, seen by everybody who can
// read the workflow's log: no secret but the one-time ticket (worth nothing without the job's OIDC token), nothing that a
// person outside typed. GitHub allows ten top-level keys and 65,535 characters
// (docs.github.com, "Events that trigger workflows", read 2026-11-22).
import * as z from 'zod';
import { ENFORCEMENT_LEVELS, STAGES } from './run-facts.ts';

export const DEFAULT_EVENT_TYPE = 'hcp-terraform-run-task';
export const MAX_PAYLOAD_BYTES = 60_000;

/** Names that may enter a payload. Others are left out (null), because a workflow may paste them into a shell. */
export const SAFE_NAME = /^[A-Za-z0-9_-]{1,128}$/;

const safeName = z.string().regex(SAFE_NAME).nullable();

export const taskLabelSchema = z.strictObject({
  stage: z.enum(STAGES),
  organization: safeName,
  workspace: safeName,
  run: safeName,
  enforcement: z.enum(ENFORCEMENT_LEVELS),
  speculative: z.boolean(),
});

/** For names and logs only. Routing never depends on it: anybody who can dispatch can write it. */
export type TaskLabel = z.output<typeof taskLabelSchema>;

/** Random, opaque, and the same form for every task: another tenant's id answers exactly like an unknown one. */
export const taskIdSchema = z.string().regex(/^rt_[A-Za-z0-9_-]{22}$/);

export const relayPayloadSchema = z.strictObject({
  version: z.literal(1),
  id: taskIdSchema,
  /** 256 random bits, base64url. */
  ticket: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  task: taskLabelSchema,
});

export const sealedPayloadSchema = z.strictObject({
  version: z.literal(1),
  id: taskIdSchema,
  /** Compact JWE (for the repository) around a compact JWS (by the relay). */
  sealed: z.string().min(1),
  task: taskLabelSchema,
});

export const clientPayloadSchema = z.union([relayPayloadSchema, sealedPayloadSchema]);

export type RelayPayload = z.output<typeof relayPayloadSchema>;
export type SealedPayload = z.output<typeof sealedPayloadSchema>;
export type ClientPayload = z.output<typeof clientPayloadSchema>;
