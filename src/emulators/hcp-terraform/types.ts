// What a test, the demo or `runtask send` sees of the HCP Terraform emulator. Types only.
import type { Clock } from '../../base/clock.ts';
import type { EnforcementLevel, Stage } from '../../contracts/run-facts.ts';
import type { Outcome } from '../../contracts/task-result.ts';
import type {
  AgentPool,
  AttachmentView,
  Entitlements,
  Organization,
  OtherHands,
  Permission,
  Project,
  RunTask,
  RunTaskView,
  Workspace,
  WorkspaceTask,
  WorkspaceVcs,
} from './management-types.ts';

export type * from './management-types.ts';

/**
 * How long an access token lives. HashiCorp documents a fixed ten minutes; whether it slides with each `running` since the
 * sixty-minute rule of 2025 is not published, so a product has to hold under all three.
 */
export type TokenLife = 'fixed-10m' | 'sliding-10m' | 'fixed-60m';

export interface HcpTerraformOptions {
  readonly clock: Clock;
  /** 0 or absent: any free port. */
  readonly port?: number | undefined;
  readonly storePort?: number | undefined;
  readonly tokenLife?: TokenLife | undefined;
  /** How long the registration test may take; 10 s unless told (HashiCorp publishes no number). */
  readonly registrationTimeoutMs?: number | undefined;
  /** How a run task is posted. HashiCorp publishes neither count nor waits; 3 attempts, 1 s and 2 s apart, 30 s each, unless told. */
  readonly posting?: { readonly attempts?: number; readonly backoffMs?: number; readonly timeoutMs?: number } | undefined;
  /** For the management API; `emulator-admin-token` unless told. */
  readonly adminToken?: string | undefined;
  /** More tokens of the management API, with what each may do. They read organizations and entitlements; nothing else without leave. */
  readonly tokens?: Readonly<Record<string, readonly Permission[]>> | undefined;
  /**
   * Requests that one token may make in any second; no limit unless told. HCP has 30 (HashiCorp, "API docs: rate limiting", read 2026-11).
   * That page promises no `retry-after`, so `retryAfter: false` leaves it away.
   */
  readonly rateLimit?: { readonly perSecond: number; readonly retryAfter?: boolean } | undefined;
  /**
   * What attaching a run task to a workspace answers: 201 with the attachment (HashiCorp's OpenAPI, and what its provider reads), or 204
   * without (its documentation). 201 unless told.
   */
  readonly attachAnswer?: 201 | 204 | undefined;
  /**
   * Terraform Enterprise of this release instead of HCP Terraform: `v202309-1`, `1.0.2`. Told in `x-tfe-version`. Before v202404-1 an
   * attachment has one `stage`, and `stages` is ignored.
   */
  readonly tfeVersion?: string | undefined;
  /** Has the API task-configs (HCP Terraform, 2026)? Without them global settings are the run task's own. True, but for Terraform Enterprise. */
  readonly taskConfigs?: boolean | undefined;
  /** Whether a change of a run task posts the registration test: HashiCorp does not say; `always` is the safe assumption and the default. */
  readonly verifyOnUpdate?: 'always' | 'when-url-or-key-changes' | undefined;
  /** Put `?url_code=…` into callback URLs and insist on it, as HashiCorp's OpenAPI has it. */
  readonly callbackUrlCode?: boolean | undefined;
  /** What stands in payloads instead of `url` and `storeUrl`, when the emulator is reached through a tunnel. */
  readonly publicUrl?: string | undefined;
  readonly publicStoreUrl?: string | undefined;
  /** Bytes for ids and tokens; node:crypto unless told. */
  readonly random?: ((bytes: number) => Uint8Array) | undefined;
  readonly fetch?: typeof fetch | undefined;
}

/** Everything that reached either server, in order of arrival. */
export interface SeenRequest {
  readonly at: number;
  readonly server: 'api' | 'store';
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** "" until it has come in. */
  body: string;
  /** null while unanswered, and for good when the connection was left hanging or was reset. */
  status: number | null;
  /** A body above 64 KiB or from a file is `<n bytes>`: a log of plans would fill the memory. */
  responseBody: string;
}

/** Everything that was posted to run task URLs, one entry per attempt. */
export interface SentRequest {
  readonly at: number;
  readonly kind: 'registration' | 'run-task';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The very bytes: a hostile body need not be UTF-8. */
  readonly bytes: Uint8Array;
  /** 1-based */
  readonly attempt: number;
  /** null for a registration test. */
  readonly taskResultId: string | null;
  /** null until answered; stays null where `error` says why. */
  status: number | null;
  error: string | null;
  /** The first 4,096 characters: HCP ignores the body, a person who debugs does not. */
  responseBody: string;
  durationMs: number;
}

export type TaskResultStatus = 'pending' | 'running' | 'passed' | 'failed' | 'errored' | 'canceled' | 'unreachable';

export interface CallbackRecord {
  readonly at: number;
  /** What we answered. */
  readonly status: number;
  /** The parsed body; the text as it came where it is not JSON. */
  readonly body: unknown;
}

/** One task in one stage of one run. A live object: fields change as the run goes on. */
export interface TaskResultRecord {
  readonly id: string;
  /** What the callback URL ends with: a UUID, not `id`. */
  readonly callbackId: string;
  readonly callbackUrl: string;
  readonly stage: Stage;
  /** The task's name. */
  readonly task: string;
  readonly accessToken: string;
  readonly enforcementLevel: EnforcementLevel;
  readonly createdAt: number;
  status: TaskResultStatus;
  message: string | null;
  url: string | null;
  /** Appended callback by callback, as HashiCorp's page says. */
  outcomes: Outcome[];
  /** Every call of the callback URL, refused ones too. */
  callbacks: CallbackRecord[];
  /** How many callbacks with a verdict were accepted: 0 or 1, and it is on a test to say so. */
  terminalCount: number;
}

export type RunStatus =
  'pending' | `${Stage}_running` | `${Stage}_completed` | 'applied' | 'planned_and_finished' | 'errored' | 'canceled' | 'discarded';

export interface RunOutcome {
  readonly status: 'applied' | 'planned_and_finished' | 'errored' | 'canceled' | 'discarded';
  /** Why a run errored; null otherwise. */
  readonly reason: string | null;
  readonly taskResults: readonly TaskResultRecord[];
}

export interface Run {
  readonly id: string;
  readonly workspaceId: string;
  readonly createdAt: number;
  readonly status: RunStatus;
  /** All of them from the start, in order of stages; those of a stage that is never entered end as `unreachable`. */
  readonly taskResults: readonly TaskResultRecord[];
  /**
   * Resolves with that stage's (first) result when all of the stage's results are final.
   * @throws when no task is attached to the stage
   */
  stage(name: Stage): Promise<TaskResultRecord>;
  finished(): Promise<RunOutcome>;
  /** Unfinished results become `canceled`. Run tasks are not told, as HCP does not tell them. */
  cancel(): void;
}

/** `ready` from post_plan on. `notReadyTimes`: so many 204s first (Infinity: for ever). */
export type PlanAnswer = 'ready' | 'missing' | 'unsupported-terraform' | { readonly notReadyTimes: number };

export interface RunVcs {
  readonly commitHash?: string | null;
  readonly commitUrl?: string | null;
  readonly pullRequestUrl?: string | null;
  readonly branch?: string | null;
  readonly repositoryUrl?: string | null;
}

export interface StartRun {
  readonly organization: string;
  readonly workspace: string;
  /** Bytes go out as they are; an object is serialised once; null: the plan has no JSON output (404). */
  readonly plan: Uint8Array | object | null;
  /** Instead of `plan`: streamed from this file. */
  readonly planFile?: string | undefined;
  readonly planAnswer?: PlanAnswer | undefined;
  /** A .tar.gz; null or absent: HCP offers none (the URL is null). */
  readonly configuration?: Uint8Array | null | undefined;
  readonly speculative?: boolean | undefined;
  /** A run that destroys everything. */
  readonly destroy?: boolean | undefined;
  /** Whether a person confirms the apply; true unless told. Without it the run ends as `discarded`. */
  readonly confirmed?: boolean | undefined;
  /** How the apply ends; `finished` unless told. */
  readonly applyEnds?: 'finished' | 'errored' | undefined;
  readonly message?: string | undefined;
  readonly createdBy?: string | null | undefined;
  /** Absent: from the workspace, with a random commit. null: no VCS at all. */
  readonly vcs?: RunVcs | null | undefined;
  /** Only these stages call their tasks; all unless told. */
  readonly stages?: readonly Stage[] | undefined;
  /** Changes the payload before it is serialised and signed. */
  readonly mutatePayload?: ((payload: Record<string, unknown>) => unknown) | undefined;
  /** Changes the bytes before they are signed: what comes out is hostile and rightly signed. */
  readonly mutateBody?: ((bytes: Uint8Array) => Uint8Array) | undefined;
  /** Changes the signature: what comes out is forged. */
  readonly mutateSignature?: ((signature: string) => string) | undefined;
  /** The payload as HCP posted it in 2021. */
  readonly apiForm?: '2021-beta' | undefined;
}

/** Bad weather for the next matching requests. Rules are tried in the order in which they were made. */
export interface WeatherRule {
  readonly server?: 'api' | 'store';
  readonly method?: string;
  /** Text: part of the path with query. */
  readonly path?: RegExp | string;
  /** 1 unless told. */
  readonly times?: number;
  /** Waits this long on the clock first; alone: slow, and then as ever. */
  readonly delayMs?: number;
  /** Answers this instead. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Never answers. */
  readonly hang?: true;
  /** Breaks the connection. */
  readonly reset?: true;
  /** Does the work first, then breaks the answer: the caller is left in doubt. */
  readonly after?: true;
  /** Answers as ever, but breaks the connection after so many bytes of the body. */
  readonly cutAfterBytes?: number;
}

export type HcpEvent =
  | { readonly type: 'sent'; readonly request: SentRequest }
  | { readonly type: 'arrived' | 'answered'; readonly request: SeenRequest }
  | { readonly type: 'result'; readonly result: TaskResultRecord }
  | { readonly type: 'run'; readonly run: Run };

export interface HcpTerraform {
  /** `http://127.0.0.1:PORT`: API and links into the user interface. */
  readonly url: string;
  /** What a relay writes into `hcp_hosts`. */
  readonly host: string;
  /** The object store: another port, so another origin. */
  readonly storeUrl: string;
  readonly adminToken: string;
  readonly seen: SeenRequest[];
  readonly sent: SentRequest[];
  /** How many requests the rate limit refused. */
  readonly rateLimited: number;
  /** @param entitlements  unlimited, without global and private run tasks, unless told; see FREE_EDITION and PREMIUM_EDITION */
  createOrganization(name: string, entitlements?: Partial<Entitlements>): Organization;
  createProject(spec: { organization: string; name: string; tagBindings?: Readonly<Record<string, string>> }): Project;
  createAgentPool(spec: { organization: string; name: string }): AgentPool;
  /** @param spec.project its name; `Default Project` unless told, made when it is new */
  createWorkspace(spec: {
    organization: string;
    name: string;
    vcs?: WorkspaceVcs | null;
    workingDirectory?: string;
    project?: string;
    tags?: readonly string[];
    tagBindings?: Readonly<Record<string, string>>;
  }): Workspace;
  /**
   * Posts the registration test.
   * @throws {HcpApiError} 422 when anything but exactly 200 comes back
   */
  createRunTask(spec: {
    organization: string;
    name: string;
    url: string;
    hmacKey?: string | null;
    enabled?: boolean;
    description?: string;
    /** The id of an agent pool; the registration test is posted by ourselves all the same. */
    agentPoolId?: string | null;
    global?: { enabled: boolean; stages: readonly Stage[]; enforcementLevel: EnforcementLevel };
  }): Promise<RunTask>;
  /** @param spec.workspace its name; `task`: its name or what createRunTask returned */
  attachRunTask(spec: {
    organization: string;
    workspace: string;
    task: string | RunTask;
    stages?: readonly Stage[];
    enforcementLevel: EnforcementLevel;
  }): WorkspaceTask;
  /** All run tasks of an organization, by name. */
  tasks(organization: string): readonly RunTaskView[];
  /** All attachments in an organization, by workspace and run task. */
  attachments(organization: string): readonly AttachmentView[];
  readonly otherHands: OtherHands;
  startRun(spec: StartRun): Promise<Run>;
  failNext(rule: WeatherRule): void;
  /** Hears everything from now on. @returns stops it */
  watch(listener: (event: HcpEvent) => void): () => void;
  /** Resolves with the first value of `probe` that is neither undefined, null nor false; asks again after every event. */
  until<T>(probe: () => T | undefined | null | false): Promise<T>;
  /** Forgets everything, as if just started; running runs are cancelled, hanging connections broken. */
  reset(): void;
  close(): Promise<void>;
}
