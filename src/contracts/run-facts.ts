// What is known of a run: which stage, workspace, commit. Types without a library behind them: authors of script checks get them too.

export const STAGES = ['pre_plan', 'post_plan', 'pre_apply', 'post_apply'] as const;
export type Stage = (typeof STAGES)[number];
export const ENFORCEMENT_LEVELS = ['advisory', 'mandatory'] as const;
export type EnforcementLevel = (typeof ENFORCEMENT_LEVELS)[number];

/**
 * The facts of a run that may leave the relay: a request without its four secrets.
 * This is what checks see as `run` and what reports print; all of it is text from outside and is escaped where it is shown.
 */
export interface RunFacts {
  readonly stage: Stage;
  readonly enforcement: EnforcementLevel;
  readonly organization: string;
  readonly workspace: string;
  readonly workspace_id: string;
  readonly workspace_url: string | null;
  readonly workspace_working_directory: string;
  readonly run_id: string;
  readonly run_url: string;
  /** ISO 8601 */
  readonly run_created_at: string;
  readonly run_created_by: string | null;
  readonly run_message: string;
  readonly speculative: boolean;
  /** Its name. null or absent: not known. No run task carries it; it is asked for with a token of the user's own. */
  readonly project?: string | null | undefined;
  /** The run destroys everything. null or absent: not known; then the plan tells. */
  readonly destroy?: boolean | null | undefined;
  readonly task_result_id: string;
  readonly configuration_version_id: string | null;
  readonly has_plan: boolean;
  readonly has_configuration: boolean;
  readonly outcomes: boolean;
  readonly vcs: {
    /** The workspace's own branch, not the pull request's head. */
    readonly branch: string | null;
    readonly commit_hash: string | null;
    readonly commit_url: string | null;
    readonly pull_request_url: string | null;
    readonly repository_url: string | null;
  };
}
