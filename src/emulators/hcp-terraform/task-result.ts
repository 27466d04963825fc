// One task in one stage of one run: posting it, hearing its callbacks, giving up on it. HTTP is elsewhere.
//
// Timeouts: errored without progress for 10 minutes, or after 60 in all (HashiCorp, web-unified-docs#479, 2025-06-11).
import type { Callback } from './callback-body.ts';
import { HcpApiError } from './json-api.ts';
import { post, type PostDeps } from './post.ts';
import type { RunTask, SentRequest, TaskResultRecord, TaskResultStatus, TokenLife } from './types.ts';

export const PROGRESS_TIMEOUT_MS = 10 * 60_000;
export const TOTAL_TIMEOUT_MS = 60 * 60_000;

const TOKEN_LIFE_MS: Readonly<Record<TokenLife, number>> = {
  'fixed-10m': 10 * 60_000,
  'sliding-10m': 10 * 60_000,
  'fixed-60m': 60 * 60_000,
};

export interface TaskResultDeps extends PostDeps {
  readonly tokenLife: TokenLife;
  readonly attempts: number;
  readonly backoffMs: number;
  readonly onChange: (record: TaskResultRecord) => void;
}

export interface Posting {
  readonly bytes: Uint8Array;
  readonly mutateSignature?: ((signature: string) => string) | undefined;
  readonly beta: boolean;
}

export class TaskResultLife {
  readonly record: TaskResultRecord;
  readonly task: RunTask;
  /** null: called by the run task's global settings. */
  readonly workspaceTaskId: string | null;
  readonly runId: string;
  readonly urlCode: string | null;
  /** `running-at` and the like, for the API. */
  readonly timestamps: Record<string, string> = {};
  readonly outcomeIds: string[] = [];
  readonly settled: Promise<void>;
  private readonly deps: TaskResultDeps;
  private readonly settle: () => void;
  private tokenBornAt: number | null = null;
  private cancelProgressTimer: () => void = () => {};
  private cancelTotalTimer: () => void = () => {};

  constructor(
    identity: { record: TaskResultRecord; task: RunTask; workspaceTaskId: string | null; runId: string; urlCode: string | null },
    deps: TaskResultDeps,
  ) {
    this.record = identity.record;
    this.task = identity.task;
    this.workspaceTaskId = identity.workspaceTaskId;
    this.runId = identity.runId;
    this.urlCode = identity.urlCode;
    this.deps = deps;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.settled = promise;
    this.settle = resolve;
  }

  get isTerminal(): boolean {
    return this.record.status !== 'pending' && this.record.status !== 'running';
  }

  /** An access token is nobody's before its request is posted, and lives on after a verdict: a late call hears 409, not 401. */
  get isTokenAlive(): boolean {
    return this.tokenBornAt !== null && this.deps.clock.now() < this.tokenBornAt + TOKEN_LIFE_MS[this.deps.tokenLife];
  }

  /** Posts the request until it is answered 200, then waits for the verdict or a timeout. */
  async call(posting: Posting): Promise<void> {
    this.tokenBornAt = this.deps.clock.now();
    this.cancelTotalTimer = this.deps.clock.after(TOTAL_TIMEOUT_MS, () => this.end('errored', 'The run task ran for more than 60 minutes'));
    this.restartProgressTimer();
    for (let attempt = 1; !this.isTerminal && attempt <= this.deps.attempts; attempt++) {
      // Doubled each time; HashiCorp publishes no numbers.
      if (attempt > 1) await this.waitUnlessSettled(this.deps.backoffMs * 2 ** (attempt - 2));
      if (this.isTerminal) break;
      const sent = await post(
        {
          kind: 'run-task',
          url: this.task.url,
          bytes: posting.bytes,
          hmacKey: this.task.hmacKey,
          attempt,
          taskResultId: this.record.id,
          mutateSignature: posting.mutateSignature,
          beta: posting.beta,
        },
        this.deps,
      );
      if (sent.status === 200) {
        // A callback may well have been faster than the answer.
        if (this.record.status === 'pending') this.change('running', null);
        break;
      }
      if (attempt === this.deps.attempts) this.giveUp(sent);
    }
    await this.settled;
  }

  /**
   * What a caller said whose token the API has looked at.
   * @throws {HcpApiError} 409 once there is a verdict or a timeout
   */
  hear(callback: Callback, outcomeId: () => string): void {
    if (this.isTerminal)
      throw new HcpApiError(409, [
        {
          status: '409',
          title: 'conflict',
          detail: `The task result is in a terminal state (${this.record.status}) and cannot be updated`,
        },
      ]);
    const { record } = this;
    record.url = callback.url ?? record.url;
    record.outcomes.push(...callback.outcomes);
    this.outcomeIds.push(...callback.outcomes.map(outcomeId));
    if (callback.status !== 'running') {
      record.terminalCount += 1;
      return this.end(callback.status, callback.message);
    }
    if (this.deps.tokenLife === 'sliding-10m') this.tokenBornAt = this.deps.clock.now();
    this.restartProgressTimer();
    this.change('running', callback.message);
  }

  /** Canceled while under way, unreachable where the run never came. */
  abandon(status: 'canceled' | 'unreachable'): void {
    if (!this.isTerminal) this.end(status, null);
  }

  private async waitUnlessSettled(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.deps.clock.after(ms, resolve);
    await Promise.race([promise, this.settled]);
    cancel();
  }

  private giveUp(sent: SentRequest): void {
    // A relay that broke its answer may have accepted all the same and be at work.
    if (this.record.status !== 'pending') return;
    const why = sent.status === null ? (sent.error ?? 'no answer') : `HTTP ${sent.status}`;
    this.end('errored', `The run task could not be triggered: ${why} after ${sent.attempt} attempts`);
  }

  private restartProgressTimer(): void {
    this.cancelProgressTimer();
    this.cancelProgressTimer = this.deps.clock.after(PROGRESS_TIMEOUT_MS, () =>
      this.end('errored', 'The run task did not report progress within 10 minutes'),
    );
  }

  private end(status: Exclude<TaskResultStatus, 'pending' | 'running'>, message: string | null): void {
    this.cancelProgressTimer();
    this.cancelTotalTimer();
    this.change(status, message);
    this.settle();
  }

  private change(status: TaskResultStatus, message: string | null): void {
    this.record.status = status;
    this.record.message = message ?? this.record.message;
    this.timestamps[`${status}-at`] = new Date(this.deps.clock.now()).toISOString();
    this.deps.onChange(this.record);
  }
}
