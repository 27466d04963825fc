// The numbers of a run task's life, each with its reason. Milliseconds.

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** HCP Terraform gives up after 60 minutes in all (HashiCorp, web-unified-docs#479, 2025-06); the rest is for delivery. */
export const LONGEST_LIFE = 55 * MINUTE;
/** Kept back from the access token's life for delivering the verdict. */
export const DELIVERY_RESERVE = 60 * SECOND;
/** A dispatch later than this before the deadline would start a job that cannot finish. */
export const LAST_DISPATCH_BEFORE_DEADLINE = 2 * MINUTE;

/** HCP gives up after 10 minutes without `running`; 3.5 keeps us inside our own promise of 4 with a try lost. */
export const RUNNING_EVERY = 210 * SECOND;
export const RUNNING_RETRY = 10 * SECOND;
/** However long HCP asks us to wait: silence for ten minutes costs the run. */
export const RUNNING_LONGEST_RETRY = 60 * SECOND;
/** Progress lines of the action reach HCP at most once in this time (HCP allows 30 requests a second per user). */
export const RUNNING_AT_MOST_EVERY = 1 * SECOND;

/** A queued job on GitHub-hosted runners starts within a minute or two; after five somebody should look. */
export const START_CHECK_AFTER = 5 * MINUTE;
export const START_CHECK_EVERY = 60 * SECOND;

export const RENEW_EVERY = 30 * SECOND;
/** Three renewals lost in a row. */
export const LIVE_LEASE = 90 * SECOND;
export const LONGEST_QUIET = 15 * MINUTE;
/** How often GitHub is asked about a job that does not speak any more. */
export const SILENT_CHECK_EVERY = 60 * SECOND;
/**
 * GitHub calls the job of a dead runner in_progress for about ten minutes (actions/runner#1546), so its word buys time, but
 * not for ever: a job that lives could not be silent for this long, because its renewals come every 30 s.
 */
export const LONGEST_SILENCE = 4 * MINUTE;

/** Done rows answer HCP's repeated posts; how long HCP repeats is not published. */
export const KEEP_DONE = 24 * 60 * MINUTE;
export const PRUNE_EVERY = 60 * MINUTE;

/** Enough to read the comments of a pull request and write one, with a slow answer or two. */
export const COMMENT_LEASE = 20 * SECOND;
/** From one holder to the next: GitHub asks for a second between two calls that change something (best practices, 2026-11). */
export const COMMENT_PACE = 1 * SECOND;
/** A holder usually needs about so long. */
export const COMMENT_ASK_AGAIN = 2 * SECOND;
/** Longer than most pull requests wait for anybody. */
export const KEEP_COMMENTS = 60 * 24 * 60 * MINUTE;
/** One line for each is about what a comment of 65,536 characters can hold. */
export const MOST_WORKSPACES = 1000;
/** In all: 5.5 GB if each were as large as it may be, which plans are not; about 1 GB in practice. */
export const MOST_SECTIONS = 50_000;

/** One call to HCP or GitHub. */
export const CALL_TIMEOUT = 10 * SECOND;
/** One step of a worker: four calls at most. */
export const STEP_HOLD = 60 * SECOND;

/** Waits between tries: doubles from `first` to `most`, less up to a quarter, so that many tasks do not come back together. */
export function backoffMs(tries: number, first: number, most: number, random: number): number {
  const full = Math.min(most, first * 2 ** Math.min(Math.max(tries - 1, 0), 20));
  return Math.round(full * (1 - random / 4));
}
