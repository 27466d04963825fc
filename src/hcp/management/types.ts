// The words of HCP Terraform's management API as the config tool uses them: ours, not the wire's. Types only.
//
// Stages and levels are text: what HCP adds some day must not make the rest unreadable.

export interface WorkspaceFacts {
  readonly id: string;
  readonly name: string;
  /** null: not said (Terraform Enterprise before projects). Its name is null where the token may not see the project. */
  readonly project: { readonly id: string; readonly name: string | null } | null;
  /** Flat tags and the keys of key-value tags: `prod`, `env`. */
  readonly tags: readonly string[];
  /** Key-value tags, those that come from the project too: `{ env: 'prod' }`. Made without a prototype. */
  readonly tagBindings: Readonly<Record<string, string>>;
  /** What of its tags the API did not tell: `values` of key-value tags, or `some` tags altogether. Absent: all are told. */
  readonly tagsUntold?: 'values' | 'some';
  /** `1.11.4`, or a constraint: `~> 1.11`. Absent: not said. */
  readonly terraformVersion?: string;
}

/** null: unlimited, or not said. */
export interface Entitlements {
  readonly runTasks: boolean;
  readonly globalRunTasks: boolean;
  /** Run tasks that are reached through an agent pool. */
  readonly privateRunTasks: boolean;
  readonly runTaskLimit: number | null;
  /** Workspaces that may have a run task. */
  readonly runTaskWorkspaceLimit: number | null;
  /** Attachments that may be mandatory. */
  readonly runTaskMandatoryLimit: number | null;
}

export interface RunTask {
  readonly id: string;
  readonly organization: string;
  readonly name: string;
  readonly url: string;
  /** "" where there is none; with whatever mark stands in it. */
  readonly description: string;
  readonly enabled: boolean;
  /** null: HCP posts by itself. */
  readonly agentPoolId: string | null;
  /** The task's own word on its global settings, which counts only where the API has no task-configs. null: not said. */
  readonly legacyGlobal: GlobalSettings | 'off' | null;
}

export interface RunTaskSpec {
  readonly name: string;
  readonly url: string;
  readonly description: string;
  readonly enabled: boolean;
  /** A secret: HCP never tells it again. */
  readonly hmacKey: string;
  readonly agentPoolId: string | null;
}

/** What is absent stays as it is. */
export type RunTaskChange = Partial<Omit<RunTaskSpec, 'name'>>;

/** A run task that runs in every workspace of the organization. */
export interface GlobalSettings {
  readonly stages: readonly string[];
  readonly enforcementLevel: string;
}

/** A run task that runs in one workspace. */
export interface Attachment {
  readonly id: string;
  readonly workspaceId: string;
  readonly taskId: string;
  readonly stages: readonly string[];
  readonly enforcementLevel: string;
}

export type AttachmentSettings = Pick<Attachment, 'stages' | 'enforcementLevel'>;

export interface AgentPool {
  readonly id: string;
  readonly name: string;
}
