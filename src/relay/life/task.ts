// One run task as the relay keeps it: a row. Types and the numbers of its timers; what may happen to it is in transitions.ts.
import type { TaskLabel } from '../../contracts/client-payload.ts';
import type { Phase, VerdictDecider } from '../../contracts/relay-api.ts';
import type { RunFacts } from '../../contracts/run-facts.ts';
import type { RunTaskRequest } from '../../contracts/run-task-request.ts';
import type { TaskResult } from '../../contracts/task-result.ts';

/** What makes two posts the same run task: HCP repeats a post until it reads a 200. */
export interface TaskKey {
  /** Name of the task in relay.yml. */
  readonly task: string;
  /** Host of the callback URL: two Terraform Enterprise installations may use the same ids. */
  readonly host: string;
  readonly taskResultId: string;
}

/** What the log calls a run task. Text from outside, as it came; '' where the request did not say. */
export interface TaskNames {
  readonly organization: string;
  readonly workspace: string;
  readonly run: string;
  readonly stage: string;
}

/** Where the run task goes, as relay.yml said at acceptance. A changed file never moves a task that is under way. */
export interface TaskRoute {
  /** owner/name */
  readonly repository: string;
  /** File name under .github/workflows. */
  readonly workflow: string;
  readonly eventType: string;
  readonly jobWorkflowRef: string | null;
  readonly transport: 'relay' | 'sealed';
}

/** The only job identity that may claim: written before the dispatch, from what GitHub's API says then. */
export interface Binding {
  readonly issuer: string;
  readonly repositoryId: number;
  readonly repositoryOwnerId: number;
  /** owner/name as GitHub spells it; for links and API calls, never for trust. */
  readonly repository: string;
  /** refs/heads/<default branch> */
  readonly ref: string;
  readonly workflow: string;
  readonly jobWorkflowRef: string | null;
}

export interface Lease {
  /** `live`: a process of ours renews it. `quiet`: none lives until then (between pre and main, between begin and finish). */
  readonly kind: 'live' | 'quiet';
  readonly until: number;
  /** Since when the relay has only GitHub's word that the job still runs; null while the job speaks for itself. */
  readonly silentSince: number | null;
}

export interface Claim {
  /** 1-based; a later attempt of the workflow run takes over with the next number. */
  readonly number: number;
  readonly runId: string;
  readonly runAttempt: number;
  /** The job. Null where the OIDC token does not carry it (older GitHub Enterprise Server). */
  readonly checkRunId: string | null;
  /** Link to the workflow run's attempt. */
  readonly runUrl: string;
  readonly uses: readonly { readonly use: string; readonly phase: Phase }[];
  /** SHA-256 of the session tokens that are good, newest last. */
  readonly sessions: readonly string[];
  /** SHA-256 of those that a later attempt has fenced out: they get a reason instead of "not found". */
  readonly fenced: readonly string[];
  readonly lease: Lease;
}

export interface Verdict {
  readonly result: TaskResult;
  readonly by: VerdictDecider;
  readonly at: number;
  /** SHA-256 of the result as the action sent it, so that the retry of the same call is told apart from another's. */
  readonly digest: string | null;
}

export type State =
  /** Kept, nothing posted to GitHub yet. */
  | { readonly name: 'received'; readonly notBefore: number; readonly tries: number; readonly problem: DispatchProblem | null }
  /** Attempt n was written before its POST; whether GitHub has it is not known. */
  | {
      readonly name: 'dispatching';
      readonly attempt: number;
      readonly notBefore: number;
      readonly tries: number;
      readonly problem: DispatchProblem | null;
    }
  /** GitHub answered 204: the event is accepted. It does not say whether a workflow listens. */
  | { readonly name: 'dispatched'; readonly attempt: number; readonly at: number; readonly checkAt: number; readonly seen: SeenRun | null }
  | { readonly name: 'claimed' }
  | {
      readonly name: 'decided';
      readonly verdict: Verdict;
      /** PATCHes begun. */
      readonly attempt: number;
      /** A PATCH was begun and its answer is not on record: after a restart its effect is in doubt. */
      readonly open: boolean;
      /** An earlier PATCH may have been taken by HCP although we never read its 200. */
      readonly inDoubt: boolean;
      readonly notBefore: number;
      readonly problem: string | null;
      /** HCP answered 422 to the full body: send status and message alone. */
      readonly bare: boolean;
    }
  | { readonly name: 'delivered'; readonly verdict: Verdict; readonly at: number }
  | { readonly name: 'undeliverable'; readonly verdict: Verdict; readonly at: number; readonly reason: string }
  /** Sealed transport: the action has everything and answers HCP itself. */
  | { readonly name: 'handed-over'; readonly at: number };

export interface DispatchProblem {
  readonly kind: 'rate-limit' | 'trouble';
  readonly detail: string;
}

/** A workflow run that GitHub showed when the relay asked. */
export interface SeenRun {
  readonly url: string;
  /** GitHub's word: queued, in_progress, waiting… */
  readonly status: string;
}

/** Everything that opens a door. Encrypted at rest, erased in the transaction that ends the task. */
export interface TaskSecrets {
  readonly callbackUrl: string;
  readonly accessToken: string;
  readonly planUrl: string | null;
  readonly configurationUrl: string | null;
  /** Null for a task that is never dispatched. */
  readonly ticket: string | null;
  /** Whole, for the sealed transport only; null otherwise. */
  readonly request: RunTaskRequest | null;
}

export interface Task {
  readonly id: string;
  readonly key: TaskKey;
  readonly names: TaskNames;
  readonly acceptedAt: number;
  /** When the relay decides by itself. Never moves. */
  readonly deadlineAt: number;
  /** Until then a verdict is tried; HCP's token is dead after it. */
  readonly deliverUntil: number;
  /** Null when the request could not be read: then the verdict is there from the beginning. */
  readonly facts: RunFacts | null;
  readonly label: TaskLabel | null;
  readonly route: TaskRoute | null;
  readonly observe: boolean;
  /** SHA-256 of the ticket; outlives the ticket, so that a late claim can still be told from a forged one. */
  readonly ticketHash: string | null;
  readonly binding: Binding | null;
  readonly claim: Claim | null;
  /** The pull request that it writes to, where HCP Terraform named none; absent: none yet. */
  readonly pullRequest?: number;
  /** Why a job that held the ticket was refused last: the best reason there is when nobody claims in time. */
  readonly refusedClaim: string | null;
  readonly running: {
    readonly dueAt: number;
    /** Last one that HCP took; null before the first. */
    readonly sentAt: number | null;
    readonly tries: number;
    /** What the action said last; null: the state speaks. */
    readonly message: string | null;
    /** Grows when there is something new to say: a call that is out meanwhile does not count for it. */
    readonly edition: number;
  };
  readonly state: State;
  readonly secrets: TaskSecrets | null;
  /** When a worker has to look again; null: never. Derived: see timers.ts. */
  readonly dueAt: number | null;
  /** When the row became final; null before. */
  readonly doneAt: number | null;
}

export type StateName = State['name'];
export const FINAL_STATES: readonly StateName[] = ['delivered', 'undeliverable', 'handed-over'];
export const isFinal = (task: Task): boolean => FINAL_STATES.includes(task.state.name);

export const verdictOf = (task: Task): Verdict | null => ('verdict' in task.state ? task.state.verdict : null);
