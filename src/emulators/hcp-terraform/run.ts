// A run's walk through its stages: pre_plan, post_plan, and for a confirmed run that is not speculative pre_apply and
// post_apply. What happens inside a task result is in task-result.ts.
import type { Stage } from '../../contracts/run-facts.ts';
import type { Stored } from './object-store.ts';
import { STAGE_ORDER } from './stages.ts';
import type { TaskResultLife } from './task-result.ts';
import type { PlanAnswer, Run, RunOutcome, RunStatus, RunVcs, TaskResultRecord, Workspace } from './types.ts';

export interface RunSpec {
  readonly id: string;
  readonly createdAt: number;
  readonly workspace: Workspace;
  readonly createdBy: string | null;
  readonly message: string;
  readonly speculative: boolean;
  readonly destroy: boolean;
  readonly confirmed: boolean;
  readonly applyId: string;
  readonly applyEnds: 'finished' | 'errored';
  readonly planId: string;
  /** null: no JSON output. */
  readonly plan: Stored | null;
  readonly planAnswer: PlanAnswer;
  readonly configurationVersionId: string;
  readonly configuration: Uint8Array | null;
  readonly vcs: Required<RunVcs> | null;
}

export interface TaskStage {
  readonly id: string;
  readonly stage: Stage;
  readonly results: readonly TaskResultLife[];
}

export class RunLife implements Run {
  readonly spec: RunSpec;
  readonly taskStages: readonly TaskStage[];
  private readonly onChange: (run: Run) => void;
  private currentStatus: RunStatus = 'pending';
  private isCanceled = false;
  private planNotReadyLeft: number;
  private readonly outcome = Promise.withResolvers<RunOutcome>();

  constructor(spec: RunSpec, taskStages: readonly TaskStage[], onChange: (run: Run) => void) {
    this.spec = spec;
    this.taskStages = taskStages;
    this.onChange = onChange;
    this.planNotReadyLeft = typeof spec.planAnswer === 'object' ? spec.planAnswer.notReadyTimes : 0;
  }

  get id(): string {
    return this.spec.id;
  }
  get workspaceId(): string {
    return this.spec.workspace.id;
  }
  get createdAt(): number {
    return this.spec.createdAt;
  }
  get status(): RunStatus {
    return this.currentStatus;
  }
  get results(): TaskResultLife[] {
    return this.taskStages.flatMap((stage) => stage.results);
  }
  get taskResults(): TaskResultRecord[] {
    return this.results.map((result) => result.record);
  }

  async stage(name: Stage): Promise<TaskResultRecord> {
    const results = this.taskStages.find((one) => one.stage === name)?.results ?? [];
    if (results[0] === undefined) throw new Error(`Run ${this.id} has no enabled run task in ${name}`);
    await Promise.all(results.map((result) => result.settled));
    return results[0].record;
  }

  finished(): Promise<RunOutcome> {
    return this.outcome.promise;
  }

  cancel(): void {
    if (this.isOver) return;
    this.isCanceled = true;
    for (const result of this.results) result.abandon('canceled');
    this.end('canceled', null);
  }

  /** Whether the plan's JSON can be had now; counts down `notReadyTimes`. */
  takePlanAnswer(): 'ready' | 'missing' | 'not-ready' | 'unsupported-terraform' {
    if (this.currentStatus === 'pending' || this.currentStatus.startsWith('pre_plan')) return 'not-ready';
    const { plan, planAnswer } = this.spec;
    if (planAnswer === 'unsupported-terraform') return planAnswer;
    if (this.planNotReadyLeft > 0) {
      this.planNotReadyLeft -= 1;
      return 'not-ready';
    }
    return plan === null || planAnswer === 'missing' ? 'missing' : 'ready';
  }

  /** @param call  posts one result's request and resolves when the result is final */
  async walk(call: (result: TaskResultLife) => Promise<void>): Promise<void> {
    try {
      await this.walkStages(call);
    } catch (thrown) {
      this.outcome.reject(thrown);
    }
  }

  private async walkStages(call: (result: TaskResultLife) => Promise<void>): Promise<void> {
    for (const stage of STAGE_ORDER) {
      if (stage === 'pre_apply' && this.spec.speculative) return this.end('planned_and_finished', null);
      if (stage === 'pre_apply' && !this.spec.confirmed) return this.end('discarded', null);
      const results = this.taskStages.find((one) => one.stage === stage)?.results ?? [];
      this.enter(`${stage}_running`);
      await Promise.all(results.map(call));
      if (this.isCanceled) return;
      this.enter(`${stage}_completed`);
      const failed = results.find(({ record }) => record.enforcementLevel === 'mandatory' && record.status !== 'passed');
      if (failed !== undefined) {
        const { task, status, message } = failed.record;
        return this.end('errored', `Mandatory run task ${task} ${status} in ${stage}${message === null ? '' : `: ${message}`}`);
      }
    }
    if (this.spec.applyEnds === 'errored') this.end('errored', 'The apply errored');
    else this.end('applied', null);
  }

  /** Of the apply, in its own words. */
  get applyStatus(): 'pending' | 'errored' | 'finished' {
    const isAfter = this.currentStatus.startsWith('post_apply') || this.currentStatus === 'applied';
    return isAfter ? this.spec.applyEnds : this.currentStatus === 'errored' && this.spec.applyEnds === 'errored' ? 'errored' : 'pending';
  }

  private get isOver(): boolean {
    return ['applied', 'planned_and_finished', 'errored', 'canceled', 'discarded'].includes(this.currentStatus);
  }

  private enter(status: RunStatus): void {
    this.currentStatus = status;
    this.onChange(this);
  }

  private end(status: RunOutcome['status'], reason: string | null): void {
    for (const result of this.results) result.abandon('unreachable');
    this.enter(status);
    this.outcome.resolve({ status, reason, taskResults: this.taskResults });
  }
}
