// The talk between the action and the relay, version 1. A relay serves version N and N-1; unknown keys are ignored both ways
// (plain z.object), so that either side can be upgraded first.
//
//   POST  /v1/run-tasks/{id}/claim          Authorization: Bearer <GitHub OIDC token>     ClaimRequest -> ClaimResponse
//   POST  /v1/run-tasks/{id}/plan           Authorization: Bearer <session token>         {} -> PlanResponse (JSON) or the plan itself
//   POST  /v1/run-tasks/{id}/configuration  Authorization: Bearer <session token>         {} -> a .tar.gz, always streamed
//   POST  /v1/run-tasks/{id}/renew          Authorization: Bearer <session token>         RenewRequest -> RenewResponse
//   PATCH /v1/run-tasks/{id}/progress       Authorization: Bearer <session token>         ProgressRequest -> ProgressResponse
//   PATCH /v1/run-tasks/{id}/result         Authorization: Bearer <session token>         ResultRequest -> ResultResponse
//   PUT   /v1/run-tasks/{id}/comment/section   Bearer <session token>                     SectionRequest -> SectionResponse
//   POST  /v1/run-tasks/{id}/comment/lock      Bearer <session token>                     CommentLockRequest -> CommentLockResponse
//   POST  /v1/run-tasks/{id}/comment/release   Bearer <session token>                     CommentReleaseRequest -> CommentReleaseResponse
//   POST  /v1/run-tasks/{id}/comment/reviewed  Bearer <session token>                     ReviewedRequest -> ReviewedResponse
//
// Every refusal is a RelayError with the HTTP status of its row in RELAY_ERRORS.
import * as z from 'zod';
import { clientPayloadSchema } from './client-payload.ts';
import { STAGES } from './run-facts.ts';
import { runFactsSchema } from './run-task-request.ts';
import { taskResultSchema } from './task-result.ts';

export const API_VERSION = 1;

export const PHASES = ['all', 'begin', 'finish'] as const;
export type Phase = (typeof PHASES)[number];

export const claimRequestSchema = z.object({
  /** What the action speaks. Not 1: `version-mismatch`, with both versions in the message. */
  version: z.number().int(),
  /** The client payload as received, whole: the relay refuses unless it equals, field by field, what it dispatched. */
  payload: clientPayloadSchema,
  /**
   * Random per `uses:` step of the job, the same in its pre, main and post. A second step that is not the other phase of the
   * first makes the task `failed`: two steps would each give a verdict on half of the checks.
   */
  use: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  phase: z.enum(PHASES),
  /** Which of our processes asks. `pre` and `post` end soon, `main` stays. */
  process: z.enum(['pre', 'main', 'post']),
});

export const VERDICT_DECIDERS = [
  'action',
  'never-started',
  'lease',
  'deadline',
  'github',
  'superseded',
  'operator',
  'refused-request',
  'route',
  'two-uses',
] as const;

/** The verdict on record: the first one, whoever gave it. Comment, summary and status show this. */
export const recordedVerdictSchema = z.object({
  status: z.enum(['passed', 'failed']),
  message: z.string(),
  decided_by: z.enum(VERDICT_DECIDERS),
});

export const deliverySchema = z.object({
  state: z.enum(['pending', 'delivered', 'undeliverable']),
  /** Why it is undeliverable, or what the last try met. */
  reason: z.string().optional(),
});

export const claimResponseSchema = z.object({
  version: z.literal(API_VERSION),
  /** For all further calls of this process. OIDC tokens live five minutes; this lives as long as the claim. Never on disk. */
  session_token: z.string().min(32),
  run: runFactsSchema,
  /** When the relay decides by itself, milliseconds since the epoch. */
  deadline_at: z.number().int(),
  /** The relay's clock, so that the runner's may be wrong. */
  now: z.number().int(),
  /** How often to renew while alive, milliseconds. */
  renew_every_ms: z.number().int().positive(),
  /** `observe`: the verdict is recorded as passed, the message says what would have failed. */
  observe: z.boolean(),
  /**
   * A one-hour token for comments and statuses in the pull request's repository, when that is another one than the
   * workflow's and the operator listed it. Null: use the job's own token.
   */
  feedback_token: z.object({ token: z.string(), repository: z.string() }).nullable(),
  /** Set when there is a verdict already: nothing is left to do but to show it. */
  verdict: recordedVerdictSchema.nullable(),
  delivery: deliverySchema.nullable(),
});

/** `presigned`: fetch it at once, without Authorization; HCP lets it live for one minute. */
export const planResponseSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('presigned'), url: z.string() }),
  z.object({
    kind: z.literal('unavailable'),
    reason: z.enum(['no-plan-in-stage', 'not-found', 'not-ready', 'unsupported-terraform', 'token-expired', 'unreachable']),
    detail: z.string(),
  }),
]);

export const configurationUnavailableSchema = z.object({
  kind: z.literal('unavailable'),
  reason: z.enum(['not-offered', 'not-found', 'token-expired', 'unreachable']),
  detail: z.string(),
});

export const renewRequestSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('live') }),
  /** No process of ours will live until then; relative, because the runner's clock may be wrong. At most 15 minutes. */
  z.object({
    state: z.literal('quiet'),
    for_ms: z
      .number()
      .int()
      .min(0)
      .max(15 * 60_000),
  }),
]);
export const renewResponseSchema = z.object({ verdict: recordedVerdictSchema.nullable() });

export const progressRequestSchema = z.object({ message: z.string().min(1).max(1000) });
export const progressResponseSchema = z.object({ verdict: recordedVerdictSchema.nullable() });

export const resultRequestSchema = taskResultSchema;
export const resultResponseSchema = z.object({
  /** Not necessarily the one that was sent. */
  verdict: recordedVerdictSchema,
  /** True when the verdict on record is the one of this call (or of an earlier try of the same call). */
  accepted: z.boolean(),
  delivery: deliverySchema,
});

// The combined comment. GitHub has no compare-and-set on comments, so the relay keeps the section of each workspace and hands out a
// short lock: whoever holds it renders the comment from all sections and writes it. A holder that stalls past its lock and writes
// late is told so when it releases (`again`), and begins anew: the last write is always one that knew all sections.
//
// One comment per pull request and run task of relay.yml. Sections are opaque to the relay, encrypted at rest, and masked before
// they are sent. Which of them say the same is for the relay to find: a job that could name a digest could put its own text in the
// mouth of another workspace. They are kept until nobody has written to the pull request for 60 days.

/** `owner/name` as GitHub spells it. The relay refuses a pull request that is not in the repository of the run's own facts. */
export const pullRequestSchema = z.object({
  repository: z.string().regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/),
  number: z.number().int().positive(),
});

/** Bytes of UTF-8. Sections with few neighbours are handed out large, those among hundreds small. */
export const SECTION_LIMITS = { large: 64_000, medium: 12_000, small: 2_500, own: 2_500, reviewed: 32_000 } as const;
/** Up to so many different sections in one answer are handed out large, and then medium; beyond that small. */
export const SECTIONS_LARGE = 4;
export const SECTIONS_MEDIUM = 32;

export const sectionRequestSchema = z.object({
  pull_request: pullRequestSchema,
  /** Of the whole that the texts below are cut from: where it differs, equal texts do not say the same. */
  digest: z.string().regex(/^[\w-]{16,64}$/),
  /** The same section at three lengths. Where all three and the digest are equal, the relay keeps to one text for many workspaces. */
  large: z.string(),
  medium: z.string(),
  small: z.string(),
  /** What is this workspace's alone, and therefore in none of the three. */
  own: z.string(),
  /** Fingerprint of the plan that is shown. Kept as what was reviewed when the run is speculative; null: there is none. */
  reviewed: z.string().nullable(),
});
export const sectionResponseSchema = z.object({
  /** False: a newer run of this workspace, or a later stage of this run, has its section there. Nothing was changed. */
  kept: z.boolean(),
  /** Of the pull request's sections; grows with each that is kept. */
  revision: z.number().int(),
});

export const commentLockRequestSchema = z.object({
  pull_request: pullRequestSchema,
  /** From the SectionResponse. */
  revision: z.number().int(),
});
/** Where the comment stands on GitHub; the relay only remembers it. */
export const writtenCommentSchema = z.object({ id: z.number().int().positive(), url: z.string().max(500) });
export const commentLockResponseSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('held'),
    lock: z.string(),
    /** Write within this, or begin anew. */
    expires_in_ms: z.number().int(),
    revision: z.number().int(),
    /** Whose comment of the pull request: stands in its marker. The run task's name in relay.yml and the host of HCP Terraform: `gate/app.terraform.io`. */
    task: z.string(),
    /** null: none was written yet. It may have been deleted meanwhile. */
    comment: writtenCommentSchema.nullable(),
    /** By workspace. `text` is null where an earlier entry has the same digest. */
    sections: z.array(
      z.object({
        organization: z.string(),
        workspace: z.string(),
        run_id: z.string(),
        run_url: z.string(),
        /** With the stage: which of two texts about a workspace is the newer one, an older comment's or the section. */
        run_created_at: z.string(),
        stage: z.enum(STAGES),
        /** Equal: they say the same. Made by the relay of the digest that was sent and of all texts. */
        digest: z.string(),
        text: z.string().nullable(),
        own: z.string(),
      }),
    ),
  }),
  z.object({ kind: z.literal('wait'), retry_after_ms: z.number().int() }),
  /** Somebody else's comment tells this section already. */
  z.object({ kind: z.literal('written'), url: z.string() }),
]);

export const commentReleaseRequestSchema = z.object({
  pull_request: pullRequestSchema,
  lock: z.string(),
  /** null: nothing was written. */
  written: z.object({ revision: z.number().int(), comment: writtenCommentSchema }).nullable(),
});
/** `again`: the lock was lost before the release, so what was written may have overwritten something newer. */
export const commentReleaseResponseSchema = z.object({ kind: z.enum(['done', 'again']) });

export const reviewedRequestSchema = z.object({ pull_request: pullRequestSchema });
export const reviewedResponseSchema = z.object({
  /** Of this run's workspace; null: no speculative run of the pull request left one. */
  reviewed: z.object({ fingerprint: z.string(), run_id: z.string(), run_url: z.string() }).nullable(),
});

/** Every refusal and its HTTP status. An unknown id, another tenant's id and a wrong ticket all answer `not-found`. */
export const RELAY_ERRORS = {
  'bad-request': 400,
  'unauthorized': 401,
  'not-found': 404,
  /** Another job of the same run, or an earlier attempt, holds the claim or was fenced out. */
  'claimed-by-another': 409,
  'fenced': 409,
  'version-mismatch': 426,
  'unavailable': 503,
} as const;
export type RelayErrorCode = keyof typeof RELAY_ERRORS;

export const relayErrorSchema = z.object({
  error: z.object({ code: z.string(), message: z.string() }),
});

export type ClaimRequest = z.output<typeof claimRequestSchema>;
export type ClaimResponse = z.output<typeof claimResponseSchema>;
export type RecordedVerdict = z.output<typeof recordedVerdictSchema>;
export type VerdictDecider = (typeof VERDICT_DECIDERS)[number];
export type Delivery = z.output<typeof deliverySchema>;
export type PlanResponse = z.output<typeof planResponseSchema>;
export type ConfigurationUnavailable = z.output<typeof configurationUnavailableSchema>;
export type RenewRequest = z.output<typeof renewRequestSchema>;
export type RenewResponse = z.output<typeof renewResponseSchema>;
export type ProgressRequest = z.output<typeof progressRequestSchema>;
export type ProgressResponse = z.output<typeof progressResponseSchema>;
export type ResultRequest = z.output<typeof resultRequestSchema>;
export type ResultResponse = z.output<typeof resultResponseSchema>;
export type PullRequestKey = z.output<typeof pullRequestSchema>;
export type SectionRequest = z.output<typeof sectionRequestSchema>;
export type SectionResponse = z.output<typeof sectionResponseSchema>;
export type CommentLockRequest = z.output<typeof commentLockRequestSchema>;
export type CommentLockResponse = z.output<typeof commentLockResponseSchema>;
export type CommentReleaseRequest = z.output<typeof commentReleaseRequestSchema>;
export type CommentReleaseResponse = z.output<typeof commentReleaseResponseSchema>;
export type ReviewedResponse = z.output<typeof reviewedResponseSchema>;
export type RelayError = z.output<typeof relayErrorSchema>;
