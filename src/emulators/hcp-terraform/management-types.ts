// What the emulator's management API keeps: organizations, projects, workspaces, agent pools, run tasks, where those are attached. Types only.
import type { EnforcementLevel, Stage } from '../../contracts/run-facts.ts';

export interface Organization {
  readonly name: string;
  readonly createdAt: number;
  readonly entitlements: Entitlements;
}

/** As `GET /organizations/:name/entitlement-set` tells them. null: unlimited (HashiCorp, "Feature sets", read 2026-11). */
export interface Entitlements {
  /** Without it every call about run tasks answers 404. */
  readonly runTasks: boolean;
  /** Without it `global-configuration` is ignored without a word. */
  readonly globalRunTasks: boolean;
  /** Run tasks that are called through an agent pool. */
  readonly privateRunTasks: boolean;
  readonly runTaskLimit: number | null;
  /** How many workspaces may have a run task attached. */
  readonly runTaskWorkspaceLimit: number | null;
  /** How many attachments may be mandatory. */
  readonly runTaskMandatoryLimit: number | null;
}

/** What a token of the management API may do; without it the answer is 404, as HCP's. */
export type Permission =
  /** Run tasks of the organization and their global settings. */
  | 'manage-run-tasks'
  /** Attachments of run tasks to workspaces. */
  | 'manage-workspace-run-tasks'
  /** Workspaces, their tags, projects. */
  | 'read-workspaces'
  | 'manage-workspaces'
  | 'manage-agent-pools';

export interface WorkspaceVcs {
  /** e.g. `https://github.com/acme/network` */
  readonly repositoryUrl: string;
  readonly branch: string;
}

export interface Project {
  readonly id: string;
  readonly organization: string;
  readonly name: string;
  readonly createdAt: number;
  /** Key-value tags; the project's workspaces inherit them. */
  tagBindings: Readonly<Record<string, string>>;
}

export interface Workspace {
  readonly id: string;
  readonly organization: string;
  readonly createdAt: number;
  /** Changed by the world only, which finds workspaces by it. */
  name: string;
  project: Project;
  vcs: WorkspaceVcs | null;
  workingDirectory: string;
  /** Flat tags, `tag-names`. */
  tags: readonly string[];
  /** Key-value tags of its own. */
  tagBindings: Readonly<Record<string, string>>;
}

export interface AgentPool {
  readonly id: string;
  readonly organization: string;
  readonly name: string;
  readonly createdAt: number;
}

export interface RunTask {
  readonly id: string;
  readonly organization: string;
  readonly createdAt: number;
  /** Changed by the world only, which finds run tasks by it. */
  name: string;
  url: string;
  description: string;
  /** null: requests go unsigned, with an empty signature header. */
  hmacKey: string | null;
  enabled: boolean;
  agentPoolId: string | null;
  updatedAt: number;
}

export interface WorkspaceTask {
  readonly id: string;
  readonly workspaceId: string;
  readonly taskId: string;
  readonly createdAt: number;
  /** In the order in which they were given. */
  stages: readonly Stage[];
  enforcementLevel: EnforcementLevel;
  updatedAt: number;
}

/** Where a run task is called without being attached: everywhere, or in some projects. One for each run task. */
export interface TaskConfig {
  readonly id: string;
  readonly organization: string;
  readonly taskId: string;
  global: boolean;
  enforcementLevel: EnforcementLevel | null;
  stages: readonly Stage[];
  projectIds: readonly string[];
}

/** A run task as a test sees it, with the key that no answer of the API shows. */
export interface RunTaskView {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly hmacKey: string | null;
  /** The pool's name. */
  readonly agentPool: string | null;
  /** null: it has no task configuration. `projects`: their names. */
  readonly global: {
    readonly enabled: boolean;
    readonly stages: readonly Stage[];
    readonly enforcementLevel: EnforcementLevel | null;
    readonly projects: readonly string[];
  } | null;
}

export interface AttachmentView {
  readonly id: string;
  readonly workspace: string;
  readonly task: string;
  readonly stages: readonly Stage[];
  readonly enforcementLevel: EnforcementLevel;
}

/** Changes by other hands, for tests of drift: no request, no registration test, no entitlement asked. Each throws where there is no such thing. */
export interface OtherHands {
  /** `global`: null removes the task configuration. */
  changeTask(
    organization: string,
    task: string,
    change: Partial<
      Pick<RunTask, 'name' | 'url' | 'description' | 'hmacKey' | 'enabled' | 'agentPoolId'> & {
        global: (Pick<TaskConfig, 'stages' | 'enforcementLevel'> & { enabled: boolean }) | null;
      }
    >,
  ): void;
  /** With its attachments. */
  deleteTask(organization: string, task: string): void;
  changeAttachment(
    organization: string,
    workspace: string,
    task: string,
    change: Partial<Pick<WorkspaceTask, 'stages' | 'enforcementLevel'>>,
  ): void;
  deleteAttachment(organization: string, workspace: string, task: string): void;
  /** `project`: its name; made when it is new. */
  changeWorkspace(
    organization: string,
    workspace: string,
    change: { name?: string; tags?: readonly string[]; tagBindings?: Readonly<Record<string, string>>; project?: string },
  ): void;
  /** With its attachments. */
  deleteWorkspace(organization: string, workspace: string): void;
  changeEntitlements(organization: string, change: Partial<Entitlements>): void;
}
