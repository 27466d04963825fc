// What the emulated GitHub knows: plain records, no behaviour. Times are milliseconds since the epoch, on the injected clock.

export type Level = 'read' | 'write' | 'admin';
/** API spelling of permission names: `pull_requests`, `contents`, `statuses`. */
export type Permissions = Readonly<Record<string, Level>>;

export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: 'Organization' | 'User' | 'Bot';
}

export type FileContent = string | Uint8Array;

export interface Commit {
  readonly sha: string;
  /** Empty for a repository's first one. */
  readonly parents: readonly string[];
  readonly message: string;
  readonly files: ReadonlyMap<string, FileContent>;
  readonly at: number;
}

export interface PullRequest {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string | null;
  /** Follows its branch while the pull request is open. */
  headSha: string;
  readonly headRef: string;
  readonly baseSha: string;
  readonly baseRef: string;
  state: 'open' | 'closed' | 'merged';
  readonly author: string;
  readonly createdAt: number;
  updatedAt: number;
  /** Of a merged one: when it was merged. */
  closedAt: number | null;
  /** What became of it on the base branch; of an open one GitHub shows a trial merge that is on no branch. */
  mergeCommitSha: string | null;
  mergedAt: number | null;
}

export interface Comment {
  readonly id: number;
  /** The pull request's number. */
  readonly issue: number;
  readonly author: Account;
  body: string;
  readonly createdAt: number;
  updatedAt: number;
}

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: Account;
  readonly createdAt: number;
}

export interface Variable {
  readonly name: string;
  value: string;
  readonly createdAt: number;
  updatedAt: number;
}

/** `value` is what the jobs get: a secret that arrived sealed over the API has been opened. The API never tells it. */
export interface Secret {
  readonly name: string;
  readonly value: string;
  /** As it arrived; null for one that the test set itself. */
  readonly encrypted: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Environment {
  readonly name: string;
  readonly secrets: ReadonlyMap<string, Secret>;
  readonly variables: ReadonlyMap<string, string>;
  /** Branches whose runs may use it; null: all. */
  readonly branches: readonly string[] | null;
}

/** One rule of a ruleset, or a protected branch of the older kind. What each forbids: rules.ts. */
export interface BranchRule {
  readonly type: 'pull_request' | 'required_status_checks' | 'update' | 'creation' | 'deletion' | 'non_fast_forward';
  /** Absent: the default branch. */
  readonly branches?: 'all' | readonly string[];
  /** `classic`: a branch protection. Refuses as much, and the endpoint that lists rules does not show it. Default: `ruleset`. */
  readonly kind?: 'ruleset' | 'classic';
  /** Logins that it does not hold for: `mona`, `gatekeeper[bot]`. */
  readonly bypass?: readonly string[];
  /** What a write of files is refused with. Default 409. */
  readonly refusal?: 403 | 409 | 422;
  /** As the API lists them; GitHub's defaults stand in for what is absent. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** Which actions a repository's workflows may use, as its owner has set it. The runner holds every run to it. */
export interface ActionsPolicy {
  /** `local_only`: the organization's own. */
  readonly allowed: 'all' | 'local_only' | 'selected';
  /** Of `selected`: `actions/*` and `github/*`. */
  readonly githubOwned: boolean;
  /** Of `selected`: creators that the Marketplace has verified; this emulator knows none. */
  readonly verified: boolean;
  /** Of `selected`: `org/name@*`, `org/*`. */
  readonly patterns: readonly string[];
  /** `uses:` must name a full commit hash. */
  readonly shaPinningRequired: boolean;
}

export interface ApiCheckRun {
  readonly id: number;
  readonly headSha: string;
  readonly appSlug: string;
  fields: Readonly<Record<string, unknown>>;
}

export interface Repository {
  readonly id: number;
  readonly ownerId: number;
  readonly owner: string;
  readonly name: string;
  /** `owner/name` */
  readonly fullName: string;
  /** Requests to these are redirected. */
  readonly formerNames: readonly string[];
  readonly defaultBranch: string;
  readonly private: boolean;
  /** False: events are accepted with 204 and nothing runs, as where an administrator has switched Actions off. */
  actionsEnabled: boolean;
  actionsPolicy: ActionsPolicy;
  /** Everything can be read, nothing written. */
  archived: boolean;
  readonly createdAt: number;
  readonly commits: Map<string, Commit>;
  /** Branch name to commit. */
  readonly branches: Map<string, string>;
  readonly pulls: Map<number, PullRequest>;
  /** In order of id. */
  readonly comments: Comment[];
  /** In order of creation; GitHub lists them newest first. */
  readonly statuses: CommitStatus[];
  readonly checkRuns: Map<number, ApiCheckRun>;
  readonly variables: Map<string, Variable>;
  readonly secrets: Map<string, Secret>;
  readonly environments: Map<string, Environment>;
  readonly rules: BranchRule[];
  /** Workflow file path to its id. */
  readonly workflowIds: Map<string, number>;
  /** An X25519 pair, base64, 32 bytes each: secrets are sealed for `key`. */
  readonly sealingKey: { readonly id: string; readonly key: string; readonly privateKey: string };
}

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly permissions: Permissions;
  readonly publicKeyPem: string;
  readonly createdAt: number;
}

export interface Installation {
  readonly id: number;
  readonly appId: number;
  readonly account: Account;
  /** null: all repositories of the account. */
  readonly repositoryIds: ReadonlySet<number> | null;
  readonly permissions: Permissions;
  readonly createdAt: number;
}

/** Who calls. Everything but `app` was found by its token. */
export type Identity =
  | { readonly kind: 'app'; readonly app: App }
  | {
      readonly kind: 'installation';
      readonly app: App;
      readonly installation: Installation;
      readonly repositoryIds: ReadonlySet<number> | null;
      readonly permissions: Permissions;
      readonly expiresAt: number;
    }
  | { readonly kind: 'job'; readonly repositoryId: number; readonly permissions: Permissions; readonly checkRunId: number }
  | {
      readonly kind: 'user';
      readonly account: Account;
      readonly permissions: Permissions;
      /** null: every repository. */
      readonly repositoryIds: ReadonlySet<number> | null;
      /** Of a classic token, whose `permissions` follow from them; null for a fine-grained one. */
      readonly scopes: readonly string[] | null;
    };

export interface SeenRequest {
  /** Milliseconds since the epoch, on the emulator's clock. */
  readonly at: number;
  readonly method: string;
  /** With query, as sent. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** 0 while unanswered, and for good when `failNext` let it hang or reset it. */
  status: number;
  responseBody: string;
  /** `failNext` made or replaced this answer: it says nothing about what GitHub would have said. */
  disturbed: boolean;
}

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped' | 'startup_failure';
export type RunStatus = 'queued' | 'in_progress' | 'completed';

export interface Annotation {
  readonly kind: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly title: string | null;
  readonly file: string | null;
  readonly line: number | null;
}

export type Phase = 'pre' | 'main' | 'post';

export interface StepRecord {
  /** 1-based, in order of execution. */
  readonly number: number;
  readonly name: string;
  readonly phase: Phase;
  readonly id: string | null;
  readonly uses: string | null;
  status: RunStatus;
  /** What happened, before `continue-on-error`. */
  outcome: Conclusion | null;
  conclusion: Conclusion | null;
  /** null: no process ran, or a signal ended it. */
  exitCode: number | null;
  signal: string | null;
  readonly outputs: Record<string, string>;
  readonly annotations: Annotation[];
  /** Workflow commands that the runner took from the step's output, with their data unmasked: what an injection would show up in. */
  readonly commands: { readonly name: string; readonly properties: Readonly<Record<string, string>>; readonly data: string }[];
  startedAt: number | null;
  completedAt: number | null;
}

export interface JobRecord {
  /** Also the job's id: GitHub uses one number for both. */
  readonly checkRunId: number;
  readonly key: string;
  name: string;
  status: RunStatus;
  conclusion: Conclusion | null;
  readonly steps: StepRecord[];
  /** As people see it: masks applied from the moment each was known, never before. */
  readonly log: string;
  /** For tests only: the same lines unmasked. */
  readonly rawLog: string;
  /** One for each step phase that wrote one, masked. */
  readonly summary: string[];
  readonly annotations: Annotation[];
  readonly outputs: Record<string, string>;
  /** Folders on this machine; empty until the job starts. */
  workspace: string;
  temp: string;
  startedAt: number | null;
  completedAt: number | null;
}

export interface WorkflowRun {
  readonly id: number;
  readonly runNumber: number;
  /** 1-based; a re-run has the same id and the next attempt. */
  attempt: number;
  readonly name: string;
  displayTitle: string;
  readonly repository: Repository;
  readonly workflowPath: string;
  readonly workflowId: number;
  readonly event: 'repository_dispatch' | 'workflow_dispatch';
  readonly payload: Readonly<Record<string, unknown>>;
  readonly actor: Account;
  readonly headSha: string;
  readonly headBranch: string;
  /** `pending`: another run of its concurrency group is not completed. */
  status: RunStatus | 'pending';
  conclusion: Conclusion | null;
  /** Why it could not start; empty when it could. */
  readonly problems: string[];
  jobs: JobRecord[];
  readonly previousAttempts: { readonly attempt: number; readonly conclusion: Conclusion | null; readonly jobs: readonly JobRecord[] }[];
  readonly createdAt: number;
  updatedAt: number;
  startedAt: number;
}
